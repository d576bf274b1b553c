"""Reductions: many elements become one, and its cotangent goes back to each of them.

`spread` lays the cotangent of a reduced array out over the shape from which it was reduced; most rules here are
that, times how much each element counted. Options (`where`, `initial`, `dtype`) are written out with other rules.
"""

import math

import numpy as np

from fluxrepl.ad.recording import apply
from fluxrepl.ad.refusals import no_rule
from fluxrepl.ad.rule import COMPOSED, RULES, SHORT, Rule, composed, constant, rule
from fluxrepl.ad.tracer import Tracer, plain, plain_all

from .arithmetic import through
from .made import count as count_to
from .made import inverse, numbers

SCALARS = (np.float64, np.float32, float)
LARGEST_HALF = 65504  # a larger count is inf as a float16


def spread(ct, x, axis, keepdims):
    """A cotangent of a reduction over `axis`, once for each element of `x`."""
    if axis is None:
        inside = plain(x)
        if type(inside) is np.ndarray and (type(ct) in SCALARS or type(plain(ct)) in SCALARS):
            return _filled(ct, inside) if type(ct) is not Tracer else apply(_filled, (ct, inside))
    if axis is not None and not keepdims and np.ndim(plain(x)):
        ct = np.expand_dims(ct, axis)
    return np.broadcast_to(ct, np.shape(plain(x)))


def axes_of(x, axis) -> tuple[int, ...]:
    """The axes of a reduction, counted from the first: None means all of them."""
    ndim = np.ndim(plain(x))
    axes = range(ndim) if axis is None else axis if isinstance(axis, tuple | list) else (axis,)
    if ndim == 0 and axis in (0, -1):  # a number has no axis, and NumPy lets this one pass
        return ()
    if any([not -ndim <= a < ndim for a in axes]):
        raise np.exceptions.AxisError(f"axis {axis} is out of bounds for array of dimension {ndim}")
    return tuple([int(a) % ndim for a in axes])


def refuse_options(fn, **options):
    """Options whose derivative is not written are refused, not ignored."""
    given = [name for name, value in options.items() if value is not None]
    if given:
        raise no_rule(f"{fn} with {', '.join(name + '=' for name in given)}")


def refuse_traced(fn, **options):
    """Options through which no gradient is followed must be plain."""
    given = [name for name, value in options.items() if type(value) is Tracer]
    if given:
        raise no_rule(f"{fn} with respect to its {' and '.join(given)}")


def with_dtype(a, dtype):
    a = stacked(a)
    return a if dtype is None else a.astype(dtype)


def stacked(a):
    """A list of numbers, some of them traced, as one array."""
    return np.stack([stacked(part) for part in a]) if isinstance(a, list | tuple) else a


def _filled(ct, x):
    """An array in the shape of x, full of ct: quicker than a broadcast view, further on."""
    filled = np.empty(x.shape, type(ct))
    filled.fill(ct)
    return filled


RULES[_filled] = Rule(_filled, (lambda ct, y, number, x: ct.sum(), None))

# ---- sums and means ------------------------------------------------------------------------------------------------


def sum_forward(x, axis=None, keepdims=False):
    if type(x) is np.ndarray and not keepdims:
        return np.add.reduce(x, axis)  # what np.sum calls, in the end: less than half of its time
    return np.sum(x, axis=axis, keepdims=keepdims)


def sum_pullback(ct, y, x, axis=None, keepdims=False):
    return spread(ct, x, axis, keepdims)


def _sum(x, axis=None, keepdims=False):
    return np.sum(x, axis=axis, keepdims=keepdims)


rule(_sum, sum_pullback, None, None, forward=sum_forward)


def sum_of_all_pullback(ct, y, x):
    return _filled(ct, x) if type(x) is np.ndarray and type(ct) in SCALARS else spread(ct, x, None, False)


SHORT[np.sum] = Rule(np.sum, (sum_of_all_pullback,), forward=sum_forward)


@composed(np.sum)
def sum_(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    if dtype is None and initial is None and where is None and type(a) is Tracer:
        return apply(_sum, (a, axis, keepdims))
    a = chosen(with_dtype(a, dtype), where, 0)
    y = apply(_sum, (a, axis, keepdims))
    if dtype is not None and np.result_type(plain(y)) != dtype:  # a sum of small integers is a large one otherwise
        y = y.astype(dtype)
    return y if initial is None else y + start(initial, y)


def start(initial, y):
    """Where a reduction of this result starts: of integers, at a whole number."""
    dtype = np.result_type(plain(y))
    return dtype.type(initial) if dtype.kind in "iu" and type(initial) is not Tracer else initial


def chosen(a, where, otherwise):
    """The elements where the mask is True, and a neutral number elsewhere."""
    if where is None or where is True:
        return a
    mask = numbers(plain_all(where), a)
    return np.where(np.broadcast_to(mask, np.shape(plain(a))), a, otherwise)  # a larger mask would stretch the array


def mean_pullback(ct, y, x, axis=None, keepdims=False):
    n = np.size(plain(x)) // max(np.size(plain(y)), 1)
    if n > LARGEST_HALF and np.result_type(plain(ct)) == np.float16:
        return spread((ct.astype(np.float32) / n).astype(np.float16), x, axis, keepdims)
    return spread(ct / n, x, axis, keepdims)


def _mean(x, axis=None, keepdims=False):
    return np.mean(x, axis=axis, keepdims=keepdims)


rule(_mean, mean_pullback, None, None)


@composed(np.mean)
def mean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=None):
    a = with_dtype(a, dtype)
    if where is None or where is True:
        return apply(_mean, (a, axis, keepdims))
    if a.dtype == np.float16:  # neither the sum nor the count need fit into one
        return mean(a.astype(np.float32), axis, None, None, keepdims, where=where).astype(np.float16)
    return sum_(a, axis, keepdims=keepdims, where=where) / count(a, axis, keepdims, where)


def count(a, axis, keepdims, where):
    """How many elements the mask chooses, in the precision of `a`."""
    n = np.sum(np.broadcast_to(plain(where), np.shape(plain(a))), axis=axis, keepdims=keepdims)
    dtype = np.result_type(plain(a))
    return n.astype(np.empty(0, dtype).real.dtype) if dtype.kind in "fc" else n


# ---- the largest and the smallest ------------------------------------------------------------------------------


def first_best(x, axis, best) -> np.ndarray:
    """True at the first element that is the `best` (argmax or argmin) along these axes, False elsewhere."""
    x = plain(x)
    axes = axes_of(x, axis)
    kept = [k for k in range(x.ndim) if k not in axes]
    n = math.prod([x.shape[k] for k in axes])
    flat = np.transpose(x, (*kept, *axes)).reshape([x.shape[k] for k in kept] + [n])
    mask = np.equal(np.expand_dims(best(flat, axis=-1), -1), count_to(flat.shape[-1], x))
    mask = mask.reshape([x.shape[k] for k in (*kept, *axes)])
    return np.transpose(mask, inverse((*kept, *axes)))


def _max(x, axis=None, keepdims=False):
    return np.max(x, axis=axis, keepdims=keepdims)


def _min(x, axis=None, keepdims=False):
    return np.min(x, axis=axis, keepdims=keepdims)


def max_pullback(ct, y, x, axis=None, keepdims=False):
    return through(spread(ct, x, axis, keepdims), first_best(x, axis, np.argmax) if np.ndim(plain(x)) else True)


def min_pullback(ct, y, x, axis=None, keepdims=False):
    return through(spread(ct, x, axis, keepdims), first_best(x, axis, np.argmin) if np.ndim(plain(x)) else True)


rule(_max, max_pullback, None, None)
rule(_min, min_pullback, None, None)


@composed(np.max)
def max_(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    return extreme(_max, np.maximum, a, axis, keepdims, initial, where)


@composed(np.min)
def min_(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    return extreme(_min, np.minimum, a, axis, keepdims, initial, where)


def extreme(best, better, a, axis, keepdims, initial, where):
    """The best element; `initial` takes part, and stands in for what the mask leaves out."""
    a = stacked(a)
    initial = start(initial, a) if initial is not None else None
    if initial is None:
        if where is not None and where is not True:
            raise ValueError(f"{better.__name__}: where= needs an initial value, for a row in which nothing is chosen")
        return apply(best, (a, axis, keepdims))
    if np.size(plain(a)) == 0:
        return initial + np.sum(a, axis=axis, keepdims=keepdims)
    return better(initial, apply(best, (chosen(a, where, initial), axis, keepdims)))


COMPOSED[np.amax] = max_
COMPOSED[np.amin] = min_


@composed(np.ptp)
def ptp(a, axis=None, out=None, keepdims=False):
    return np.max(a, axis=axis, keepdims=keepdims) - np.min(a, axis=axis, keepdims=keepdims)


constant(np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.count_nonzero, np.any, np.all)
