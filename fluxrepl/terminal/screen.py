"""The shell as it is at a terminal: results and lessons drawn on the screen, errors on stderr where nobody looks on.

This imports IPython: only `late` may import it, behind the prompt.
"""

import os
import select
import sys
from collections.abc import Iterable
from contextlib import redirect_stdout
from typing import Any, TextIO

from IPython.core.autocall import ExitAutocall

from fluxrepl.shell.core import FluxShell, Outcome
from fluxrepl.shell.tracebacks import Paint

from .commands import OWN
from .display import show_value
from .magics import define_aliases, register_magics
from .theme import watched


class Exit(ExitAutocall):
    """`exit`, `exit()` and `exit(3)`: as in Python, and without brackets as in IPython."""

    def __call__(self, status: Any = None) -> None:
        """Leave after this cell; at once, where a status is given."""
        if status is not None:
            raise SystemExit(status)
        super().__call__()


class ScreenShell(FluxShell):
    """FluxShell that draws. `prompted` is False where input comes from a pipe."""

    own_commands = OWN
    prompted = True
    under_banner = False  # nothing has been shown since the greeting
    rl_next_input: str | None = None  # what `%load` and its like want at the next prompt

    def show_result(self, value: Any, text: str) -> None:
        """Print a value, in colour where that is wanted."""
        show_value(value, text, colour=self.prompted)

    def show_messages(self, messages: Iterable[Any]) -> None:
        """Draw what the lesson says."""
        from . import player

        messages = list(messages)
        if self.under_banner and messages and messages[0].kind != "prose":  # which brings its own gap
            print()
        self.under_banner = False
        player.show_all(messages, prompted=self.prompted)

    def run_for_lesson(self, source: str) -> Outcome:
        """Show the model answer as if it had been typed, and run it."""
        from .player import echo

        echo(source)
        return super().run_for_lesson(source)

    def init_user_ns(self) -> None:
        """Add an `exit` that takes a status."""
        super().init_user_ns()
        leaving = dict.fromkeys(("exit", "quit"), Exit(self))
        self.user_ns.update(leaving)
        self.user_ns_hidden.update(leaving)

    def init_magics(self) -> None:
        """And those that want a terminal."""
        super().init_magics()
        register_magics(self)

    def init_alias(self) -> None:
        """And the programs that want a terminal."""
        super().init_alias()
        define_aliases(self)

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **options: Any) -> None:
        """As the shell's, but for a reader that has gone: the front leaves, and says nothing."""
        if not is_reader_gone(exc_tuple[1] if exc_tuple else sys.exc_info()[1]):
            super().showtraceback(exc_tuple, *args, **options)

    def paint_for(self, stream: Any) -> Paint:
        """Break lines between words where a terminal would break them anywhere; what goes elsewhere stays as it is."""
        stream = self._errors if stream is sys.stdout else stream
        try:
            width = os.get_terminal_size(stream.fileno()).columns if self.prompted and stream.isatty() else None
        except (OSError, ValueError, AttributeError):
            width = None
        return Paint(self.InteractiveTB.has_colors and width is not None, width or None)

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        """As IPython's; on stderr where results go elsewhere, so that they stay clean and errors are seen."""
        if self.quiet_errors:
            return
        if self.prompted and issubclass(etype, KeyboardInterrupt):
            print(file=self._errors)  # the terminal has written ^C
        with redirect_stdout(self._errors):
            super()._showtraceback(etype, evalue, stb)

    @property
    def _errors(self) -> TextIO:
        return watched() if self.prompted else sys.stderr


def is_reader_gone(error: BaseException | None) -> bool:
    """True if whoever read our output (`fluxrepl < script | head -1`) has stopped reading: nothing can be shown."""
    if not isinstance(error, BrokenPipeError) or not hasattr(select, "poll"):
        return False
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))
