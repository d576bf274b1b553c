"""Choices: each element of the result comes from one operand, and its cotangent goes back there.

Ties follow Flux: `maximum(x, y)` gives to y, `minimum(x, y)` to x; at a bound of `clip`, x still moves.
"""

import numpy as np

from fluxrepl.ad.rule import composed, rule
from fluxrepl.ad.tracer import apply, plain

# Which operand was chosen is a fact about the values: no gradient flows through the comparison.
rule(
    np.maximum,
    lambda ct, y, a, b: ct * np.greater(plain(a), plain(b)),
    lambda ct, y, a, b: ct * np.less_equal(plain(a), plain(b)),
)
rule(
    np.minimum,
    lambda ct, y, a, b: ct * np.less_equal(plain(a), plain(b)),
    lambda ct, y, a, b: ct * np.greater(plain(a), plain(b)),
)


def takes_first(a, b, better):
    """Where `fmax` or `fmin` takes `a`: it is better, or `b` is not a number."""
    a, b = plain(a), plain(b)
    return better(a, b) | np.isnan(b)


rule(
    np.fmax,
    lambda ct, y, a, b: ct * takes_first(a, b, np.greater),
    lambda ct, y, a, b: ct * ~takes_first(a, b, np.greater),
)
rule(
    np.fmin,
    lambda ct, y, a, b: ct * takes_first(a, b, np.less_equal),
    lambda ct, y, a, b: ct * ~takes_first(a, b, np.less_equal),
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
    return ct * inside


def clip_low_pullback(ct, y, x, low, high):
    below = np.less(plain(x), plain(low))
    return ct * (below if high is None else below & np.less_equal(plain(low), plain(high)))


def clip_high_pullback(ct, y, x, low, high):
    return ct * np.greater(np.maximum(plain(x), plain(low)) if low is not None else plain(x), plain(high))


def _clip(x, low, high):
    return np.clip(x, low, high)


rule(_clip, clip_pullback, clip_low_pullback, clip_high_pullback)


@composed(np.clip)
def clip(a, a_min=None, a_max=None, out=None, *, min=None, max=None):
    """`np.clip` in any of its spellings."""
    return apply(_clip, (a, a_min if min is None else min, a_max if max is None else max))
