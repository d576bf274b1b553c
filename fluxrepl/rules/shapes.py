"""Shapes: the elements stay as they are and their places change, so a cotangent goes back by the way it came."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fluxrepl.ad.fit import unstretch
from fluxrepl.ad.recording import apply
from fluxrepl.ad.rule import COMPOSED, composed, rule
from fluxrepl.ad.tracer import Tracer, plain, plain_all

from .made import count, inverse


def back_in_shape(ct, y, x, *_, **__):
    """The pullback of everything that only changes the shape."""
    return np.reshape(ct, np.shape(plain(x)))


def _reshape(x, shape):
    return np.reshape(x, shape)


def _reshape_like_fortran(x, shape):
    return np.reshape(x, shape, order="F")


rule(_reshape, back_in_shape, None)
rule(_reshape_like_fortran, lambda ct, y, x, shape: np.reshape(ct, np.shape(plain(x)), order="F"), None)


@composed(np.reshape)
def reshape(a, /, shape=None, order="C", *, newshape=None, copy=None):
    shape = plain_shape(newshape if shape is None else shape)
    if order not in ("C", "F"):
        order = "F" if order == "A" and np.isfortran(plain(a)) else "C"
    return apply(_reshape if order == "C" else _reshape_like_fortran, (a, shape))


def plain_shape(shape):
    return tuple([plain(n) for n in shape]) if isinstance(shape, tuple | list) else plain(shape)


@composed(np.ravel)
def ravel(a, order="C"):
    if order == "K" and not plain(a).flags.c_contiguous:  # as the elements lie in memory
        places = np.empty_like(plain(a), dtype=int)
        places[...] = count(a.size, a).reshape(a.shape)
        return np.reshape(a, -1)[np.ravel(places, order="K")]
    return reshape(a, -1, "C" if order == "K" else order)


@composed(np.expand_dims)
def expand_dims(a, axis):
    return apply(_reshape, (a, np.expand_dims(plain(a), axis).shape))


@composed(np.squeeze)
def squeeze(a, axis=None):
    return apply(_reshape, (a, np.squeeze(plain(a), axis).shape))


def grown(at_least, axes):
    """`np.atleast_1d` and its like: an array with as many axes stays as it is, without a row on the tape."""

    def with_axes(*arrays):
        given = [a if type(a) is Tracer and a.ndim >= axes else np.reshape(a, at_least(plain(a)).shape) for a in arrays]
        return given[0] if len(given) == 1 else tuple(given)

    return with_axes


for axes, at_least in enumerate((np.atleast_1d, np.atleast_2d, np.atleast_3d), start=1):
    composed(at_least)(grown(at_least, axes))


# ---- the order of the axes -----------------------------------------------------------------------------------------


def transpose_pullback(ct, y, x, axes=None):
    if axes is None:
        return np.transpose(ct)
    return np.transpose(ct, inverse([k % np.ndim(ct) for k in np.atleast_1d(axes).tolist()]))


rule(np.transpose, transpose_pullback, None)
rule(np.swapaxes, lambda ct, y, x, axis1, axis2: np.swapaxes(ct, axis1, axis2), None, None)
rule(np.moveaxis, lambda ct, y, x, source, destination: np.moveaxis(ct, destination, source), None, None)
COMPOSED[np.matrix_transpose] = COMPOSED[np.linalg.matrix_transpose] = lambda x, /: np.swapaxes(x, -1, -2)


@composed(np.rollaxis)
def rollaxis(a, axis, start=0):
    """The axis is put before the one that now has the number `start`."""
    ndim = np.ndim(plain(a))
    axis = normalize_axis_index(axis, ndim)
    start = normalize_axis_index(start, ndim + 1 if start >= 0 else ndim)
    return np.moveaxis(a, axis, start - 1 if axis < start else start)


def _transposed(x):
    return x.T


rule(_transposed, lambda ct, y, x: ct.T)
Tracer.T = property(lambda x: apply(_transposed, (x,)))
Tracer.mT = property(lambda x: np.swapaxes(x, -1, -2))

# ---- flips, rolls and repeats --------------------------------------------------------------------------------------

rule(np.flip, lambda ct, y, x, axis=None: np.flip(ct, axis), None)
COMPOSED[np.fliplr] = lambda m: np.flip(m, 1)
COMPOSED[np.flipud] = lambda m: np.flip(m, 0)


def roll_pullback(ct, y, x, shift, axis=None):
    return np.roll(ct, tuple([-n for n in shift]) if isinstance(shift, tuple | list) else -shift, axis)


rule(np.roll, roll_pullback, None, None)


def _broadcast_to(x, shape):
    return np.broadcast_to(x, shape)


rule(_broadcast_to, lambda ct, y, x, shape: unstretch(ct, np.shape(plain(x))), None)


@composed(np.broadcast_to)
def broadcast_to(array, shape, subok=False):
    return apply(_broadcast_to, (array, plain_shape(shape)))


@composed(np.broadcast_arrays)
def broadcast_arrays(*arrays, subok=False):
    shape = np.broadcast_shapes(*[np.shape(plain(a)) for a in arrays])
    return tuple([np.broadcast_to(a, shape) for a in arrays])


@composed(np.tile)
def tile(A, reps):
    """Copies side by side: a broadcast along new axes, folded into the old ones."""
    reps = tuple(reps) if np.ndim(reps) else (int(reps),)
    ndim = max(len(reps), A.ndim)
    reps = (1,) * (ndim - len(reps)) + reps
    shape = (1,) * (ndim - A.ndim) + A.shape
    pairs = [n for pair in zip(reps, shape, strict=True) for n in pair]
    spread_out = np.reshape(A, [m for n in shape for m in (1, n)])
    return np.reshape(np.broadcast_to(spread_out, pairs), [r * n for r, n in zip(reps, shape, strict=True)])


@composed(np.repeat)
def repeat(a, repeats, axis=None):
    """Each element several times: the array indexed with repeated positions."""
    if axis is None:
        a, axis = np.reshape(a, -1), 0
    axis = normalize_axis_index(axis, a.ndim)
    positions = np.repeat(count(a.shape[axis], a), plain_all(repeats))
    return a[(slice(None),) * axis + (positions,)]


@composed(np.copy)
def copy(a, order="K", subok=False):
    return np.positive(a)  # not a * 1, which makes nan of a complex infinity


# ---- triangles and diagonals --------------------------------------------------------------------------------------

rule(np.tril, lambda ct, y, x, k=0: np.tril(ct, k), None)
rule(np.triu, lambda ct, y, x, k=0: np.triu(ct, k), None)


@composed(np.linalg.diagonal)
def last_diagonal(x, /, *, offset=0):
    return diagonal(x, offset, -2, -1)


@composed(np.linalg.trace)
def last_trace(x, /, *, offset=0, dtype=None):
    return trace(x, offset, -2, -1, dtype)


@composed(np.diagonal)
def diagonal(a, offset=0, axis1=0, axis2=1):
    a = np.moveaxis(a, (axis1, axis2), (-2, -1))
    rows = count(max(0, min(a.shape[-2] + min(offset, 0), a.shape[-1] - max(offset, 0))), a)
    return a[..., rows - min(offset, 0), rows + max(offset, 0)]


@composed(np.trace)
def trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None):
    return np.sum(diagonal(a, offset, axis1, axis2), axis=-1, dtype=dtype)


@composed(np.diag)
def diag(v, k=0):
    if v.ndim == 2:
        return diagonal(v, k)
    n = v.shape[0] + abs(k)
    below = np.equal(np.expand_dims(count(n, v), -1) + k, count(n, v))
    return np.where(below, np.reshape(_lay_out(v, k, n), (n, 1)), 0)


def _lay_out(v, k, n):
    """The elements of a diagonal, each at the row in which it will stand."""
    rest = np.zeros_like(plain(v), shape=n - v.shape[0])
    return np.concatenate([v, rest] if k >= 0 else [rest, v])
