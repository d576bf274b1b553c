"""The options of `fluxrepl check`, in groups, and the `Settings` that they make."""

import argparse
import os
import re
from typing import TYPE_CHECKING

from .formats import FORMATS
from .status import count_of, seconds

if TYPE_CHECKING:
    from fluxrepl.tutor.settings import Settings

SELECTING = """WORD is a lesson's number, id or file name, a pattern such as '0[1-3]*', or a kind: pycon, python,
exercises, links. May be given several times, or with commas."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add every option, group by group."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a lesson, or a folder of lessons")
    _add_choosing(parser.add_argument_group("what is checked", SELECTING))
    _add_running(parser.add_argument_group("how lessons run"))
    _add_school(parser.add_argument_group("a whole school"))
    _add_limits(parser.add_argument_group("when to stop"))
    _add_trusting(parser.add_argument_group("whose code it is").add_mutually_exclusive_group())
    _add_reporting(parser.add_argument_group("how it is reported"))
    _add_mending(parser.add_argument_group("what comes of it"))


def settings(asked: argparse.Namespace) -> "Settings":
    """What the options say, for `fluxrepl.tutor.check.check`."""
    from fluxrepl.shell import TRANSLATES
    from fluxrepl.tutor.settings import Settings

    return Settings(
        timeout=asked.timeout,
        block_timeout=asked.block_timeout,
        total_timeout=asked.total_timeout,
        jobs=asked.jobs,
        repeat=asked.repeat,
        seed=asked.seed,
        select=tuple(asked.select),
        ignore=tuple(asked.ignore),
        max_fail=asked.max_fail,
        shard=asked.shard,
        cache=not asked.no_cache,
        trusted=asked.trusted,
        untrusted=asked.untrusted,
        shell=TRANSLATES,
        dask=asked.dask or "",
    )


def _add_choosing(group) -> None:
    words = {"type": _words, "action": "extend", "default": [], "metavar": "WORD"}
    group.add_argument("--select", help="check only these", **words)
    group.add_argument("--ignore", help="do not check these", **words)
    group.add_argument("--shard", type=_shard, default=(1, 1), metavar="I/N", help="only part I of N, as CI jobs do")


def _add_running(group) -> None:
    jobs = "lessons at a time; `auto`: one for each core (default 1)"
    group.add_argument("-j", "--jobs", type=_jobs, default=1, metavar="N", help=jobs)
    repeat = "try each promise N times, from another seed each time (default 1)"
    group.add_argument("--repeat", type=count_of("rounds"), default=1, metavar="N", help=repeat)
    group.add_argument("--seed", type=_seed, default=20, metavar="S", help="of the first round (default 20)")
    group.add_argument("--no-cache", action="store_true", help="run also what passed before and has not changed")


def _add_school(group) -> None:
    lesson = "with --untrusted: PATHs are what learners handed in; judge it by LESSON"
    group.add_argument("--lesson", metavar="LESSON", help=lesson)
    dask = "run on the machines of a Dask cluster, such as tcp://10.0.0.1:8786"
    group.add_argument("--dask", type=_address, metavar="ADDRESS", help=dask)


def _add_limits(group) -> None:
    lesson = "for one lesson (default 60)"
    group.add_argument("--timeout", type=seconds, default=60.0, metavar="SECONDS", help=lesson)
    block = "for one example, unless its block says {timeout=…}"
    group.add_argument("--block-timeout", type=seconds, metavar="SECONDS", help=block)
    group.add_argument("--total-timeout", type=seconds, metavar="SECONDS", help="for the whole check")
    group.add_argument("--max-fail", type=count_of("findings"), metavar="N", help="stop when N are found")


def _add_trusting(group) -> None:
    trusted = "run in this process: quicker, but nothing keeps one lesson from harming the next"
    group.add_argument("--trusted", action="store_true", help=trusted)
    group.add_argument("--untrusted", action="store_true", help="run in a sandbox, or not at all (Linux, bubblewrap)")


def _add_reporting(group) -> None:
    group.add_argument("--format", choices=FORMATS, default="text", help="how to report (default text)")
    group.add_argument("-o", "--output", metavar="FILE", help="write the report there, and the text to the terminal")
    group.add_argument("-q", "--quiet", action="store_true", help="only findings and the last line")


def _add_mending(group) -> None:
    fix = "write what examples show now into the lessons, where nothing else is wrong; print what changed"
    group.add_argument("--fix", action="store_true", help=fix)
    force = "with --fix: also where git shows changes that are not committed"
    group.add_argument("--force", action="store_true", help=force)
    watch = "go on, and check on every save what changed and what requires it"
    group.add_argument("-w", "--watch", action="store_true", help=watch)


def _jobs(text: str) -> int:
    if text != "auto":
        return count_of("lessons", "1 or more, or auto")(text)
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        return os.cpu_count() or 1


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"{text!r} is no seed; write a whole number from 0 to {2**32 - 1}")
    return int(text)


def _shard(text: str) -> tuple[int, int]:
    number, slash, count = text.partition("/")
    if not (slash and number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
        raise argparse.ArgumentTypeError(f"{text!r} is no part of a whole; write 2/3 for the second of three")
    return int(number), int(count)


def _address(text: str) -> str:
    """Looked at before anything else: where all lessons are in the cache, nobody would try to connect."""
    if not re.fullmatch(r"(\w+://)?[^/\s]+:\d+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no address; write one with its port, as tcp://10.0.0.1:8786")
    return text


def _words(text: str) -> list[str]:
    words = [word.strip() for word in text.split(",")]
    if not all(words):
        raise argparse.ArgumentTypeError(f"{text!r} has an empty word; write a lesson or a kind")
    return words
