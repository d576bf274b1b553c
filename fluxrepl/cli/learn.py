"""`fluxrepl learn [LESSON]`: play a lesson in the REPL; with `--replay`, let it play itself by its solutions."""

import argparse

from .status import usage


def add(commands) -> argparse.ArgumentParser:
    parser = commands.add_parser("learn", help="play a lesson", description="Play a lesson in the REPL.")
    parser.add_argument("lesson", nargs="?", metavar="LESSON", help="number, id or path; else the next unfinished one")
    parser.add_argument(
        "--replay",
        action="store_true",
        help="play LESSON, or without one the whole course (`all`), by its own solutions, and exit: 0 if every step "
        "went on, 1 if not",
    )
    return parser


def run(asked: argparse.Namespace) -> int:
    from fluxrepl.tutor.course import find_lesson, next_unfinished
    from fluxrepl.tutor.problem import LessonError
    from fluxrepl.tutor.progress import Progress

    try:
        if asked.replay:
            return _replay(asked.lesson)
        if asked.lesson is None:
            name = str(next_unfinished(Progress.load()))
        else:
            name = asked.lesson
            find_lesson(name)  # a wrong name is told before the prompt appears
    except LessonError as error:
        return usage(str(error))
    from fluxrepl.terminal.app import main as repl

    return repl(lesson=name)


def _replay(name: str | None) -> int:
    from fluxrepl.tutor.course import find_course, find_lesson, lesson_files
    from fluxrepl.tutor.lesson import read

    paths = lesson_files(find_course()) if name in (None, "all") else [find_lesson(str(name))]
    if not paths:
        return usage(f"no lessons found in {find_course()}")
    from fluxrepl.terminal.replay import replay

    return replay([read(path) for path in paths])
