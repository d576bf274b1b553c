"""Adding cotangents up: a value that was used several times collects what comes back from each use.

Two small cotangents are added as they come. For many, or big ones, a `Sum` keeps a buffer of our own; what would
be mostly zeros (`Scatter`), or is one product of many (`Outer`), is put off until it can be done at once.
"""

from typing import Any

import numpy as np

from .fit import EXACT, fit
from .rule import float_dtype
from .tracer import Tracer

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


class Nothing:
    """What arrives where a pullback says that no gradient flows: not even a zero."""

    __slots__ = ()


DEFERRED = {Outer, Scatter, Nothing}
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
        elif type(ct) is Nothing:
            return
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


def added(arrived: Any, ct: Any, value: Any) -> Any:
    """A second big cotangent, and a third, at an operand of this value."""
    total = arrived if type(arrived) is Sum else Sum(value, arrived)
    total.add(ct)
    return total
