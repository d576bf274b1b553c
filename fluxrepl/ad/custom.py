"""Rules of your own: a whole function recorded as one operation, with the pullback that you give it."""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any

import numpy as np

from .ends import strip
from .errors import LostGradientError, ShapeError, teach
from .fit import conjugate
from .gradient import own_copy
from .operands import innermost
from .seeds import describe
from .sums import Nothing
from .tape import Tape
from .tracer import Tracer, plain, tracer
from .tree import is_numeric, kind_of, leaves, map_leaves


def rrule(f: Callable) -> Callable:
    """Above a function that returns `(value, pullback)`: a call gives the value, a gradient uses the pullback.

    The pullback takes a cotangent of the value, and gives one for each argument, in a tuple (a single one may
    come without). None says that no gradient flows there. Written in NumPy, it can itself be differentiated.

    An argument may be a structure; its cotangent is one like it. Keyword arguments count at their places; one that is
    left at its default may be answered for, or not.

    Errors: `ShapeError` if a cotangent has not the shape of its argument; `TypeError` if their number is wrong;
    `LostGradientError` if the function uses a traced value that is not among its arguments.

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
        args, given = by_position(f, args, keywords)
        tape = innermost(tuple([leaf for _, leaf in leaves(args)]))
        if tape is None:
            return value_and_pullback(f, args)[0]
        y, back = value_and_pullback(f, strip(args, tape))

        def checked_back(ct: Any) -> tuple:
            """On copies: what a learner's pullback is given, or gives, it may go on writing into."""
            return map_leaves(own_copy, as_tuple(back(own_copy(ct)), given, len(args), f.__name__))

        return record_whole(tape, y, args, checked_back, f.__name__)

    return call


def by_position(f: Callable, args: tuple, keywords: dict[str, Any]) -> tuple[tuple, int]:
    """All arguments in their places, so that the pullback can answer for each of them, and how many were given."""
    if not keywords and not getattr(f, "__defaults__", None):
        return args, len(args)
    bound = signature(f).bind(*args, **keywords)
    if bound.kwargs:
        raise teach(
            TypeError(f"{f.__name__} has a rule of its own, and takes {', '.join(bound.kwargs)} by keyword only"),
            "The pullback answers with one cotangent for each argument, in order, so each needs a place.",
            "Take the * out of its parameters.",
        )
    given = len(bound.args)
    bound.apply_defaults()
    return bound.args, given


def value_and_pullback(f: Callable, args: tuple) -> tuple[Any, Callable]:
    answer = f(*args)
    if not (isinstance(answer, tuple) and len(answer) == 2 and callable(answer[1])):
        raise teach(
            TypeError(
                f"a function under @rrule returns (value, pullback), and {f.__name__} returned {describe(answer)}"
            ),
            "The pullback says how a cotangent of the value goes back to the arguments.",
            "End with: return y, lambda ct: (ct * dy_da, ct * dy_db)",
        )
    return answer


def as_tuple(cotangents: Any, given: int, n: int, name: str) -> tuple:
    """One cotangent for each of n arguments, of which the first ones were given, and the rest have their defaults."""
    if given <= 1 and not isinstance(cotangents, tuple):
        cotangents = (cotangents,)
    if not isinstance(cotangents, tuple) or not given <= len(cotangents) <= n:
        got = f"{len(cotangents)}" if isinstance(cotangents, tuple) else describe(cotangents)
        raise teach(
            TypeError(f"the pullback of {name} gives one cotangent for each of its {n} arguments, and gave {got}"),
            "Each argument needs its own; None says that no gradient flows to it.",
            "Return a tuple: (ct_a, ct_b).",
        )
    return cotangents + (None,) * (n - len(cotangents))


# ---- one operation for a whole function ------------------------------------------------------------------------------


def record_whole(tape: Tape, y: Any, args: tuple, back: Callable[[Any], tuple], name: str) -> Tracer:
    """One result, with a row for each traced number in the arguments; `back` is called once for each cotangent."""
    check_whole(tape, y, name)
    out = tracer(y, tape)
    last: list = [None, None]

    paths = [path for path, leaf in leaves(args) if type(leaf) is Tracer and leaf.tape is tape]

    def operand_pullback(path: tuple) -> Callable:
        def whole_pullback(ct, y, value):
            if last[0] is not ct:
                last[:] = ct, back(conjugate(ct))
            answer = at(last[1], path)
            if path == paths[0]:  # the walk reads the rows from the last to the first: another walk, another answer
                last[:] = None, None
            return Nothing() if answer is None else conjugate(checked(answer, value, name))

        whole_pullback.__name__ = f"{name}_pullback"  # what `explain` calls it
        return whole_pullback

    for path, leaf in leaves(args):
        if type(leaf) is Tracer and leaf.tape is tape:
            tape.append((out, operand_pullback(path), leaf, (leaf.value,)))
    return out


def check_whole(tape: Tape, y: Any, name: str) -> None:
    """The value is one number or array, and nothing traced came into it but through the arguments."""
    inside = [leaf for _, leaf in leaves(y) if type(leaf) is Tracer and leaf.tape is tape]
    if inside:
        raise teach(
            LostGradientError(f"{name} used a traced value that is not among its arguments"),
            "It is recorded as a single operation, from its arguments to its value; what it finds elsewhere, in a "
            "global or an attribute, would lose its gradient.",
            "Pass that value as an argument.",
        )
    if not is_numeric(plain(y)):
        raise teach(
            TypeError(f"{name} has to give one number or array, and gave {describe(y)}"),
            "It is recorded as a single operation, with a single result.",
            "Return one array: np.concatenate or np.stack can join several.",
        )


def at(answer: Any, path: tuple) -> Any:
    """What stands at a path of the cotangents; a None further up stands for everything below it."""
    for name in path:
        kind = kind_of(answer)
        if answer is None or kind is None:
            return None
        answer = kind.children(answer).get(name)
    return answer


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
    return float(ct) if isinstance(ct, int | np.integer) else ct
