"""Matrix products, and the other products of vectors and arrays.

The cotangent of `y = a @ b` goes back as `ct @ bᵀ` to a and `aᵀ @ ct` to b. The rest of this file is that, for every
mixture of vectors, matrices and stacks of matrices.
"""

import math
import operator
from functools import reduce

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fluxrepl.ad.recording import binary
from fluxrepl.ad.refusals import no_rule
from fluxrepl.ad.rule import COMPOSED, RULES, composed, rule
from fluxrepl.ad.sums import Outer
from fluxrepl.ad.tracer import Tracer, plain, plain_all

from .made import beside


def swap(a):
    """The matrix (or each of a stack) transposed."""
    return a.T if a.ndim == 2 else np.swapaxes(a, -1, -2)


def product(a, b):
    """a @ b, by the quicker of NumPy's two ways (`dot` takes half the time on small operands)."""
    if type(b) is np.ndarray and type(a) is np.ndarray and 0 < b.ndim < 3 and 0 < a.ndim < 3:
        return a.dot(b)
    return operator.matmul(a, b)


def outer(u, v):
    """u[:, None] * v, put off where it can be: see `Outer`."""
    if type(u) is np.ndarray and type(v) is np.ndarray and u.dtype == v.dtype:
        return Outer(u, v)
    return np.expand_dims(u, -1) * v


def matmul_left_pullback(ct, y, a, b):
    if type(b) is np.ndarray and type(ct) is np.ndarray and b.ndim == 1 and a.ndim == 2 and b.dtype == ct.dtype:
        return Outer(ct, b)  # the short way for a matrix times a vector
    if b.ndim == 1:
        if a.ndim == 1:
            return ct * b
        return outer(ct, b) if a.ndim == 2 else np.expand_dims(ct, -1) * b
    if a.ndim == 1:
        return (
            product(b, ct)
            if b.ndim == 2
            else np.sum(np.matmul(b, np.expand_dims(ct, -1))[..., 0], axis=tuple(range(b.ndim - 2)))
        )
    return product(ct, swap(b))


def matmul_right_pullback(ct, y, a, b):
    if type(a) is np.ndarray and type(ct) is np.ndarray and a.ndim == 2 and b.ndim == 1:
        return ct.dot(a)  # the short way for a matrix times a vector
    if a.ndim == 1:
        if b.ndim == 1:
            return ct * a
        return outer(a, ct) if b.ndim == 2 else np.expand_dims(a, -1) * np.expand_dims(ct, -2)
    if b.ndim == 1:
        return product(ct, a) if a.ndim == 2 else np.sum(np.expand_dims(ct, -1) * a, axis=tuple(range(a.ndim - 1)))
    inside = plain(b)
    if inside.ndim == 2 and a.ndim == 2 and inside.flags.f_contiguous:
        return swap(product(swap(ct), a))  # b is some W.T: answer in W's own layout (1.3 times faster on a large layer)
    return product(swap(a), ct)


rule(np.matmul, matmul_left_pullback, matmul_right_pullback, forward=product)

method, reflected = binary(product, RULES[np.matmul])
Tracer.__matmul__ = method
Tracer.__rmatmul__ = reflected


@composed(np.dot)
def dot(a, b, out=None):
    """`np.dot`: a product with a number, or a matrix product with the axes as `np.dot` lays them out."""
    a_ndim, b_ndim = np.ndim(plain(a)), np.ndim(plain(b))
    if a_ndim == 0 or b_ndim == 0:
        return of_array(a, b) * of_array(b, a)
    if b_ndim <= 2:
        return np.matmul(a, b)
    return np.tensordot(a, b, axes=(-1, -2))


def of_array(x, other):
    """A number with the precision that it has as an array: these products make one of it first."""
    return x.astype(x.dtype) if type(x) is Tracer and not hasattr(plain(x), "dtype") else beside(x, other)


Tracer.dot = dot


@composed(np.tensordot)
def tensordot(a, b, axes=2):
    """The contracted axes together, the kept ones in order, and one matrix product."""
    a_shape, b_shape = np.shape(plain(a)), np.shape(plain(b))
    axes = plain_all(axes)
    if isinstance(axes, int | np.integer):
        axes = (range(len(a_shape) - axes, len(a_shape)), range(axes))
    a_axes, b_axes = [
        tuple([normalize_axis_index(k, len(s)) for k in ([ks] if isinstance(ks, int | np.integer) else ks)])
        for ks, s in zip(axes, (a_shape, b_shape), strict=True)
    ]
    a_sizes, b_sizes = [a_shape[k] for k in a_axes], [b_shape[k] for k in b_axes]
    if a_sizes != b_sizes:
        raise ValueError(f"shape-mismatch for sum: the axes have the sizes {a_sizes} and {b_sizes}")
    a_kept = [k for k in range(len(a_shape)) if k not in a_axes]
    b_kept = [k for k in range(len(b_shape)) if k not in b_axes]
    n = math.prod(a_sizes)
    rows, columns = math.prod([a_shape[k] for k in a_kept]), math.prod([b_shape[k] for k in b_kept])
    left = np.reshape(np.transpose(a, (*a_kept, *a_axes)), (rows, n))  # not -1: of no elements it says nothing
    right = np.reshape(np.transpose(b, (*b_axes, *b_kept)), (n, columns))
    return np.reshape(left @ right, [a_shape[k] for k in a_kept] + [b_shape[k] for k in b_kept])


@composed(np.inner)
def inner(a, b):
    if np.ndim(plain(a)) == 0 or np.ndim(plain(b)) == 0:
        return of_array(a, b) * of_array(b, a)
    return np.tensordot(a, b, axes=(-1, -1))


@composed(np.outer)
def outer_product(a, b, out=None):
    return np.reshape(a, (-1, 1)) * np.reshape(b, (1, -1))


@composed(np.vdot)
def vdot(a, b, /):
    return np.matmul(conjugate(np.reshape(a, -1)), np.reshape(b, -1))


def conjugate(a):
    return np.conjugate(a) if np.iscomplexobj(plain(a)) else a


@composed(np.vecdot)
def vecdot(x1, x2, /):
    n = np.shape(plain(x1))[-1:]
    if n == () or n != np.shape(plain(x2))[-1:]:
        return np.vecdot(plain(x1), plain(x2))  # NumPy says what is wrong
    products = conjugate(x1) * x2
    return np.sum(products, axis=-1, dtype=products.dtype if products.dtype.kind in "iub" else None)


@composed(getattr(np, "matvec", None))
def matvec(x1, x2, /):
    if np.ndim(plain(x1)) < 2 or np.ndim(plain(x2)) < 1:
        return np.matvec(plain(x1), plain(x2))  # NumPy says what is wrong
    return np.matmul(x1, np.expand_dims(x2, -1))[..., 0]


@composed(getattr(np, "vecmat", None))
def vecmat(x1, x2, /):
    if np.ndim(plain(x1)) < 1 or np.ndim(plain(x2)) < 2:
        return np.vecmat(plain(x1), plain(x2))  # NumPy says what is wrong
    return np.matmul(np.expand_dims(conjugate(x1), -2), x2)[..., 0, :]


@composed(np.kron)
def kron(a, b):
    """Each element of `a` times all of `b`, laid out as blocks."""
    ndim = max(np.ndim(plain(a)), np.ndim(plain(b)))
    a = np.reshape(a, (1,) * (ndim - np.ndim(plain(a))) + np.shape(plain(a)))
    b = np.reshape(b, (1,) * (ndim - np.ndim(plain(b))) + np.shape(plain(b)))
    a_shape, b_shape = np.shape(plain(a)), np.shape(plain(b))
    blocks = np.expand_dims(a, tuple(range(1, 2 * ndim, 2))) * np.expand_dims(b, tuple(range(0, 2 * ndim, 2)))
    return np.reshape(blocks, [m * n for m, n in zip(a_shape, b_shape, strict=True)])


@composed(np.cross)
def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """a × b, in three dimensions: a vector at right angles to both."""
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1)
    if np.shape(plain(a))[-1] != 3 or np.shape(plain(b))[-1] != 3:
        raise no_rule("np.cross of vectors that do not have three elements")
    (a0, a1, a2), (b0, b1, b2) = [[v[..., k] for k in range(3)] for v in (a, b)]
    y = np.stack([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0], axis=-1)
    return np.moveaxis(y, -1, axisc)


# ---- the same under the names of np.linalg -----------------------------------------------------------------------

COMPOSED[np.linalg.matmul] = lambda x1, x2, /: np.matmul(x1, x2)
COMPOSED[np.linalg.outer] = lambda x1, x2, /: np.outer(x1, x2)
COMPOSED[np.linalg.tensordot] = lambda x1, x2, /, *, axes=2: np.tensordot(x1, x2, axes)
COMPOSED[np.linalg.cross] = lambda x1, x2, /, *, axis=-1: np.cross(x1, x2, axis=axis)
COMPOSED[np.linalg.vecdot] = lambda x1, x2, /, *, axis=-1: np.vecdot(x1, x2, axis=axis)


@composed(np.linalg.multi_dot)
def multi_dot(arrays, *, out=None):
    """From the end that is a vector, if one is: then no product of two matrices is needed."""
    arrays = list(arrays)
    if np.ndim(plain(arrays[-1])) == 1 and np.ndim(plain(arrays[0])) == 2:
        return reduce(lambda right, left: np.matmul(left, right), arrays[::-1])
    return reduce(np.matmul, arrays)
