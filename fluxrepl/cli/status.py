"""Exit statuses, and the words of a wrong command line: the same for every command."""

import argparse
import sys
from collections.abc import Callable

OK, FINDINGS, USAGE, INTERNAL = 0, 1, 2, 3
STOPPED = 130  # as shells say it of Ctrl-C
READER_GONE = 141  # and of a closed pipe


def stopped_by(requests: list[int]) -> int:
    """The status after the signals that asked for an end, as shells say it; after none, that of Ctrl-C."""
    return 128 + requests[0] if requests else STOPPED


def usage(words: str) -> int:
    """Tell what is wrong with what was asked, on stderr; the status to exit with."""
    print(f"fluxrepl: {words}", file=sys.stderr)
    return USAGE


def count_of(what: str, write: str = "1 or more") -> Callable[[str], int]:
    """The type of an argument that counts something."""

    def counted(text: str) -> int:
        number = int(text) if text.isdecimal() else 0
        if number < 1:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number of {what}; write {write}")
        return number

    return counted


def seconds(text: str) -> float:
    """An argument that is a time."""
    try:
        given = float(text)
    except ValueError:
        given = 0.0
    if not 0 < given < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds; write one above 0")
    return given
