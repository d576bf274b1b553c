"""Norms: the sizes of vectors and matrices. At 0, where a norm has a kink, its slope is 0, as in Flux."""

import numpy as np

from fluxrepl.ad.recording import apply
from fluxrepl.ad.refusals import no_rule
from fluxrepl.ad.rule import composed, rule, wide
from fluxrepl.ad.tracer import Tracer, plain

from .elementwise import ratio
from .made import unit
from .reductions import axes_of


def largest(sizes, axis, keepdims=False):
    """The largest of some sizes, 0 of none."""
    return np.max(sizes, axis=axis, keepdims=keepdims, initial=None if sizes.size else 0.0)


LARGEST = {np.inf: largest, -np.inf: np.min}


def _root(x):
    return np.sqrt(x)


rule(_root, lambda ct, y, x: ct * ratio(0.5, y))


def root(x):
    """A square root whose slope at 0 is 0: the convention for a norm."""
    return apply(_root, (x,))


def length(x, axis=None, keepdims=False):
    """The root of the sum of the squares."""
    squares = np.square(np.real(x)) + np.square(np.imag(x)) if np.iscomplexobj(plain(x)) else np.square(x)
    return root(np.sum(squares, axis=axis, keepdims=keepdims))


def sized(x, axis, keepdims, ord):
    """The norm of vectors along these axes."""
    if type(ord) is Tracer:  # no shorter way: the order has a gradient as well
        return safe_power(np.sum(safe_power(np.abs(x), ord), axis=axis, keepdims=keepdims), 1 / ord)
    if ord is None or ord == 2:
        return length(x, axis, keepdims)
    if ord in LARGEST:
        return LARGEST[ord](np.abs(x), axis=axis, keepdims=keepdims)
    if ord == 0:  # how many elements are not 0: a count, flat wherever it is continuous
        return np.sum(np.not_equal(plain(x), 0) + 0 * np.abs(x), axis=axis, keepdims=keepdims)
    if isinstance(ord, str):
        raise ValueError(f"Invalid norm order {ord!r} for vectors")
    if ord == 1:
        return np.sum(np.abs(x), axis=axis, keepdims=keepdims)
    return safe_power(np.sum(safe_power(np.abs(x), ord), axis=axis, keepdims=keepdims), 1 / ord)


def safe_power(x, p):
    """x**p for x ≥ 0, with the slope 0 at 0."""
    zero = np.equal(plain(x), 0)
    return np.where(zero, 0.0 if p > 0 else np.inf, np.where(zero, 1, x) ** p)


def sized_matrix(x, axes, keepdims, ord):
    """The norm of matrices whose rows and columns lie along these two axes."""
    if ord in (None, "fro", "f"):
        return length(x, tuple(axes), keepdims)
    rows, columns = axes_of(x, tuple(axes))
    if rows == columns:
        raise ValueError("Duplicate axes given.")
    x = np.moveaxis(x, (rows, columns), (-2, -1))
    if ord in (2, -2, "nuc"):
        values = np.linalg.svd(x, compute_uv=False)
        y = (np.sum if ord == "nuc" else largest if ord == 2 else np.min)(values, axis=-1)
    elif ord in (1, -1):
        y = LARGEST[ord * np.inf](np.sum(np.abs(x), axis=-2), axis=-1)
    elif ord in LARGEST:
        y = LARGEST[ord](np.sum(np.abs(x), axis=-1), axis=-1)
    else:
        raise ValueError(f"Invalid norm order {ord!r} for matrices")
    return np.expand_dims(y, tuple(sorted((rows, columns)))) if keepdims else y


@composed(np.linalg.norm)
def norm(x, ord=None, axis=None, keepdims=False):
    """The length of a vector, of each row, of a whole array as one vector; other orders of vectors and matrices."""
    x = wide(np.stack(x) if isinstance(x, list | tuple) else x)
    ndim = np.ndim(plain(x))
    if axis is None and ndim != 1 and type(ord) is Tracer:
        raise no_rule("np.linalg.norm of a matrix with respect to its order")
    if axis is None and (ord is None or (isinstance(ord, str) and ord in ("fro", "f") and ndim == 2)):
        return length(x, None, keepdims)
    axes = tuple(range(ndim)) if axis is None else axis if isinstance(axis, tuple | list) else (axis,)
    if len(axes) == 1:
        return sized(x, axes[0], keepdims, ord)
    if len(axes) == 2:
        return sized_matrix(x, axes, keepdims, ord)
    raise ValueError("Improper number of dimensions to norm.")


@composed(np.linalg.vector_norm)
def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    return sized(wide(x), axis, keepdims, ord)


@composed(np.linalg.matrix_norm)
def matrix_norm(x, /, *, keepdims=False, ord="fro"):
    return sized_matrix(wide(x), (-2, -1), keepdims, ord)


@composed(np.linalg.cond)
def cond(x, p=None):
    """How much larger the largest change is than the smallest: a ratio of singular values, or of norms.

    Of a singular matrix it is infinite, and its slope is not finite either.
    """
    x = wide(x)
    if p in (None, 2, -2):
        values = np.linalg.svd(x, compute_uv=False)
        largest, smallest = values[..., 0], values[..., -1]
        with np.errstate(divide="ignore", invalid="ignore"):
            y = smallest / largest if p == -2 else largest / smallest
    else:
        singular = np.isinf(np.linalg.cond(plain(x), p))
        regular = np.where(np.expand_dims(singular, (-2, -1)), unit(x.shape[-1], x), x)
        inverse = np.where(singular, np.inf, sized_matrix(np.linalg.inv(regular), (-2, -1), False, p))
        with np.errstate(invalid="ignore"):
            y = sized_matrix(x, (-2, -1), False, p) * inverse
    nothing = np.isnan(plain(y)) & ~np.any(np.isnan(plain(x)), axis=(-2, -1))
    return np.where(nothing, np.inf, y)[()] if np.any(nothing) else y
