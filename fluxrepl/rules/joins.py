"""Joins and splits: a joined array's cotangent is cut where the parts met."""

from functools import partial
from itertools import count, pairwise

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fluxrepl.ad.recording import apply
from fluxrepl.ad.rule import RULES, Rule, composed
from fluxrepl.ad.tracer import plain, plain_all

from .made import beside


def _join(*arrays, axis=0):
    return np.concatenate(arrays, axis=axis)


def part_pullback(k, ct, y, *arrays, axis=0):
    """Of a joined array to its part k: the piece of the cotangent that stands where the part stood."""
    sizes = [np.shape(plain(a))[axis] for a in arrays[: k + 1]]
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
MANY = 32  # parts, from which on they are joined in groups


def join(arrays: list, axis: int):
    """One array of many, group by group: each pullback sees the parts of its own group, not all thousands of them."""
    while len(arrays) > MANY:
        groups = [arrays[k : k + MANY] for k in range(0, len(arrays), MANY)]
        arrays = [apply(_join, tuple(group), {"axis": axis}) for group in groups]
    return apply(_join, tuple(arrays), {"axis": axis})


@composed(np.concatenate)
def concatenate(arrays, /, axis=0, out=None, *, dtype=None, casting="same_kind"):
    arrays = list(arrays)
    arrays = [beside(a, *arrays) if isinstance(a, list | tuple) else a for a in arrays]
    if axis is None:
        arrays, axis = [np.reshape(a, -1) for a in arrays], 0
    joined = join(arrays, axis)
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


@composed(np.dstack)
def dstack(tup):
    return concatenate([np.atleast_3d(a) for a in tup], axis=2)


@composed(np.block)
def block(arrays):
    """Nested lists of arrays: the innermost are joined along the last axis, those around them along the one before."""
    depth = depth_of(arrays)
    ndim = max([depth, *[np.ndim(plain(a)) for a in parts_of(arrays)]])

    def joined(node, level):
        if isinstance(node, list):
            return concatenate([joined(part, level + 1) for part in node], axis=ndim - depth + level)
        return np.reshape(node, (1,) * (ndim - np.ndim(plain(node))) + np.shape(plain(node)))

    return joined(arrays, 0)


def depth_of(node) -> int:
    return 1 + max([depth_of(part) for part in node], default=0) if isinstance(node, list) else 0


def parts_of(node) -> list:
    return [leaf for part in node for leaf in parts_of(part)] if isinstance(node, list) else [node]


@composed(np.append)
def append(arr, values, axis=None):
    if axis is None:
        arr, values, axis = np.ravel(arr), np.ravel(values), 0
    return concatenate([arr, values], axis=axis)


@composed(np.array_split)
def array_split(ary, indices_or_sections, axis=0):
    axis = normalize_axis_index(axis, np.ndim(plain(ary)))
    sections = plain_all(indices_or_sections)
    if np.ndim(sections):  # they need not rise: a part may be empty, or begin before the last one ended
        ends = [0, *[int(k) for k in sections], None]
    else:
        ends = np.cumsum([0, *[part.shape[axis] for part in np.array_split(plain(ary), sections, axis)]]).tolist()
    before = (slice(None),) * axis
    return [ary[(*before, slice(a, b))] for a, b in pairwise(ends)]


@composed(np.split)
def split(ary, indices_or_sections, axis=0):
    np.split(plain(ary), plain_all(indices_or_sections), axis)  # NumPy says what is wrong, if the parts are not equal
    return array_split(ary, indices_or_sections, axis)


@composed(np.hsplit)
def hsplit(ary, indices_or_sections):
    return split(ary, indices_or_sections, 0 if np.ndim(plain(ary)) == 1 else 1)


@composed(np.vsplit)
def vsplit(ary, indices_or_sections):
    return split(ary, indices_or_sections, 0)


@composed(np.dsplit)
def dsplit(ary, indices_or_sections):
    return split(ary, indices_or_sections, 2)


@composed(getattr(np, "unstack", None))
def unstack(x, /, *, axis=0):
    return tuple(np.moveaxis(x, axis, 0))
