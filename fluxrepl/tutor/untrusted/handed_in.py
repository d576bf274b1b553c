"""What learners hand in: a lesson with its exercises filled in (Markdown or notebook), or a Python file.

A notebook's answers are in the cells that give an exercise its names; the learner's other cells come before, and may
fail. A Python file is run whole.
"""

import ast
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from .. import names
from ..find import NothingToCheck
from ..lesson import Exercise, Lesson
from ..markdown import FencePart, parse, walk
from ..options import parse_info
from ..problem import LessonError, Problems
from .files import MOST_TEXT, contents
from .judging import names_of

SUFFIXES = (".md", ".ipynb", ".py")

Pieces = list[tuple[str, bool]]  # sources, and whether each must run
Found = tuple[dict[str, Pieces], set[str] | None]  # the answers, and the names that are given values, where that counts


@dataclass
class Submission:
    """What one learner handed in: for each exercise by name, what to run, or why there is no answer to it; or why it
    cannot be read."""

    path: Path
    learner: str
    answers: dict[str, Pieces] = field(default_factory=dict)
    lacks: dict[str, str] = field(default_factory=dict)
    problem: str = ""


def find_submissions(paths: Iterable[str | Path]) -> list[Path]:
    """The files that were handed in, among files and folders; hidden ones are left out."""
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        if path.is_dir() and not path.is_symlink():
            files = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and not file.is_dir())
            found.update((file, None) for file in files if not _is_hidden(file.relative_to(path)))
        elif path.is_symlink() or path.exists():
            found[path] = None
        else:
            raise NothingToCheck(f"no such file or folder: {path}")
    if not found:
        raise NothingToCheck(f"nothing was handed in: name files or folders with {', '.join(SUFFIXES)}")
    return list(found)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def read_submissions(paths: list[Path], lesson: Lesson) -> list[Submission]:
    """What is in the files; each learner is known by what tells their file's path from the others."""
    return [_read(path, learner, lesson) for path, learner in zip(paths, _learners(paths), strict=True)]


def _learners(paths: list[Path]) -> list[str]:
    stems = [path.stem for path in paths]
    if len(set(stems)) == len(stems):
        return stems
    folders = [path.parent.name for path in paths]  # a folder for each learner, the same file in each
    if len(set(folders)) == len(folders):
        return folders
    return [str(path) for path in paths]


def _read(path: Path, learner: str, lesson: Lesson) -> Submission:
    made = Submission(path, learner)
    try:
        text = contents(path).decode("utf-8-sig").replace("\r\n", "\n")
        read = {".py": _python, ".ipynb": _notebook, ".md": _markdown}.get(path.suffix)
        if read is None:
            raise ValueError(f"not one of {', '.join(SUFFIXES)}")
        made.answers, bound = read(text, lesson.exercises)
        made.lacks = {one.name: _lack(one, bound) for one in lesson.exercises if one.name not in made.answers}
    except LessonError as error:
        made.problem = error.problems[0].words
    except (MemoryError, RecursionError):
        made.problem = "cannot be read: it is nested too deep"
    except ValueError as error:
        made.problem = f"cannot be read: {error}"
    return made


def _lack(exercise: Exercise, bound: set[str] | None) -> str:
    """Why there is no answer to an exercise."""
    if bound is None:
        return "it is not filled in"
    wanted = sorted(_wanted(exercise))
    told = " and ".join(f"`{name}`" for name in wanted)
    if bound & {*wanted}:
        return f"{told} stands in one cell with the answer to another exercise: it needs a cell of its own"
    near = [close for name in wanted for close in get_close_matches(name, sorted(bound), 1)]
    return f"no {told} in it" + (f", but `{near[0]}`" if near else "")


def _python(text: str, exercises: tuple[Exercise, ...]) -> Found:
    try:
        bound = names.bound(text) if ast.parse(text) else set()
    except SyntaxError:
        bound = {name for made in exercises for name in _wanted(made)}  # so that each is told what is wrong
    return {made.name: [(text, True)] for made in exercises if _wanted(made) & bound}, bound


def _notebook(text: str, exercises: tuple[Exercise, ...]) -> Found:
    sources = [source for cell in json.loads(text)["cells"] if (source := _source(cell))]
    if sum(map(len, sources)) > MOST_TEXT:
        raise ValueError(f"more than {MOST_TEXT >> 10} KB of code")
    cells = [(source, names.bound(source)) for source in sources]
    found = {}
    for made in exercises:
        others = {name for other in exercises if other is not made for name in _wanted(other)} - _wanted(made)
        own = [(source, bound) for source, bound in cells if not others & bound]
        places = [place for place, (_, bound) in enumerate(own) if _wanted(made) & bound]
        if places:
            last = places[-1]
            found[made.name] = [(source, place == last) for place, (source, _) in enumerate(own[: last + 1])]
    return found, set().union(*(bound for _, bound in cells))


def _source(cell: Any) -> str:
    """The code of a cell that the learner wrote or changed, without magics."""
    if not isinstance(cell, dict) or cell.get("cell_type") != "code":
        return ""
    source = cell.get("source", "")
    source = "".join(source) if isinstance(source, list) else str(source)
    kept = (cell.get("metadata") or {}).get("fluxrepl") or {}
    if kept.get("kind") in ("setup", "pycon", "python", "quiz"):
        return ""  # the lesson's own
    return "\n".join(line for line in source.split("\n") if not line.lstrip().startswith(("%", "!", "?")))


def _markdown(text: str, exercises: tuple[Exercise, ...]) -> Found:
    problems = Problems(Path("submission"))
    asked = {made.name: made for made in exercises}
    found: dict[str, Pieces] = {}
    for fence in walk(parse(text, problems)):
        if not isinstance(fence, FencePart):
            continue
        _, options = parse_info(fence.info, 1, problems)
        name = options.starter
        if name in asked and not names.same_code(fence.text, asked[name].starter):
            found[name] = [(fence.text, True)]
    return found, None


def _wanted(exercise: Exercise) -> set[str]:
    return names_of(exercise.starter, exercise.solution)
