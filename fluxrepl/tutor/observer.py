"""Who hears how a check goes on: a front, or a function that only wants the reports."""

from collections.abc import Callable, Sequence
from pathlib import Path

from .report import LessonReport


class Observer:
    """Hears how a check goes on. These do nothing; a front says what it likes."""

    def begin(self, paths: Sequence[Path]) -> None:
        """These lessons will be checked; reports are wanted in this order."""

    def done(self, report: LessonReport) -> None:
        """A lesson is done."""


class Telling(Observer):
    """For those who only want to hear of reports."""

    def __init__(self, tell: Callable[[LessonReport], None]):
        self.tell = tell

    def done(self, report: LessonReport) -> None:
        self.tell(report)
