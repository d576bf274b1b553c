"""One session with the shell, wherever its cells come from: what both the prompt and a pipe need."""

import sys
from typing import Any

from .late import LateShell
from .startup import carry_over, rest_print_options


class Session:
    """Submits cells to the shell, until something asks to leave.

    `status` is None while the session lasts, then the exit status.
    """

    def __init__(self, prompted: bool) -> None:
        self.late = LateShell(prompted)
        self.status: int | None = None

    @property
    def play(self) -> Any:
        """The lesson that is being played, or None. Never waits for the shell."""
        return self.late.now.play if self.late.now else None

    def submit(self, source: str) -> BaseException | None:
        """Run one cell or command; return what it raised, if it did.

        Errors:
            BrokenPipeError: whoever read our output has gone.
        """
        shell = self.late.get()
        carry_over()
        rest_print_options(shell.play is not None)
        if shell.is_command(source):
            shell.command(source)
            error = None
        else:
            error = shell.run(source).error
        if isinstance(error, SystemExit):
            self.leave(exit_status(error))
        elif isinstance(error, BrokenPipeError):
            _raise_if_reader_is_gone(error)
        elif shell.exit_now:
            self.leave()
        return error

    def leave(self, status: int = 0) -> None:
        """End the session after this cell."""
        self.status = status


def exit_status(leaving: SystemExit) -> int:
    """The exit status as Python has it: None is 0, a number itself; anything else is shown, and is 1."""
    if leaving.code is None or isinstance(leaving.code, int):
        return leaving.code or 0
    print(leaving.code, file=sys.stderr)
    return 1


def _raise_if_reader_is_gone(error: BrokenPipeError) -> None:
    from .screen import is_reader_gone

    if is_reader_gone(error):
        raise error
