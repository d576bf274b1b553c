"""Choices: each element of the result comes from one operand, and its cotangent goes back there.

Ties follow Flux: `maximum(x, y)` gives to y, `minimum(x, y)` to x; at a bound of `clip`, x still moves.
"""

from functools import reduce

import numpy as np
from numpy._core.umath import clip as clip_ufunc

from fluxrepl.ad.recording import apply
from fluxrepl.ad.refusals import no_rule
from fluxrepl.ad.rule import COMPOSED, composed, rule
from fluxrepl.ad.tracer import plain

from .arithmetic import through
from .made import numbers

# Which operand was chosen is a fact about the values: no gradient flows through the comparison.
rule(
    np.maximum,
    lambda ct, y, a, b: through(
        ct, ~np.less_equal(plain(a), plain(b))
    ),  # so, and not with `greater`, nan goes somewhere
    lambda ct, y, a, b: through(ct, np.less_equal(plain(a), plain(b))),
)
rule(
    np.minimum,
    lambda ct, y, a, b: through(ct, np.less_equal(plain(a), plain(b))),
    lambda ct, y, a, b: through(ct, ~np.less_equal(plain(a), plain(b))),
)


def takes_first(a, b, better):
    """Where `fmax` or `fmin` takes `a`: it is better, or `b` is not a number."""
    a, b = plain(a), plain(b)
    return better(a, b) | np.isnan(b)


rule(
    np.fmax,
    lambda ct, y, a, b: through(ct, takes_first(a, b, np.greater)),
    lambda ct, y, a, b: through(ct, ~takes_first(a, b, np.greater)),
)
rule(
    np.fmin,
    lambda ct, y, a, b: through(ct, takes_first(a, b, np.less_equal)),
    lambda ct, y, a, b: through(ct, ~takes_first(a, b, np.less_equal)),
)


def where_true_pullback(ct, y, condition, a, b):
    return np.where(condition, ct, 0)


def where_false_pullback(ct, y, condition, a, b):
    return np.where(condition, 0, ct)


rule(np.where, None, where_true_pullback, where_false_pullback)


def clip_pullback(ct, y, x, low, high):
    inside = True
    if low is not None:
        inside = inside & np.greater_equal(plain(x), plain(low))
    if high is not None:
        inside = inside & np.less_equal(plain(x), plain(high))
    return through(ct, inside)


def clip_low_pullback(ct, y, x, low, high):
    below = np.less(plain(x), plain(low))
    return through(ct, below if high is None else below & np.less_equal(plain(low), plain(high)))


def clip_high_pullback(ct, y, x, low, high):
    return through(ct, np.greater(np.maximum(plain(x), plain(low)) if low is not None else plain(x), plain(high)))


def _clip(x, low, high):
    return np.clip(x, low, high)


rule(_clip, clip_pullback, clip_low_pullback, clip_high_pullback)


@composed(np.clip)
def clip(a, a_min=None, a_max=None, out=None, *, min=None, max=None):
    """`np.clip` in any of its spellings."""
    return apply(_clip, (a, a_min if min is None else min, a_max if max is None else max))


# A plain array's method asks for the ufunc that is below np.clip: A.clip(0, x).
COMPOSED[clip_ufunc] = lambda a, low, high: apply(_clip, (a, low, high))

# ---- one of many -----------------------------------------------------------------------------------------------------


@composed(np.select)
def select(condlist, choicelist, default=0):
    """The first choice whose condition holds: so the last is asked first, and each earlier one goes before it."""
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    y = default
    for condition, choice in zip(condlist[::-1], choicelist[::-1], strict=True):
        y = np.where(condition, choice, y)
    return y


@composed(np.choose)
def choose(a, choices, out=None, mode="raise"):
    """For each element of `a`, the choice of that number."""
    a, n = numbers(plain(a), choices[0]), len(choices)
    a = a % n if mode == "wrap" else np.clip(a, 0, n - 1) if mode == "clip" else a
    if np.any(a < 0) or np.any(a >= n):
        raise ValueError("invalid entry in choice array")
    y = choices[0]
    for k in range(1, n):
        y = np.where(np.equal(a, k), choices[k], y)
    return np.broadcast_to(y, np.broadcast_shapes(np.shape(a), *[np.shape(plain(c)) for c in choices]))


@composed(np.piecewise)
def piecewise(x, condlist, funclist, *args, **kw):
    """Each function is called with those elements for which its condition holds, a later one in place of an earlier."""
    x = np.reshape(x, np.shape(plain(x)))
    if np.isscalar(condlist) or (np.ndim(plain(condlist[0])) == 0 and np.ndim(plain(x))):
        condlist = [condlist]
    conditions = [numbers(plain(c), x).astype(bool) for c in condlist]
    if any([c.ndim and c.shape != x.shape for c in conditions]):
        raise no_rule("np.piecewise with a condition that has another shape than x", "Give one for each element of x.")
    conditions = [np.broadcast_to(c, x.shape) for c in conditions]
    if len(funclist) == len(conditions) + 1:
        conditions.append(~reduce(np.logical_or, conditions))
    elif len(funclist) != len(conditions):
        raise ValueError(f"with {len(conditions)} condition(s), either that many or one more functions are expected")
    y = np.zeros_like(plain(x))
    for condition, function in zip(conditions, funclist, strict=True):
        part = function
        if callable(function):
            chosen = function(x[condition], *args, **kw)
            places = np.maximum(np.cumsum(condition).reshape(np.shape(condition)) - 1, 0)
            part = np.broadcast_to(chosen, (np.count_nonzero(condition),))[places] if np.any(condition) else y
        y = np.where(condition, part, y)
    return y if y.dtype == plain(x).dtype else y.astype(plain(x).dtype)
