"""What stands beside a traced value: it is kept for the walk as it was when it was used.

The walk reads the operands and options of an operation again. An array is locked until then; what NumPy makes an array
of, such as a list, becomes one of our own; other lists and dicts, such as axes, are copied.
"""

import array
import itertools
from typing import Any

import numpy as np
from numpy import ndarray

from .errors import teach
from .locks import lock
from .rule import Rule
from .tracer import Tracer, plain

SEQUENCES = {list, tuple, array.array, bytearray, memoryview}  # NumPy makes arrays of them
MUTABLE = {list, tuple, dict, ndarray}  # and a tuple may hold one of the others


def innermost(args: tuple) -> Any:
    """The tape of the innermost tracer among these, or None."""
    tape = None
    for a in args:
        if type(a) is Tracer and (tape is None or a.tape.level > tape.level):
            tape = a.tape
    return tape


def as_operand(other: Any, value: Any, tape: Any) -> Any:
    """What stands beside a traced value: a list or a buffer as the array that it is to NumPy, and an array locked."""
    if type(other) in SEQUENCES:
        if not hasattr(plain(value), "dtype") and type(other) in (list, tuple):
            raise teach(
                TypeError("a traced number beside a list or tuple"),
                "Python would repeat the list, or refuse; no gradient would flow.",
                "For numbers, make it an array: x * np.array([1.0, 2.0]).",
            )
        other = np.array(other)  # a copy, made once, here, for the list may change before the walk
    if isinstance(other, ndarray):
        lock(other, tape)
    elif hasattr(other, "tocsr"):
        raise teach(
            TypeError(f"a {type(other).__name__} beside a traced value is not known"),
            "SciPy's sparse matrices compute by rules of their own: `*` may be a matrix product.",
            "Use a plain array: M.toarray().",
        )
    return other


def with_arrays(rule: Rule, args: tuple, tape: Any) -> tuple:
    """Lists among the operands as arrays, as NumPy takes them; a shape or axes, without a pullback, as they are now."""
    pulls = itertools.chain(rule.pulls, itertools.repeat(None))
    given = zip(args, pulls, strict=False)
    return tuple([(np.array(a) if pull else kept(a, tape)) if type(a) in SEQUENCES else a for a, pull in given])


def kept(option: Any, tape: Any) -> Any:
    """An option for the walk, which reads it again: lists and dicts copied, for they may change, and arrays locked."""
    kind = type(option)
    if kind is dict:
        return {name: kept(part, tape) if type(part) in MUTABLE else part for name, part in option.items()}
    if kind is list or kind is tuple:
        return kind([kept(part, tape) if type(part) in MUTABLE else part for part in option])
    if kind is ndarray:
        lock(option, tape)
    return option


def lock_beside(args: tuple) -> None:
    """Hold the arrays beside the traced values, also those in lists: what is written out may use views of them."""
    given = [*args, *[part for a in args if type(a) in SEQUENCES for part in a]]
    tape = innermost(tuple(given))
    for a in given:
        if tape is not None and isinstance(a, ndarray):
            lock(a, tape)
