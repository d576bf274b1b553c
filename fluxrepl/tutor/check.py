"""`fluxrepl check`: find the lessons, read and lint them all, run each in a process of its own, judge what came."""

from collections.abc import Callable, Iterable
from pathlib import Path

from . import fork
from .course import find_course, is_lesson, lesson_files
from .isolate import run_apart
from .lesson import Lesson, read
from .lint import identities, lint
from .problem import LessonError, Problem
from .report import Finding, LessonReport, Report
from .verdict import verdict

TIMEOUT = 60.0  # seconds a lesson may take


class NothingToCheck(ValueError):
    """There is no such path, or no lesson in it."""


def find(paths: Iterable[str | Path]) -> list[Path]:
    """The lessons among files and folders: in a folder, every Markdown file but README.md and its like."""
    found: dict[Path, None] = {}
    for path in map(_named, paths):
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*.md") if is_lesson(file.relative_to(path)))
            if not inside:
                raise NothingToCheck(f"no lessons found in {path}: a lesson is a Markdown file, such as 01-name.md")
            found.update(dict.fromkeys(inside))
        elif path.exists():
            found[path] = None
        else:
            raise NothingToCheck(f"no such file or folder: {path}")
    if not found:
        raise NothingToCheck("no lessons found: name a lesson or a folder of lessons")
    return list(found)


def _named(path: str | Path) -> Path:
    """A path that somebody wrote: Python takes an empty one, such as that of an unset variable, for this folder."""
    if not str(path).strip():
        raise NothingToCheck("an empty path names no lesson; write a file or a folder (`.` is this one)")
    return Path(path)


def check(
    paths: Iterable[str | Path],
    timeout: float = TIMEOUT,
    jobs: int = 1,
    forking: bool = fork.available,
    progress: Callable[[LessonReport], None] = lambda done: None,
) -> Report:
    """Check the lessons in `paths`; `progress` is told of each as it is done. `NothingToCheck` if there are none."""
    files = find(paths)
    done: dict[Path, LessonReport] = {}
    lessons: list[Lesson] = []
    for path in files:
        try:
            lessons.append(read(path))
        except LessonError as error:
            done[path] = LessonReport(path, findings=[_malformed(problem) for problem in error.problems])
            progress(done[path])
    problems = lint(lessons, _neighbours(files))
    for run in run_apart(lessons, timeout, jobs, forking):
        judged = verdict(run)
        judged.findings += [_malformed(problem) for problem in problems if problem.path == run.lesson.path]
        judged.findings.sort(key=lambda finding: finding.line)
        done[judged.path] = judged
        progress(judged)
    return Report([done[path] for path in files])


def _malformed(problem: Problem) -> Finding:
    return Finding(problem.path, problem.line, "malformed", problem.words)


def _neighbours(files: list[Path]) -> dict[str, Path]:
    """Lessons that may be required though they are not checked: those beside, and the course."""
    folders = {file.parent for file in files} | {find_course()}
    return identities([file for folder in sorted(folders) for file in lesson_files(folder) if file not in files])
