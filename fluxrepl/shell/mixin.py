"""What fluxrepl adds to IPython's shell, wherever that runs: names, transcripts, display, errors, lessons.

First what a front calls and may override, then what a lesson asks for, then how IPython's shell is set up and told.
"""

import sys
import warnings
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from io import StringIO
from types import MappingProxyType
from typing import Any

from IPython.core.inputtransformer2 import classic_prompt, ipython_prompt

from . import completion
from .allocator import keep_freed_memory
from .cells import CellRunner, Outcome
from .commands import CommandLine, magic_call, split_command
from .config import settings
from .display import plain_numbers, set_up_formatters
from .errors import LearnerErrors
from .history import FluxHistory
from .inspecting import set_up_help
from .lessons import Lessons
from .names import seeded_names
from .transcripts import strip_lines

EARLIER = 200  # cells before the last one in which `:why` looks for a gradient


class FluxMixin(LearnerErrors, CellRunner):
    """A shell for learning: mix it in before IPython's InteractiveShell or a subclass."""

    prompted = False  # at fluxrepl's own prompt, where settings hold
    own_commands: Mapping[str, str] = MappingProxyType({})  # that a front obeys itself, with what they do

    # -- what a front calls

    @property
    def play(self) -> Any:
        """The active `tutor.play.Play`, or None."""
        return self.lessons.play

    def run(self, source: str, *, store_history: bool = True) -> Outcome:
        """Run one cell as typed, show its output as usual, tell the lesson, and return what it did. Never raises."""
        before = self.listening
        self.listening, self.outcome = True, None
        try:
            self.run_cell(source, store_history=store_history)
        except KeyboardInterrupt as error:  # between the learner's code and ours
            print("KeyboardInterrupt", file=sys.stderr)
            return Outcome(source, error=error)
        finally:
            self.listening = before
        return self.outcome or Outcome(source)

    def check_complete(self, code: str) -> tuple[str, str]:
        """Say whether the source is "complete", "incomplete" or "invalid", and the indent of the next line."""
        return ("complete", "") if split_command(code) else super().check_complete(code)

    def is_command(self, source: str) -> bool:
        """True for `:next` and the like, and for `b` where a quiz is open: not Python, `command` takes it."""
        return self.lessons.as_command(source) is not None

    def command(self, source: str) -> None:
        """Run a `:command`: ask the active lesson, show its messages. Never raises."""
        if found := self.lessons.as_command(source):
            self.lessons.obey(*found)

    def start_lesson(self, name: str | None = None) -> bool:
        """Open a lesson ("01", its id, a path; None: the next unfinished one). If it fails: a message, and False."""
        return self.lessons.start(name or None)

    # -- what a front may override

    def show_messages(self, messages: Iterable[Any]) -> None:
        """Show what the lesson says. Only what is to be seen: never "setup", "run" or "quit"."""
        for message in messages:
            print("\n".join(part for part in (message.text, message.source) if part))

    def show_result(self, value: Any, text: str) -> None:
        """Show the value of a cell; `text` is its repr. (The kernel publishes it instead.)"""
        try:
            print(text)
        except UnicodeEncodeError:  # a terminal that has no σ
            encoding = sys.stdout.encoding or "ascii"
            print(text.encode(encoding, "backslashreplace").decode(encoding))

    def leave(self) -> None:
        """What `:quit` does outside a lesson."""
        self.ask_exit()

    def arrived(self, play: Any) -> None:
        """The learner is at another step. (A front without a bar says where that is.)"""

    def offer(self, source: str) -> None:
        """Put source before the learner: the lesson has moved on. (A prompt reads `play.prefill` by itself.)"""

    # -- what a lesson asks for

    def run_for_lesson(self, source: str) -> Outcome:
        """Run as if typed, but let the caller tell the lesson. Inside another cell it is no entry of its own."""
        before, self.lessons.deaf = self.lessons.deaf, True
        try:
            return self.run(source, store_history=not self.running)
        finally:
            self.lessons.deaf = before

    def run_quietly(self, source: str, *, errors: bool = True) -> BaseException | None:
        """Run hidden code and return its error: nothing is shown, stored or told but that, and only if `errors`."""
        self.quiet_errors = True
        try:
            with redirect_stdout(StringIO()):
                result = self.run_cell(source, silent=True)
        finally:
            self.quiet_errors = False
        error = result.error_before_exec or result.error_in_exec
        if error is not None and errors:
            self.showtraceback((type(error), error, error.__traceback__))
        return error

    # -- how IPython's shell is set up and told

    def __init__(self, *args: Any, **options: Any) -> None:
        keep_freed_memory()
        for words in settings().take_warnings():
            print(f"Note: {words}", file=sys.stderr)
        warnings.filterwarnings("ignore", "To exit: use", UserWarning)  # IPython's, of `sys.exit()`: untrue here
        super().__init__(*args, **options)
        self.compile.reset_compiler_flags()  # `codeop` would call whatever is never closed "incomplete input"
        self.set_up_input()
        set_up_help(self)

    def make_state(self) -> None:
        """And the lessons, and the cells that `:why` looks at."""
        super().make_state()
        self.lessons = Lessons(self)
        self.quiet_errors = self.interrupted = False
        self.last_cell: tuple[str, BaseException | None] | None = None  # as typed, with its error
        self.earlier_cells: deque[str] = deque(maxlen=EARLIER)

    def set_up_input(self) -> None:
        """Understand transcripts, `:commands` and `%lesson`."""
        manager = self.input_transformer_manager
        kept = [step for step in manager.cleanup_transforms if step not in (classic_prompt, ipython_prompt)]
        manager.cleanup_transforms = [*kept, strip_lines]
        manager.token_transformers.append(CommandLine)
        self.register_magic_function(self.lessons.magic, "line", "lesson")

    def init_user_ns(self) -> None:
        """Start with the seeded names; hidden, or `%who` and variable explorers list them all."""
        super().init_user_ns()
        names = seeded_names()
        self.user_ns.update(names)
        self.user_ns_hidden.update(names)

    def init_history(self) -> None:
        """Keep history where a full disk costs a note."""
        self.history_manager = FluxHistory(shell=self, parent=self)
        self.configurables.append(self.history_manager)

    def init_display_formatter(self) -> None:
        """Show `repr`, and HTML where there is a view."""
        super().init_display_formatter()
        set_up_formatters(self.display_formatter)
        plain_numbers()

    def init_completer(self) -> None:
        """Complete from the live namespace."""
        super().init_completer()
        completion.set_up(self.Completer, self)

    def transform_cell(self, raw_cell: str) -> str:
        """As IPython's; the answer to an open quiz is a command here too."""
        found = self.lessons.as_command(raw_cell)
        return magic_call(*found) if found else super().transform_cell(raw_cell)

    def lesson_is_open(self) -> bool:
        """Listen to every cell while a lesson is open."""
        return self.lessons.play is not None

    def cell_begun(self, source: str) -> None:
        """Until a command runs in it, a cell is an attempt."""
        self.lessons.commanded = False
        self.lessons.before_cell(source)

    def cell_ended(self, source: str, error: BaseException | None) -> None:
        """Keep it for `:why`, unless it is a command."""
        if not self.lessons.commanded:
            if self.last_cell and self.last_cell[1] is None:
                self.earlier_cells.appendleft(self.last_cell[0])
            self.last_cell = source, error

    def cell_done(self, outcome: Outcome) -> None:
        """Tell the lesson."""
        self.lessons.after_cell(outcome)
