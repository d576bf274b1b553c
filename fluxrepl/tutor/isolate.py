"""Runs lessons apart from each other: a process for each, deadlines kept here, whatever the lesson does.

Where processes can be forked, each lesson starts from this process, in which NumPy and fluxrepl are loaded already
(a few milliseconds); elsewhere in a fresh interpreter.
"""

import math
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from . import fork
from .fork import Fork, Report
from .lesson import Lesson
from .runner import Unit, run_lesson, units


@dataclass
class Run:
    """What came of running a lesson. `ended` says how, in words, if it did not come to its end."""

    lesson: Lesson
    reports: list[Report] = field(default_factory=list)
    ended: str = ""
    seconds: float = 0.0


def run_apart(
    lessons: Iterable[Lesson], timeout: float, jobs: int = 1, forking: bool = fork.available
) -> Iterator[Run]:
    """Run each lesson for at most `timeout` seconds, `jobs` at a time; runs come as they end."""
    with TemporaryDirectory(prefix="fluxrepl-") as folder:
        if forking:
            warm_up()
            yield from _run_forked(list(lessons), timeout, jobs, Path(folder))
        else:
            for lesson in lessons:
                yield _run_fresh(lesson, timeout, folder)


def warm_up() -> None:
    """Load what every lesson needs, once, before forking."""
    import numpy.linalg
    import numpy.random  # noqa: F401

    try:
        import fluxrepl

        for name in fluxrepl.__all__:
            getattr(fluxrepl, name)
    except (ImportError, AttributeError):
        pass  # the lesson that needs it will say so at its own line


class _Running:
    """A lesson on its way, and when it is too late."""

    def __init__(self, lesson: Lesson, timeout: float, folder: Path):
        self.run = Run(lesson)
        self.limits = [_limit(unit) for unit in units(lesson)]
        self.started = self.latest = time.monotonic()
        seconds = _seconds(lesson, timeout)
        self.deadline = self.started + seconds
        folder.mkdir()

        def work(send: fork.Send) -> None:
            os.chdir(folder)
            run_lesson(lesson, send)

        self.copy = Fork(work, seconds)

    def due(self) -> float:
        """When the lesson, or the unit it is at, has taken too long."""
        return min(self.deadline, self.latest + (self._limit() or math.inf))

    def _limit(self) -> float | None:
        at = len(self.run.reports)
        return self.limits[at] if at < len(self.limits) else None

    def hear(self) -> None:
        """Take what it has sent."""
        if reports := self.copy.reports():
            self.run.reports += reports
            self.latest = time.monotonic()

    def finish(self) -> Run:
        """End it, and say how it ended."""
        late = self.copy.open
        limit = self.deadline - self.started if self.due() == self.deadline else self._limit()
        status = self.copy.end()
        self.run.seconds = time.monotonic() - self.started
        if late:
            self.run.ended = f"took longer than {limit:g} seconds"
        elif not _is_whole(self.run.reports):
            self.run.ended = _how(status)
        return self.run


def _run_forked(lessons: list[Lesson], timeout: float, jobs: int, folder: Path) -> Iterator[Run]:
    waiting = list(enumerate(lessons))[::-1]
    running: list[_Running] = []
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                number, lesson = waiting.pop()
                running.append(_Running(lesson, timeout, folder / str(number)))
            soonest = min(one.due() for one in running) - time.monotonic()
            fork.wait([one.copy for one in running], soonest)
            for one in list(running):
                one.hear()
                if not one.copy.open or time.monotonic() > one.due():
                    running.remove(one)
                    yield one.finish()
    finally:
        for one in running:
            one.copy.end()


def _run_fresh(lesson: Lesson, timeout: float, folder: str) -> Run:
    """The same in a fresh interpreter."""
    run = Run(lesson)
    started = time.monotonic()
    timeout = _seconds(lesson, timeout)
    command = [sys.executable, "-m", "fluxrepl.tutor.runner", str(lesson.path.resolve())]
    try:
        ended = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False
        )
        output = ended.stdout
    except subprocess.TimeoutExpired as late:
        output = late.stdout or b""
        run.ended = f"took longer than {timeout:g} seconds"
    run.reports = [fork.parsed(line) for line in output.split(b"\n")[:-1]]
    run.seconds = time.monotonic() - started
    if not run.ended and not _is_whole(run.reports):
        run.ended = _how(ended.returncode)
    return run


def _limit(unit: Unit) -> float | None:
    """The seconds that the author allows a unit. An exercise times its answers itself."""
    return unit.block.options.timeout if unit.example else None


def _seconds(lesson: Lesson, timeout: float) -> float:
    """The seconds for a whole lesson: what blocks ask for comes on top."""
    return timeout + sum(block.options.timeout or 0.0 for block in lesson.blocks)


def _is_whole(reports: list[Report]) -> bool:
    return bool(reports) and reports[-1] == {"end": True}


def _how(status: int) -> str:
    if status < 0:
        return f"crashed Python (signal {-status})"
    return f"ended Python itself (exit status {status})"
