"""A training in a notebook: a bar while it runs, the curve of its loss, and what came of it in words."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from .numbers import digits
from .strokes import curve
from .theme import box

RUNNING, DONE, INTERRUPTED, STOPPED = "running", "done", "interrupted", "stopped"


class Training(NamedTuple):
    """How far a training is. `total` is None where nobody knows how many steps there will be."""

    losses: Sequence[float]
    total: int | None
    seconds: float
    state: str = RUNNING
    calls: int = 1  # of `train`, one after another

    def words(self) -> str:
        """One line: the text beside the picture."""
        steps, of = len(self.losses), f" of {self.total:_}" if self.total and self.total > len(self.losses) else ""
        last = f"loss {digits(self.losses[-1], 4)}" if self.losses else "no loss yet"
        if self.state == RUNNING:
            return " · ".join([f"step {steps:_}{of}", last, *self.remaining()])
        fall = f"loss {digits(self.losses[0], 4)} → {digits(self.losses[-1], 4)}" if self.losses else last
        calls = f" in {self.calls:_} calls" if self.calls > 1 else ""
        many = f"{steps:_} step{'' if steps == 1 else 's'}{calls}"
        done = {DONE: many, INTERRUPTED: f"interrupted after {many}{of}", STOPPED: f"stopped after {many}{of}"}
        return f"{done[self.state]} · {fall} · {time_text(self.seconds)}"

    def remaining(self) -> list[str]:
        """How long it will take, once that can be told."""
        steps = len(self.losses)
        if not self.total or not steps or self.seconds < 1 or steps >= self.total:
            return []
        return [f"{time_text(self.seconds / steps * (self.total - steps))} left"]

    def html(self, exact: bool = True) -> str:
        """The bar, while it runs, with the words and the curve."""
        words, drawn = escape(self.words()), curve(self.losses, self.total if self.state == RUNNING else None, exact)
        if self.state != RUNNING:
            sign = '<span class="cotangent">✓</span> ' if self.state == DONE else '<span class="bad">✗</span> '
            return box(f"<div>{sign}{words}</div>{drawn}", "a training")
        value = f' value="{len(self.losses)}" max="{self.total}"' if self.total else ""
        bar = f'<progress{value} aria-label="steps of the training"></progress>'
        return box(f"<div>{bar}{words}</div>{drawn}", "a training")


def time_text(seconds: float) -> str:
    """0.52 s, 12 s, 3 min 5 s, 2 h 10 min."""
    if seconds < 60:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
