"""Rules of your own, and a way to trade time for memory: both record a whole function as one operation."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from .ends import conjugate, describe
from .errors import ShapeError, teach
from .gradient import pullback
from .tracer import Tracer, innermost, plain, tracer
from .tree import is_numeric, leaves, map_leaves


def rrule(f: Callable) -> Callable:
    """Above a function that returns `(value, pullback)`: a call gives the value, a gradient uses the pullback.

    The pullback takes a cotangent of the value, and gives one for each argument, in a tuple (a single one may
    come without). None says that no gradient flows there. Written in NumPy, it can itself be differentiated.

    Errors: `ShapeError` if a cotangent has not the shape of its argument; `TypeError` if their number is wrong.

    Example:
        >>> @rrule
        ... def softplus(x):
        ...     return np.log1p(np.exp(x)), lambda ct: ct / (1 + np.exp(-x))
        >>> softplus(0.0)
        0.6931471805599453
        >>> gradient(softplus, 0.0)
        (0.5,)

    Source: ChainRulesCore's `rrule`.
    """

    @wraps(f)
    def call(*args: Any, **keywords: Any) -> Any:
        tape = innermost(args)
        if tape is None:
            return value_and_pullback(f, args, keywords)[0]
        values = tuple([a.value if type(a) is Tracer and a.tape is tape else a for a in args])
        y, back = value_and_pullback(f, values, keywords)
        return record_whole(tape, y, args, values, back, f.__name__)

    return call


def value_and_pullback(f: Callable, args: tuple, keywords: dict[str, Any]) -> tuple[Any, Callable]:
    answer = f(*args, **keywords)
    if not (isinstance(answer, tuple) and len(answer) == 2 and callable(answer[1])):
        raise teach(
            TypeError(
                f"a function under @rrule returns (value, pullback), and {f.__name__} returned {describe(answer)}"
            ),
            "The pullback says how a cotangent of the value goes back to the arguments.",
            "End with: return y, lambda ct: (ct * dy_da, ct * dy_db)",
        )
    return answer


def record_whole(tape, y: Any, args: tuple, values: tuple, back: Callable, name: str) -> Tracer:
    """One result, with a row for each traced operand; the pullback of all is called once for each cotangent."""
    out = tracer(y, tape)
    last: list = [None, None]

    def operand_pullback(k: int) -> Callable:
        def whole_pullback(ct, y, *values):
            if last[0] is not ct:
                last[:] = ct, as_tuple(back(conjugate(ct)), len(values), name)
            answer = last[1][k]
            return plain_zero(values[k]) if answer is None else conjugate(checked(answer, values[k], name))

        whole_pullback.__name__ = f"{name}_pullback"
        return whole_pullback

    for k, (a, value) in enumerate(zip(args, values, strict=True)):
        if a is not value:
            tape.append((out, operand_pullback(k), a, values))
    return out


def as_tuple(cotangents: Any, n: int, name: str) -> tuple:
    if n == 1 and not isinstance(cotangents, tuple):
        cotangents = (cotangents,)
    if not isinstance(cotangents, tuple) or len(cotangents) != n:
        got = f"{len(cotangents)}" if isinstance(cotangents, tuple) else describe(cotangents)
        raise teach(
            TypeError(f"the pullback of {name} gives one cotangent for each of its {n} arguments, and gave {got}"),
            "Each argument needs its own; None says that no gradient flows to it.",
            "Return a tuple: (ct_a, ct_b).",
        )
    return cotangents


def checked(ct: Any, value: Any, name: str) -> Any:
    if np.shape(plain(ct)) != np.shape(plain(value)):
        raise teach(
            ShapeError(
                f"the pullback of {name} gave a cotangent of shape {np.shape(plain(ct))} "
                f"for an argument of shape {np.shape(plain(value))}"
            ),
            "A cotangent has the shape of its argument: one slope for each number.",
            "Where the argument was stretched by broadcasting, sum over the axes along which it was.",
        )
    return ct


def plain_zero(value: Any) -> Any:
    inside = plain(value)
    return np.zeros_like(inside, dtype=float) if np.ndim(inside) else 0.0


def checkpointed(f: Callable, *args: Any) -> Any:
    """`f(*args)`, of which the tape keeps only the arguments; the walk back runs `f` a second time.

    The value and the gradient are the same. It takes the memory of what happens inside `f` off the tape, for the
    time of one more call. `f` must return one number or array.

    Example:
        >>> block = lambda x: np.tanh(np.sin(x) * 2)
        >>> gradient(lambda x: checkpointed(block, x), 0.5) == gradient(block, 0.5)
        True

    Source: Zygote's `checkpointed`; Griewank and Walther (2000), "Revolve".
    """
    parts = [leaf for _, leaf in leaves((f, args)) if type(leaf) is Tracer]
    tape = innermost(tuple(parts))
    if tape is None:
        return f(*args)
    traced = tuple([leaf for leaf in parts if leaf.tape is tape])

    def whole(*values: Any) -> Any:
        """`f` with these values in the places of its traced numbers, those it captured among them."""
        at = iter(values)
        g, given = map_leaves(lambda a: next(at) if type(a) is Tracer and a.tape is tape else a, (f, args))
        return g(*given)

    values = tuple([leaf.value for leaf in traced])
    y = whole(*values)
    if not is_numeric(plain(y)):
        raise teach(
            TypeError(f"a checkpointed function returns one number or array, and this returned {describe(y)}"),
            "It is recorded as a single operation.",
            "Return one array: np.concatenate or np.stack can join several.",
        )

    def back(ct: Any) -> tuple:
        return pullback(whole, *values)[1](ct)  # not before the walk gets here: that is the memory saved

    return record_whole(tape, y, traced, values, back, getattr(f, "__name__", "a checkpointed function"))
