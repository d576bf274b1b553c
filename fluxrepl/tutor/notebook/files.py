"""Lessons and notebooks as files: read, told what is wrong with them, and never overwritten unasked."""

import re
import tempfile
import warnings
from pathlib import Path

import nbformat

from ..lesson import Lesson, read
from ..problem import LessonError, Problem
from ..writing import replacing
from .export import export
from .importing import NotReadable, import_text, is_ours

PICTURE = re.compile(r"!\[[^\]]*\]\(<?(?P<file>[^)\s>]+)")


def as_notebook(lesson: Lesson, outputs: bool = False) -> str:
    """A lesson as the text of a notebook."""
    notebook = export(lesson, lesson.path.read_bytes().decode("utf-8"), outputs)
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def pictures_not_beside(lesson: Lesson, notebook: Path) -> list[str]:
    """The pictures that a lesson shows, and that a notebook elsewhere would not find."""
    if lesson.path.parent.resolve() == notebook.parent.resolve():
        return []
    found = dict.fromkeys(match["file"] for match in PICTURE.finditer(lesson.text))
    return [file for file in found if "://" not in file and not (notebook.parent / file).exists()]


def import_file(path: Path) -> tuple[str, list[str]]:
    """The notebook in the file `path` as the text of a lesson, and what is worth saying about it. `NotReadable`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old notebooks have cells without ids: nothing is lost
            notebook = nbformat.reads(path.read_text("utf-8"), as_version=4)
    except FileNotFoundError:
        raise NotReadable("there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise NotReadable(f"it cannot be read: {error}") from None
    except Exception as error:  # nbformat has many of its own
        raise NotReadable(f"it is no notebook: {str(error).splitlines()[0][:100]}") from None
    notes = []
    if not is_ours(notebook):
        notes.append("it was not made by `fluxrepl export`, so this is a plain lesson: add objectives and exercises")
    if any(cell.get("attachments") for cell in notebook.cells):
        notes.append("pictures that were pasted into cells are left out: save them as files and link to those")
    return import_text(notebook, path.stem), notes


def problems_in(text: str, path: Path) -> list[Problem]:
    """What `fluxrepl check` would call malformed in `text`, as if it stood in `path`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lesson.md"
        write(text, file)
        try:
            problems = read(file).remarks
        except LessonError as error:
            problems = error.problems
    return [Problem(path, p.line, p.what, p.why, p.write) for p in problems]


def write(text: str, path: Path) -> None:
    """Write a whole file or nothing, line ends as they are."""
    with replacing(path) as file:
        file.write(text.encode("utf-8"))
