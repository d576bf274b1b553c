"""Help on a function (`Dense?`, Shift-Tab): a signature that can be typed, and words that fit the screen.

    Dense(n_in: int, n_out: int, activation: collections.abc.Callable = identity, ...)

A default that is a function stands by its name: Python writes `<function identity at 0x7f2f10b5c2c0>`. Docstrings are
written for the width of an editor; a terminal or a notebook would break their lines in the middle of words.
"""

import re
import sys
from itertools import groupby
from textwrap import wrap
from typing import Any

from IPython.core.oinspect import Inspector

FUNCTION = re.compile(r"<(?:function|class|ufunc|built-in function) '?([\w.]+)'?(?: at 0x[0-9a-fA-F]+)?>")
SIGNATURES = ("definition", "init_definition", "call_def")
DOCSTRINGS = ("docstring", "class_docstring", "init_docstring", "call_docstring")

# A line of a table, a list or a heading: no part of a sentence.
NO_WORDS = re.compile(r"\s*([-=~^|+* ]+$|[-*•|] |\d+[.)] |\.\. )|.*[^\s.:;?!] {2,}\S")


class TeachingInspector(Inspector):
    """IPython's, with names in signatures and paragraphs of the screen's width."""

    parent: Any  # the shell

    def info(self, *args: Any, **options: Any) -> Any:
        found: Any = super().info(*args, **options)
        for field in SIGNATURES:
            if found.get(field):
                found[field] = FUNCTION.sub(r"\1", found[field])
        width = self.parent.paint_for(sys.stdout).width
        for field in DOCSTRINGS if width else ():
            if found.get(field):
                found[field] = fitted(found[field], width)
        return found


def fitted(text: str, width: int) -> str:
    """A docstring whose paragraphs flow anew where they are too wide; examples, lists and tables stay.

    Example:
        >>> print(fitted("A line of words and another.", 12))
        A line of
        words and
        another.

    """
    return "\n\n".join(_fitted_block(block, width) for block in text.split("\n\n"))


def _fitted_block(block: str, width: int) -> str:
    if ">>>" in block:
        return block
    shown: list[str] = []
    for indent, run in groupby(block.split("\n"), key=lambda line: line[: len(line) - len(line.lstrip())]):
        lines = list(run)
        if max(map(len, lines)) > width and not any(map(NO_WORDS.match, lines)):
            words = " ".join(line.strip() for line in lines)
            room = max(width - len(indent), 1)
            lines = [indent + line for line in wrap(words, room, break_long_words=False, break_on_hyphens=False)]
        shown += lines
    return "\n".join(shown)


def set_up_help(shell: Any) -> None:
    """Let a shell's help be ours."""
    if type(shell.inspector) is Inspector:
        shell.inspector.__class__ = TeachingInspector


def usual_help(shell: Any) -> None:
    """As IPython's again."""
    if type(shell.inspector) is TeachingInspector:
        shell.inspector.__class__ = Inspector  # type: ignore[assignment]
