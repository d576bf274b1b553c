"""How a cell runs: IPython's way, and beside it what a lesson must know of it.

A cell may run another (a magic, a lesson's model answer), so what runs is a stack. The kernel calls `run_cell_async`,
the terminal `run_cell`: both come through here.
"""

import ast
from collections.abc import Iterator
from contextlib import ExitStack
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from IPython.core.interactiveshell import InteractiveShell

from .capture import Capture
from .display import plain_numbers
from .transcripts import is_transcript, strip_prompts

_Base: Any = InteractiveShell if TYPE_CHECKING else object


@dataclass(frozen=True)
class Outcome:
    """What one cell did: its source, what doctest would have seen, its error or None, and its last value."""

    source: str
    output: str = ""
    error: BaseException | None = None
    value: Any = None


@dataclass(eq=False)
class Cell:
    """A cell that is running."""

    raw: str
    capture: Capture | None
    value: Any = None  # the last one displayed
    error: Exception | None = None  # of displaying


@dataclass(frozen=True)
class Text:
    """The text of a cell: as Python gets it, and whether it was pasted with prompts."""

    python: str = ""
    transcript: bool = False


# Of the running cell. Not attributes of the shell: a Jupyter subshell runs cells beside the main one, in a thread.
TEXT: ContextVar[Text] = ContextVar("TEXT", default=Text())  # noqa: B039  # frozen
SILENCED: ContextVar[bool] = ContextVar("SILENCED", default=False)


class CellRunner(_Base):
    """The part of the shell that runs cells."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.make_state()
        super().__init__(*args, **options)
        self.listen()

    def make_state(self) -> None:
        """Make all that is kept for one shell. A shell that began without us (`%load_ext`) runs no `__init__` here."""
        self.running: list[Cell] = []
        self.listening = False  # somebody wants to know what the next cell does
        self.outcome: Outcome | None = None  # of the last cell that was listened to

    def listen(self) -> None:
        """From now on, hear of every cell."""
        self.events.register("pre_run_cell", self._begin)
        self.events.register("post_run_cell", self._end)

    def stop_listening(self) -> None:
        """Hear of no cell any more."""
        self.events.unregister("pre_run_cell", self._begin)
        self.events.unregister("post_run_cell", self._end)

    def lesson_is_open(self) -> bool:
        """Whether every cell of the learner's is listened to."""
        return False

    def cell_begun(self, source: str) -> None:
        """Called before a cell of the learner's, not before a cell that runs inside it."""

    def cell_ended(self, source: str, error: BaseException | None) -> None:
        """Called after each cell of the learner's, listened to or not."""

    def cell_done(self, outcome: Outcome) -> None:
        """Called after a cell of the learner's that was listened to, not after a cell that ran inside it."""

    # The signature must be IPython's: ipykernel looks at it to see what it may pass.
    @wraps(InteractiveShell.run_cell_async)
    async def run_cell_async(self, raw_cell: str, *args: Any, **options: Any) -> Any:
        plain_numbers()
        text = Text(options.get("transformed_cell") or raw_cell, is_transcript(raw_cell))
        before = TEXT.set(text), SILENCED.set(False)
        try:
            return await super().run_cell_async(raw_cell, *args, **options)
        finally:
            TEXT.reset(before[0])
            SILENCED.reset(before[1])

    @wraps(InteractiveShell.run_ast_nodes)
    async def run_ast_nodes(self, nodelist: list[ast.stmt], *args: Any, **options: Any) -> Any:
        """As IPython's, but a transcript shows the value of each of its statements."""
        failed = None
        text = TEXT.get()
        for statements in _groups(nodelist) if text.transcript else [nodelist]:
            SILENCED.set(bool(statements) and _semicolon_after(statements[-1], text.python))
            failed = await super().run_ast_nodes(statements, *args, **options)
            if failed:
                break
        return failed

    @property
    def silenced(self) -> bool:
        """Whether the running statement ends in `;`."""
        return SILENCED.get()

    @property
    def recording(self) -> bool:
        """Whether somebody listens to what is displayed."""
        return any(cell.capture is not None for cell in self.running)

    def display_failed(self, error: Exception) -> None:
        """A formatter tells that a value could not be shown."""
        for cell in self.running:
            cell.error = error
        self.showtraceback((type(error), error, error.__traceback__))

    def displayed(self, value: Any, text: str) -> None:
        """The display hook tells of a value that it shows."""
        if self.running:
            self.running[-1].value = value
        for cell in self.running:
            if cell.capture is not None:
                cell.capture.displayed(text)

    def capture_paused(self) -> ExitStack:
        """While a front writes its own rendering of a value."""
        pauses = ExitStack()
        for cell in self.running:
            if cell.capture is not None:
                pauses.enter_context(cell.capture.paused())
        return pauses

    def _begin(self, info: Any) -> None:
        if not self.running:
            self.cell_begun(info.raw_cell)
        capture = None
        wanted = self.listening or (not self.running and self.lesson_is_open())
        self.listening = False
        if wanted:
            capture = Capture()
            capture.start()
        self.running.append(Cell(info.raw_cell, capture))

    def _end(self, result: Any) -> None:
        """A cell is over. IPython says so of blank cells too, which it did not begin, and with None if cancelled."""
        ended = [cell for cell in self.running if result is None or cell.raw == result.info.raw_cell]
        if not ended:
            return
        cell = ended[-1]
        self.running.remove(cell)
        error = (
            KeyboardInterrupt() if result is None else result.error_before_exec or result.error_in_exec or cell.error
        )
        if not self.running:
            self.cell_ended(cell.raw, error)
        if cell.capture is None:
            return
        output = cell.capture.stop()
        self.outcome = Outcome(strip_prompts(cell.raw), output, error, cell.value)
        self.cell_done(self.outcome)


def _groups(statements: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Cut after each expression: IPython shows the last expression of what it is given."""
    group: list[ast.stmt] = []
    for statement in statements:
        group.append(statement)
        if isinstance(statement, ast.Expr):
            yield group
            group = []
    if group:
        yield group


def _semicolon_after(statement: ast.stmt, source: str) -> bool:
    """True if a `;` follows the statement in its line."""
    lines = source.splitlines()
    if statement.end_lineno is None or statement.end_lineno > len(lines):
        return False
    line = lines[statement.end_lineno - 1].encode()  # Python counts bytes
    return line[statement.end_col_offset :].lstrip().startswith(b";")
