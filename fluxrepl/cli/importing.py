"""`fluxrepl import NOTEBOOK`: a notebook as a lesson."""

import argparse
import sys

from .status import FINDINGS, OK, usage

WHAT = """Write a notebook as a lesson. Of one that `fluxrepl export` made, what nobody changed comes back byte by byte;
any other becomes a plain lesson: text, examples and their outputs. Exit status 1: written, but something in it is
malformed, and is told."""


def add(commands) -> argparse.ArgumentParser:
    parser = commands.add_parser("import", help="write a notebook as a lesson", description=WHAT)
    parser.add_argument("notebook", metavar="NOTEBOOK", help="a file, such as my-lesson.ipynb")
    parser.add_argument("-o", "--output", metavar="FILE", help="the lesson to write (default: NOTEBOOK.md); - prints")
    parser.add_argument("--force", action="store_true", help="overwrite a file that is there")
    return parser


def run(asked: argparse.Namespace) -> int:
    from pathlib import Path

    from fluxrepl.tutor.notebook.files import NotReadable, import_file, problems_in

    from .writing import write_out

    path = Path(asked.notebook)
    try:
        text, notes = import_file(path)
    except NotReadable as error:
        return usage(f"{path}: {error}")
    if wrong := write_out(text, asked.output, path.with_suffix(".md"), asked.force):
        return usage(wrong)
    target = Path(asked.output) if asked.output and asked.output != "-" else path.with_suffix(".md")
    for note in notes:
        print(f"fluxrepl: {path}: {note}", file=sys.stderr)
    problems = problems_in(text, target)
    for problem in problems:
        print(problem, file=sys.stderr)
    return FINDINGS if problems else OK
