"""A progress bar of one line, which is gone when the work is done."""

import sys
import time
from typing import Any

WIDTH = 30  # characters of the bar
PATIENCE = 0.5  # seconds before it shows: what is quick needs no bar
PAUSE = 0.1  # seconds between two drawings


class Progress:
    """Steps counted on standard error: `with Progress(total) as bar: ... bar.step(loss)`."""

    def __init__(self, total: int | None, show: bool | None = None):
        self.total = total
        self.done = 0
        self.stream: Any = sys.stderr
        self.on = on_screen(self.stream) if show is None else show
        self.next = time.monotonic() + (PATIENCE if show is None else 0)
        self.drawn = 0

    def __enter__(self) -> "Progress":
        return self

    def step(self, loss: float) -> None:
        self.done += 1
        if self.on and time.monotonic() >= self.next:
            self.next = time.monotonic() + PAUSE
            self.draw(loss)

    def draw(self, loss: float) -> None:
        if self.total:
            full = WIDTH * self.done // self.total
            line = f"[{'#' * full}{'.' * (WIDTH - full)}] {self.done}/{self.total}  loss {loss:.4g}"
        else:
            line = f"step {self.done}  loss {loss:.4g}"
        self.stream.write("\r" + line.ljust(self.drawn))
        self.stream.flush()
        self.drawn = len(line)

    def __exit__(self, *_: Any) -> None:
        if self.drawn:
            self.stream.write("\r" + " " * self.drawn + "\r")
            self.stream.flush()


def on_screen(stream: Any) -> bool:
    """Will someone see a line that is drawn over: a terminal, or a notebook?"""
    notebook = type(stream).__module__.startswith("ipykernel")
    return notebook or bool(getattr(stream, "isatty", lambda: False)())
