"""Lessons that nobody vouches for: each runs in the sandbox, and what came is judged outside, as for any lesson."""

import math
import select
import time
from collections.abc import Iterator, Sequence

from ..fork import Report
from ..plan import Unit, plan, units
from ..settings import Settings
from ..shape import fits
from ..task import ALL_TIME_IS_UP, Run, Task, limit_of, too_slow
from .limits import Limits
from .sandbox import GONE, Job, Sandbox


def run_untrusted(tasks: Sequence[Task], settings: Settings, deadline: float = math.inf) -> Iterator[Run]:
    """Run each task in the sandbox, `settings.jobs` at a time; runs come as they end. `Refused` where there is none."""
    with Sandbox() as sandbox:
        waiting, running, tried = list(tasks)[::-1], list[_Running](), set[Task]()
        while waiting or running:
            while waiting and len(running) < settings.jobs:
                running.append(_Running(waiting.pop(), settings, deadline, sandbox))
            soonest = min(one.due() for one in running) - time.monotonic()
            select.select([one.job for one in running], [], [], min(max(0.0, soonest), 0.05))
            for one in list(running):
                one.hear()
                if one.done or not one.job.open or time.monotonic() > one.due():
                    running.remove(one)
                    run = one.finish(deadline)
                    if run.ended == GONE and one.task not in tried:  # whoever was to blame
                        tried.add(one.task)
                        waiting.append(one.task)
                    else:
                        yield run
            if time.monotonic() > deadline:
                return


class _Running:
    """A lesson in the sandbox, what it has reported, and when it is too late."""

    def __init__(self, task: Task, settings: Settings, deadline: float, sandbox: Sandbox):
        self.task = task
        lesson, self.seconds = task.lesson, settings.timeout  # what blocks ask for adds nothing: they are not trusted
        self.run = Run(lesson, seed=task.seed, round=task.round)
        self.units = units(lesson)
        self.limits = [limit_of(unit, settings.block_timeout) or math.inf for unit in self.units]
        self.started = self.latest = time.monotonic()
        self.deadline = min(deadline, self.started + self.seconds)
        exercises = task.round == 1 and settings.judges("exercises")
        told = plan(lesson, self.seconds, task.seed, exercises, shell=settings.shell)
        told["path"] = lesson.path.name  # not where it lies here
        self.job: Job = sandbox.job({"kind": "lesson", "plan": told}, Limits(seconds=self.seconds))
        self.done = False

    def due(self) -> float:
        """When the lesson, or the example it is at, has taken too long."""
        return min(self.deadline, self.latest + self._limit())

    def _limit(self) -> float:
        at = len(self.run.reports)
        return self.limits[at] if at < len(self.limits) else math.inf

    def hear(self) -> None:
        """Take what it has sent, as far as it has the form of a report."""
        for report in self.job.reports():
            self.latest = time.monotonic()
            if not self.job.fault and not self._take(report):
                self.job.disbelieve("sent a result that is none")

    def _take(self, report: Report) -> bool:
        at = len(self.run.reports)
        if self.done:
            return False
        if at == len(self.units):
            self.done = report.get("end") is True
            return self.done
        if report.get("unit") != at or not fits(report, _is_judged(self.units[at])):
            return False
        self.run.reports.append(report)
        return True

    def finish(self, deadline: float) -> Run:
        """End it, and say how it ended."""
        late, limit = self.job.open, self._limit()
        if self.done:
            self.job.release()
            ended = ""
        else:
            ended = self.job.end() or "ended Python itself (exit status 0)"
        self.run.seconds = time.monotonic() - self.started
        if late and not self.done:
            block = self.latest + limit < self.deadline
            ended = too_slow(limit if block else self.seconds, block=block)
            ended = ALL_TIME_IS_UP if self.deadline == deadline else ended
        self.run.ended = ended
        return self.run


def _is_judged(unit: Unit) -> bool:
    return unit.block.exercise is not None
