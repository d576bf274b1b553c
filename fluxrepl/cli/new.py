"""`fluxrepl new LESSON`: a template for a lesson of one's own, which passes its check."""

import argparse

from .status import OK, usage


def add(commands) -> argparse.ArgumentParser:
    parser = commands.add_parser("new", help="write a template for a lesson of your own")
    parser.add_argument("lesson", metavar="LESSON", help="the file to write, such as 09-my-lesson.md")
    return parser


def run(asked: argparse.Namespace) -> int:
    from shlex import quote

    from fluxrepl.tutor.template import write_template

    try:
        path = write_template(asked.lesson)
    except ValueError as error:
        return usage(str(error))
    except OSError as error:
        why = error.strerror or error
        return usage(f"cannot write {error.filename}: {why}; name a file in a folder that is there and can be written")
    told = quote(str(path))
    print(f"{path} is written; try `fluxrepl check {told}` and `fluxrepl learn {told}`")
    return OK
