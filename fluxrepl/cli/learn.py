"""`fluxrepl learn [LESSON]`: play a lesson in the REPL."""

import argparse

from .status import usage


def add(commands) -> argparse.ArgumentParser:
    parser = commands.add_parser("learn", help="play a lesson", description="Play a lesson in the REPL.")
    parser.add_argument("lesson", nargs="?", metavar="LESSON", help="number, id or path; else the next unfinished one")
    return parser


def run(asked: argparse.Namespace) -> int:
    from fluxrepl.tutor.course import find_lesson, next_unfinished
    from fluxrepl.tutor.problem import LessonError
    from fluxrepl.tutor.progress import Progress

    try:
        if asked.lesson is None:
            name = str(next_unfinished(Progress.load()))
        else:
            name = asked.lesson
            find_lesson(name)  # a wrong name is told before the prompt appears
    except LessonError as error:
        return usage(str(error))
    from fluxrepl.terminal.app import main as repl

    return repl(lesson=name)
