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

import numpy as np
from numpy import ndarray

from .errors import EscapedTracerError, ShapeError, teach
from .locks import unlock
from .rule import float_dtype
from .tracer import Tracer, plain

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

    __slots__ = ("collecting", "level", "locked")

    def __enter__(self) -> "Tape":
        self.level = next(LEVELS)
        self.locked: dict[int, np.ndarray] | None = {}
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


def added(arrived: Any, ct: Any, value: Any) -> Any:
    """A second big cotangent, and a third, at an operand of this value."""
    total = arrived if type(arrived) is Sum else Sum(value, arrived)
    total.add(ct)
    return total


def consume(tape: Tape) -> Iterator[Row]:
    """The rows of a tape from the last to the first, each dropped as it is read, so that memory falls on the way."""
    tape.insert(0, None)  # where the iteration stops
    return iter(tape.pop, None)


# ---- bringing a cotangent to its operand ---------------------------------------------------------------------------


def fit(ct: Any, operand: Any) -> Any:
    """Bring a cotangent to the kind, shape and dtype of its operand.

    Where NumPy stretched the operand to a larger shape, each of its elements was used several times, and what
    comes back is summed. A real operand of a complex result keeps the real part. A float32 operand gets float32.
    """
    while type(operand) is Tracer:
        operand = operand.value
    kind = type(operand)
    if type(ct) is Tracer:
        inside = plain(ct)
        if type(inside) is kind and (
            not hasattr(inside, "shape") or (inside.dtype is operand.dtype and inside.shape == operand.shape)
        ):
            return ct
    shape = () if kind in PYTHON_NUMBERS else operand.shape if hasattr(operand, "shape") else np.shape(operand)
    if not hasattr(ct, "shape"):  # a Python number
        ct = ct.real if isinstance(ct, complex) and not is_complex(operand) else ct
        if shape or not isinstance(operand, np.ndarray | np.generic):
            return np.full_like(operand, ct, dtype=float_dtype(operand.dtype)) if hasattr(operand, "dtype") else ct
        return float_dtype(operand.dtype).type(ct)
    if ct.shape != shape:
        ct = unstretch(ct, shape)
    if kind in PYTHON_NUMBERS:
        ct = ct if type(ct) is Tracer else ct.item()
        return ct.real if kind is not complex and is_complex(ct) else ct
    dtype = getattr(operand, "dtype", None)
    if dtype is not None and ct.dtype != dtype:
        if is_complex(ct) and dtype.kind != "c":
            ct = ct.real
        if ct.dtype != float_dtype(dtype):
            ct = ct.astype(float_dtype(dtype))
    if dtype is not None and type(ct) is Tracer and not hasattr(plain(ct), "dtype"):
        ct = ct.astype(float_dtype(dtype))  # a NumPy number's cotangent is one, too: rules may ask for its shape
    return ct


PYTHON_NUMBERS = (float, int, complex)
EXACT = {float, np.float64, np.float32}  # a cotangent of the type of its operand is as it should be


def is_complex(ct: Any) -> bool:
    ct = plain(ct)
    return isinstance(ct, complex) or (hasattr(ct, "dtype") and ct.dtype.kind == "c")


def unstretch(ct: Any, shape: tuple[int, ...]) -> Any:
    """Sum `ct` over the axes along which an operand of this shape was stretched."""
    extra = ct.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(
        [i + extra for i, n in enumerate(shape) if n == 1 and extra + i >= 0 and ct.shape[i + extra] != 1]
    )
    if extra < 0 or any([n not in (1, ct.shape[i + extra]) for i, n in enumerate(shape)]):
        return np.broadcast_to(ct, shape)  # a rule may answer with one number for all elements
    summed = ct.sum(axis=axes, keepdims=True)
    return summed if summed.shape == shape else summed.reshape(shape)


# ---- adding cotangents up --------------------------------------------------------------------------------------------

BIG = 1000  # elements from which on sums go to a buffer of our own


class Outer:
    """The product of two vectors, `u[:, None] * v`, put off.

    A weight that is used at every step of a loop collects one of them a step; together they are one matrix product.
    """

    __slots__ = ("u", "v")

    def __init__(self, u: Any, v: Any):
        self.u = u
        self.v = v


class Scatter:
    """A cotangent that arrives at `x[index]` only, put off: it is added there, not spread over zeros first."""

    __slots__ = ("ct", "index")

    def __init__(self, ct: Any, index: Any):
        self.ct = ct
        self.index = index


DEFERRED = {Outer, Scatter}
READS: set = set()  # the pullback of x[i]: a scatter, but of one number into a buffer of our own it need not be made


class Sum:
    """What has arrived at one operand so far, in a buffer of our own to add to."""

    __slots__ = ("buffer", "outers", "own", "value")

    def __init__(self, value: Any, first: Any = None):
        self.value = value
        self.buffer = first
        self.own = False  # the buffer may be someone else's until we have made one
        self.outers: list[Outer] = []

    def read(self, ct: Any, index: Any) -> bool:
        """Add the cotangent of one number that was read, if that is simple: the short way for many of them."""
        if self.own and type(index) is int and type(ct) in EXACT:
            self.buffer[index] += ct
            return True
        return False

    def add(self, ct: Any) -> None:
        if type(ct) is Outer:
            self.outers.append(ct)
        elif type(ct) is Scatter:
            self._scatter(ct)
        elif self.buffer is None:
            self.buffer = ct
        elif self.own and type(ct) is not Tracer:
            self.buffer += ct
        else:
            self.buffer = self.buffer + ct
            self.own = type(self.buffer) is np.ndarray

    def _scatter(self, ct: Scatter) -> None:
        if self.own:
            add_at(self.buffer, ct.index, ct.ct)
            return
        scattered = np.zeros_like(self.value, dtype=float_dtype(self.value.dtype))
        add_at(scattered, ct.index, ct.ct)
        if self.buffer is None:
            self.buffer, self.own = scattered, True
        else:
            self.add(scattered)

    def total(self) -> Any:
        if len(self.outers) == 1:
            (only,) = self.outers
            self.outers = []
            self.add(fit(only.u[:, None].dot(only.v[None, :]), self.value))  # half the time of `*`
        elif self.outers:
            n = len(self.outers)
            u = np.concatenate([o.u for o in self.outers]).reshape(n, -1)  # half the time of np.array
            v = np.concatenate([o.v for o in self.outers]).reshape(n, -1)
            self.outers = []
            self.add(fit(u.T.dot(v), self.value))
        return self.buffer


def add_at(array: Any, index: Any, ct: Any) -> None:
    """array[index] += ct, where an index that comes twice counts twice."""
    if type(index) is slice or not is_fancy(index):
        array[index] += ct
    else:
        np.add.at(array, index, ct)


SIMPLE = (int, np.integer, slice, type(None), type(Ellipsis))


def is_fancy(index: Any) -> bool:
    """Can this index name an element twice?"""
    parts = index if type(index) is tuple else (index,)
    return any([not isinstance(part, SIMPLE) and getattr(part, "ndim", 1) > 0 for part in parts])


def check_shape(ct: Any, value: Any, words: tuple[str, str] = ("cotangent", "result")) -> None:
    """A cotangent given from outside must have the shape of its value."""
    if np.shape(plain(ct)) != np.shape(plain(value)):
        raise teach(
            ShapeError(
                f"the {words[0]} has the shape {np.shape(plain(ct))}, and its {words[1]} {np.shape(plain(value))}"
            ),
            f"A {words[0]} has one number for each number of the {words[1]}.",
            "Give one of the same shape, such as np.ones_like of it.",
        )
