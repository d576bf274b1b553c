"""`fluxrepl check`: find the lessons, read and lint them all, run each in a process of its own, judge what came.

What the cache knows to pass is neither read nor run; what is needed to run lessons is imported when there is one to
run.
"""

import math
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .cache import Cache
from .course import find_course, lesson_files
from .find import NothingToCheck as NothingToCheck
from .find import find
from .folders import cache_folder
from .lesson import Lesson, read
from .lint import Card, card, dead_links, head_cards, lint
from .observer import Observer as Observer
from .observer import Telling
from .problem import LessonError, Problem
from .report import Finding, LessonReport, Report
from .selection import part, select
from .settings import Settings
from .timings import Timings

if TYPE_CHECKING:
    from .task import Run
    from .warm import Warm


def check(
    paths: Iterable[str | Path],
    settings: Settings | None = None,
    observer: Observer | Callable[[LessonReport], None] | None = None,
    **given: Any,
) -> Report:
    """Check the lessons in `paths`; `observer` is told of each as it is done. `NothingToCheck` if there are none.

    Settings may be given by name as well: `check(paths, jobs=2)`.
    """
    settings = replace(settings or Settings(), **given)
    if observer is None or not isinstance(observer, Observer):
        observer = Telling(observer) if observer else Observer()
    files = find(paths)
    chosen = part(select(files, settings.select, settings.ignore), *settings.shard)
    observer.begin(chosen)
    return _Check(files, chosen, settings, observer).run()


class _Check:
    """One check on its way."""

    def __init__(self, files: list[Path], chosen: list[Path], settings: Settings, observer: Observer):
        self.files, self.chosen, self.settings, self.observer = files, chosen, settings, observer
        self.deadline = time.monotonic() + (settings.total_timeout or math.inf)
        folder = cache_folder() if settings.cache and not settings.untrusted else None
        self.cache = Cache(folder, settings.deciding()) if folder else None
        self.timings = Timings(folder)
        self.cards: dict[Path, Card] = {}
        self.files_of: dict[Path, Path] = {}  # where the cache keeps what comes of a lesson
        self.warm: Warm | None = None
        self.known: dict[Path, LessonReport] = {}  # of lessons that need not run
        self.reports: dict[Path, LessonReport] = {}  # those that were told of
        self.problems: dict[Path, list[Finding]] = {}
        self.remarks: dict[Path, list[Finding]] = {}
        self.failures = 0

    def run(self) -> Report:
        try:
            lessons = self._read(self._look_up())
            self._lint()
            stopped = self._tell_known()
            if lessons and not stopped:
                stopped = self._run(lessons)
        finally:
            if self.warm:
                self.warm.close()
            self.timings.save()
            if self.cache:
                self.cache.close()
        unchecked = [path for path in self.chosen if path not in self.reports]
        lessons_done = [self.reports[path] for path in self.chosen if path in self.reports]
        return Report(lessons_done, unchecked, stopped if unchecked else "", self._remark())

    def _remark(self) -> str:
        if not self.chosen:
            number, count = self.settings.shard
            return f"part {number} of {count} has no lesson (--shard {number}/{count})"
        return "run in this process, not apart from each other (--trusted)" if self.settings.trusted else ""

    def _look_up(self) -> list[Path]:
        """The lessons that the cache does not know; a warm process is started for them, before they are read."""
        if self.settings.untrusted:
            return self.chosen
        unknown, texts = [], []
        for path in self.chosen:
            try:
                data = path.read_bytes() if path.is_file() else b""
            except OSError:
                data = b""  # `read` says it better
            if self.cache:
                self.files_of[path] = self.cache.file(data)
                if found := self.cache.find(path, self.files_of[path]):
                    self.known[path], self.cards[path] = found
                    continue
            unknown.append(path)
            texts.append(data)
        if unknown and self.settings.forking and not (self.settings.trusted or self.settings.dask):
            from .warm import Warm, to_load

            modules = to_load(texts)
            texts.clear()
            del data
            self.warm = Warm(modules, early=True)
        return unknown

    def _read(self, paths: list[Path]) -> list[Lesson]:
        """The lessons that must run; what is malformed is noted as a report."""
        lessons = []
        for path in paths:
            try:
                lesson = _read(path, self.settings)
            except LessonError as error:
                self.known[path] = LessonReport(path, findings=[_malformed(problem) for problem in error.problems])
            else:
                lessons.append(lesson)
                self.cards[path] = card(lesson)
                if self.cache:  # it may have been written to since it was looked up
                    self.files_of[path] = self.cache.file(lesson.text.encode())
                self.remarks[path] = [_malformed(problem) for problem in lesson.remarks]
        return lessons

    def _lint(self) -> None:
        rest = head_cards([path for path in self.files if path not in self.chosen]) if self.chosen != self.files else []
        cards = {**{made.path: made for made in rest}, **self.cards}
        ordered = [cards[path] for path in self.files if path in cards]
        problems = [(problem, "malformed") for problem in lint(ordered, self._neighbours)]
        if self.settings.judges("links"):
            problems += [(problem, "link") for problem in dead_links(list(self.cards.values()))]
        for problem, kind in problems:
            self.problems.setdefault(problem.path, []).append(_malformed(problem, kind))

    def _neighbours(self) -> list[Card]:
        """Lessons that may be required though they are not checked: those beside, and the course."""
        folders = {find_course()} | ({file.parent for file in self.files} if not self.settings.untrusted else set())
        files = set(self.files)
        return head_cards([file for folder in sorted(folders) for file in lesson_files(folder) if file not in files])

    def _tell_known(self) -> str:
        """Tell of the lessons that need not run."""
        for path in self.chosen:
            if path in self.known and (stopped := self._done(self.known[path])):
                return stopped
        return ""

    def _run(self, lessons: list[Lesson]) -> str:
        """Run lessons until all are done; otherwise, why not."""
        from .task import ALL_TIME_IS_UP, Task, in_seconds

        settings = self.settings
        seeds = [(settings.seed + number) % 2**32 for number in range(settings.repeat)]
        tasks: list[Task] = []
        runs: dict[Path, list[Run]] = {}
        wanted: dict[Path, int] = {}
        for lesson in lessons:
            rounds = settings.repeat if _makes_promises(lesson) else 1
            tasks += [Task(lesson, seed, number) for number, seed in enumerate(seeds[:rounds], 1)]
            runs[lesson.path], wanted[lesson.path] = [], rounds
        if settings.jobs > 1:
            tasks = self.timings.longest_first(tasks)
        with closing(self._way()(tasks, settings, self.deadline)) as running:
            for run in running:
                path = run.lesson.path
                runs[path].append(run)
                if run.ended == ALL_TIME_IS_UP or len(runs[path]) == wanted[path]:
                    wanted[path] = 0
                    if path not in self.reports and (stopped := self._judged(runs[path])):
                        return stopped
        if settings.total_timeout and time.monotonic() > self.deadline:
            return f"the whole check took longer than {in_seconds(settings.total_timeout)}"
        return ""

    def _way(self) -> Callable[..., Any]:
        """How lessons are run: a generator of runs."""
        if self.settings.trusted:
            from .here import run_here

            return run_here
        if self.settings.dask:
            from .cluster import run_on_cluster

            return run_on_cluster
        from .isolate import run_apart

        return partial(run_apart, warm=self.warm)

    def _judged(self, runs: "list[Run]") -> str:
        from .verdict import verdict_of_rounds

        report = verdict_of_rounds(runs, self.settings)
        path = report.path
        report.findings += self.remarks[path]
        self.timings.note(path, report.seconds)
        if self.cache and path in self.files_of:
            taken = [run.reports[-1].get("reads") or {} for run in runs if run.reports]
            self.cache.keep(self.files_of[path], report, self.cards[path], taken)
        return self._done(report)

    def _done(self, report: LessonReport) -> str:
        """Add what is wrong between lessons, and tell; the reason to stop here, if there is one."""
        report.findings += self.problems.get(report.path, [])
        report.findings.sort(key=lambda finding: finding.line)
        self.reports[report.path] = report
        self.observer.done(report)
        self.failures += report.failures
        if self.settings.max_fail is not None and self.failures >= self.settings.max_fail:
            return f"{self.failures} found (--max-fail {self.settings.max_fail})"
        return ""


def _read(path: Path, settings: Settings) -> Lesson:
    if not settings.untrusted:
        return read(path)
    from .untrusted.files import read_lesson

    return read_lesson(path)


def _makes_promises(lesson: Lesson) -> bool:
    return any(example.promises for block in lesson.blocks for example in block.examples)


def _malformed(problem: Problem, kind: str = "malformed") -> Finding:
    return Finding(problem.path, problem.line, kind, problem.words)
