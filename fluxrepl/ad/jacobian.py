"""Whole matrices of derivatives, row by row.

jacobian(f, x)        the pullback walked from each element of the result
hessian(f, x)         the jacobian of the gradient
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from .errors import NotScalarError, teach
from .fit import is_complex
from .gradient import gradient, kept_pullback
from .rule import zero_like
from .seeds import describe
from .tracer import plain
from .tree import is_numeric


def jacobian(f: Callable, *args: Any) -> tuple:
    """The Jacobian of an array-valued `f`: for each argument, how every element of the result changes with it.

    Formula: entry k holds ∂yᵢ/∂argₖⱼ at [i, j], where i runs over the result and j over the argument.

    Shapes: `y.shape + x.shape`; an argument without numbers gives None.

    Errors: `NotScalarError` if the result is not one real number or array; `TypeError` if it depends on numbers in a
    list, a dict or another structure: their shapes do not join into one.

    Example:
        >>> jacobian(lambda x: x**2, np.array([1.0, 2.0]))[0]
        array([[2., 0.],
               [0., 4.]])

    Source: Zygote's `jacobian`, with the axes of NumPy.
    """
    y, back, _ = kept_pullback(f, args)
    if not is_numeric(plain(y)) or is_complex(y):
        raise teach(
            NotScalarError(f"a jacobian needs a real number or array, and the function returned {describe(y)}"),
            "Each row of it is the gradient of one element of the result.",
            "Return one array: np.concatenate or np.stack can join several. Of complex ones: np.real(y), np.imag(y).",
        )
    shape = np.shape(plain(y))
    rows = [back(_unit(y, index)) for index in np.ndindex(shape)]
    return tuple([_stack([row[k] for row in rows], a, shape) for k, a in enumerate(args)])


def _unit(y: Any, index: tuple[int, ...]) -> Any:
    """The cotangent that is 1 at one element of `y`."""
    unit = zero_like(plain(y))
    if np.shape(unit) == ():
        return 1.0
    unit[index] = 1
    return unit


def _stack(rows: list, argument: Any, shape: tuple[int, ...]) -> Any:
    inside = plain(argument)
    if not is_numeric(inside):
        if any(row is not None for row in rows):
            raise teach(
                TypeError(f"a jacobian is taken with respect to numbers and arrays, and this is {describe(argument)}"),
                "It has one axis for each axis of the argument, and a structure has none.",
                "Take it part by part: jacobian(lambda w: f({**d, 'w': w}), d['w']). Of a list: np.array(numbers).",
            )
        return None
    zero = zero_like(inside)
    rows = [zero if row is None else row for row in rows]
    if not shape:
        return rows[0]
    if not rows:
        return np.zeros(shape + np.shape(inside), np.result_type(zero))
    return np.reshape(np.stack(rows), shape + np.shape(inside))


def hessian(f: Callable, x: Any) -> Any:
    """The matrix of second derivatives of a scalar `f` at one number or array.

    Formula: ∂²f / ∂xᵢ ∂xⱼ at [i, j].

    Shapes: `x.shape + x.shape`.

    Example:
        >>> hessian(lambda x: x[0]**2 * x[1], np.array([3.0, 5.0]))
        array([[10.,  6.],
               [ 6.,  0.]])

    Source: Zygote's `hessian`, here reverse over reverse.
    """
    if not is_numeric(plain(x)):
        raise teach(
            TypeError(f"a hessian is taken at one number or array, and this is {describe(x)}"),
            "Its entries are numbered by pairs of elements.",
            "Of a structure, hvp(f, x, v) gives the product with a direction v.",
        )

    if is_complex(x):
        raise teach(
            TypeError(f"a hessian is taken at real numbers, and this is {describe(x)}"),
            "A complex number has two directions, each with a slope of its own.",
            "Take the parts as real ones: hessian(lambda p: f(p[0] + 1j * p[1]), np.stack([z.real, z.imag])).",
        )

    def slope(x: Any) -> Any:
        (g,) = gradient(f, x)
        return zero_like(plain(x)) if g is None else g

    return jacobian(slope, x)[0]
