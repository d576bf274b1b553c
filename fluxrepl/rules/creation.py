"""Arrays made from numbers: ranges, grids, and copies with another value or dtype."""

import numpy as np

from fluxrepl.ad.recording import apply
from fluxrepl.ad.refusals import no_rule
from fluxrepl.ad.rule import composed, rule, wide
from fluxrepl.ad.tracer import Tracer, plain, plain_all

from .made import beside, count, like, numbers
from .reductions import refuse_options, refuse_traced, stacked


@composed(np.linspace)
def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, *, device=None):
    """Each number is a share of the start and a share of the stop."""
    num = int(plain(num))
    pieces = num - 1 if endpoint else num
    ndim = max(np.ndim(plain(start)), np.ndim(plain(stop)))
    start, stop = [widened(a if np.ndim(plain(a)) == 0 else beside(a, start, stop)) for a in (start, stop)]
    shares = np.reshape(count(num, start if like(start) is not None else stop) / max(pieces, 1), (-1,) + (1,) * ndim)
    shares = shares.astype(np.result_type(plain(start), plain(stop), 1.0))
    y = start + (stop - start) * shares
    if endpoint and num > 1:
        end = np.broadcast_to(beside(stop, y), y.shape[1:])[None]
        y = np.concatenate([y[:-1], end.astype(y.dtype)])
    y = y if axis == 0 else np.moveaxis(y, 0, axis)
    if dtype is not None:
        y = (np.floor(y) if np.dtype(dtype).kind in "iu" else y).astype(dtype)
    return (y, (stop - start) / pieces if pieces else np.nan) if retstep else y


def widened(x):
    """Whole numbers that have a dtype as float64; a number of Python's own adapts to the other end."""
    return wide(x) if hasattr(plain(x), "dtype") else x


@composed(np.logspace)
def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    ndim = max([np.ndim(plain(a)) for a in (start, stop, base)])
    start, stop = [np.broadcast_to(a, (1,) * (ndim - np.ndim(plain(a))) + np.shape(plain(a))) for a in (start, stop)]
    y = np.power(np.expand_dims(base, 0) if np.ndim(plain(base)) else base, linspace(start, stop, num, endpoint))
    y = y if axis == 0 else np.moveaxis(y, 0, axis)
    return y if dtype is None else y.astype(dtype)


@composed(np.geomspace)
def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """start · (stop / start)ᵗ for t from 0 to 1."""
    shares = numbers(np.linspace(0.0, 1.0, int(plain(num)), endpoint), start if type(start) is Tracer else stop)
    ndim = max(np.ndim(plain(start)), np.ndim(plain(stop)))
    start, stop = widened(start), widened(stop)
    y = start * (stop / start) ** np.reshape(shares, (-1,) + (1,) * ndim)
    y = y if axis == 0 else np.moveaxis(y, 0, axis)
    return y if dtype is None else y.astype(dtype)


@composed(np.full_like)
def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None, *, device=None):
    if type(fill_value) is not Tracer:
        return np.full_like(plain(a), fill_value, dtype, shape=shape)
    full = np.broadcast_to(fill_value, np.shape(plain(a)) if shape is None else shape)
    return full.astype(np.result_type(plain(a)) if dtype is None else dtype)


@composed(np.meshgrid)
def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    """Each vector along an axis of its own, and repeated along the others."""
    n = len(xi)
    order = [1, 0, *range(2, n)] if indexing == "xy" and n > 1 else list(range(n))
    grids = [np.reshape(x, [-1 if k == order[i] else 1 for k in range(n)]) for i, x in enumerate(xi)]
    if sparse:
        return tuple(grids)
    shape = np.broadcast_shapes(*[np.shape(plain(g)) for g in grids])
    return tuple([np.broadcast_to(g, shape) for g in grids])


@composed(np.ix_)
def ix_(*args):
    """Vectors, each along an axis of its own; a mask counts as the places where it is True."""
    args = [stacked(a) for a in args]
    parts = [np.flatnonzero(a) if np.result_type(plain(a)).kind == "b" else a for a in args]
    return tuple([np.reshape(a, [-1 if i == k else 1 for i in range(len(args))]) for k, a in enumerate(parts)])


# ---- another dtype ---------------------------------------------------------------------------------------------------


def _astype(x, dtype):
    return x.astype(dtype) if hasattr(x, "astype") else np.dtype(dtype).type(x)


rule(_astype, lambda ct, y, x, dtype: ct * 1, None)


def astype(x, dtype, order="K", casting="unsafe", subok=True, copy=True):
    """`x.astype(dtype)`: the cotangent comes back in x's own dtype. Cut to whole numbers or text, no gradient flows."""
    kind = np.dtype(dtype).kind
    if kind in "fc" or (kind in "iu" and np.result_type(plain(x)).kind in "iu"):
        return apply(_astype, (x, dtype))
    if kind in "biuSU":
        return _astype(plain(x), dtype)
    raise no_rule(
        f"arrays of dtype {np.dtype(dtype)}",
        "Their elements may be anything, and NumPy leaves arithmetic with them to Python.",
        "Use a dtype of numbers, such as float, or leave the dtype as it is.",
    )


Tracer.astype = astype
composed(getattr(np, "astype", None))(lambda x, dtype, /, *, copy=True, device=None: astype(x, dtype))


# ---- functions of functions ------------------------------------------------------------------------------------------


@composed(np.apply_along_axis)
def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """`func1d` of each vector along an axis; what it returns stands where the vector stood."""
    last = np.moveaxis(arr, axis, -1)
    lead = last.shape[:-1]
    parts = [func1d(last[index], *args, **kwargs) for index in np.ndindex(*lead)]
    y = np.stack(parts)
    y = np.reshape(y, (*lead, *y.shape[1:]))
    ndim, axis = len(lead), axis % arr.ndim
    return np.moveaxis(y, range(ndim, y.ndim), range(axis, axis + y.ndim - ndim))


@composed(np.apply_over_axes)
def apply_over_axes(func, a, axes):
    for axis in np.atleast_1d(axes).tolist():
        y = func(a, axis)
        a = y if y.ndim == a.ndim else np.expand_dims(y, axis)
    return a


# ---- counts ----------------------------------------------------------------------------------------------------------


@composed(np.bincount)
def bincount(x, /, weights=None, minlength=0):
    """The counts are constant; the weights are added up where their numbers say."""
    counts = np.bincount(plain(x), plain_all(weights), plain(minlength))
    if weights is None:
        return counts
    return np.sum(np.where(np.equal(plain(x), np.arange(len(counts))[:, None]), weights, 0), axis=1, dtype=float)


@composed(np.histogram)
def histogram(a, bins=10, range=None, density=None, weights=None):
    """The counts jump; the edges move with the smallest and the largest element, the bars with the weights."""
    refuse_traced("np.histogram", **dict(zip(("left end", "right end"), () if range is None else range, strict=False)))
    counts, plain_edges = np.histogram(plain(a), plain(bins), range, weights=plain(weights))
    if np.ndim(plain(bins)):
        edges = bins
    elif range is not None:
        edges = plain_edges
    else:
        low, high = np.min(a), np.max(a)
        same = float(plain(low) == plain(high))
        edges = np.linspace(low - 0.5 * same, high + 0.5 * same, len(plain_edges))
    if weights is not None:
        flat, n = np.reshape(plain(a), -1), len(plain_edges) - 1
        bar = np.where(flat == plain_edges[-1], n - 1, np.searchsorted(plain_edges, flat, side="right") - 1)
        counts = np.sum(np.where(bar == np.arange(n)[:, None], np.reshape(weights, -1), 0), axis=1)
    if density:
        counts = counts / np.diff(edges) / np.sum(counts)
    return counts, edges


@composed(np.histogram_bin_edges)
def histogram_bin_edges(a, bins=10, range=None, weights=None):
    refuse_options("np.histogram_bin_edges", weights=weights)
    return histogram(a, bins, range)[1]
