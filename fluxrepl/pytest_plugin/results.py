"""Runs the lessons of a pytest session, each once, in a process of its own, and tells each item what came of it."""

import contextlib
import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from fluxrepl.tutor.isolate import Run, Task, run_asked
from fluxrepl.tutor.lesson import Block, Lesson
from fluxrepl.tutor.report import Finding
from fluxrepl.tutor.verdict import verdict

from . import settings
from .names import Piece

if TYPE_CHECKING:
    from .items import Example, LessonFile


@dataclass
class Result:
    """What came of one item: what was found, or why it was not run."""

    findings: list[Finding] = field(default_factory=list)
    skipped: str = ""


class Results:
    """What came of the lessons. Each process of pytest-xdist has its own, and runs the lessons it is asked about."""

    def __init__(self, session: pytest.Session):
        self.selected: dict[LessonFile, list[Piece]] = {}
        for item in session.items:
            if piece := getattr(item, "piece", None):
                self.selected.setdefault(item.parent, []).append(piece)  # type: ignore[arg-type]  # a LessonFile
        self.next: list[Task] = []
        self.done: dict[LessonFile, LessonResults] = {}
        lessons = [self._lesson(file) for file in self.selected]
        self.runs = run_asked(iter(self.next.pop, None), lessons, settings(session.config), math.inf)

    def result(self, item: "Example") -> Result:
        """What came of an item; the first one of a lesson has it run."""
        file: LessonFile = item.parent  # type: ignore[assignment]  # of an Example
        if file not in self.done:
            self.next.append(Task(self._lesson(file)))
            with as_if_fresh():
                run = next(self.runs)
            self.done[file] = LessonResults(run, self.selected[file])
        return self.done[file].result(item.piece)

    def close(self) -> None:
        """End the process that lessons are forked from."""
        self.runs.close()  # type: ignore[attr-defined]  # a generator

    def _lesson(self, file: "LessonFile") -> Lesson:
        assert file.lesson
        return upto(file.lesson, max(piece.units.stop for piece in self.selected[file]))


class LessonResults:
    """What came of the items of one lesson."""

    def __init__(self, run: Run, selected: list[Piece]):
        self.lesson, self.reports, self.selected = run.lesson, run.reports, selected
        judged = verdict(run)
        self.findings = judged.findings
        self.skips = dict(judged.skipped)
        self.ended = next((found.line for found in self.findings if found.kind == "ended"), 0)

    def result(self, piece: Piece) -> Result:
        """What came of `piece`. It is skipped because of another one only where that one is seen to fail."""
        if found := self._found(piece):
            return Result(found)
        if skips := [self.skips[line] for line in piece.unit_lines if line in self.skips]:
            return Result(skipped=skips[0])
        if self.ended and min(piece.unit_lines) > self.ended:
            return self._because(piece, self.ended, f"not run: the lesson ended at line {self.ended}")
        if causes := [cause for number in piece.units if (cause := self._cause(number))]:
            return self._because(piece, causes[0], f"not run: depends on line {causes[0]}")
        return Result()

    def _found(self, piece: Piece) -> list[Finding]:
        """What is wrong with a piece itself; of an exercise that came to no verdicts, why."""
        own = [found for found in self.findings if found.line in piece.lines and found.kind != "not run"]
        shared = [found for found in self.findings if found.line in piece.unit_lines and found.kind != "not run"]
        judged = any(self._report(number).get("verdicts") for number in piece.units)
        return own or ([] if judged else shared)

    def _because(self, piece: Piece, line: int, words: str) -> Result:
        if any(line in other.lines | other.unit_lines and self._found(other) for other in self.selected):
            return Result(skipped=words)
        causes = [found for found in self.findings if found.line == line and found.kind != "not run"]
        finding = Finding(self.lesson.path, piece.line, "not run", f"{words}, which is not among these tests")
        return Result([finding, *causes])

    def _cause(self, number: int) -> int:
        cause = self._report(number).get("depends")
        return cause if type(cause) is int else 0

    def _report(self, number: int) -> dict[str, Any]:
        return self.reports[number] if number < len(self.reports) else {}


def upto(lesson: Lesson, stop: int) -> Lesson:
    """A lesson cut off behind so many units: what comes later is not run for the sake of what comes before."""
    blocks: list[Block] = []
    for block in lesson.blocks:
        if stop <= 0:
            break
        blocks.append(replace(block, examples=block.examples[:stop]))
        stop -= len(block.examples) or 1
    return replace(lesson, blocks=tuple(blocks))


@contextlib.contextmanager
def as_if_fresh() -> Iterator[None]:
    """Without pytest's warning filters, and with Python's own: the process that lessons run in begins as this one."""
    with warnings.catch_warnings():
        warnings.resetwarnings()
        for category in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
            warnings.simplefilter("ignore", category)
        warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
        yield
