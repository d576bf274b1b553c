"""Differences, slopes, areas and interpolation: discrete calculus, written out with other functions."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fluxrepl.ad.recording import apply
from fluxrepl.ad.rule import composed, rule, wide
from fluxrepl.ad.tracer import plain

from .made import beside
from .reductions import refuse_traced, stacked


def along(axis, *parts):
    """An index that is these parts along one axis, and everything along those before it."""
    return tuple([(slice(None),) * axis + (part,) for part in parts])


@composed(np.diff)
def diff(a, n=1, axis=-1, prepend=None, append=None):
    a = np.stack(a) if isinstance(a, list | tuple) else a
    ndim = np.ndim(plain(a) if prepend is None or np.ndim(plain(a)) else plain(prepend))
    axis = normalize_axis_index(axis, ndim)
    ends = [edge(part, a, axis) for part in (prepend, append)]
    if prepend is not None or append is not None:
        a = np.concatenate([*([] if prepend is None else [ends[0]]), a, *([] if append is None else [ends[1]])], axis)
    later, earlier = along(axis, slice(1, None), slice(None, -1))
    for _ in range(n):
        a = a[later] - a[earlier]
    return a


def edge(part, a, axis):
    """What is put before or after `a`: a number stands for a whole slice."""
    if part is None or np.ndim(plain(part)):
        return part if part is None else beside(part, a)
    return np.broadcast_to(beside(part, a), [1 if k == axis else n for k, n in enumerate(np.shape(plain(a)))])


@composed(np.ediff1d)
def ediff1d(ary, to_end=None, to_begin=None):
    ary = beside(ary)
    flat = np.reshape(ary, -1)
    parts = [to_begin, flat[1:] - flat[:-1], to_end]
    return np.concatenate([np.reshape(beside(p, ary), -1).astype(ary.dtype) for p in parts if p is not None])


@composed(np.trapezoid)
def trapezoid(y, x=None, dx=1.0, axis=-1):
    """The sum of the areas under straight lines from point to point."""
    y = beside(stacked(y), x)
    width, ndim = dx, np.ndim(plain(y))
    of_y = normalize_axis_index(axis, ndim)
    if x is not None:
        width = np.diff(x, axis=-1 if np.ndim(plain(x)) == 1 else axis)
        if np.ndim(plain(x)) == 1:
            width = np.reshape(width, [-1 if k == of_y else 1 for k in range(ndim)])
    later, earlier = along(of_y, slice(1, None), slice(None, -1))
    return np.sum(width * (y[later] + y[earlier]) / 2.0, axis=axis)


@composed(np.gradient)
def gradient(f, *varargs, axis=None, edge_order=1):
    """Slopes from differences: central ones inside, one-sided ones of first or second order at the two ends."""
    f = wide(beside(stacked(f), *varargs))
    axes = range(f.ndim) if axis is None else [normalize_axis_index(k, f.ndim) for k in np.atleast_1d(axis).tolist()]
    if not axes:
        return []
    spacing = list(varargs) if varargs else [1.0]
    if len(spacing) == 1 and len(axes) > 1:
        if np.ndim(plain(spacing[0])):
            raise TypeError("invalid number of arguments")
        spacing = spacing * len(axes)
    if len(spacing) != len(axes):
        raise TypeError("invalid number of arguments")
    slopes = [slope(f, h, k, edge_order) for h, k in zip(spacing, axes, strict=True)]
    return slopes[0] if len(slopes) == 1 else tuple(slopes)


def slope(f, h, axis, edge_order):
    f = np.moveaxis(f, axis, 0)
    n = f.shape[0]
    if n < edge_order + 1:
        raise ValueError(
            f"np.gradient with edge_order={edge_order} needs at least {edge_order + 1} elements along an axis"
        )
    if np.ndim(plain(h)) == 0:
        steps = h * np.ones_like(plain(f), dtype=float, shape=n - 1)
    else:
        if np.shape(plain(h)) != (n,):
            raise ValueError("when 1d, distances must match the length of the corresponding dimension")
        steps = np.diff(wide(h))
    steps = np.reshape(steps, (n - 1,) + (1,) * (f.ndim - 1))
    if f.dtype.kind in "fc":
        steps = steps.astype(plain(f).real.dtype)
    jumps = (f[1:] - f[:-1]) / steps  # the slope of each straight piece
    before, after = steps[:-1], steps[1:]
    inside = (after * jumps[:-1] + before * jumps[1:]) / (before + after)
    first, last = jumps[:1], jumps[-1:]
    if edge_order == 2:  # the parabola through three points
        first = first + (jumps[:1] - jumps[1:2]) * steps[:1] / (steps[:1] + steps[1:2])
        last = last + (jumps[-1:] - jumps[-2:-1]) * steps[-1:] / (steps[-1:] + steps[-2:-1])
    return np.moveaxis(np.concatenate([first, inside, last]), 0, axis)


@composed(np.interp)
def interp(x, xp, fp, left=None, right=None, period=None):
    """Straight lines from point to point; beyond the ends, the values there or those given."""
    x, xp, fp = wide(beside(x, xp, fp)), wide(beside(xp, x, fp)), wide(beside(fp, x, xp))
    if period is not None:
        x, xp, fp = one_period(x, xp, fp, period)
        left = right = None
    if np.shape(plain(xp)) != np.shape(plain(fp)):
        raise ValueError(f"fp and xp are not of the same length: {np.shape(plain(fp))} and {np.shape(plain(xp))}")
    n = np.shape(plain(xp))[0]
    k = np.clip(np.searchsorted(plain(xp), plain(x), side="right") - 1, 0, max(n - 2, 0))
    y = fp[k]
    if n > 1:
        run = xp[k + 1] - xp[k]
        run = np.where(plain(run) == 0, 1.0, run)
        y = y + (fp[k + 1] - y) * ((x - xp[k]) / run)
    y = np.where(np.greater(plain(x), plain(xp)[-1]), fp[-1] if right is None else right, y)
    y = np.where(np.less(plain(x), plain(xp)[0]), fp[0] if left is None else left, y)
    return y[()]


def one_period(x, xp, fp, period):
    """All points within one period, in order, with one more beyond either end."""
    period = abs(period)
    x, xp = np.remainder(x, period), np.remainder(xp, period)
    order = np.argsort(plain(xp), kind="stable")
    xp = np.take(xp, order)
    fp = np.take(fp, order)
    xp = np.concatenate([xp[-1:] - period, xp, xp[:1] + period])
    return x, xp, np.concatenate([fp[-1:], fp, fp[:1]])


def _unwrap(p, options):
    return np.unwrap(p, **options)


rule(_unwrap, lambda ct, y, p, options: ct * 1, None)


@composed(np.unwrap)
def unwrap(p, discont=None, axis=-1, *, period=2 * np.pi):
    """Whole periods are added, which do not change with the angle: the slope is 1."""
    refuse_traced("np.unwrap", discont=discont, period=period)
    p = np.stack(p) if isinstance(p, list | tuple) else p
    return apply(_unwrap, (p, {"discont": discont, "axis": axis, "period": period}))
