"""Lessons that nobody vouches for: each runs in the sandbox, and what came is judged outside, as for any lesson."""

import time
from collections.abc import Iterable, Iterator

from .. import fork
from ..isolate import Run
from ..lesson import Lesson
from ..plan import Unit, plan, units
from . import results
from .limits import Limits
from .sandbox import Job, Sandbox


def run_untrusted(lessons: Iterable[Lesson], timeout: float, jobs: int = 1) -> Iterator[Run]:
    """Run each lesson in the sandbox for at most `timeout` seconds, `jobs` at a time; runs come as they end."""
    limits = Limits(seconds=timeout)
    with Sandbox() as sandbox:
        waiting, running = list(lessons)[::-1], list[_Running]()
        while waiting or running:
            while waiting and len(running) < jobs:
                running.append(_Running(waiting.pop(), timeout, sandbox, limits))
            fork.wait([one.job for one in running], min(one.deadline for one in running) - time.monotonic())
            for one in list(running):
                one.hear()
                if one.done or not one.job.open or time.monotonic() > one.deadline:
                    running.remove(one)
                    yield one.finish()


class _Running:
    """A lesson in the sandbox, what it has reported, and when it is too late."""

    def __init__(self, lesson: Lesson, timeout: float, sandbox: Sandbox, limits: Limits):
        self.run = Run(lesson)
        self.units = units(lesson)
        self.timeout = timeout  # what blocks ask for does not count: whoever wrote them is not trusted with it
        self.started = time.monotonic()
        self.deadline = self.started + timeout
        told = {**plan(lesson, timeout), "path": lesson.path.name}  # not where it lies on this machine
        self.job: Job = sandbox.job({"kind": "lesson", "plan": told}, limits)
        self.done = False

    def hear(self) -> None:
        """Take what it has sent, as far as it has the form of a report."""
        for report in self.job.reports():
            if not self.job.fault and not self._take(report):
                self.job.fault, self.job.open = "sent a result that is none", False

    def _take(self, report: dict) -> bool:
        at = len(self.run.reports)
        if self.done:
            return False
        if at == len(self.units):
            self.done = report == {"end": True}
            return self.done
        if not results.fits(report, _answers(self.units[at])):
            return False
        self.run.reports.append(report)
        return True

    def finish(self) -> Run:
        """End it, and say how it ended."""
        late = self.job.open and not self.done
        ended = ""
        if self.done:
            self.job.release()
        else:
            ended = self.job.end()
        self.run.seconds = time.monotonic() - self.started
        if late:
            self.run.ended = f"took longer than {self.timeout:g} seconds"
        elif not self.done:
            self.run.ended = ended or "ended Python itself (exit status 0)"
        return self.run


def _answers(unit: Unit) -> int:
    """How many answers to an exercise are judged in this unit."""
    return len(unit.block.exercise.wrongs) + 2 if unit.block.exercise else 0
