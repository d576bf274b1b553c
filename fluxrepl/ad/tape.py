"""The tape: what was done, in order; and the walk back along it.

The walk is the chain rule read from the end. Each row says how the cotangent of a result goes back to one operand;
rows are read from the last to the first, and what arrives at an operand is added up there. By the time a row is
reached, everything that used its result lies behind, so its cotangent is complete. No graph is built, nothing is
sorted, nothing recurses: a loop of a million steps is a million rows.
"""

import gc
import itertools
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from numpy import ndarray

from .errors import EscapedTracerError, teach
from .fit import EXACT, fit
from .locks import unlock
from .sums import BIG, DEFERRED, READS, Sum, added
from .tracer import Tracer

LEVELS = itertools.count(1)  # a tape opened later is further in

Row = tuple[Tracer, Any, Tracer, tuple]


class Tape(list):
    """The rows of one `gradient` call, with a level: higher for a call further in.

    `with Tape() as tape:` runs a function on tracers. Whatever happens, nothing of it is left behind: the rows are
    dropped, and from there on an operation on a tracer that escaped is an error, not a row that nobody reads.
    Meanwhile the garbage collector waits: rows come and go in their thousands, none in a cycle (1.1 to 1.2 times
    faster). And arrays that rows refer to are locked, for the walk will need what is in them now: writing into one
    is an error at that line, not a wrong gradient.
    """

    __slots__ = ("collecting", "level", "locked", "watched")

    def __enter__(self) -> "Tape":
        self.level = next(LEVELS)
        self.locked: dict[int, tuple] | None = {}  # by id: an array, and the shape and dtype that it had
        self.watched: dict[int, tuple] = {}  # by id: an array that a lock does not keep, and its fingerprint or None
        self.collecting = gc.isenabled()
        gc.disable()
        return self

    def __exit__(self, *exception) -> None:
        self.clear()
        if self.locked:
            unlock(self.locked)
        self.locked = None  # nothing is locked any more on behalf of this tape
        self.__class__ = ClosedTape
        if self.collecting:
            gc.enable()


class ClosedTape(Tape):
    """A tape whose gradient is finished."""

    __slots__ = ()

    def append(self, row) -> None:
        raise teach(
            EscapedTracerError("a traced value was used after its gradient was finished"),
            "It stood in for a number while the function ran, and was kept: in a global, an attribute, a list outside.",
            "Return what you need: withgradient(f, ...) passes on a tuple (loss, extra, ...), with plain values.",
        )


KIND: ContextVar[type[Tape]] = ContextVar("the kind of tape that gradient opens", default=Tape)


def new_tape() -> Tape:
    """A tape for one gradient: a plain one, or one that watches, where `check_nan` asked for it."""
    return KIND.get()()


def walk(rows: Iterator[Row]) -> None:
    """Read the rows, the last first, and take the cotangents back."""
    for out, pull, operand, values in rows:
        ct = out.ct
        if ct is None:  # the result was never used on the way to the loss
            continue
        if type(ct) is Sum:
            ct = out.ct = ct.total()
            if ct is None:
                continue
        arrived = operand.ct
        if type(arrived) is Sum and pull in READS and arrived.read(ct, values[1]):
            continue
        if len(values) == 2:  # the same as pull(ct, out.value, *values), in half of the time
            a, b = values
            ct = pull(ct, out.value, a, b)
        elif len(values) == 1:
            ct = pull(ct, out.value, values[0])
        else:
            ct = pull(ct, out.value, *values)
        value = operand.value
        kind = type(ct)
        # the first cotangent is stored, not added to zeros: that keeps -0.0, and saves a pass
        if kind is type(value) and kind in EXACT:
            if arrived is not None:
                ct = arrived + ct if type(arrived) is not Sum else added(arrived, ct, value)
            operand.ct = ct
        elif kind in DEFERRED:
            if type(arrived) is not Sum:
                operand.ct = arrived = Sum(value, arrived)
            arrived.add(ct)
        else:
            if not (kind is type(value) is ndarray and ct.dtype is value.dtype and ct.shape == value.shape):
                ct = fit(ct, value)
            if arrived is not None:
                small = type(arrived) is not Sum and (type(ct) is not ndarray or ct.size <= BIG)
                ct = arrived + ct if small else added(arrived, ct, value)
            operand.ct = ct


def consume(tape: Tape) -> Iterator[Row]:
    """The rows of a tape from the last to the first, each dropped as it is read, so that memory falls on the way."""
    tape.insert(0, None)  # where the iteration stops
    return iter(tape.pop, None)
