"""A tape that also notes where each row comes from: the learner's line, and the names that their arrays have there."""

import linecache
import os
import sys
import sysconfig
from types import FrameType
from typing import NamedTuple

import numpy as np

from fluxrepl.ad.tape import Tape
from fluxrepl.ad.tree import is_array

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NOT_THE_LEARNERS = tuple([
    folder + os.sep
    for folder in {PACKAGE, os.path.dirname(np.__file__), *map(sysconfig.get_path, ("stdlib", "purelib", "platlib"))}
])  # fmt: skip


class Place(NamedTuple):
    """Where an operation stands in the learner's program."""

    file: str
    line: int

    @property
    def source(self) -> str:
        """The text of the line, "" where there is none."""
        return linecache.getline(self.file, self.line).strip()


NOWHERE = Place("", 0)


class NotedRow(tuple):
    """A row of the tape with a `place`, and `names`: what the learner calls its arrays, by operand."""

    place: Place
    names: dict[int, str]


class NotingTape(Tape):
    """A tape whose rows are `NotedRow`s. Recording takes longer; nothing else differs."""

    __slots__ = ()

    def append(self, row: tuple) -> None:
        frame = learners_frame()
        noted = NotedRow(row)
        noted.place = NOWHERE if frame is None else Place(frame.f_code.co_filename, frame.f_lineno)
        noted.names = {} if frame is None else names_in(frame, row[3])
        super().append(noted)


def learners_frame() -> FrameType | None:
    """The innermost running frame that is neither ours nor Python's nor that of an installed package."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if not file.startswith(("<frozen", *NOT_THE_LEARNERS)):
            return frame
        frame = frame.f_back
    return None


def names_in(frame: FrameType, values: tuple) -> dict[int, str]:
    """The variables of this frame that hold one of these arrays: operand → name."""
    arrays = {k: value for k, value in enumerate(values) if is_array(value) and value.ndim}
    found = {}
    for k, array in arrays.items():
        for variables in (frame.f_locals, frame.f_globals):
            names = [name for name, value in list(variables.items()) if value is array and name[:1] != "_"]
            if names and k not in found:
                found[k] = names[0]
    return found
