"""A lesson to run, and what came of running it: the same however it is run."""

from dataclasses import dataclass, field

from .fork import Report
from .lesson import Lesson
from .plan import SEED, Unit

ALL_TIME_IS_UP = "was stopped, because the time for the whole check was up,"


@dataclass(frozen=True, eq=False)
class Task:
    """A lesson to run, from this seed. In `round` 1 exercises are judged; later rounds are about promises."""

    lesson: Lesson
    seed: int = SEED
    round: int = 1


@dataclass
class Run:
    """What came of a task. `ended` says how, in words, if the lesson did not come to its end."""

    lesson: Lesson
    reports: list[Report] = field(default_factory=list)
    ended: str = ""
    seconds: float = 0.0
    seed: int = SEED
    round: int = 1


def in_seconds(number: float) -> str:
    """`1 second`, `0.3 seconds`."""
    return f"{number:g} second" if number == 1 else f"{number:g} seconds"


def too_slow(seconds: float, *, block: bool) -> str:
    """How a lesson ended whose time was up, or that of its block."""
    longer = f"took longer than {in_seconds(seconds)}"
    return f"was stopped, because this block {longer}," if block else longer


def limit_of(unit: Unit, default: float | None) -> float | None:
    """The seconds that a unit may take. An exercise times its answers itself."""
    return unit.block.options.timeout or default if unit.example else None


def seconds_of(lesson: Lesson, timeout: float) -> float:
    """The seconds for a whole lesson: what blocks ask for comes on top."""
    return timeout + sum(block.options.timeout or 0.0 for block in lesson.blocks)
