"""The REPL at a terminal: read a cell, run it, again; with a lesson, offer what its step is about.

    Repl.loop: Prompt reads a cell -> Session.submit -> the shell runs it -> display and player show it

A fault of our own is shown and the loop goes on: the learner's names are in the shell, and worth more.
"""

import re
import sys
import textwrap
import traceback
from collections.abc import Callable
from shutil import get_terminal_size
from typing import Any

from fluxrepl.shell.config import settings
from fluxrepl.shell.palette import colourful, is_dumb
from fluxrepl.version import __version__

from .bar import status_bar
from .notes import note
from .session import Session, exit_status
from .theme import prompt_styles, watched

BANNER = f"fluxrepl {__version__} · gradients and layers you can see"
BANNER_HELP = ":learn starts the course · :help shows keys and commands · exit or Ctrl-D leaves"

MOST_FAULTS = 3  # of our own in a row, with nothing read in between
LOADING_FAILED = 3  # exit status


class Repl(Session):
    """A session with a prompt."""

    def __init__(self) -> None:
        super().__init__(prompted=True)
        self.reader = self._reader()
        self._last = ""  # cell
        self._not_run = ""  # what stood at the prompt when an editor was opened that saved nothing
        self._attempt = ""  # at the exercise of this step: Tab brings it back
        self._seen: tuple[Any, ...] = ()  # the step whose code has been offered
        self._faults = 0
        self._asked_to_leave = False

    def loop(self, lesson: str | None = None, greet: bool = True) -> int:
        """Read and run cells until the learner leaves; return the exit status."""
        if greet:
            _greet(gap=lesson is None)
        for words in settings().take_warnings():
            note(words)
        if lesson is not None:
            self._safely(lambda: self._open(lesson))
        while self.status is None:
            self._safely(self._turn)
        self.late.finish()
        return self.status

    def _open(self, lesson: str) -> None:
        shell = self.late.get()
        shell.under_banner = True
        shell.start_lesson(lesson)

    def submit(self, source: str) -> BaseException | None:
        """Run one cell or command; those that need the prompt are obeyed here."""
        words = source.split()
        if words in ([":help"], [":?"], [":h"], [":"]):
            self.show_help()
        elif words == [":edit"]:
            self._edit(self.reader.take_half_typed())
        else:
            self._remember(source)
            return super().submit(source)
        return None

    def show_help(self) -> None:
        """Print the keys and the commands."""
        from .help import show_help

        show_help(self.play)

    # -- one turn

    def _turn(self) -> None:
        try:
            source = self.reader.read(self._offer())
        except EOFError:
            self._end_of_input()
            return
        except KeyboardInterrupt:
            print("(exit or Ctrl-D leaves)", file=watched())
            return
        self._faults, self._asked_to_leave = 0, False
        if source.strip():
            self.submit(source)
        elif self._is_reading():
            self.submit(":next")

    def _edit(self, half_typed: str) -> None:
        """Open the editor; what is saved runs, and counts as typed. If nothing is, what was half typed comes back."""
        from fluxrepl.tutor.message import Message

        from .editor import NoEditor, saves
        from .player import echo, show

        place, self._not_run = self._place(), half_typed
        saved = False
        try:
            for source in saves(half_typed or self.reader.offer or self._last, name="cell"):
                saved, self._not_run = True, ""
                if not source.strip():
                    continue
                self.reader.remember(source)
                echo(source)
                self.submit(source)
                if self._place() != place or self.status is not None:
                    break  # an editor with a window of its own may still be open
        except NoEditor as error:
            show(Message("error", str(error)))
        else:
            if not saved:
                show(Message("note", "Nothing was saved, so nothing is run."))

    def _place(self) -> tuple[Any, ...]:
        play = self.play
        return (play, play.index, play.finished) if play else ()

    def _end_of_input(self) -> None:
        """Ctrl-D leaves; where `confirm_exit` is set, the second one does."""
        if self._asked_to_leave or not settings()["confirm_exit"]:
            self.leave()
            return
        self._asked_to_leave = True
        print("(Ctrl-D once more leaves)", file=watched())

    def _is_reading(self) -> bool:
        """True at a step that only wants to be read: Enter alone goes on."""
        play = self.play
        return play is not None and not play.finished and play.is_read

    # -- what stands at the prompt already

    def _offer(self) -> str:
        """What a magic put there, or the code of a lesson's step when it begins; later, Tab brings that back."""
        play = self.play
        prefill = play.prefill if play else ""
        arrived = (play, play.index, prefill, play.forgotten) if play else ()
        new, self._seen = arrived != self._seen, arrived
        self._attempt = "" if new else self._attempt
        self.reader.offer = self._attempt or prefill
        self.reader.status = self._bar if play else list
        not_run, self._not_run = self._not_run, ""
        return self._asked_for() or not_run or (prefill if new else "")

    def _asked_for(self) -> str:
        """What `%load`, `%recall` and their like want at the next prompt."""
        shell = self.late.now
        if shell is None or not shell.rl_next_input:
            return ""
        text, shell.rl_next_input = shell.rl_next_input, None
        return text

    def _remember(self, source: str) -> None:
        """Keep the cell for `:edit`; an attempt at an exercise comes back with Tab, in place of its starter."""
        if not source.lstrip().startswith(":"):
            self._last = source
        exercise = self.play.step.exercise if self.play else None
        if exercise and re.search(rf"^\s*(def|class)\s+{exercise.name}\b|^{exercise.name}\s*=", source, re.MULTILINE):
            self._attempt = source

    def _bar(self) -> list[tuple[str, str]]:
        return status_bar(self.play, self.reader.width, not self.reader.text) if self.play else []

    def _reader(self) -> Any:
        if is_dumb():
            from .plain import PlainPrompt

            return PlainPrompt(self.late)
        from .prompt import Prompt

        return Prompt(self.late, note, self.show_help)

    # -- when we fail

    def _safely(self, act: Callable[[], Any]) -> None:
        """Do one thing of the loop; a fault of ours is shown, and the session lives on."""
        try:
            act()
        except KeyboardInterrupt:
            print("KeyboardInterrupt", file=watched())
        except SystemExit as leaving:
            self.leave(exit_status(leaving))
        except Exception:
            traceback.print_exc()
            self._own_up()

    def _own_up(self) -> None:
        self._faults += 1
        if self.late.now is None:
            words = "fluxrepl could not load, so nothing can be run. `fluxrepl` was perhaps installed incompletely."
        elif self._faults > MOST_FAULTS:
            words = "fluxrepl cannot go on."
        else:
            words = "This was fluxrepl's mistake, not yours. Your names are all still there."
        print(words, file=sys.stderr)
        if self.late.now is None or self._faults > MOST_FAULTS:
            self.leave(LOADING_FAILED)


def _greet(gap: bool) -> None:
    """Say who is there; a lesson brings its own gap to what follows."""
    banner, banner_help = (textwrap.fill(line, get_terminal_size().columns) for line in (BANNER, BANNER_HELP))
    if not colourful(sys.stdout):
        print(banner, banner_help + "\n" * gap, sep="\n", file=watched())
        return
    from prompt_toolkit import print_formatted_text
    from prompt_toolkit.formatted_text import FormattedText
    from prompt_toolkit.styles import Style

    lines = FormattedText([("class:bar.name", banner), ("", "\n"), ("class:bar", banner_help), ("", "\n" * gap)])
    print_formatted_text(lines, style=Style.from_dict(prompt_styles()))
