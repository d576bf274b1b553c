"""Padding: an array with something around it. What comes back is the piece inside, and what the edge was made of."""

import numpy as np

from fluxrepl.ad.recording import apply
from fluxrepl.ad.refusals import no_rule
from fluxrepl.ad.rule import RULES, Rule, composed, wide
from fluxrepl.ad.tracer import plain

from .made import beside, count
from .moves import places, read


def _pad(x, widths):
    return np.pad(x, widths)


def pad_pullback(ct, y, x, widths):
    inside = [slice(a, a + n) for (a, _), n in zip(widths, np.shape(plain(x)), strict=True)]
    return ct[tuple(inside)]


RULES[_pad] = Rule(_pad, (pad_pullback, None))


@composed(np.pad)
def pad(array, pad_width, mode="constant", **options):
    """`np.pad`: zeros or other numbers around an array; the modes that repeat elements read them by place."""
    if np.ndim(plain(array)) == 0:
        return array
    widths = widths_of(pad_width, np.ndim(plain(array)))
    if mode == "constant":
        return pad_with(array, widths, options.pop("constant_values", 0))
    if mode in ("edge", "wrap") or (mode in ("reflect", "symmetric") and options.get("reflect_type", "even") == "even"):
        return read(array, np.pad(places(array), widths, mode, **options))
    if mode in ("maximum", "minimum", "mean", "median", "linear_ramp") or options.get("reflect_type") == "odd":
        return pad_by_axis(array, widths, mode, **options)
    if mode == "empty":
        return apply(_pad, (array, widths))
    raise no_rule(f"np.pad with mode={mode!r}")


def widths_of(pad_width, ndim: int) -> list:
    """The widths as pairs, one an axis; a dict names the axes that get some."""
    if isinstance(pad_width, dict):
        given = {axis % ndim: np.broadcast_to(width, 2).tolist() for axis, width in pad_width.items()}
        return [given.get(axis, [0, 0]) for axis in range(ndim)]
    return np.broadcast_to(pad_width, (ndim, 2)).tolist()


def pad_with(array, widths, values):
    """Zeros, and where other numbers are wanted: these, axis after axis, as NumPy fills the corners."""
    padded = apply(_pad, (array, widths))
    if type(values) is int and values == 0:
        return padded
    ndim = np.ndim(plain(array))
    values = np.broadcast_to(beside(values, array), (ndim, 2))
    for axis, ((before, after), n) in enumerate(zip(widths, np.shape(plain(padded)), strict=True)):
        place = np.reshape(count(n, array), [-1 if k == axis else 1 for k in range(ndim)])
        padded = np.where(place < before, as_dtype(values[axis, 0], array), padded)
        padded = np.where(place >= n - after, as_dtype(values[axis, 1], array), padded)
    return padded


def as_dtype(value, array):
    return value.astype(plain(array).dtype)


def pad_by_axis(array, widths, mode, stat_length=None, end_values=0, reflect_type="even"):
    """The modes whose edge is computed: one axis after the other."""
    ndim = np.ndim(plain(array))
    lengths = [[None, None]] * ndim if stat_length is None else np.broadcast_to(stat_length, (ndim, 2)).tolist()
    ends = np.broadcast_to(beside(end_values, array).astype(plain(array).dtype), (ndim, 2))
    for axis in range(ndim):
        if widths[axis] != [0, 0]:
            array = np.moveaxis(array, axis, 0)
            if mode == "linear_ramp":
                array = ramp(array, *widths[axis], ends[axis, 0], ends[axis, 1])
            elif mode == "reflect" or mode == "symmetric":
                array = reflect_odd(array, *widths[axis], mode)
            else:
                array = statistic(array, widths[axis], lengths[axis], mode)
            array = np.moveaxis(array, 0, axis)
    return array


def statistic(array, widths, lengths, mode):
    """A mean or an extreme of the elements next to the edge, repeated."""
    fn = {"maximum": np.max, "minimum": np.min, "mean": np.mean, "median": np.median}[mode]
    n = array.shape[0]
    first = array[: n if lengths[0] is None else lengths[0]]
    last = array[0 if lengths[1] is None else max(n - lengths[1], 0) :]
    before, after = [
        np.broadcast_to(whole(fn(part, axis=0, keepdims=True), array), (w, *array.shape[1:]))
        for part, w in zip((first, last), widths, strict=True)
    ]
    return np.concatenate([before, array, after])


def whole(y, array, rounded=np.rint):
    """Of an integer array, the mean is rounded, as NumPy rounds it."""
    return y if plain(array).dtype.kind in "fc" else rounded(plain(y)).astype(plain(array).dtype)


def ramp(array, before, after, start, end):
    """A straight line from the end value to the edge."""
    shape = (-1,) + (1,) * (array.ndim - 1)
    edge, start, end = wide(array), wide(start), wide(end)
    up = np.reshape(count(before, array) / max(before, 1), shape).astype(plain(edge).dtype)
    down = np.reshape(count(after, array)[::-1] / max(after, 1), shape).astype(plain(edge).dtype)
    first, last = start + (edge[:1] - start) * up, end + (edge[-1:] - end) * down
    return np.concatenate([whole(first, array, np.floor), array, whole(last, array, np.floor)])


def reflect_odd(array, before, after, mode):
    """The mirror image, turned about the edge's value: twice the edge less the mirrored element."""
    n, skip = array.shape[0], 1 if mode == "reflect" else 0
    if max(before, after) > n - skip:
        raise no_rule("np.pad with reflect_type='odd' and a pad that is wider than the array")
    left = 2 * array[:1] - array[skip : before + skip][::-1]
    right = 2 * array[-1:] - array[n - skip - after : n - skip][::-1]
    return np.concatenate([left, array, right])
