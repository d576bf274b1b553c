"""Runs lessons apart from each other: a process for each, deadlines kept here, whatever the lesson does.

Where processes can be forked, lessons are copies of a warm process (`warm.py`, a few milliseconds each); elsewhere, and
for lessons that use a GPU, fresh interpreters (`fresh.py`).
"""

import contextlib
import math
import os
import select
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from .fork import Report
from .fresh import Fresh
from .lesson import Lesson
from .plan import plan, units, uses_gpu
from .settings import Settings
from .shape import fits, is_end
from .task import ALL_TIME_IS_UP as ALL_TIME_IS_UP
from .task import Run, Task, limit_of, seconds_of, too_slow
from .warm import Warm, WarmProcessGone, to_load

TRIES = 3
LISTENING = 0.05  # seconds between two looks at what running lessons have sent


class Process(Protocol):
    """The process of a lesson, forked or fresh."""

    status: int | None

    def reports(self) -> list[Report]: ...
    def end(self) -> int: ...


def run_apart(
    tasks: Sequence[Task], settings: Settings, deadline: float = math.inf, warm: Warm | None = None
) -> Iterator[Run]:
    """Run the tasks, `settings.jobs` at a time; runs come as they end. At `deadline`, what still runs is ended.

    A `warm` process that is given is used up.
    """
    if settings.untrusted:
        from .untrusted.lessons import run_untrusted

        yield from run_untrusted(tasks, settings, deadline)
        return
    yield from run_asked(tasks, [task.lesson for task in tasks], settings, deadline, warm)


def run_asked(
    tasks: Iterable[Task],
    lessons: Sequence[Lesson],
    settings: Settings,
    deadline: float = math.inf,
    warm: Warm | None = None,
) -> Iterator[Run]:
    """The same for tasks of which each is asked for only when it can begin; `lessons` are those that may come."""
    with TemporaryDirectory(prefix="fluxrepl-", ignore_cleanup_errors=True) as folder:
        loop = _Loop(tasks, lessons, settings, deadline, Path(folder))
        loop.warm = warm
        yield from loop.run()


class _Loop:
    """Starts, listens, ends."""

    def __init__(
        self, tasks: Iterable[Task], lessons: Sequence[Lesson], settings: Settings, deadline: float, folder: Path
    ):
        self.tasks = iter(tasks)
        self.waiting: list[Task] = []  # the next task, and those to be begun again
        self.settings, self.deadline, self.folder = settings, deadline, folder
        self.modules = to_load(lesson.text for lesson in lessons if self._forks(lesson))
        self.running: list[_Running] = []
        self.warm: Warm | None = None
        self.suspects: set[Task] = set()  # one of them may have killed the warm process: run alone
        self.tries: Counter[Task] = Counter()  # how often the warm process was gone before it could start them
        self.number = 0

    def run(self) -> Iterator[Run]:
        try:
            while self.running or self._has_next():
                yield from self._start_some()
                self._listen()
                now = time.monotonic()
                for one in list(self.running):
                    one.hear()
                    if one.process.status is not None or one.fault or now > one.due(self.deadline):
                        self.running.remove(one)
                        yield one.finish(self.deadline)
                if now > self.deadline:
                    return
        finally:
            for one in self.running:
                one.process.end()
            if self.warm:
                self.warm.close()

    def _has_next(self) -> bool:
        if not self.waiting:
            self.waiting += [task for task in [next(self.tasks, None)] if task]
        return bool(self.waiting)

    def _forks(self, lesson: Lesson) -> bool:
        return self.settings.forking and not uses_gpu(lesson)

    def _start_some(self) -> Iterator[Run]:
        while len(self.running) < self.settings.jobs and self._has_next():
            task = self.waiting[-1]
            alone = task in self.suspects or any(one.task in self.suspects for one in self.running)
            if alone and self.running:
                return
            self.waiting.pop()
            self.number += 1
            try:
                self.running.append(_Running(task, self.settings, self.folder / str(self.number), self._warm_for(task)))
            except OSError as error:
                yield Run(task.lesson, [], f"could not be started ({error.strerror})", 0.0, task.seed, task.round)
            except WarmProcessGone:
                self._lose_warm()
                self.tries[task] += 1
                if self.tries[task] < TRIES:
                    self.waiting.append(task)
                    continue
                why = "could not be started (the process that starts it does not answer)"
                yield Run(task.lesson, [], why, 0.0, task.seed, task.round)

    def _warm_for(self, task: Task) -> Warm | None:
        if not self._forks(task.lesson):
            return None
        if self.warm is None:
            self.warm = Warm(self.modules)
        return self.warm

    def _listen(self) -> None:
        """Wait until a process has ended or something is due, for a moment at most."""
        soonest = min((one.due(self.deadline) for one in self.running), default=0.0) - time.monotonic()
        heard: list[Warm | Fresh] = [one.process for one in self.running if isinstance(one.process, Fresh)]
        heard += [self.warm] if self.warm else []
        if self.running:
            select.select(heard, [], [], min(max(0.0, soonest), LISTENING))
        for one in heard:
            with contextlib.suppress(WarmProcessGone):
                one.hear()
                continue
            self._lose_warm()

    def _lose_warm(self) -> None:
        """The warm process is gone, and its lessons with it: begin them again, one at a time. One alone is to blame."""
        assert self.warm
        lost = [one for one in self.running if not isinstance(one.process, Fresh)]
        for one in lost:
            if len(lost) == 1:
                one.blame(self.warm)
            else:
                one.process.end()
                self.running.remove(one)
                self.suspects.add(one.task)
                self.waiting.append(one.task)
        self.warm.close()
        self.warm = None


class _Running:
    """A task on its way, and when it is too late."""

    def __init__(self, task: Task, settings: Settings, folder: Path, warm: Warm | None):
        self.task, self.folder = task, folder
        self.run = Run(task.lesson, seed=task.seed, round=task.round)
        self.limits = [limit_of(unit, settings.block_timeout) for unit in units(task.lesson)]
        self.judged = [unit.block.exercise is not None for unit in units(task.lesson)]
        self.fault = ""  # what is wrong with what it sent or did: nothing that comes later counts
        self.seconds = seconds_of(task.lesson, settings.timeout)
        folder.mkdir()
        exercises = task.round == 1 and settings.judges("exercises")
        told = plan(task.lesson, self.seconds, task.seed, exercises, watched=settings.cache, shell=settings.shell)
        told["folder"] = str(folder)
        self.started = self.latest = time.monotonic()
        self.process: Process = warm.start(told) if warm else Fresh(told)

    def due(self, deadline: float) -> float:
        """When the lesson, the unit it is at, or the whole check has taken too long."""
        return min(deadline, self.started + self.seconds, self.latest + (self._limit() or math.inf))

    def _limit(self) -> float | None:
        at = len(self.run.reports)
        return self.limits[at] if at < len(self.limits) else None

    def hear(self) -> None:
        """Take what it has sent."""
        for report in self.process.reports():
            self.latest = time.monotonic()
            if not self.fault:
                self._take(report)

    def _take(self, report: Report) -> None:
        at = len(self.run.reports)
        if at < len(self.judged):
            right = fits(report, self.judged[at])
        else:
            right = is_end(report) and not _is_whole(self.run.reports)
        if right:
            self.run.reports.append(report)
        else:
            self.fault = "wrote on the checker's own channel" if "garbage" in report else "sent a result that is none"

    def blame(self, warm: Warm) -> None:
        """It has killed or stopped the warm process; where is not known, for it may have gone on for a moment."""
        self.run.reports.clear()
        self.process.status = 1
        self.fault = f"{'stopped' if warm.stopped else 'killed'} the process it was started from, below or"

    def finish(self, deadline: float) -> Run:
        """End it, and say how it ended."""
        due, late = self.due(deadline), self.process.status is None
        limit = self._limit()
        status = self.process.end()
        self.run.seconds = time.monotonic() - self.started
        if self.fault:
            self.run.ended = self.fault
        elif late and due == deadline:
            self.run.ended = ALL_TIME_IS_UP
        elif late:
            is_block = limit is not None and due < self.started + self.seconds
            self.run.ended = too_slow(limit if limit and is_block else self.seconds, block=is_block)
        elif not _is_whole(self.run.reports):
            self.run.ended = _how(status)
        with contextlib.suppress(OSError):
            os.rmdir(self.folder)
            return self.run
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.run


def _is_whole(reports: list[Report]) -> bool:
    return bool(reports) and reports[-1].get("end") is True


def _how(status: int) -> str:
    if status < 0:
        return f"crashed Python (signal {-status})"
    return f"ended Python itself (exit status {status})"
