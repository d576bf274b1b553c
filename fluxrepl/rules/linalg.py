"""Matrix products, and the first functions of `np.linalg`.

The cotangent of `y = a @ b` goes back as `ct @ bᵀ` to a and `aᵀ @ ct` to b. The rest of this file is that, for every
mixture of vectors, matrices and stacks of matrices.
"""

import operator

import numpy as np

from fluxrepl.ad.rule import COMPOSED, RULES, composed, rule
from fluxrepl.ad.tape import Outer
from fluxrepl.ad.tracer import Tracer, apply, binary, no_rule, plain

from .elementwise import ratio


def swap(a):
    """The matrix (or each of a stack) transposed."""
    return a.T if a.ndim == 2 else np.swapaxes(a, -1, -2)


def product(a, b):
    """a @ b, by the quicker of NumPy's two ways (`dot` takes half the time on small operands)."""
    if type(a) is np.ndarray and type(b) is np.ndarray and a.ndim < 3 and b.ndim < 3:
        return a.dot(b)
    return operator.matmul(a, b)


def outer(u, v):
    """u[:, None] * v, put off where it can be: see `Outer`."""
    if type(u) is np.ndarray and type(v) is np.ndarray and u.dtype == v.dtype:
        return Outer(u, v)
    return np.expand_dims(u, -1) * v


def matmul_left_pullback(ct, y, a, b):
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
        return a * b
    if b_ndim <= 2:
        return np.matmul(a, b)
    return np.tensordot(a, b, axes=(-1, -2))


Tracer.dot = dot


@composed(np.tensordot)
def tensordot(a, b, axes=2):
    """The contracted axes together, the kept ones in order, and one matrix product."""
    a_shape, b_shape = np.shape(plain(a)), np.shape(plain(b))
    if isinstance(axes, int):
        axes = (range(len(a_shape) - axes, len(a_shape)), range(axes))
    a_axes, b_axes = [
        tuple([k % len(s) for k in ([ks] if isinstance(ks, int) else ks)])
        for ks, s in zip(axes, (a_shape, b_shape), strict=True)
    ]
    a_kept = [k for k in range(len(a_shape)) if k not in a_axes]
    b_kept = [k for k in range(len(b_shape)) if k not in b_axes]
    n = int(np.prod([a_shape[k] for k in a_axes], dtype=int))
    left = np.reshape(np.transpose(a, (*a_kept, *a_axes)), (-1, n))
    right = np.reshape(np.transpose(b, (*b_axes, *b_kept)), (n, -1))
    return np.reshape(left @ right, [a_shape[k] for k in a_kept] + [b_shape[k] for k in b_kept])


@composed(np.inner)
def inner(a, b):
    if np.ndim(plain(a)) == 0 or np.ndim(plain(b)) == 0:
        return a * b
    return np.tensordot(a, b, axes=(-1, -1))


@composed(np.outer)
def outer_product(a, b, out=None):
    return np.reshape(a, (-1, 1)) * np.reshape(b, (1, -1))


@composed(np.vdot)
def vdot(a, b, /):
    return np.matmul(np.conjugate(np.reshape(a, -1)), np.reshape(b, -1))


COMPOSED[np.multiply, "outer"] = lambda a, b: np.tensordot(a, b, axes=0)


@composed(np.einsum)
def einsum(*operands, **options):
    raise no_rule("np.einsum")


# ---- np.linalg -----------------------------------------------------------------------------------------------------

rule(np.linalg.inv, lambda ct, y, a: -swap(y) @ ct @ swap(y))


def det_pullback(ct, y, a):
    """det(a) times the transposed inverse; where a is singular, its cofactors would be needed."""
    if np.any(np.equal(plain(y), 0)):
        raise no_rule("np.linalg.det of a singular matrix")
    return np.reshape(ct * y, (*np.shape(plain(y)), 1, 1)) * swap(np.linalg.inv(a))


rule(np.linalg.det, det_pullback)


def solve_left_pullback(ct, x, a, b):
    back = np.linalg.solve(swap(a), ct)
    if np.ndim(plain(b)) == 1:
        return -np.expand_dims(back, -1) * np.expand_dims(x, -2)
    return -back @ swap(x)


rule(np.linalg.solve, solve_left_pullback, lambda ct, x, a, b: np.linalg.solve(swap(a), ct))


@composed(np.linalg.norm)
def norm(x, ord=None, axis=None, keepdims=False):
    """The length of a vector, of each row, or of a whole array as one vector. Its slope at 0 is 0, as in Flux."""
    vector = ord in (None, 2) and (np.ndim(plain(x)) == 1 or (np.ndim(axis) == 0 and axis is not None))
    if ord not in (None, "fro") and not vector:
        raise no_rule(f"np.linalg.norm with ord={ord!r}")
    return length(x, axis, keepdims)


def length(x, axis=None, keepdims=False):
    squares = np.sum(np.square(np.abs(x)) if plain(x).dtype.kind == "c" else np.square(x), axis=axis, keepdims=keepdims)
    return _root(squares)


def _root_of(x):
    return np.sqrt(x)


rule(_root_of, lambda ct, y, x: ct * ratio(0.5, y))


def _root(x):
    """A square root whose slope at 0 is 0: the convention for a norm."""
    return apply(_root_of, (x,))
