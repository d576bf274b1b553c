"""The pieces of answers: the cells that gave names a value at a step. They are kept, to be run again another day."""

from dataclasses import dataclass

from .attempt import Outcome
from .lesson import Lesson, Step
from .names import bound
from .progress import Progress
from .run import describe


@dataclass(frozen=True)
class Piece:
    """One cell; `random` is the state of the random numbers before it, if it drew from them."""

    source: str
    random: str = ""
    is_miss: bool = False


@dataclass(frozen=True)
class Past:
    """Code of an earlier session, to be run again: of step `number`, which it `may_fail` if that was its point."""

    number: int
    source: str
    random: str = ""
    may_fail: bool = False


class Pieces:
    """The pieces of each step, in this session."""

    def __init__(self) -> None:
        self._of: dict[str, list[Piece]] = {}

    def add(self, step: Step, outcome: Outcome, random: str, is_miss: bool) -> None:
        """Note a cell, if it defined something."""
        if outcome.error is None and bound(outcome.source):
            self._of.setdefault(step.key, []).append(Piece(outcome.source, random, is_miss))

    def take_back(self, step: Step, source: str) -> None:
        """The last cell was undone."""
        if (pieces := self._of.get(step.key)) and pieces[-1].source == source:
            pieces.pop()

    def clear(self) -> None:
        """Forget all."""
        self._of.clear()

    def answer(self, step: Step) -> tuple[str, str]:
        """The source that an answer is made of, and the state of the random numbers before it."""
        pieces = _needed(self._of.get(step.key, []))
        source = "\n".join(piece.source for piece in pieces)
        if step.exercise and not source:  # `:check` found it solved by what was defined at other steps
            source = step.exercise.solution
        return source, next((piece.random for piece in pieces if piece.random), "")


def _needed(pieces: list[Piece]) -> list[Piece]:
    """The pieces that made an answer: not a miss all of whose names got another value later."""
    needed: list[Piece] = []
    later: set[str] = set()
    for piece in reversed(pieces):
        names = bound(piece.source)
        if not piece.is_miss or names - later:
            needed.insert(0, piece)
        later |= names
    return needed


def past(lesson: Lesson, progress: Progress, upto: int) -> list[Past]:
    """What was run before the step `upto`: the setup and the accepted code of each step, in order."""
    found = []
    for number, step in enumerate(lesson.steps[:upto], 1):
        record = progress.record(lesson, step)
        source, random = str(record.get("source", "")), str(record.get("random", ""))
        fails = bool(step.examples and step.examples[-1].error)
        found += [Past(number, step.setup), Past(number, source, random, fails)]
    return [each for each in found if each.source.strip()]


def shown(outcome: Outcome) -> str:
    """What a cell showed, with the last line of its error."""
    if outcome.error is None:
        return outcome.output
    error = describe(outcome.error)
    line = f"{error['name']}: {error['message']}".removesuffix(": ").partition("\n")[0]
    return f"{outcome.output}{line}\n"
