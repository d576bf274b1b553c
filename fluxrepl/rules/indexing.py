"""Indexing: `x[i]` reads some elements, and their cotangent is added where they were read.

An element that was read twice gets both cotangents. The rest gets zeros: an array is never partly None.
"""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fluxrepl.ad.fit import EXACT, is_complex
from fluxrepl.ad.locks import lock
from fluxrepl.ad.recording import apply
from fluxrepl.ad.rule import RULES, Rule, composed, float_dtype, rule
from fluxrepl.ad.sums import READS, Scatter, add_at
from fluxrepl.ad.tracer import Tracer, plain, plain_all, tracer

from .creation import _astype
from .made import count, numbers


def _index(x, i):
    return x[i]


def _scatter(ct, x, i):
    """Zeros in the shape of x, with ct added at [i]."""
    same = type(ct) is np.ndarray and ct.dtype is x.dtype
    zeros = np.zeros_like(x) if same else np.zeros_like(x, dtype=np.result_type(float_dtype(x.dtype), ct))
    add_at(zeros, i, ct)
    return zeros


def index_pullback(ct, y, x, i):
    """Put off where it can be (see `Scatter`): reading 10,000 elements one by one must not make 10,000 arrays."""
    if type(ct) is not Tracer and type(x) is not Tracer and (type(ct) in EXACT or not is_complex(ct)):
        return Scatter(ct, i)
    return scatter(ct, plain(x), i)


def scatter(ct, x, i):
    """`_scatter`, recorded if ct is traced; without `apply`, for it is half the work of a second derivative."""
    if type(ct) is not Tracer:
        return _scatter(ct, x, i)
    out = tracer(scatter(ct.value, x, i), ct.tape)
    ct.tape.append((out, scatter_pullback, ct, (ct.value, x, i)))
    return out


def scatter_pullback(ct, y, into, x, i):
    return ct[i]


RULES[_index] = Rule(_index, (index_pullback, None))
READS.add(index_pullback)
RULES[_scatter] = Rule(_scatter, (scatter_pullback, None, None))


def getitem(x, i):
    """x[i] for any index; a traced number in the index counts as a plain one."""
    if type(i) is not int and type(i) is not slice:
        i = plain_all(i)
        for part in i if type(i) is tuple else (i,):
            if isinstance(part, np.ndarray):
                lock(part, x.tape)
    out = Tracer()
    out.value = x.value[i]
    out.tape = x.tape
    out.ct = None
    x.tape.append((out, index_pullback, x, (x.value, i)))
    return out


Tracer.__getitem__ = getitem


@composed(np.take)
def take(a, indices, axis=None, out=None, mode="raise"):
    indices = numbers(plain_all(indices), a)
    if axis is None:
        a, axis = np.reshape(a, -1), 0
    n = np.shape(plain(a))[axis]
    if mode == "wrap":
        indices = indices % n
    elif mode == "clip":
        indices = np.clip(indices, 0, n - 1)
    return a[(slice(None),) * normalize_axis_index(axis, np.ndim(plain(a))) + (indices,)]


@composed(np.take_along_axis)
def take_along_axis(arr, indices, axis=-1):
    indices = plain(indices)
    if axis is None:
        return np.reshape(arr, -1)[indices]
    shape = np.shape(plain(arr))
    axis = normalize_axis_index(axis, len(shape))
    grid = [
        indices if k == axis else count(n, arr).reshape([-1 if d == k else 1 for d in range(len(shape))])
        for k, n in enumerate(shape)
    ]
    return arr[tuple(grid)]


def item(x, *index):
    """`x.item()`: the number itself, still traced."""
    index = index[0] if len(index) == 1 and type(index[0]) is tuple else index
    if not index and x.size != 1:
        raise ValueError("can only convert an array of size 1 to a Python scalar")
    if not index:
        y = np.reshape(x, ())[()] if x.ndim else x
    else:
        y = np.reshape(x, -1)[index[0]] if len(index) == 1 else x[index]
    return apply(_astype, (y, np.int64)) if y.dtype.kind in "iu" else y  # Python's whole numbers do not wrap around


Tracer.item = item
rule(np.ascontiguousarray, lambda ct, y, x: ct * 1)
