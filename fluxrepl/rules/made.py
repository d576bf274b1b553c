"""Arrays made from nothing: places, unit matrices, a few numbers. Each is made like an array in hand.

An array on a GPU can only be combined with others there. So nothing in the rules calls `np.arange` or `np.eye` as
such: with `like=` (NEP 35), NumPy asks the library of the array in hand to make one of its own.
"""

import numpy as np

from fluxrepl.ad.tracer import Tracer, plain


def like(x):
    """What `like=` wants: the array at the bottom, or None for a number, beside which NumPy's own will do."""
    x = plain(x)
    return x if hasattr(type(x), "__array_function__") else None


def count(n: int, x):
    """0, 1, 2, … n - 1."""
    return np.arange(n, like=like(x))


def unit(n: int, x, dtype=None):
    """The unit matrix, in the dtype of `x` unless another is given."""
    return np.eye(n, dtype=plain(x).dtype if dtype is None else dtype, like=like(x))


def numbers(values, x):
    """A list of numbers, or an array of NumPy's, as an array."""
    return np.asarray(values, like=like(x))


def beside(values, *others):
    """The same, unless they are traced: like the first of these others that is an array."""
    if type(values) is Tracer:
        return values
    arrays = [x for x in others if like(x) is not None]
    return numbers(values, arrays[0]) if arrays else np.asarray(values)


def inverse(order) -> list[int]:
    """The order of axes that undoes this one."""
    return sorted(range(len(order)), key=list(order).__getitem__)
