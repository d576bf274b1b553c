"""Help on a function (`Dense?`, Shift-Tab): its signature, where a default that is a function stands by its name.

    Dense(n_in: int, n_out: int, activation: collections.abc.Callable = identity, ...)

Python writes `<function identity at 0x7f2f10b5c2c0>`, which is longer, and can be typed nowhere.
"""

import re
from typing import Any

from IPython.core.oinspect import Inspector

FUNCTION = re.compile(r"<(?:function|class|ufunc|built-in function) '?([\w.]+)'?(?: at 0x[0-9a-fA-F]+)?>")
SIGNATURES = ("definition", "init_definition", "call_def")


class NamingInspector(Inspector):
    """IPython's, with names in signatures."""

    def info(self, *args: Any, **options: Any) -> Any:
        found: Any = super().info(*args, **options)
        for field in SIGNATURES:
            if found.get(field):
                found[field] = FUNCTION.sub(r"\1", found[field])
        return found


def set_up_help(shell: Any) -> None:
    """Let a shell's help name functions."""
    if type(shell.inspector) is Inspector:
        shell.inspector.__class__ = NamingInspector


def usual_help(shell: Any) -> None:
    """As IPython's again."""
    if type(shell.inspector) is NamingInspector:
        shell.inspector.__class__ = Inspector  # type: ignore[assignment]
