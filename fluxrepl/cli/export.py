"""`fluxrepl export LESSON`: a lesson as a notebook for the Flux kernel."""

import argparse
import sys

from .status import FINDINGS, OK, usage

WHAT = """Write a lesson as a notebook: examples are cells, exercises wait in theirs, hints are folded.
`fluxrepl import` makes the same lesson of it again; what was changed in the notebook is changed there."""


def add(commands) -> argparse.ArgumentParser:
    parser = commands.add_parser("export", help="write a lesson as a notebook", description=WHAT)
    parser.add_argument("lesson", metavar="LESSON", help="a file, or a number or name from `fluxrepl lessons`")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="the notebook to write (default: LESSON.ipynb); - prints"
    )
    parser.add_argument("--outputs", action="store_true", help="with the outputs that the lesson promises")
    parser.add_argument("--force", action="store_true", help="overwrite a file that is there")
    return parser


def run(asked: argparse.Namespace) -> int:
    from pathlib import Path

    from fluxrepl.tutor.course import find_lesson
    from fluxrepl.tutor.lesson import read
    from fluxrepl.tutor.notebook.files import as_notebook, pictures_not_beside
    from fluxrepl.tutor.problem import LessonError

    from .writing import write_out

    try:
        lesson = read(find_lesson(asked.lesson))
    except LessonError as error:
        print("\n".join(map(str, error.problems)), file=sys.stderr)
        return FINDINGS
    notebook = lesson.path.with_suffix(".ipynb")
    beside = notebook if asked.lesson.endswith(".md") else Path(notebook.name)  # one of the course: in this folder
    if wrong := write_out(as_notebook(lesson, asked.outputs), asked.output, beside, asked.force):
        return usage(wrong)
    target = Path(asked.output) if asked.output else beside
    if asked.output != "-" and (pictures := pictures_not_beside(lesson, target)):
        where = f"{lesson.path.parent} has {', '.join(pictures)}"
        print(f"fluxrepl: {where}; copy that beside the notebook, or its pictures will not show", file=sys.stderr)
    groups = sorted({block.options.group for block in lesson.blocks} - {""})
    if groups:
        words = f"the groups {', '.join(groups)} share one namespace in a notebook"
        print(f"fluxrepl: {words}; give their names different names", file=sys.stderr)
    return OK
