"""How a training is followed: a bar of one line on a terminal, which is gone when the work is done.

A notebook follows it in its own way: it puts something with the methods of `Line` in its place (`follow_with`).
"""

import sys
import time
from collections.abc import Callable
from typing import Any

WIDTH = 30  # characters of the bar
PATIENCE = 0.5  # seconds before it shows: what is quick needs no bar
PAUSE = 0.1  # seconds from one drawing to the next


class Progress:
    """Steps counted and shown: `with Progress(total) as bar: ... bar.step(loss)`.

    `losses`: the list to which the caller adds each loss, for whoever draws a curve of them. `of`: what is trained;
    when it is trained again in the same cell, a notebook goes on with the curve.
    """

    def __init__(self, total: int | None, show: bool | None = None, losses: Any = None, of: Any = None):
        self.total = total
        self.done = 0
        self.losses: Any = [] if losses is None else losses
        self.of = of
        self.board = make_board()
        self.on = self.board.can_show() if show is None else show
        self.started = time.monotonic()
        self.next = self.started + (max(0, PATIENCE - self.board.waited(of)) if show is None else 0)

    def __enter__(self) -> "Progress":
        return self

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self.started

    def step(self, loss: float) -> None:
        self.done += 1
        if self.on and time.monotonic() >= self.next:
            self.board.draw(self, loss)
            self.next = time.monotonic() + PAUSE

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if self.on:
            self.board.close(self, error)


def text_of(progress: Progress, loss: float) -> str:
    """The bar as a line of text."""
    if not progress.total:
        return f"step {progress.done}  loss {loss:.4g}"
    full = WIDTH * progress.done // progress.total
    return f"[{'#' * full}{'.' * (WIDTH - full)}] {progress.done}/{progress.total}  loss {loss:.4g}"


class Line:
    """A line on standard error that is drawn over, and wiped at the end."""

    def __init__(self) -> None:
        self.stream: Any = sys.stderr
        self.drawn = 0

    def can_show(self) -> bool:
        """Will someone see a line that is drawn over: a terminal, or a notebook?"""
        notebook = type(self.stream).__module__.startswith("ipykernel")
        return notebook or bool(getattr(self.stream, "isatty", lambda: False)())

    def waited(self, of: Any) -> float:
        """The seconds for which the training of this goes on already, in earlier calls."""
        return 0.0

    def draw(self, progress: Progress, loss: float) -> None:
        line = text_of(progress, loss)
        self.stream.write("\r" + line.ljust(self.drawn))
        self.stream.flush()
        self.drawn = len(line)

    def close(self, progress: Progress, error: BaseException | None) -> None:
        if self.drawn:
            self.stream.write("\r" + " " * self.drawn + "\r")
            self.stream.flush()


make_board: Callable[[], Any] = Line


def follow_with(board: Callable[[], Any]) -> Callable[[], Any]:
    """From now on, follow trainings with this. Returns what did so before."""
    global make_board
    before, make_board = make_board, board
    return before
