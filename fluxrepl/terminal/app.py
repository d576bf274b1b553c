"""The terminal front: the REPL at a terminal, or the same without one (a pipe, `-c CODE`, a file)."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .script import Script


def main(lesson: str | None = None, script: "Script | None" = None) -> int:
    """Open the REPL (in a lesson, if one is named), or run a script or what a pipe holds; return the exit status."""
    if script is None and sys.stdin is not None and sys.stdin.isatty():
        from .repl import Repl

        return Repl().loop(lesson)
    from .script import Script, run_script

    return run_script(script or Script("stdin", "", lesson=lesson))
