"""`:undo` takes back the last cell of a lesson: its names, what it changed in lists, arrays and layers, what it drew.

After a miss the same is done in part, unasked: what earlier steps defined is as it was, so that the next try starts
from the same place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fluxrepl.tutor.names import bound, read
from fluxrepl.tutor.wording import shortened

from . import chance
from .memento import Memento, TakenBack

DEPTH = 20  # cells that can be taken back
ROOM = 256 * 2**20  # bytes of arrays that all of them together keep


@dataclass
class Moment:
    """Before a cell: at which step of the lesson, what the names meant, the state of the random numbers."""

    source: str
    index: int
    memento: Memento
    random: chance.States


class Undo:
    """The last moments of a lesson."""

    def __init__(self) -> None:
        self.moments: list[Moment] = []

    def keep(self, source: str, index: int, names: Mapping[str, Any]) -> None:
        """A cell is about to run."""
        before = self.moments[-1].memento if self.moments else None
        self.moments = [*self.moments[1 - DEPTH :], Moment(source, index, Memento(names, before), chance.states())]
        while sum(moment.memento.size for moment in self.moments) > ROOM and len(self.moments) > 1:
            self.moments.pop(0)

    def drawn(self) -> str:
        """The state of the random numbers before the last cell, if it drew from them."""
        return chance.drawn(self.moments[-1].random) if self.moments else ""

    def clear(self) -> None:
        """Another lesson begins, or none."""
        self.moments.clear()

    def take_back(self, names: dict[str, Any], index: int) -> tuple[Moment, TakenBack] | None:
        """Go back before the last cell that changed something, be it the step; None if there is no such cell."""
        while self.moments:
            moment = self.moments.pop()
            done = moment.memento.restore(names)
            chance.put_back(moment.random)
            if done or moment.index != index or _touched(moment, done):
                return moment, done
        return None

    def after_miss(self, names: dict[str, Any], asked: set[str]) -> str:
        """Put back what the missed cell changed of what was there before, but for the names that were asked for."""
        back = self.moments[-1].memento.restore(names, keep=asked, new=False).back if self.moments else []
        return f"{listed(back)} {'is' if len(back) == 1 else 'are'} again as before this try." if back else ""


def told(moment: Moment, done: TakenBack) -> str:
    """What was taken back, in words."""
    first, *more = moment.source.strip().split("\n")
    code = shortened(first, 50) + (" …" if more and not first.endswith("…") else "")
    words = [f"Taken back: `{code}`"]
    if done.gone:
        words.append(f"{listed(done.gone)} {'is' if len(done.gone) == 1 else 'are'} gone.")
    if done.back:
        words.append(f"{listed(done.back)} {'is as it was' if len(done.back) == 1 else 'are as they were'}.")
    words += [f"`{name}` stays as it is now: {done.lost[name]}." for name in sorted(_touched(moment, done))]
    return "\n".join([words[0], " ".join(words[1:]) or "It had changed no names."])


def _touched(moment: Moment, done: TakenBack) -> set[str]:
    """The names in a cell whose values could not be kept."""
    return (read(moment.source) | bound(moment.source)) & done.lost.keys()


def listed(names: list[str], most: int = 6) -> str:
    """`a`, `b` and `c`; of many, the first."""
    ticked = [f"`{name}`" for name in sorted(names)]
    if len(ticked) > most:
        ticked = [*ticked[: most - 1], f"{len(ticked) - most + 1} more"]
    return " and ".join([", ".join(ticked[:-1]), ticked[-1]] if len(ticked) > 1 else ticked)
