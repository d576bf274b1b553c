"""`fluxrepl check PATH…`: run lessons and compare what they promise."""

import argparse
import sys

from .check_options import add_options, settings
from .formats import CannotWrite, observer, write
from .status import FINDINGS, INTERNAL, OK, STOPPED, usage

WHAT = """Run every example of the lessons, each lesson in a process of its own, and compare what comes with what
they promise; try the exercises too. Exit status: 0 all good, 1 findings, 2 no lessons or wrong usage, 3 a fault of
fluxrepl itself."""


def add(commands) -> argparse.ArgumentParser:
    parser = commands.add_parser("check", help="run lessons and compare what they promise", description=WHAT)
    add_options(parser)
    return parser


def run(asked: argparse.Namespace) -> int:
    from fluxrepl.tutor.check import NothingToCheck, check
    from fluxrepl.tutor.untrusted import Refused

    try:
        with observer(asked) as watching:
            report = check(asked.paths, settings(asked), watching)
        write(report, asked, watching)
    except (NothingToCheck, Refused, CannotWrite) as error:
        return usage(str(error))
    except KeyboardInterrupt:
        print("fluxrepl: stopped", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        raise  # to `main`
    except Exception:
        import traceback

        traceback.print_exc()
        print("fluxrepl: a fault in fluxrepl itself, not in the lessons; please report it", file=sys.stderr)
        return INTERNAL
    return OK if report.passed else FINDINGS
