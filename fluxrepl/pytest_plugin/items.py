"""Lessons as pytest sees them: a file for each lesson, an item for each example, starter, solution and wrong answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fluxrepl.tutor.course import find_course, lesson_files
from fluxrepl.tutor.lesson import Lesson, read
from fluxrepl.tutor.lint import Card, card, dead_links, head_cards, lint
from fluxrepl.tutor.problem import LessonError, Problem
from fluxrepl.tutor.report import Finding

from .failure import Failed, representation
from .names import Piece, pieces
from .results import Results

RESULTS = pytest.StashKey[Results]()


class LessonFile(pytest.File):
    """A lesson. It is run once, when the first of its items is."""

    lesson: Lesson | None = None

    def collect(self) -> Iterator["Item"]:
        try:
            self.lesson = read(self.path)
        except LessonError as error:
            yield from (Malformed.of(self, problem) for problem in error.problems)
            return
        own = [card(self.lesson)]
        problems = [*self.lesson.remarks, *lint(own, self._neighbours), *dead_links(own)]
        yield from (Malformed.of(self, problem) for problem in problems)
        for piece in pieces(self.lesson):
            yield Example.from_parent(self, name=piece.name, piece=piece)

    def _neighbours(self) -> list[Card]:
        """Lessons that it may require: those beside it, and the course."""
        beside = [path for folder in (self.path.parent, find_course()) for path in lesson_files(folder)]
        return head_cards([path for path in beside if path != self.path])


class Item(pytest.Item):
    """Something of a lesson that passes or fails, at a line."""

    def __init__(self, line: int, name: str, parent: LessonFile, **given):
        nodeid = f"{parent.nodeid}::{name}"  # given, so that pytest reads the bracket as that of a variant
        super().__init__(name, parent, nodeid=nodeid, **given)
        self.line = line
        self.place = f"{parent.nodeid}:{line}"
        self.fluxrepl_lesson = str(self.path)
        if self.config.pluginmanager.hasplugin("xdist"):
            self.add_marker(pytest.mark.xdist_group(self.fluxrepl_lesson))  # --dist loadgroup: a lesson runs once

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, max(self.line - 1, 0), self.place

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style=None):
        if isinstance(excinfo.value, Failed):
            return representation(excinfo.value.findings, self.config.invocation_params.dir)
        return super().repr_failure(excinfo, style)


class Malformed(Item):
    """Something wrong with a lesson that is found without running it."""

    problem: Problem

    @classmethod
    def of(cls, parent: LessonFile, problem: Problem) -> "Malformed":
        item = cls.from_parent(parent, name=f"{problem.line}[malformed]", line=problem.line)
        item.problem = problem
        return item

    def runtest(self) -> None:
        raise Failed([Finding(self.problem.path, self.problem.line, "malformed", self.problem.words)])


class Example(Item):
    """An example, the setup, or an answer to an exercise."""

    def __init__(self, piece: Piece, **given):
        super().__init__(line=piece.line, **given)
        self.piece = piece

    def runtest(self) -> None:
        result = results_of(self.session).result(self)
        if result.skipped:
            pytest.skip(result.skipped)
        if result.findings:
            raise Failed(result.findings)


def results_of(session: pytest.Session) -> Results:
    """What runs the lessons of a session."""
    if RESULTS not in session.stash:
        results = session.stash[RESULTS] = Results(session)
        session.config.add_cleanup(results.close)
    return session.stash[RESULTS]
