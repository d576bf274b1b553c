"""`fluxrepl figures LESSON…`: draw the figures of lessons, each to the file that its block names."""

import argparse

from .status import FINDINGS, OK, usage

WHAT = """Run the lessons, and save what each block with {figure=FILE} draws to that file, beside the lesson. They
run in this process: draw the figures of lessons you trust."""


def add(commands) -> argparse.ArgumentParser:
    parser = commands.add_parser("figures", help="draw the figures of lessons", description=WHAT)
    parser.add_argument("lessons", nargs="+", metavar="LESSON", help="a lesson, or a folder of lessons")
    return parser


def run(asked: argparse.Namespace) -> int:
    from fluxrepl.shell import TRANSLATES
    from fluxrepl.tutor import magics
    from fluxrepl.tutor.check import NothingToCheck, find
    from fluxrepl.tutor.figures import draw
    from fluxrepl.tutor.lesson import read
    from fluxrepl.tutor.problem import LessonError

    try:
        paths = find(asked.lessons)
    except NothingToCheck as error:
        return usage(str(error))
    magics.shell = TRANSLATES
    status = OK
    for path in paths:
        try:
            written, problems = draw(read(path))
        except LessonError as error:
            written, problems = [], list(error.problems)
        for file in written:
            print(f"{file} is drawn")
        for problem in problems:
            status = FINDINGS
            print(problem)
    return status
