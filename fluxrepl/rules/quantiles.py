"""Medians, quantiles and percentiles: the sorted elements, read between two places.

Where a quantile lies among n sorted elements, NumPy itself says: it is the same quantile of the places 0 … n-1.
"""

import math

import numpy as np

from fluxrepl.ad.rule import composed
from fluxrepl.ad.tracer import Tracer, plain

from .made import beside, count, numbers
from .reductions import axes_of, refuse_options, stacked

# How far the place moves when q does, among n elements: n plus this number. The other methods jump.
SLOPES = {
    "linear": -1.0,
    "interpolated_inverted_cdf": 0.0,
    "hazen": 0.0,
    "weibull": 1.0,
    "median_unbiased": 1 / 3,
    "normal_unbiased": 0.25,
}
JUMPS = {"inverted_cdf", "closest_observation", "lower", "higher", "nearest"}  # they give one of the elements


@composed(np.quantile)
def quantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, **options):
    refuse_options("np.quantile", **options)
    return between(a, q, axis, method, keepdims, skip_nan=False)


@composed(np.nanquantile)
def nanquantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, **options):
    refuse_options("np.nanquantile", **options)
    return between(a, q, axis, method, keepdims, skip_nan=True)


@composed(np.percentile)
def percentile(a, q, *args, **options):
    return quantile(a, hundredth(q), *args, **options)


@composed(np.nanpercentile)
def nanpercentile(a, q, *args, **options):
    return nanquantile(a, hundredth(q), *args, **options)


def hundredth(q):
    return (np.asarray(q, dtype=float) if isinstance(q, list | tuple) else q) / 100


@composed(np.median)
def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    return between(a, 0.5, axis, "linear", keepdims, skip_nan=False)


@composed(np.nanmedian)
def nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    return between(a, 0.5, axis, "linear", keepdims, skip_nan=True)


def between(a, q, axis, method, keepdims, skip_nan):
    """The elements left and right of each quantile's place, each counted by how near it is."""
    a = beside(stacked(a), q)
    axes = axes_of(a, axis)
    kept = [k for k in range(a.ndim) if k not in axes]
    n = math.prod([a.shape[k] for k in axes])
    flat = np.reshape(np.transpose(a, (*axes, *kept)), [n] + [a.shape[k] for k in kept])
    if n == 0:
        shape = [1 if k in axes else m for k, m in enumerate(a.shape)] if keepdims else [a.shape[k] for k in kept]
        return np.broadcast_to(np.sum(flat) * np.nan, [*np.shape(plain(q)), *shape])[()]
    whole = flat.dtype.kind in "iu" and method in JUMPS
    flat = flat if whole or flat.dtype.kind in "fc" else flat * 1.0
    nan = np.isnan(plain(flat))
    counts = np.sum(~nan if skip_nan else np.ones_like(nan), axis=0)
    lost = (counts == 0) if skip_nan else np.any(nan, axis=0)
    ordered = np.sort(flat, axis=0)
    q_shape = np.shape(plain(q))
    weak = isinstance(plain(q), float | int) or method in JUMPS
    q = q if type(q) is Tracer else numbers(q, plain(a))
    dtype = flat.dtype if weak else np.result_type(flat.dtype, plain(q).dtype)
    many = np.reshape(q, (-1,) + (1,) * len(kept))
    place = places_of(many, counts, method)
    low = np.floor(plain(place)).astype(int)
    share = (place - low).astype(dtype)
    left, right = [np.take_along_axis(ordered, np.minimum(k, len(nan) - 1), axis=0) for k in (low, low + 1)]
    exact = plain(share) == 0
    y = left * (1 - share) + np.where(exact, 0, right) * share  # so that an infinity beside it is not counted
    if type(share) is Tracer:
        y = y + right * (share - plain(share)) * exact
    y = y if whole else np.where(lost, np.nan, y)
    shape = [1 if k in axes else n for k, n in enumerate(a.shape)] if keepdims else [a.shape[k] for k in kept]
    return np.reshape(y, [*q_shape, *shape])[()]


def places_of(q, counts, method):
    """Where among so many sorted elements the quantiles lie, a whole number and a share of the way to the next."""
    shape = np.broadcast_shapes(np.shape(plain(q)), counts.shape)
    place = np.zeros_like(plain(q), dtype=float, shape=shape)
    flat_q = np.reshape(plain(q), -1)
    for n in np.unique(counts):
        if n > 0:
            found = np.quantile(count(int(n), q) * 1.0, flat_q.astype(float), method=method)
            found = found.reshape((-1,) + (1,) * counts.ndim)
            near = np.rint(found)
            found = np.where(np.abs(found - near) < 1e-12 * n, near, found)
            place = np.where(counts == n, found, place)
    if type(q) is not Tracer or method not in SLOPES:
        return place
    inside = (place > 0) & (place < counts - 1)
    return place + (counts + SLOPES[method]) * inside * (q - plain(q))
