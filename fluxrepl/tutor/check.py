"""`fluxrepl check`: find the lessons, read and lint them all, run each in a process of its own, judge what came."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from .course import find_course, lesson_files
from .find import NothingToCheck as NothingToCheck
from .find import find
from .isolate import Task, run_apart
from .lesson import Lesson, read
from .lint import identities, lint
from .problem import LessonError, Problem
from .report import Finding, LessonReport, Report
from .settings import Settings
from .verdict import verdict


def check(
    paths: Iterable[str | Path],
    settings: Settings | None = None,
    progress: Callable[[LessonReport], None] = lambda done: None,
    **given: Any,
) -> Report:
    """Check the lessons in `paths`; `progress` is told of each as it is done. `NothingToCheck` if there are none.

    Settings may be given by name as well: `check(paths, jobs=2)`.
    """
    settings = replace(settings or Settings(), **given)
    files = find(paths)
    done: dict[Path, LessonReport] = {}
    lessons: list[Lesson] = []
    for path in files:
        try:
            lessons.append(_read(path, settings))
        except LessonError as error:
            done[path] = LessonReport(path, findings=[_malformed(problem) for problem in error.problems])
            progress(done[path])
    problems = lint(lessons, _neighbours(files, settings))
    for run in run_apart([Task(lesson) for lesson in lessons], settings):
        judged = verdict(run)
        judged.findings += [_malformed(problem) for problem in problems if problem.path == run.lesson.path]
        judged.findings.sort(key=lambda finding: finding.line)
        done[judged.path] = judged
        progress(judged)
    return Report([done[path] for path in files])


def _read(path: Path, settings: Settings) -> Lesson:
    if not settings.untrusted:
        return read(path)
    from .untrusted.files import read_lesson

    return read_lesson(path)


def _malformed(problem: Problem) -> Finding:
    return Finding(problem.path, problem.line, "malformed", problem.words)


def _neighbours(files: list[Path], settings: Settings) -> dict[str, Path]:
    """Lessons that may be required though they are not checked: those beside, and the course."""
    folders = {find_course()} | ({file.parent for file in files} if not settings.untrusted else set())
    return identities([file for folder in sorted(folders) for file in lesson_files(folder) if file not in files])
