"""Reductions: many elements become one, and its cotangent goes back to each of them.

`spread` lays the cotangent of a reduced array out over the shape from which it was reduced; most rules here are
that, times how much each element counted.
"""

import math

import numpy as np

from fluxrepl.ad.rule import COMPOSED, composed, constant, rule
from fluxrepl.ad.tracer import Tracer, apply, no_rule, plain

SCALARS = (np.float64, np.float32, float)


def spread(ct, x, axis, keepdims):
    """A cotangent of a reduction over `axis`, once for each element of `x`."""
    if axis is None and type(x) is np.ndarray and type(ct) in SCALARS:
        filled = np.empty(x.shape, type(ct))  # quicker than a broadcast view, further on
        filled.fill(ct)
        return filled
    if axis is not None and not keepdims:
        ct = np.expand_dims(ct, axis)
    return np.broadcast_to(ct, np.shape(plain(x)))


def axes_of(x, axis) -> tuple[int, ...]:
    ndim = np.ndim(plain(x))
    axes = range(ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return tuple([a % ndim for a in axes])


def refuse_options(fn, **options):
    """Options whose derivative is not written yet are refused, not ignored."""
    given = [name for name, value in options.items() if value is not None]
    if given:
        raise no_rule(f"{fn} with {', '.join(name + '=' for name in given)}")


# ---- sums and means ------------------------------------------------------------------------------------------------


def sum_forward(x, axis=None, keepdims=False):
    return x.sum(axis, None, None, keepdims) if type(x) is np.ndarray else np.sum(x, axis=axis, keepdims=keepdims)


def sum_pullback(ct, y, x, axis=None, keepdims=False):
    return spread(ct, x, axis, keepdims)


def _sum(x, axis=None, keepdims=False):
    return np.sum(x, axis=axis, keepdims=keepdims)


rule(_sum, sum_pullback, None, None, forward=sum_forward)


@composed(np.sum)
def sum_(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    if dtype is None and initial is None and where is None and type(a) is Tracer:
        return apply(_sum, (a, axis, keepdims))
    refuse_options("np.sum", where=None if where is True else where, out=out)
    a = with_dtype(a, dtype)
    if isinstance(a, list | tuple):
        a = np.stack(a)
    y = apply(_sum, (a, axis, keepdims))
    return y if initial is None else y + initial


def with_dtype(a, dtype):
    return a if dtype is None else a.astype(dtype)


def mean_pullback(ct, y, x, axis=None, keepdims=False):
    return spread(ct / (np.size(plain(x)) // max(np.size(plain(y)), 1)), x, axis, keepdims)


def _mean(x, axis=None, keepdims=False):
    return np.mean(x, axis=axis, keepdims=keepdims)


rule(_mean, mean_pullback, None, None)


@composed(np.mean)
def mean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=None):
    refuse_options("np.mean", where=None if where is True else where, out=out)
    if isinstance(a, list | tuple):
        a = np.stack(a)
    return apply(_mean, (with_dtype(a, dtype), axis, keepdims))


@composed(np.var)
def var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=None, mean=None, correction=None):
    """The mean square of the distances from the mean, over n - ddof."""
    refuse_options("np.var", where=None if where is True else where, mean=mean, out=out)
    ddof = ddof if correction is None else correction
    a = with_dtype(a, dtype)
    distance = a - np.mean(a, axis=axis, keepdims=True)
    squared = (
        np.square(distance) if a.dtype.kind != "c" else np.square(np.real(distance)) + np.square(np.imag(distance))
    )
    n = math.prod([a.shape[k] for k in axes_of(a, axis)])
    return np.sum(squared, axis=axis, keepdims=keepdims) / (n - ddof)


@composed(np.std)
def std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, **options):
    return np.sqrt(var(a, axis, dtype, out, ddof, keepdims, **options))


@composed(np.average)
def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    if weights is None:
        y, total = np.mean(a, axis=axis, keepdims=keepdims), None
    else:
        refuse_options("np.average", keepdims=keepdims or None)
        if np.shape(plain(weights)) != np.shape(plain(a)):
            shape = [1] * np.ndim(plain(a))
            for k in axes_of(a, axis):
                shape[k] = np.shape(plain(a))[k]
            weights = np.broadcast_to(np.reshape(weights, shape), np.shape(plain(a)))
        total = np.sum(weights, axis=axis)
        y = np.sum(a * weights, axis=axis) / total
    if returned:
        raise no_rule("np.average with returned=")
    return y


# ---- the largest and the smallest ------------------------------------------------------------------------------


def first_best(x, axis, best) -> np.ndarray:
    """True at the first element that is the `best` (argmax or argmin) along these axes, False elsewhere."""
    x = plain(x)
    axes = axes_of(x, axis)
    kept = [k for k in range(x.ndim) if k not in axes]
    flat = np.transpose(x, (*kept, *axes)).reshape([x.shape[k] for k in kept] + [-1])
    mask = np.zeros_like(flat, dtype=bool)
    np.put_along_axis(mask, np.expand_dims(best(flat, axis=-1), -1), True, axis=-1)
    mask = mask.reshape([x.shape[k] for k in (*kept, *axes)])
    return np.transpose(mask, np.argsort((*kept, *axes)))


def _max(x, axis=None, keepdims=False):
    return np.max(x, axis=axis, keepdims=keepdims)


def _min(x, axis=None, keepdims=False):
    return np.min(x, axis=axis, keepdims=keepdims)


def max_pullback(ct, y, x, axis=None, keepdims=False):
    return spread(ct, x, axis, keepdims) * (first_best(x, axis, np.argmax) if np.ndim(plain(x)) else 1)


def min_pullback(ct, y, x, axis=None, keepdims=False):
    return spread(ct, x, axis, keepdims) * (first_best(x, axis, np.argmin) if np.ndim(plain(x)) else 1)


rule(_max, max_pullback, None, None)
rule(_min, min_pullback, None, None)


@composed(np.max)
def max_(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    refuse_options("np.max", where=None if where is True else where, initial=initial, out=out)
    if isinstance(a, list | tuple):
        a = np.stack(a)
    return apply(_max, (a, axis, keepdims))


@composed(np.min)
def min_(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    refuse_options("np.min", where=None if where is True else where, initial=initial, out=out)
    if isinstance(a, list | tuple):
        a = np.stack(a)
    return apply(_min, (a, axis, keepdims))


COMPOSED[np.amax] = max_
COMPOSED[np.amin] = min_


@composed(np.ptp)
def ptp(a, axis=None, out=None, keepdims=False):
    return np.max(a, axis=axis, keepdims=keepdims) - np.min(a, axis=axis, keepdims=keepdims)


# ---- products and running sums -----------------------------------------------------------------------------------


def _prod(x):
    return np.prod(x, axis=-1)


def prod_pullback(ct, y, x):
    """To each factor goes the product of the others: exact where factors are 0."""
    return np.expand_dims(ct, -1) * others(x)


def others(x):
    """Along the last axis, the product of all elements but one."""
    if type(x) is Tracer:  # of second order: written out, so that its own derivative is exact as well
        one = np.eye(x.shape[-1], dtype=bool)
        return np.prod(np.where(one, 1.0, np.expand_dims(x, -2)), axis=-1)
    before, after = np.ones_like(x), np.ones_like(x)
    before[..., 1:] = np.cumprod(x[..., :-1], axis=-1)
    after[..., :-1] = np.cumprod(x[..., :0:-1], axis=-1)[..., ::-1]
    return before * after


rule(_prod, prod_pullback)


@composed(np.prod)
def prod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    refuse_options("np.prod", where=None if where is True else where, out=out)
    a = np.stack(a) if isinstance(a, list | tuple) else with_dtype(a, dtype)
    if a.ndim == 0:
        return a
    axes = axes_of(a, axis)
    kept = [k for k in range(a.ndim) if k not in axes]
    flat = np.reshape(np.transpose(a, (*kept, *axes)), [a.shape[k] for k in kept] + [-1])
    y = apply(_prod, (flat,))
    if keepdims is True:
        y = np.reshape(y, [1 if k in axes else n for k, n in enumerate(a.shape)])
    return y if initial is None else y * initial


def _cumsum(x, axis=None):
    return np.cumsum(x, axis=axis)


def cumsum_pullback(ct, y, x, axis=None):
    """Each element is in all the sums from its own on: a running sum from the end."""
    if axis is None:
        return np.reshape(np.flip(np.cumsum(np.flip(ct))), np.shape(plain(x)))
    return np.flip(np.cumsum(np.flip(ct, axis), axis=axis), axis)


rule(_cumsum, cumsum_pullback, None)


@composed(np.cumsum)
def cumsum(a, axis=None, dtype=None, out=None):
    return apply(_cumsum, (with_dtype(a, dtype), axis))


constant(np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.count_nonzero, np.any, np.all)

for ufunc, reduction in {np.add: sum_, np.multiply: prod, np.maximum: max_, np.minimum: min_}.items():
    COMPOSED[ufunc, "reduce"] = reduction
COMPOSED[np.add, "accumulate"] = lambda a, axis=0, dtype=None, out=None: cumsum(a, axis, dtype)
