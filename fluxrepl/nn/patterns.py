"""Initialisers that make a pattern: orthonormal rows, zeros in every column, ones on the diagonal, zeros, ones."""

import math

import numpy as np

from fluxrepl.ad.errors import ShapeError, teach

from .sizes import initialiser


@initialiser
def orthogonal(dims, rng, gain=1.0):
    """A weight that turns vectors without stretching them: its rows (or columns, if fewer) are orthonormal.

    Further axes than two are laid out side by side; of one size it gives a vector of length `gain`.

    The same numbers every time with `flux.seed(0)` before, or with `rng=0`; `np.random.seed` does not reach them.

    Formula: gain · Q of a QR decomposition of normally distributed numbers

    Errors: `TypeError` for sizes that are not whole numbers, or that come in a tuple; `ShapeError` for negative ones.

    Example:
        >>> W = orthogonal(2, 3)
        >>> np.allclose(W @ W.T, np.eye(2), atol=1e-6)
        True

    Source: Saxe et al. 2013.
    """
    rows, columns = dims[0], math.prod(dims[1:])
    tall = rng.standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(tall)
    q = q * np.where(np.diagonal(r) < 0, -1, 1)  # so that every such weight is equally likely
    return gain * (q if rows >= columns else q.T).reshape(dims)


@initialiser
def sparse_init(dims, rng, *, sparsity, std=0.01):
    """Normally distributed weights with the same number of zeros in every column.

    The same numbers every time with `flux.seed(0)` before, or with `rng=0`; `np.random.seed` does not reach them.

    Formula: N(0, std²), and ⌈sparsity · rows⌉ zeros a column

    Errors: `ShapeError` unless there are two sizes; `ValueError` unless 0 ≤ sparsity ≤ 1.

    Example:
        >>> np.sum(sparse_init(4, 3, sparsity=0.5) == 0, axis=0)
        array([2, 2, 2])

    Source: Martens 2010.
    """
    if len(dims) != 2:
        raise teach(ShapeError(f"sparse_init makes matrices, and got the sizes {dims}"), "Give it two: (out, in).")
    if not 0 <= sparsity <= 1:
        raise teach(ValueError(f"sparsity is a share between 0 and 1, and got {sparsity}"), "Write sparsity=0.5.")
    weight = rng.standard_normal(dims) * std
    zeros = math.ceil(sparsity * dims[0])
    for column in weight.T:
        column[rng.permutation(dims[0])[:zeros]] = 0
    return weight


@initialiser
def identity_init(dims, rng, gain=1.0, shift=0):
    """A weight that passes its input on: ones on the diagonal, or in the middle of each filter.

    Of one size (a bias) it gives zeros. `shift` moves the entries along the axes, as `np.roll` does.

    Errors: `TypeError` for sizes that are not whole numbers, or that come in a tuple; `ShapeError` for negative ones.

    Example:
        >>> identity_init(2, 3)
        array([[1., 0., 0.],
               [0., 1., 0.]], dtype=float32)

    Source: Flux's `identity_init`.
    """
    weight = np.zeros(dims)
    if len(dims) < 2:
        return weight
    middle = tuple([(n - 1) // 2 for n in dims[2:]])
    for i in range(min(dims[:2])):
        weight[(i, i, *middle)] = gain
    axes = range(weight.ndim) if np.ndim(shift) else -1
    return np.roll(weight, shift, tuple(axes) if np.ndim(shift) else axes)


@initialiser
def zeros32(dims, rng):
    """Zeros in float32.

    Errors: `TypeError` for sizes that are not whole numbers, or that come in a tuple; `ShapeError` for negative ones.

    Example:
        >>> zeros32(2)
        array([0., 0.], dtype=float32)

    Source: Flux's `zeros32`.
    """
    return np.zeros(dims)


@initialiser
def ones32(dims, rng):
    """Ones in float32.

    Errors: `TypeError` for sizes that are not whole numbers, or that come in a tuple; `ShapeError` for negative ones.

    Example:
        >>> ones32(2)
        array([1., 1.], dtype=float32)

    Source: Flux's `ones32`.
    """
    return np.ones(dims)
