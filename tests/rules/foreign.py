"""An array of another library: it speaks NumPy's protocols, and refuses to become one of NumPy's arrays.

It stands in for an array on a GPU, on machines that have none: a rule that makes an array of NumPy's own and combines
it with this one fails here as it would there.
"""

from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin


class MixedError(TypeError):
    """An array of NumPy's met one of ours."""


PLAIN = {"shape", "dtype", "ndim", "size", "flags", "strides", "itemsize", "nbytes"}


class Foreign(NDArrayOperatorsMixin):
    """An array that only its own kind may meet."""

    __array_priority__ = 100

    def __init__(self, array: Any):
        self.array = np.asarray(array)

    def __array__(self, dtype=None, copy=None):
        raise MixedError("an implicit conversion")

    def __array_ufunc__(self, ufunc, method, *args, **keywords):
        if any(is_tracer(type(a)) for a in args):
            return NotImplemented
        return wrap(getattr(ufunc, method)(*inside(args), **inside(keywords)))

    def __array_function__(self, fn, types, args, keywords):
        if any(map(is_tracer, types)):
            return NotImplemented
        keywords = {name: value for name, value in keywords.items() if name != "like"}
        return wrap(fn(*inside(args, strict=fn is not np.asarray), **inside(keywords)))

    def __getitem__(self, index):
        return wrap(self.array[inside(index, strict=False)])

    def __setitem__(self, index, value):
        self.array[inside(index, strict=False)] = inside(value)

    def __getattr__(self, name):
        if name == "array" or name.startswith("__"):
            raise AttributeError(name)
        value = getattr(self.array, name)
        if name in PLAIN or name in ("item", "tolist"):
            return value
        if callable(value):
            return lambda *args, **keywords: wrap(value(*inside(args), **inside(keywords)))
        return wrap(value)

    def __len__(self):
        return len(self.array)

    def __iter__(self):
        return map(wrap, self.array)

    def __matmul__(self, other):
        return np.matmul(self, other)

    def __bool__(self):
        return bool(self.array)

    def __float__(self):
        return float(self.array)

    def __int__(self):
        return int(self.array)

    def __index__(self):
        return self.array.__index__()


def is_tracer(cls: type) -> bool:
    return cls.__name__ == "Tracer"


def inside(x: Any, strict: bool = True) -> Any:
    """The arguments of a call with our arrays opened; NumPy's own are refused, numbers are not."""
    if isinstance(x, Foreign):
        return x.array
    if strict and isinstance(x, np.ndarray) and x.ndim:
        raise MixedError(f"an array of NumPy's, of shape {x.shape}, met one of another library")
    if type(x) in (tuple, list):
        return type(x)([inside(part, strict) for part in x])
    return {name: inside(part, strict) for name, part in x.items()} if type(x) is dict else x


def wrap(y: Any) -> Any:
    """The results of a call, as our arrays: numbers too, for a GPU library leaves them on the device."""
    if isinstance(y, np.ndarray) or (isinstance(y, np.generic) and y.dtype.kind in "fciub"):
        return Foreign(y)
    if isinstance(y, tuple) and hasattr(y, "_fields"):
        return type(y)(*map(wrap, y))
    return type(y)(map(wrap, y)) if type(y) in (tuple, list) else y
