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
from functools import partial, wraps
from inspect import signature
from typing import Any

import numpy as np

from .tracer import Tracer, plain

Pullback = Callable[..., Any]


class Rule:
    """How one function is differentiated: `forward` computes it, `pulls` has one pullback an operand.

    A pullback of None says that the function is constant in that operand (an axis, a shape, a condition).
    `forward` is `fn` itself, or something quicker that gives the same.
    """

    __slots__ = ("fn", "forward", "pulls")

    def __init__(self, fn: Callable, pulls: tuple[Pullback | None, ...], forward: Callable | None = None):
        self.fn = fn
        self.pulls = owned(fn, pulls)
        self.forward = forward or fn


RULES: dict[Callable, Rule] = {}  # functions with a rule of their own: the primitives
SHORT: dict[Callable, Rule] = {}  # the rule of a function when it is called with one array and no options
COMPOSED: dict[Callable, Callable] = {}  # functions written out in terms of others that have rules
CONSTANT: set[Callable] = set()  # functions through which no gradient flows: comparisons, argmax, shapes
NOT_DIFFERENTIATED: dict[Callable, str] = {}  # functions that are refused, each with the reason
WRITES: dict[Callable, str] = {}  # functions that write into their argument, each with what to write instead
OUT: dict[Callable, int] = {}  # the place of `out` among the arguments of a composed function, where it is written into
OWNER: dict[Pullback, tuple[Callable, int | None]] = {}  # a pullback → its function, and which operand it is for
LATE: dict[str, Callable] = {}  # a module → what enters the rules of its functions, once a learner has imported it


def rule(fn: Callable, *pulls: Pullback | None, forward: Callable | None = None) -> None:
    """Enter a rule: one pullback for each operand of `fn`, in order."""
    RULES[fn] = Rule(fn, pulls, forward)
    if len(pulls) == 1 and isinstance(fn, np.ufunc):
        SHORT[fn] = RULES[fn]


def owned(fn: Callable, pulls: Any) -> Any:
    """These pullbacks, each entered in `OWNER`; one that has an owner already is wrapped, to be told from it.

    Nothing while recording or walking back reads `OWNER`: it is for whoever wants to tell what is on a tape.
    """
    if not isinstance(pulls, tuple):  # one pullback for any number of operands, which is told for which it is called
        OWNER[pulls.pull] = fn, None
        return pulls
    mine: list[Pullback | None] = []
    for k, pull in enumerate(pulls):
        if pull is not None and OWNER.setdefault(pull, (fn, k)) != (fn, k):
            pull = another(pull)
            OWNER[pull] = fn, k
        mine.append(pull)
    return tuple(mine)


def another(pull: Pullback) -> Pullback:
    """The same pullback, under another identity."""

    @wraps(pull)
    def pullback(*args, **keywords):
        return pull(*args, **keywords)

    return pullback


def owner(pull: Pullback) -> tuple[Callable | None, int | None]:
    """Which function the pullback in a row of a tape belongs to, and which of its operands it goes back to."""
    options = pull if isinstance(pull, partial) else None
    fn, k = OWNER.get(options.func if options else pull, (None, None))
    return fn, (options.args[0] if k is None and options and options.args else k)


def elementwise(fn: Callable, *derivatives: Callable) -> None:
    """Enter a rule for a function that works element by element, from its derivatives `d(y, a, b, ...)`."""
    times = TIMES.get(len(derivatives), times_any)
    rule(fn, *[times(d) for d in derivatives])


def times_any(derivative: Callable) -> Pullback:
    """The pullback of an elementwise function: the cotangent times the derivative."""

    def elementwise_pullback(ct, y, *operands):
        return ct * derivative(y, *[wide(x) for x in operands])

    return elementwise_pullback


def times_one(derivative: Callable) -> Pullback:
    """The same for one operand, spelled out: half of the time on numbers."""

    def elementwise_pullback(ct, y, x):
        return ct * derivative(y, wide(x))

    return elementwise_pullback


def times_two(derivative: Callable) -> Pullback:
    def elementwise_pullback(ct, y, a, b):
        return ct * derivative(y, wide(a), wide(b))

    return elementwise_pullback


TIMES = {1: times_one, 2: times_two}


def wide(x: Any) -> Any:
    """Numbers as NumPy's wide ones: a slope is inf where Python's 1 / 0 raises, and does not overflow like an int8."""
    kind = type(x)
    if kind is np.ndarray:
        return x.astype(np.float64) if x.dtype.kind in "iu" else x
    if kind is float or kind is int:
        return np.float64(x)
    if kind is Tracer and type(plain(x)) is float:
        return x.astype(np.float64)
    return x.astype(np.float64) if hasattr(x, "dtype") and x.dtype.kind in "iu" else x


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


def zero_like(value: Any) -> Any:
    """The zero of a cotangent for this number or array."""
    if isinstance(value, np.generic):
        return float_dtype(value.dtype).type(0)
    if hasattr(value, "dtype"):
        return np.zeros_like(value, dtype=float_dtype(value.dtype))
    return 0j if isinstance(value, complex) else 0.0


def float_dtype(dtype: np.dtype) -> np.dtype:
    """The dtype of a cotangent: floats and complex numbers keep theirs, integers count as float64."""
    return dtype if dtype.kind in "fc" else np.dtype(np.float64)
