"""`fluxrepl check PATH…`: run lessons and compare what they promise."""

import argparse
import sys

from .status import FINDINGS, INTERNAL, OK, STOPPED, positive_int, seconds, usage

WHAT = """Run every example of the lessons, each lesson in a process of its own, and compare what comes with what
they promise; try the exercises too. Exit status: 0 all good, 1 findings, 2 no lessons or wrong usage, 3 a fault of
fluxrepl itself."""


def add(commands) -> argparse.ArgumentParser:
    parser = commands.add_parser("check", help="run lessons and compare what they promise", description=WHAT)
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a lesson, or a folder of lessons")
    parser.add_argument("-j", "--jobs", type=positive_int, default=1, metavar="N", help="lessons at a time (default 1)")
    parser.add_argument("--timeout", type=seconds, default=60.0, metavar="SECONDS", help="for one lesson (default 60)")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="how to report (default text)")
    parser.add_argument("-q", "--quiet", action="store_true", help="only findings and the last line")
    return parser


def run(asked: argparse.Namespace) -> int:
    from fluxrepl.tutor.check import NothingToCheck, check

    try:
        report = check(asked.paths, timeout=asked.timeout, jobs=asked.jobs)
        if asked.format == "json":
            import json

            print(json.dumps(report.as_data(), indent=2))
        else:
            from .text import print_report

            print_report(report, asked.quiet)
    except NothingToCheck as error:
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
