"""Products and running sums: what an element counts depends on its neighbours, or on its place.

The product of all factors but one is computed as such, never as a quotient: so it is exact where factors are 0.
"""

import numpy as np

from fluxrepl.ad.recording import apply
from fluxrepl.ad.rule import composed, rule, wide
from fluxrepl.ad.tracer import Tracer

from .made import unit
from .reductions import axes_of, chosen, start, with_dtype


def _prod(x):
    return np.prod(x, axis=-1)


def prod_pullback(ct, y, x):
    """To each factor goes the product of the others: exact where factors are 0."""
    return np.expand_dims(ct, -1) * others(wide(x))


def others(x):
    """Along the last axis, the product of all elements but one."""
    if type(x) is Tracer:  # of second order: written out, so that its own derivative is exact as well
        one = unit(x.shape[-1], x, bool)
        return np.prod(np.where(one, 1, np.expand_dims(x, -2)), axis=-1)
    before, after = np.ones_like(x), np.ones_like(x)
    before[..., 1:] = np.cumprod(x[..., :-1], axis=-1)
    after[..., :-1] = np.cumprod(x[..., :0:-1], axis=-1)[..., ::-1]
    return before * after


rule(_prod, prod_pullback)


@composed(np.prod)
def prod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    a = chosen(with_dtype(a, dtype), where, 1)
    if a.ndim == 0:
        return a * (1 if initial is None else initial)
    axes = axes_of(a, axis)
    kept = [k for k in range(a.ndim) if k not in axes]
    n = int(np.prod([a.shape[k] for k in axes], dtype=int))
    flat = np.reshape(np.transpose(a, (*kept, *axes)), [*[a.shape[k] for k in kept], n])
    y = apply(_prod, (flat,))
    if keepdims:
        y = np.reshape(y, [1 if k in axes else n for k, n in enumerate(a.shape)])
    return y if initial is None else y * start(initial, y)


# ---- running sums and products -----------------------------------------------------------------------------------


def _cumsum(x, axis=None):
    return np.cumsum(x, axis=axis)


def cumsum_pullback(ct, y, x, axis=None):
    """Each element is in all the sums from its own on: a running sum from the end."""
    if axis is None:
        return np.reshape(np.flip(np.cumsum(np.flip(ct))), np.shape(x))
    return np.flip(np.cumsum(np.flip(ct, axis), axis=axis), axis)


rule(_cumsum, cumsum_pullback, None)


@composed(np.cumsum)
def cumsum(a, axis=None, dtype=None, out=None):
    return apply(_cumsum, (with_dtype(a, dtype), axis))


@composed(np.cumprod)
def cumprod(a, axis=None, dtype=None, out=None):
    a = with_dtype(a, dtype)
    if axis is None or (a.ndim == 0 and axis in (0, -1)):
        a, axis = np.reshape(a, -1), 0
    return np.moveaxis(apply(_cumprod, (np.moveaxis(a, axis, -1),)), -1, axis)


def _cumprod(x):
    return np.cumprod(x, axis=-1)


def cumprod_pullback(ct, y, x):
    """To factor k goes what is before it, times a sum over all products that it is in.

    Formula: back[k] = y[k-1] * s[k] with s[k] = ct[k] + x[k+1] * s[k+1], read from the end: no division, so zeros
    are exact.
    """
    before = np.concatenate([np.ones_like(x[..., :1]), y[..., :-1]], axis=-1)
    n = np.shape(x)[-1]
    sums = [ct[..., n - 1]] if n else []
    for k in range(n - 2, -1, -1):
        sums.append(ct[..., k] + x[..., k + 1] * sums[-1])
    return before * np.stack(sums[::-1], axis=-1) if n else before


rule(_cumprod, cumprod_pullback)


@composed(getattr(np, "cumulative_sum", None))
def cumulative_sum(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
    return cumulative(np.cumsum, 0, x, axis, dtype, include_initial)


@composed(getattr(np, "cumulative_prod", None))
def cumulative_prod(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
    return cumulative(np.cumprod, 1, x, axis, dtype, include_initial)


def cumulative(running, start, x, axis, dtype, include_initial):
    if axis is None and x.ndim > 1:
        raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
    axis = 0 if axis is None else axis
    y = running(x, axis=axis, dtype=dtype)
    return y if not include_initial else np.concatenate([np.full_like(np.take(y, [0], axis), start), y], axis)
