"""What a derivative rule is, and the tables in which rules are looked up.

A *rule* says, for a function `y = fn(a, b, ...)`, how a cotangent that has arrived at `y` goes back to each
operand: one *pullback* an operand, called as `pullback(ct, y, a, b, ..., **keywords)`. A pullback is ordinary
NumPy. That is why second derivatives need no further idea: called on tracers, it is recorded like anything else.

A pullback makes a new array or passes `ct` on; it never returns one of `y, a, b` themselves, nor writes into one.

**Complex numbers.** A cotangent here is the number (or array) `ct` for which `real(sum(ct * dz))` is the change of
the loss. With that choice a function with a complex derivative `d` pulls back by `ct * d`, the same as for real
numbers, and no rule needs to conjugate. Only the two ends of the walk do: see `ends.py`.
"""

from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np

Pullback = Callable[..., Any]


class Rule:
    """How one function is differentiated: `forward` computes it, `pulls` has one pullback an operand.

    A pullback of None says that the function is constant in that operand (an axis, a shape, a condition).
    `forward` is `fn` itself, or something quicker that gives the same.
    """

    __slots__ = ("fn", "forward", "pulls")

    def __init__(self, fn: Callable, pulls: tuple[Pullback | None, ...], forward: Callable | None = None):
        self.fn = fn
        self.pulls = pulls
        self.forward = forward or fn


RULES: dict[Callable, Rule] = {}  # functions with a rule of their own: the primitives
SHORT: dict[Callable, Rule] = {}  # the rule of a function when it is called with one array and no options
COMPOSED: dict[Callable, Callable] = {}  # functions written out in terms of others that have rules
CONSTANT: set[Callable] = set()  # functions through which no gradient flows: comparisons, argmax, shapes
NOT_DIFFERENTIATED: dict[Callable, str] = {}  # functions that are refused, each with the reason
WRITES: dict[Callable, str] = {}  # functions that write into their argument, each with what to write instead
OUT: dict[Callable, int] = {}  # the place of `out` among the arguments of a composed function, where it is written into
LATE: dict[str, Callable] = {}  # a module → what enters the rules of its functions, once a learner has imported it


def rule(fn: Callable, *pulls: Pullback | None, forward: Callable | None = None) -> None:
    """Enter a rule: one pullback for each operand of `fn`, in order."""
    RULES[fn] = Rule(fn, pulls, forward)
    if len(pulls) == 1 and isinstance(fn, np.ufunc):
        SHORT[fn] = RULES[fn]


def elementwise(fn: Callable, *derivatives: Callable) -> None:
    """Enter a rule for a function that works element by element, from its derivatives `d(y, a, b, ...)`."""
    rule(fn, *[times(d) for d in derivatives])


def times(derivative: Callable) -> Pullback:
    """The pullback of an elementwise function: the cotangent times the derivative."""

    def elementwise_pullback(ct, y, *operands):
        return ct * derivative(y, *operands)

    return elementwise_pullback


def composed(fn: Callable) -> Callable:
    """Above a function that computes `fn` with others that have rules; it takes the same arguments.

    A function that this version of NumPy does not have yet is given as None, and not entered.
    """

    def enter(written_out: Callable) -> Callable:
        if fn is not None:
            COMPOSED[fn] = written_out
            parameters = signature(written_out).parameters.values()
            names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
            if "out" in names:
                OUT[fn] = names.index("out")
        return written_out

    return enter


def constant(*functions: Callable) -> None:
    """Declare functions through which no gradient flows."""
    CONSTANT.update(functions)


def quiet(derivative: Callable) -> Callable:
    """Above a derivative that is rightly infinite at an edge, such as that of `sqrt` at 0: no warning there."""

    def derivative_without_warning(*args, **keywords):
        with np.errstate(divide="ignore", invalid="ignore"):
            return derivative(*args, **keywords)

    return derivative_without_warning


def float_dtype(dtype: np.dtype) -> np.dtype:
    """The dtype of a cotangent: floats and complex numbers keep theirs, integers count as float64."""
    return dtype if dtype.kind in "fc" else np.dtype(np.float64)
