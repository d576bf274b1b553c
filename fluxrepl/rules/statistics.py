"""Statistics: variances, averages, quantiles, and their like that leave out what is not a number.

All are written out with other functions that have rules.
"""

import math

import numpy as np

from fluxrepl.ad.rule import composed, wide
from fluxrepl.ad.tracer import plain

from .made import beside, inverse, numbers
from .norms import root
from .reductions import axes_of, count, mean, refuse_options, refuse_traced, stacked, sum_, with_dtype
from .running import prod

# ---- spread and average --------------------------------------------------------------------------------------------


@composed(np.var)
def var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=None, mean=None, correction=None):
    """The mean square of the distances from the mean, over n - ddof."""
    ddof = ddof if correction is None else correction
    a = with_dtype(a, dtype)
    if where is None or where is True:
        middle = np.mean(a, axis=axis, keepdims=True) if mean is None else mean
        n = math.prod([a.shape[k] for k in axes_of(a, axis)])
        return np.sum(square_size(a - middle), axis=axis, keepdims=keepdims) / max(n - ddof, 0)
    middle = np.mean(a, axis=axis, keepdims=True, where=where) if mean is None else mean
    n = np.maximum(count(a, axis, keepdims, where) - ddof, 0)
    return sum_(square_size(np.where(where, a - middle, 0)), axis, keepdims=keepdims) / n


def square_size(z):
    """|z|², without the kink of the absolute value at 0."""
    return np.square(z) if not np.iscomplexobj(plain(z)) else np.square(np.real(z)) + np.square(np.imag(z))


@composed(np.std)
def std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, **options):
    """The root of the variance; where all elements are equal its slope is 0, as that of any length at 0."""
    return root(var(a, axis, dtype, out, ddof, keepdims, **options))


@composed(np.average)
def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    a = stacked(a)
    if weights is None:
        y = np.mean(a, axis=axis, keepdims=keepdims)
        total = np.size(plain(a)) / max(np.size(plain(y)), 1)
    else:
        weights = beside(weights, a)
        if np.shape(plain(weights)) != np.shape(plain(a)):
            weights = np.broadcast_to(along(weights, a, axis), np.shape(plain(a)))
        dtype = np.result_type(plain(a), plain(weights), *([] if np.result_type(plain(a)).kind in "fc" else [float]))
        total = np.sum(weights, axis=axis, keepdims=keepdims, dtype=dtype)
        if np.any(np.equal(plain(total), 0)):
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
        y = np.sum(wide(a) * wide(weights), axis=axis, keepdims=keepdims) / total
    return (y, np.broadcast_to(total, np.shape(plain(y)))) if returned else y


def along(weights, a, axis):
    """Weights for some axes of `a`, in a shape that stretches over the others."""
    axes = axes_of(a, axis)
    shape = [np.shape(plain(a))[k] if k in axes else 1 for k in range(np.ndim(plain(a)))]
    if np.shape(plain(weights)) != tuple([np.shape(plain(a))[k] for k in axes]):
        raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
    return np.reshape(np.transpose(weights, inverse(inverse(axes))) if len(axes) > 1 else weights, shape)


@composed(np.cov)
def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None):
    refuse_traced("np.cov", fweights=fweights, aweights=aweights)
    x = observations(m, rowvar)
    if y is not None:
        x = np.concatenate([x, observations(y, rowvar)], axis=0)
    x = x.astype(np.result_type(plain(x), np.float64) if dtype is None else dtype)
    ddof = (0 if bias else 1) if ddof is None else ddof
    fweights, aweights = [None if w is None else numbers(w, x).astype(float) for w in (fweights, aweights)]
    w = fweights
    if aweights is not None:
        w = aweights * (1 if w is None else w)
    middle, w_sum = np.average(x, axis=1, weights=w, returned=True)
    if w is None:
        factor = x.shape[1] - ddof
    elif ddof == 0 or aweights is None:
        factor = plain(w_sum)[0] - ddof
    else:
        w_sum = plain(w_sum)[0]
        factor = w_sum - ddof * np.sum(w * aweights) / w_sum
    x = x - np.expand_dims(middle, 1)
    return np.squeeze((x * (1 if w is None else w)) @ np.conjugate(x.T) / max(factor, 0))


def observations(m, rowvar):
    """One row for each variable."""
    x = np.atleast_2d(np.stack(m) if isinstance(m, list | tuple) else m)
    return x if rowvar or x.shape[0] == 1 else x.T


@composed(np.corrcoef)
def corrcoef(x, y=None, rowvar=True, *, dtype=None):
    c = np.cov(x, y, rowvar, dtype=dtype)
    if c.ndim == 0:
        return c / c
    size = np.sqrt(np.real(np.diagonal(c)))
    return c / np.expand_dims(size, 1) / np.expand_dims(size, 0)


# ---- leaving out what is not a number ----------------------------------------------------------------------------


def a_number(a, where=None):
    numbers = ~np.isnan(plain(a))
    return numbers if where is None or where is True else numbers & plain(where)


def without_nan(a, otherwise):
    return np.where(np.isnan(plain(a)), otherwise, a)


@composed(np.nansum)
def nansum(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    return sum_(without_nan(a, 0), axis, dtype, None, keepdims, initial, where)


@composed(np.nanprod)
def nanprod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    return prod(without_nan(a, 1), axis, dtype, None, keepdims, initial, where)


@composed(np.nancumsum)
def nancumsum(a, axis=None, dtype=None, out=None):
    return np.cumsum(without_nan(a, 0), axis, dtype)


@composed(np.nancumprod)
def nancumprod(a, axis=None, dtype=None, out=None):
    return np.cumprod(without_nan(a, 1), axis, dtype)


@composed(np.nanmean)
def nanmean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=None):
    return mean(a, axis, dtype, None, keepdims, where=a_number(a, where))


@composed(np.nanvar)
def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=None, mean=None, correction=None):
    options = {"mean": mean, "correction": correction}
    return var(without_nan(a, 0), axis, dtype, None, ddof, keepdims, where=a_number(a, where), **options)


@composed(np.nanstd)
def nanstd(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, **options):
    return root(nanvar(a, axis, dtype, None, ddof, keepdims, **options))


@composed(np.nanmax)
def nanmax(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    return nan_extreme(np.max, -np.inf, a, axis, keepdims, initial, where)


@composed(np.nanmin)
def nanmin(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    return nan_extreme(np.min, np.inf, a, axis, keepdims, initial, where)


def nan_extreme(best, worst, a, axis, keepdims, initial, where):
    """The best of what is a number; nan in a row where nothing is."""
    refuse_options(f"np.nan{best.__name__}", initial=initial, where=None if where is True else where)
    if np.result_type(plain(a)).kind not in "fc":
        return best(a, axis=axis, keepdims=keepdims)
    none = np.all(np.isnan(plain(a)), axis=axis, keepdims=True)
    return best(np.where(np.isnan(plain(a)) & ~none, worst, a), axis=axis, keepdims=keepdims)
