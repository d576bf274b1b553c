"""Checkpoints trade time for memory: a whole function is one operation on the tape, and the walk back runs it again.

That is right only if it does the same both times. What it leaves behind in its surroundings is found after the first
run, and a value that has become another after the second.
"""

from collections.abc import Callable
from types import CellType, FunctionType
from typing import Any

import numpy as np

from .custom import record_whole
from .errors import MutationError, teach
from .gradient import kept_pullback
from .locks import lock
from .operands import innermost
from .tracer import Tracer, plain
from .tree import is_array, is_numeric, is_whole, leaves, map_leaves


def checkpointed(f: Callable, *args: Any) -> Any:
    """`f(*args)`, of which the tape keeps only the arguments; the walk back runs `f` a second time.

    The value and the gradient are the same. It takes the memory of what happens inside `f` off the tape, for the
    time of one more call. What `f` captured is kept like the arguments. `f` must do the same both times.

    Errors: `TypeError` if `f` returns anything but one number or array; `LostGradientError` if it uses a traced
    value that it neither captured nor got as an argument, such as a global; `MutationError` if it leaves a number
    behind in what it captured, or gives another value the second time, as with random numbers or after a change.

    Example:
        >>> block = lambda x: np.tanh(np.sin(x) * 2)
        >>> gradient(lambda x: checkpointed(block, x), 0.5) == gradient(block, 0.5)
        True

    Source: Zygote's `checkpointed`; Griewank and Walther (2000), "Revolve".
    """
    f = with_cells_of_now(f)
    tape = innermost(tuple([leaf for _, leaf in leaves((f, args))]))
    if tape is None:
        return f(*args)
    name = getattr(f, "__name__", "a checkpointed function")

    def traced_now() -> tuple:
        return tuple([leaf for _, leaf in leaves((f, args)) if type(leaf) is Tracer and leaf.tape is tape])

    def whole(*values: Any) -> Any:
        """`f` with these values in the places of its traced numbers, those it captured among them."""
        at = iter(values)
        inside = map_leaves(lambda a: next(at) if type(a) is Tracer and a.tape is tape else a, (f, args))
        before = numbers_in(inside)
        y = inside[0](*inside[1])
        if not unchanged(before, numbers_in(inside)):
            raise left_behind(name)
        return y

    for _, leaf in leaves((f, args)):
        if isinstance(leaf, np.ndarray) and not leaf.dtype.hasobject:
            lock(leaf, tape)
    traced = traced_now()
    values = tuple([leaf.value for leaf in traced])
    y = whole(*values)

    def back(ct: Any) -> tuple:
        if not unchanged(traced, traced_now()):
            raise differs(name)
        again, pull, _ = kept_pullback(whole, values)  # not before the walk gets here: that is the memory saved
        if not agree(plain(y), plain(again)):
            raise differs(name)
        return pull(ct)

    return record_whole(tape, y, traced, back, name)


def numbers_in(structure: Any) -> list:
    """The numbers that may stand for a traced one. Integers may not: to count the calls is harmless."""
    return [leaf for _, leaf in leaves(structure) if is_numeric(leaf) and not is_whole(leaf)]


def unchanged(before: Any, now: Any) -> bool:
    return len(before) == len(now) and all(map(same, before, now))


def same(a: Any, b: Any) -> bool:
    return a is b or (type(a) is type(b) is float and a == b)


def agree(first: Any, second: Any) -> bool:
    """Are these the same value, but for rounding?"""
    if np.shape(first) != np.shape(second) or np.size(first) == 0:
        return np.shape(first) == np.shape(second)
    few = 1e-4 if is_array(first) and first.dtype.itemsize < 8 else 1e-8
    largest = np.max(np.abs(np.nan_to_num(first, nan=0, posinf=0, neginf=0)))
    return bool(np.allclose(first, second, rtol=few, atol=few * largest, equal_nan=True))


def left_behind(name: str) -> MutationError:
    return teach(
        MutationError(f"{name} changed a number that it captured or was given, inside checkpointed"),
        "It runs twice, now and on the way back, and a number that it leaves behind has no gradient.",
        "Pass in what changes and return it: h = checkpointed(cell, h, x). Or call the function without checkpointed.",
    )


def differs(name: str) -> MutationError:
    return teach(
        MutationError(f"{name} gave another value when checkpointed ran it a second time"),
        "The walk back runs it again. A list or an object that it uses was changed since, or it draws random numbers.",
        "Pass what changes as an argument, such as k[0] for k, and draw random numbers before the call.",
    )


def with_cells_of_now(f: Any, seen: tuple[int, ...] = ()) -> Any:
    """The function with what its captured variables hold at this moment: a loop gives them other values later."""
    if not isinstance(f, FunctionType) or not f.__closure__ or id(f) in seen:
        return f
    cells = [
        CellType(with_cells_of_now(c.cell_contents, (*seen, id(f)))) if c != CellType() else c for c in f.__closure__
    ]
    new = FunctionType(f.__code__, f.__globals__, f.__name__, f.__defaults__, tuple(cells))
    new.__kwdefaults__ = f.__kwdefaults__
    return new
