"""The terminal front, whole: the REPL at a terminal, and the same without one (a pipe, `-c CODE`).

main() -> Repl.loop: Prompt reads a cell -> Repl.submit -> the shell runs it -> display and player show it
"""

import sys
import traceback
from typing import Any

from fluxrepl.version import __version__

from .late import LateShell
from .theme import is_dumb

BANNER = f"fluxrepl {__version__} · gradients and layers you can see"
BANNER_HELP = ":learn starts the course · :help shows keys and commands · exit or Ctrl-D leaves"

MOST_FAULTS = 3


def main(lesson: str | None = None, code: str | None = None) -> int:
    """Open the REPL (in a lesson, if one is named), or run what a pipe or `code` holds; return the exit status."""
    _print_anything()
    if code is not None:
        return Repl(prompted=False).run_text(code, stop_at_error=True)
    if sys.stdin is None or not sys.stdin.isatty():
        from .pipe import read_all

        return Repl(prompted=False).run_text(read_all(sys.stdin), lesson=lesson)
    return Repl().loop(lesson)


def _print_anything() -> None:
    """A screen that lacks σ or ✓ shows an escape in its place: no error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


class Repl:
    """One session: what is read is submitted to the shell, until something asks to leave.

    `status` is None while the session lasts, then the exit status.
    """

    def __init__(self, prompted: bool = True) -> None:
        self.late = LateShell(prompted)
        self.status: int | None = None
        self.edit_next = ""  # what `:edit` wants in the editor
        self.last = ""  # the last cell
        self._attempt = ""  # at the exercise of this step: Tab brings it back
        self._faults = 0  # since something was read
        self._offered: tuple[Any, ...] = ()

    # -- with a terminal

    def loop(self, lesson: str | None = None) -> int:
        """Read and run cells until the learner leaves."""
        reader = self._reader()
        self._greet()
        if lesson is not None:
            self._try(lambda: self.late.get().start_lesson(lesson))
        while self.status is None:
            self._try(lambda: self._turn(reader))
        self.late.finish()
        return self.status

    def _reader(self) -> Any:
        if is_dumb():
            from .plain import PlainPrompt

            return PlainPrompt(self.late)
        from .prompt import Prompt

        return Prompt(self.late, self.warn, self.show_help)

    def _turn(self, reader: Any) -> None:
        try:
            edit, self.edit_next = self.edit_next, ""
            source = reader.read(edit or self._offer(reader), edit=bool(edit))
        except EOFError:
            self.leave()
            return
        except KeyboardInterrupt:
            print("(exit or Ctrl-D leaves)")
            return
        self._faults = 0
        if source.strip():
            self.submit(source)
        elif self._is_reading():
            self.submit(":next")

    def _offer(self, reader: Any) -> str:
        """What stands at the prompt already: what a magic put there, or a lesson's example when its step begins."""
        play = self._playing()
        reader.status = (lambda: _status_bar(play)) if play else list
        prefill = play.prefill if play and not play.finished else ""
        arrived = (play, play.index, prefill) if play else ()
        new, self._offered = arrived != self._offered, arrived
        self._attempt = "" if new else self._attempt
        reader.offer = self._attempt or prefill
        return self._asked_for() or (prefill if new else "")

    def _asked_for(self) -> str:
        """What `%load`, `%recall` and their like want at the next prompt."""
        shell = self.late.now
        if shell is None or not shell.rl_next_input:
            return ""
        text, shell.rl_next_input = shell.rl_next_input, None
        return text

    def _try(self, action: Any) -> None:
        """Do one thing of the loop; a fault of ours is shown, and the session lives on."""
        try:
            action()
        except KeyboardInterrupt:
            print("KeyboardInterrupt")
        except SystemExit as leaving:
            self.leave(_status_of(leaving))
        except Exception:
            self._own_up()

    def _own_up(self) -> None:
        """Show a fault of ours, and go on; where nothing can be read or run any more, leave."""
        traceback.print_exc()
        self._faults += 1
        if self.late.now is None:
            print("fluxrepl could not load; nothing can be run.", file=sys.stderr)
            self.status = 3
        elif self._faults > MOST_FAULTS:
            print("fluxrepl cannot go on.", file=sys.stderr)
            self.status = 3
        else:
            print("This was fluxrepl's mistake, not yours. Your names are all still there.", file=sys.stderr)

    def _greet(self) -> None:
        from prompt_toolkit import print_formatted_text
        from prompt_toolkit.formatted_text import FormattedText
        from prompt_toolkit.styles import Style

        from .theme import STYLE, colourful

        if colourful(sys.stdout):
            lines = FormattedText([("class:bar.name", BANNER), ("", "\n"), ("class:bar", BANNER_HELP), ("", "\n")])
            print_formatted_text(lines, style=Style.from_dict(STYLE))
        else:
            print(BANNER, BANNER_HELP, "", sep="\n")

    # -- without one

    def run_text(self, text: str, lesson: str | None = None, stop_at_error: bool = False) -> int:
        """Run a text cell by cell; the exit status is 0, 1 if a cell raised, or what `exit` was given."""
        from .pipe import cells

        shell = self.late.get()
        if lesson is not None and not shell.start_lesson(lesson):
            return 1
        failed = False
        for cell in cells(text, shell.check_complete):
            failed = not self.submit(cell) or failed
            sys.stdout.flush()
            if self.status is not None or (failed and stop_at_error):
                break
        return self.status if self.status is not None else int(failed)

    # -- both

    def submit(self, source: str) -> bool:
        """Run one cell or command; False if it raised."""
        if self._obey(source):
            return True
        shell = self.late.get()
        self._keep_attempt(source)
        error = None
        if shell.is_command(source):
            shell.command(source)
        else:
            error = shell.run(source).error
        if isinstance(error, SystemExit):
            self.leave(_status_of(error))
        elif shell.exit_now:
            self.leave()
        return error is None

    def _keep_attempt(self, source: str) -> None:
        play = self._playing()
        if play is not None and play.step.exercise is not None and f"{play.step.exercise.name}" in source:
            self._attempt = source

    def _obey(self, source: str) -> bool:
        """Obey a command that only a terminal can: `terminal.commands.OWN`."""
        words = source.split()
        if words == [":keys"]:
            self.show_help()
        elif words == [":edit"]:
            play = self._playing()
            self.edit_next = (play.prefill if play else "") or self.last or "\n"
        else:
            self.last = source
            return False
        return True

    def _is_reading(self) -> bool:
        """True at a step of a lesson that only wants to be read: Enter alone goes on."""
        play = self._playing()
        return play is not None and not play.finished and play.step.kind == "read"

    def _playing(self) -> Any:
        """The lesson that is being played, or None."""
        return self.late.now.play if self.late.now else None

    def leave(self, status: int = 0) -> None:
        """End the session after this cell."""
        self.status = status

    def warn(self, words: str) -> None:
        """Tell the learner once about something that costs comfort, not work."""
        print(f"Note: {words}", file=sys.stderr)

    def show_help(self) -> None:
        """Keys, commands, and where to read on."""
        from .player import show_help

        show_help(self._playing())


def _status_bar(play: Any) -> list[tuple[str, str]]:
    from .player import status_bar

    return status_bar(play)


def _status_of(leaving: SystemExit) -> int:
    """The exit status as Python has it: None is 0, a number itself; anything else is shown, and is 1."""
    if leaving.code is None or isinstance(leaving.code, int):
        return leaving.code or 0
    print(leaving.code, file=sys.stderr)
    return 1
