"""How a report is written: one file for each `--format`, with a function `render(report) -> str`.

A new format is a new file here and a name in `FORMATS`. Only `text` is written while the check goes on.
"""

import argparse
import errno
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fluxrepl.tutor.report import Report

    from .text import Text

FORMATS = ("text", "json", "junit", "github")


class CannotWrite(Exception):
    """The file for the report cannot be written."""


@contextmanager
def observer(asked: argparse.Namespace) -> "Iterator[Text | None]":
    """What is told of the check while it goes on: the text, where that is what the terminal shows."""
    if asked.format != "text" and not asked.output:
        yield None
        return
    from .text import Text

    with Text(asked.quiet) as text:
        yield text


def refuse_unwritable(output: str | None) -> None:
    """`CannotWrite` where a report cannot come: told before the check, not after it."""
    if output is None:
        return
    place = output if os.path.lexists(output) else os.path.dirname(output) or "."
    if not output.strip():
        why = "it has no name"
    elif os.path.isdir(output):
        why = os.strerror(errno.EISDIR)
    elif not os.path.exists(place):
        why = os.strerror(errno.ENOENT)
    elif not os.access(place, os.W_OK):
        why = os.strerror(errno.EACCES)
    else:
        return
    raise CannotWrite(f"cannot write the report to {output or repr(output)}: {why}; name a file that can be")


def write(report: "Report", asked: argparse.Namespace, text: "Text | None") -> None:
    """Write the report in the format that was asked for, to its file or to stdout; and the end of the text."""
    if text:
        text.finish(report)
    if asked.output:
        rendered = importlib.import_module(f".{asked.format}", __name__).render(report)
        try:
            with open(asked.output, "w", encoding="utf-8") as file:
                file.write(rendered)
        except OSError as error:
            why = error.strerror or error
            raise CannotWrite(f"cannot write the report to {asked.output}: {why}; name a file that can be") from None
    elif not text:
        sys.stdout.write(importlib.import_module(f".{asked.format}", __name__).render(report))
