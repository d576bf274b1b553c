"""The terminal front: the REPL at a terminal, or the same without one (a pipe, `-c CODE`, a file)."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .script import Script


def main(lesson: str | None = None, code: str | None = None, script: "Script | None" = None) -> int:
    """Open the REPL (in a lesson, if one is named), or run a script or what a pipe holds; return the exit status."""
    _print_anything()
    if script is None and code is None and sys.stdin is not None and sys.stdin.isatty():
        from .repl import Repl

        return Repl().loop(lesson)
    from .script import Script, run_script

    if script is None:
        script = Script("stdin", "", lesson=lesson) if code is None else Script("code", code)
    return run_script(script)


def _print_anything() -> None:
    """A screen that lacks σ or ✓ shows an escape in its place: no error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
