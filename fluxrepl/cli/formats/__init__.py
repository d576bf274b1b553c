"""How a report is written: one file for each `--format`, with a function `render(report) -> str`.

A new format is a new file here and a name in `FORMATS`. Only `text` is written while the check goes on.
"""

import argparse
import errno
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fluxrepl.tutor.report import Report

    from .text import Text

FORMATS = ("text", "json", "junit", "github")


class CannotWrite(Exception):
    """The file for the report cannot be written."""

    def __init__(self, file: str, why: object):
        super().__init__(f"cannot write the report to {file or repr(file)}: {why}; name a file that can be")


@contextmanager
def observer(asked: argparse.Namespace) -> "Iterator[Text | None]":
    """What is told of the check while it goes on: the text, where that is what the terminal shows."""
    if asked.format != "text" and not asked.output:
        yield None
        return
    from .text import Text

    with Text(asked.quiet) as text:
        yield text


def refuse_unwritable(output: str | None) -> None:
    """`CannotWrite` where a report cannot come: told before the check, not after it."""
    if output is None:
        return
    place = output if os.path.lexists(output) else os.path.dirname(output) or "."
    if not output.strip():
        why = "it has no name"
    elif os.path.isdir(output):
        why = os.strerror(errno.EISDIR)
    elif not os.path.exists(place):
        why = os.strerror(errno.ENOENT)
    elif not os.access(place, os.W_OK):
        why = os.strerror(errno.EACCES)
    else:
        return
    raise CannotWrite(output, why)


def write(report: "Report", asked: argparse.Namespace, text: "Text | None") -> None:
    """Write the report in the format that was asked for, to its file or to stdout; and the end of the text."""
    if text:
        text.finish(report)
    if asked.output:
        save(_rendered(report, asked.format), asked.output)
    elif not text:
        sys.stdout.write(_rendered(report, asked.format))


def _rendered(report: "Report", shape: str) -> str:
    return importlib.import_module(f".{shape}", __name__).render(report)


def save(rendered: str, output: str) -> None:
    """Write a report to its file. `CannotWrite` if that cannot be."""
    try:
        with open(output, "w", encoding="utf-8") as file:
            file.write(rendered)
    except OSError as error:
        raise CannotWrite(output, error.strerror or error) from None
