"""The two ends of a gradient: numbers become tracers on the way in, cotangents become gradients on the way out.

**Complex numbers.** On the tape a cotangent `ct` means: the loss changes by `real(ct * dz)` (see `rule.py`). The
gradient that is handed out is its conjugate, which points uphill: ∂u/∂x + i ∂u/∂y, as in Flux. So a cotangent that
comes from outside is conjugated on entry, and a gradient as it leaves; nothing between needs to.
"""

import array
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import ndarray

from .errors import teach
from .fit import conjugate, fit
from .hints import meant
from .locks import check_unchanged, lock
from .rule import float_dtype
from .seeds import describe
from .sums import Sum
from .tape import Tape
from .tracer import Tracer, tracer
from .tree import is_array, is_numeric, leaves, map_leaves, map_parts

# ---- in: tracers for numbers -------------------------------------------------------------------------------------


def run(f: Callable, args: tuple, tape: Tape) -> tuple[list, Any]:
    """Call `f` on traced arguments; give the tracers in them, and what it returned.

    The tracers are kept apart, in their `Parts`: `f` may change the copy of a structure that it is given.
    """
    if not callable(f):
        raise teach(
            TypeError(f"gradient needs a function first, and got {describe(f)}"),
            "The function is called once, with the arguments that follow it.",
            "Write gradient(f, x), or gradient(lambda x: ..., x).",
        )
    pairs = [trace(a, tape) for a in args]
    try:
        y = f(*[traced for traced, _ in pairs])
    except (TypeError, ValueError, SystemError) as error:
        if (instead := meant(error, f, args, tape)) is error:
            raise
        raise instead.with_traceback(error.__traceback__) from None
    if tape.locked or tape.watched:
        check_unchanged(tape)
    return [parts for _, parts in pairs], y


def trace(argument: Any, tape: Tape) -> tuple[Any, Any]:
    """The argument with a tracer in the place of every number, and these tracers; it stays as it is itself."""
    kind = type(argument)
    if kind is float or kind is Tracer:  # the short way for the usual arguments
        traced = tracer(argument, tape)
        return traced, traced
    if kind is ndarray:
        traced = traced_leaf(argument, tape)
        return traced, traced if traced is not argument else None
    return map_parts(lambda leaf: traced_leaf(leaf, tape), argument)


def traced_leaf(leaf: Any, tape: Tape) -> Any:
    if leaf is None:
        return None
    if type(leaf) is ndarray and leaf.dtype.kind in "fciu":
        lock(leaf, tape)
        return tracer(leaf, tape)
    if type(leaf) is Tracer or is_numeric(leaf):
        return tracer(held(leaf, tape) if isinstance(leaf, ndarray) else leaf, tape)
    if (is_array(leaf) and leaf.dtype.kind in "OV") or isinstance(leaf, array.array | memoryview):
        raise teach(
            TypeError(f"a gradient with respect to {describe(leaf)} is not known"),
            "It may hold numbers, but what is done to them cannot be followed.",
            "Pass plain arrays of numbers: a list or a dict of them, or np.array(x, float).",
        )
    if hasattr(type(leaf), "__array__") and not is_array(leaf):
        raise teach(
            TypeError(f"a gradient with respect to a {type(leaf).__name__} is not known"),
            "It can become an array, but it is not one, so what is done to it cannot be followed.",
            "Pass the array: np.asarray(x), or its method for that, such as .to_numpy().",
        )
    if holds_numbers(leaf):
        raise teach(
            TypeError(f"a gradient with respect to a {type(leaf).__name__} is not known"),
            "It may hold numbers, but they have no places in which traced ones could stand for them.",
            "Pass a list or a tuple of them: list(values).",
        )
    return leaf


COLLECTIONS = {set, frozenset, type({}.keys()), type({}.values()), type({}.items())}


def holds_numbers(leaf: Any) -> bool:
    """Is it a set with numbers, or an iterator (but for a file), which cannot be looked into without using it up?"""
    kind = type(leaf)
    if kind in COLLECTIONS:
        return any(is_numeric(part) for _, part in leaves(tuple(leaf)))
    return hasattr(kind, "__next__") and not hasattr(kind, "read")


def held(leaf: ndarray, tape: Tape) -> ndarray:
    """An array, locked, as plain ndarray; a masked array or a matrix, which compute by their own rules, are refused."""
    if isinstance(leaf, np.ma.MaskedArray | np.matrix):
        raise teach(
            TypeError(f"a gradient with respect to a {type(leaf).__name__} is not known"),
            "It computes by rules of its own, which differ from an array's.",
            "Pass a plain array: np.asarray(x), or x.filled(0) of a masked one.",
        )
    lock(leaf, tape)
    return leaf if type(leaf) is ndarray else leaf.view(ndarray)


# ---- out: gradients in the structure of the arguments --------------------------------------------------------------


def collect(traced: list) -> tuple:
    """One gradient for each argument, in its structure; None where nothing arrived."""
    return tuple(map(_collect, traced, itertools.repeat(set())))


def _collect(traced: Any, handed_out: set[int]) -> Any:
    if type(traced) is Tracer:
        return finished(traced, handed_out)
    if traced is None:
        return None
    parts, reached = {}, False
    for name, part in traced.inside.items():
        slope = finished(part, handed_out) if type(part) is Tracer else _collect(part, handed_out)
        parts[name] = slope
        reached = reached or slope is not None
    return traced.kind.mirror(traced.node, parts) if reached else None


def finished(leaf: Tracer, handed_out: set[int]) -> Any:
    """The gradient at a leaf: of the kind and dtype of the leaf, and an array that belongs to nobody else."""
    ct, value = leaf.ct, leaf.value
    if ct is None or (type(ct) is float and type(value) is float):
        return ct
    if type(ct) is Sum:
        ct = ct.total()
        if ct is None:
            return None
    if type(ct) is type(value) is ndarray and ct.dtype is value.dtype and ct.dtype.kind == "f":
        return owned(ct, handed_out)  # the short way
    ct = conjugate(fit(ct, value))
    if isinstance(value, np.generic) and type(ct) is not Tracer:
        return float_dtype(value.dtype).type(ct)
    if type(value) is complex and type(ct) is not Tracer:
        return complex(ct)
    if isinstance(value, ndarray) and isinstance(ct, np.generic | float):  # an array without axes
        return np.asarray(ct, dtype=float_dtype(value.dtype))
    return owned(ct, handed_out) if type(ct) is ndarray else ct


def owned(ct: ndarray, handed_out: set[int]) -> ndarray:
    """The array, or a copy if it shares memory with one that was handed out, or may not be written to."""
    base = ct.base
    key = id(ct if base is None else base)
    if key in handed_out or not ct.flags.writeable:
        ct = ct.copy()
        key = id(ct)
    handed_out.add(key)
    return ct


def strip(value: Any, tape: Tape) -> Any:
    """A result with the tracers of this tape taken off, wherever they are in it."""
    return map_leaves(lambda leaf: leaf.value if type(leaf) is Tracer and leaf.tape is tape else leaf, value)
