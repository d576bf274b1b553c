"""`fluxrepl check PATH…`: run lessons and compare what they promise."""

import argparse
import sys

from . import check_fix, check_watch, submissions
from .check_options import add_options, settings
from .ending import ends_as_at_ctrl_c
from .formats import CannotWrite, observer, refuse_unwritable, write
from .status import FINDINGS, INTERNAL, OK, stopped_by, usage

WHAT = """Run every example of the lessons, each lesson in a process of its own, and compare what comes with what
they promise; try the exercises too. Exit status: 0 all good, 1 findings, 2 no lessons or wrong usage, 3 a fault of
fluxrepl itself."""


def add(commands) -> argparse.ArgumentParser:
    parser = commands.add_parser("check", help="run lessons and compare what they promise", description=WHAT)
    add_options(parser)
    return parser


def run(asked: argparse.Namespace) -> int:
    with ends_as_at_ctrl_c() as requests:
        return _run(asked, requests)


def _run(asked: argparse.Namespace, requests: list[int]) -> int:
    from fluxrepl.tutor.check import NothingToCheck, check
    from fluxrepl.tutor.settings import CannotRun

    if words := check_fix.refusal(asked) or (asked.watch and check_watch.refusal(asked)):
        return usage(words)
    try:
        refuse_unwritable(asked.output)
        if asked.lesson is not None:
            return submissions.run(asked, settings(asked))
        if asked.fix:
            check_fix.fix_lessons(asked, settings(asked))
        watch = check_watch.watched(asked, settings(asked)) if asked.watch else None
        with observer(asked) as watching:
            report = check(asked.paths, settings(asked), watching)
        write(report, asked, watching)
        if watch:
            check_watch.go_on(watch, asked, report)
    except (NothingToCheck, CannotRun, CannotWrite) as error:
        return usage(str(error))
    except KeyboardInterrupt:
        print("fluxrepl: stopped", file=sys.stderr)
        return stopped_by(requests)
    except BrokenPipeError:
        raise  # to `main`
    except Exception:
        import traceback

        traceback.print_exc()
        print("fluxrepl: a fault in fluxrepl itself, not in the lessons; please report it", file=sys.stderr)
        return INTERNAL
    return OK if report.passed else FINDINGS
