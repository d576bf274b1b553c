"""Joins and splits: a joined array's cotangent is cut where the parts met."""

from functools import partial
from itertools import count, pairwise

import numpy as np

from fluxrepl.ad.rule import RULES, Rule, composed
from fluxrepl.ad.tracer import apply, no_rule, plain, plain_all


def _join(*arrays, axis=0):
    return np.concatenate(arrays, axis=axis)


def part_pullback(k, ct, y, *arrays, axis=0):
    """Of a joined array to its part k: the piece of the cotangent that stands where the part stood."""
    sizes = [np.shape(plain(a))[axis] for a in arrays]
    start = sum(sizes[:k])
    before = (slice(None),) * (axis % np.ndim(plain(y)))
    return ct[(*before, slice(start, start + sizes[k]))]


class OneForEach:
    """A pullback for each of any number of operands: `pull(k, ct, y, ...)` for operand k."""

    def __init__(self, pull):
        self.pull = pull

    def __iter__(self):
        return (partial(self.pull, k) for k in count())


RULES[_join] = Rule(_join, OneForEach(part_pullback))


@composed(np.concatenate)
def concatenate(arrays, /, axis=0, out=None, *, dtype=None, casting="same_kind"):
    arrays = list(arrays)
    if axis is None:
        arrays, axis = [np.reshape(a, -1) for a in arrays], 0
    joined = apply(_join, tuple(arrays), {"axis": axis})
    return joined if dtype is None else joined.astype(dtype)


@composed(np.stack)
def stack(arrays, axis=0, out=None, *, dtype=None, casting="same_kind"):
    arrays = list(arrays)
    shapes = {np.shape(plain(a)) for a in arrays}
    if len(shapes) > 1:
        return np.stack(plain_all(arrays))  # NumPy says what is wrong
    return concatenate([np.expand_dims(a, axis) for a in arrays], axis=axis, dtype=dtype)


@composed(np.vstack)
def vstack(tup, *, dtype=None, casting="same_kind"):
    return concatenate([np.atleast_2d(a) for a in tup], axis=0, dtype=dtype)


@composed(np.hstack)
def hstack(tup, *, dtype=None, casting="same_kind"):
    arrays = [np.atleast_1d(a) for a in tup]
    return concatenate(arrays, axis=0 if np.ndim(plain(arrays[0])) == 1 else 1, dtype=dtype)


@composed(np.column_stack)
def column_stack(tup):
    return concatenate([np.expand_dims(np.atleast_1d(a), 1) if np.ndim(plain(a)) < 2 else a for a in tup], axis=1)


@composed(np.append)
def append(arr, values, axis=None):
    if axis is None:
        arr, values, axis = np.ravel(arr), np.ravel(values), 0
    return concatenate([arr, values], axis=axis)


@composed(np.array_split)
def array_split(ary, indices_or_sections, axis=0):
    axis %= np.ndim(plain(ary))
    sizes = [part.shape[axis] for part in np.array_split(plain(ary), indices_or_sections, axis)]
    ends = np.cumsum([0, *sizes]).tolist()
    before = (slice(None),) * axis
    return [ary[(*before, slice(a, b))] for a, b in pairwise(ends)]


@composed(np.split)
def split(ary, indices_or_sections, axis=0):
    np.split(plain(ary), indices_or_sections, axis)  # NumPy says what is wrong, if the parts are not equal
    return array_split(ary, indices_or_sections, axis)


@composed(np.hsplit)
def hsplit(ary, indices_or_sections):
    return split(ary, indices_or_sections, 0 if np.ndim(plain(ary)) == 1 else 1)


@composed(np.vsplit)
def vsplit(ary, indices_or_sections):
    return split(ary, indices_or_sections, 0)


def _pad(x, widths):
    return np.pad(x, widths)


def pad_pullback(ct, y, x, widths):
    inside = [slice(a, a + n) for (a, _), n in zip(widths, np.shape(plain(x)), strict=True)]
    return ct[tuple(inside)]


RULES[_pad] = Rule(_pad, (pad_pullback, None))


@composed(np.pad)
def pad(array, pad_width, mode="constant", **options):
    """`np.pad`: zeros (or one other number) around an array; other modes are read by index."""
    widths = np.broadcast_to(pad_width, (np.ndim(plain(array)), 2)).tolist()
    value = options.pop("constant_values", 0) if mode == "constant" else None
    if mode == "constant" and np.ndim(value) == 0:
        padded = apply(_pad, (array, widths))
        return padded if value == 0 else np.where(np.pad(np.ones(np.shape(plain(array)), bool), widths), padded, value)
    if mode in ("edge", "reflect", "symmetric", "wrap"):
        positions = np.arange(np.size(plain(array))).reshape(np.shape(plain(array)))
        return np.reshape(array, -1)[np.pad(positions, widths, mode, **options)]
    raise no_rule(f"np.pad with mode={mode!r}")
