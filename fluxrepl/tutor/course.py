"""Where the course is, what is in it, and how a lesson is named: by number, by id, by file."""

import sysconfig
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from .lesson import Lesson, read
from .lint import identities
from .problem import LessonError, Problem

if TYPE_CHECKING:
    from .progress import Progress


@dataclass(frozen=True)
class Entry:
    """A lesson of a folder: `number` is what its file name begins with; `lesson` is `None` where it cannot be read."""

    path: Path
    number: str
    lesson: Lesson | None = None
    error: LessonError | None = None


def is_lesson(path: Path) -> bool:
    """Whether a file in a folder of lessons is one, by its name: README.md and its like are not."""
    hidden = any(part.startswith((".", "_")) for part in path.parts)
    return path.suffix == ".md" and not path.stem.isupper() and not hidden


def lesson_files(folder: Path) -> list[Path]:
    """The lessons right in a folder, in order of their names."""
    return sorted(path for path in folder.glob("*.md") if is_lesson(Path(path.name)))


def find_course() -> Path:
    """The folder of the course: beside the package in a source checkout, else where the wheel put it."""
    beside = Path(__file__).parents[2] / "lessons"
    if (beside.parent / "pyproject.toml").is_file() and beside.is_dir():
        return beside
    installed = [Path(sysconfig.get_path("data", scheme)) for scheme in _schemes()]
    places = [place / "share" / "fluxrepl" / "lessons" for place in installed]
    return next((place for place in places if place.is_dir()), places[0])


def lessons(folder: Path | None = None) -> list[Entry]:
    """The lessons of a folder, in order of their file names; by default, the course."""
    return [_entry(path) for path in lesson_files(folder or find_course())]


def next_unfinished(progress: "Progress", folder: Path | None = None, after: Path | None = None) -> Path:
    """The first lesson that is not finished; the first of all if none is left."""
    readable = [entry.path for entry in lessons(folder) if entry.lesson]
    if not readable:
        where = folder or find_course()
        raise LessonError(Problem(where, 0, "no lessons here", "", "name a file: `fluxrepl learn my-lesson.md`"))
    left = unfinished(progress, folder, after)
    return left[0].path if left else readable[0]


def unfinished(progress: "Progress", folder: Path | None = None, after: Path | None = None) -> list[Lesson]:
    """The lessons that are not finished, in order, those behind the lesson `after` first."""
    left = [entry.lesson for entry in lessons(folder) if entry.lesson and not progress.is_finished(entry.lesson)]
    if after is None or after.resolve().parent != (folder or find_course()).resolve():
        return left
    return sorted(left, key=lambda lesson: lesson.path.name <= after.name)


def find_lesson(name: str, folder: Path | None = None) -> Path:
    """The file of the lesson that `name` means: its number (`1`, `01`), id, file name or path."""
    course = folder or find_course()
    if name.endswith(".md") or "/" in name or "\\" in name:
        path = Path(name)
        return path if path.exists() else _raise_missing(name, course)
    files = lesson_files(course)
    ids = identities(files)
    if name in ids:
        return ids[name]
    for path in files:
        if name == path.stem or (name.isdigit() and number_of(path).isdigit() and int(number_of(path)) == int(name)):
            return path
    return _raise_missing(name, course)


def number_of(path: Path) -> str:
    """What a lesson's file name begins with: `01` of `01-taking-gradients.md`."""
    digits = path.stem[: len(path.stem) - len(path.stem.lstrip("0123456789"))]
    return digits


def _entry(path: Path) -> Entry:
    try:
        return Entry(path, number_of(path), read(path))
    except LessonError as error:
        return Entry(path, number_of(path), error=error)


def _raise_missing(name: str, course: Path) -> Path:
    files = lesson_files(course)
    known = [*identities(files), *(path.stem for path in files)]
    close = get_close_matches(name.removesuffix(".md").lower(), known, 3, 0.4)
    numbers = ", ".join(number for path in files if (number := number_of(path)))
    meant = f"did you mean {' or '.join(f'`{word}`' for word in dict.fromkeys(close))}?" if close else ""
    have = f"the course has {numbers}" if numbers else f"there are no lessons in {course}"
    write = "write a number, an id or a path; `fluxrepl lessons` lists them"
    raise LessonError(Problem(Path(name), 0, "no such lesson", have, f"{meant} {write}".strip()))


def _schemes() -> list[str]:
    user = sysconfig.get_preferred_scheme("user")
    return [sysconfig.get_default_scheme(), user]
