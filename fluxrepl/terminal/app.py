"""The terminal front: the REPL at a terminal, or the same without one (a pipe, `-c CODE`)."""

import os
import sys

from .session import Session

READER_GONE = 128 + 13  # as a shell reports SIGPIPE


def main(lesson: str | None = None, code: str | None = None) -> int:
    """Open the REPL (in a lesson, if one is named), or run what a pipe or `code` holds; return the exit status."""
    _print_anything()
    if code is not None:
        return run_text(code, stop_at_error=True)
    if sys.stdin is None or not sys.stdin.isatty():
        from .pipe import read_all

        return run_text(read_all(sys.stdin), lesson=lesson)
    from .repl import Repl

    return Repl().loop(lesson)


def run_text(text: str, lesson: str | None = None, stop_at_error: bool = False) -> int:
    """Run a text cell by cell; the exit status is 0, 1 if a cell raised, or what `exit` was given."""
    from .pipe import cells

    session = Session(prompted=False)
    shell = session.late.get()
    if lesson is not None and not shell.start_lesson(lesson):
        return 1
    failed = False
    try:
        for cell in cells(text, shell.check_complete):
            failed = not session.submit(cell) or failed
            sys.stdout.flush()
            if session.status is not None or (failed and stop_at_error):
                break
    except BrokenPipeError:  # nobody reads our output any more: end without a word, as programs do in a pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # where the rest of the buffer goes
        return READER_GONE
    return session.status if session.status is not None else int(failed)


def _print_anything() -> None:
    """A screen that lacks σ or ✓ shows an escape in its place: no error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
