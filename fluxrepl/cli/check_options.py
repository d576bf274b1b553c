"""The options of `fluxrepl check`, in groups, and the `Settings` that they make."""

import argparse
from typing import TYPE_CHECKING

from .formats import FORMATS
from .status import positive_int, seconds

if TYPE_CHECKING:
    from fluxrepl.tutor.settings import Settings


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add every option, group by group."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a lesson, or a folder of lessons")
    _add_running(parser.add_argument_group("how they run"))
    _add_trusting(parser.add_argument_group("whose code it is"))
    _add_reporting(parser.add_argument_group("how it is reported"))


def settings(asked: argparse.Namespace) -> "Settings":
    """What the options say, for `fluxrepl.tutor.check.check`."""
    from fluxrepl.tutor.settings import Settings

    return Settings(timeout=asked.timeout, jobs=asked.jobs, untrusted=asked.untrusted)


def _add_running(group) -> None:
    group.add_argument("-j", "--jobs", type=positive_int, default=1, metavar="N", help="lessons at a time (default 1)")
    group.add_argument("--timeout", type=seconds, default=60.0, metavar="SECONDS", help="for one lesson (default 60)")


def _add_trusting(group) -> None:
    group.add_argument("--untrusted", action="store_true", help="run in a sandbox, or not at all (Linux, bubblewrap)")


def _add_reporting(group) -> None:
    group.add_argument("--format", choices=FORMATS, default="text", help="how to report (default text)")
    group.add_argument("-q", "--quiet", action="store_true", help="only findings and the last line")
