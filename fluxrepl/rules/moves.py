"""One rule for every function that only moves elements: rotations, deletions, windows, unique elements, ...

Such a function does the same to any array of the same shape. So it is run on an array of *places*, 0, 1, 2, ...:
what comes out says where each element of the result was before, and `x` is read there. Reading by index has a rule
(`indexing.py`): its way back is an addition at these places, whose own way back is reading again.
"""

from inspect import signature

import numpy as np

from fluxrepl.ad.rule import COMPOSED, composed
from fluxrepl.ad.tracer import Tracer, plain, plain_all

from .indexing import take_along_axis
from .made import beside, count
from .reductions import stacked


def places(x) -> np.ndarray:
    """The number of each element of `x`, row by row, in an array like it."""
    return np.reshape(count(np.size(plain(x)), x), np.shape(plain(x)))


def read(x, where):
    """The elements of `x` at these places; where it has none, NumPy fills up with zeros."""
    if not np.size(plain(x)):
        return np.zeros_like(plain(x), shape=np.shape(where))
    return np.reshape(x, -1)[where]


def moves(fn):
    """Enter a function that only moves the elements of its first argument, which may be given by its name."""
    first = next(iter(signature(fn).parameters))

    def moved(*args, **options):
        x, *args = args or (options.pop(first),)
        where = fn(places(x), *plain_all(args), **plain_all(options))
        return [read(x, w) for w in where] if isinstance(where, list | tuple) else read(x, where)

    COMPOSED[fn] = moved


for fn in (
    np.rot90, np.delete, np.resize, np.lib.stride_tricks.sliding_window_view, np.fft.fftshift, np.fft.ifftshift,
):  # fmt: skip
    moves(fn)


@composed(np.extract)
def extract(condition, arr):
    return read(arr, np.extract(plain(condition), places(arr)))


@composed(np.compress)
def compress(condition, a, axis=None, out=None):
    return read(a, np.compress(plain_all(condition), places(a), axis))


@composed(np.insert)
def insert(arr, obj, values, axis=None):
    """The places of the new elements come after those of the old ones."""
    arr, values = beside(stacked(arr), values), beside(stacked(values), arr)
    where = np.insert(places(arr), plain_all(obj), places(values) + np.size(plain(arr)), axis)
    joined = np.concatenate([np.reshape(arr, -1), np.reshape(values, -1)])
    return joined[where] if joined.dtype == arr_dtype(arr) else joined[where].astype(arr_dtype(arr))


def arr_dtype(a):
    return np.result_type(plain_all(a))


@composed(np.diagflat)
def diagflat(v, k=0):
    """On a diagonal; everything else is 0, which is place 0 here."""
    where = np.diagflat(places(v) + 1, k)
    return np.where(where > 0, read(v, np.maximum(where - 1, 0)), 0)


@composed(np.trim_zeros)
def trim_zeros(filt, trim="fb", axis=None):
    """Without the zeros at the ends: where these are is a fact about the values."""
    filt = np.stack(filt) if isinstance(filt, list | tuple) else filt
    full = np.argwhere(plain(filt))
    index = [slice(None)] * filt.ndim
    for k in range(filt.ndim) if axis is None else np.atleast_1d(axis):
        if full.size == 0:
            index[k] = slice(0, 0)
            continue
        first, last = full[:, k].min(), full[:, k].max()
        index[k] = slice(first if "f" in trim.lower() else None, last + 1 if "b" in trim.lower() else None)
    return filt[tuple(index)]


# ---- in order ------------------------------------------------------------------------------------------------------


@composed(np.sort)
def sort(a, axis=-1, kind=None, order=None, *, stable=None, **descending):  # `descending`: since NumPy 2.5
    if axis is None:
        a, axis = np.reshape(a, -1), 0
    by = {"stable": True, **descending} if descending else {"kind": "stable"}
    return take_along_axis(a, np.argsort(plain(a), axis=axis, **by), axis)


@composed(np.partition)
def partition(a, kth, axis=-1, kind="introselect", order=None):
    if axis is None:
        a, axis = np.reshape(a, -1), 0
    return take_along_axis(a, np.argpartition(plain(a), plain_all(kth), axis=axis), axis)


@composed(np.sort_complex)
def sort_complex(a):
    return np.sort(a).astype(np.sort_complex(plain(a)).dtype)


# ---- sets: each element of the result is one that was there ---------------------------------------------------------


@composed(np.unique)
def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, **options):
    """The different elements, in order; the gradient goes to the first of equal ones."""
    _, first, *more = np.unique(plain(ar), True, return_inverse, return_counts, axis, **options)
    chosen = np.reshape(ar, -1)[first] if axis is None else np.take(ar, first, axis)
    rest = ([first] if return_index else []) + more
    return (chosen, *rest) if rest else chosen


@composed(np.unique_values)
def unique_values(x):
    return unique(x, equal_nan=False)


def unique_with(fn):
    """`np.unique_all` and its like: the values are traced, the rest is plain."""

    def unique_parts(x):
        plain_parts = fn(plain(x))
        _, first = np.unique(plain(x), return_index=True, equal_nan=False)
        return plain_parts._replace(values=np.reshape(x, -1)[first])

    COMPOSED[fn] = unique_parts


for fn in (np.unique_all, np.unique_counts, np.unique_inverse):
    unique_with(fn)


@composed(np.union1d)
def union1d(ar1, ar2):
    return np.unique(np.concatenate([ar1, ar2], axis=None))


@composed(np.intersect1d)
def intersect1d(ar1, ar2, assume_unique=False, return_indices=False):
    """The elements of the first array that the second has too; equal ones are read from the first."""
    _, first, second = np.intersect1d(plain(ar1), plain(ar2), assume_unique, return_indices=True)
    found = np.reshape(ar1, -1)[first] if type(ar1) is Tracer else np.asarray(ar1).reshape(-1)[first]
    return (found, first, second) if return_indices else found


@composed(np.setdiff1d)
def setdiff1d(ar1, ar2, assume_unique=False):
    ar1 = np.reshape(ar1, -1) if assume_unique else np.unique(ar1)
    return ar1[np.isin(plain(ar1), plain(ar2), assume_unique=True, invert=True)]


@composed(np.setxor1d)
def setxor1d(ar1, ar2, assume_unique=False):
    if not assume_unique:
        ar1, ar2 = np.unique(ar1), np.unique(ar2)
    both = np.sort(np.concatenate([ar1, ar2], axis=None))
    values = plain(both)
    if not values.size:
        return both
    same = np.concatenate([[False], values[1:] == values[:-1], [False]])
    return both[~(same[1:] | same[:-1])]
