"""Bringing a cotangent to its operand: to its kind, its shape, its dtype.

A rule need not know whether NumPy stretched its operands, or in which precision they were: what it answers is made to
fit here, once, as it arrives.
"""

from typing import Any

import numpy as np

from .errors import ShapeError, teach
from .rule import float_dtype
from .tracer import Tracer, plain


def fit(ct: Any, operand: Any) -> Any:
    """Bring a cotangent to the kind, shape and dtype of its operand.

    Where NumPy stretched the operand to a larger shape, each of its elements was used several times, and what
    comes back is summed. A real operand of a complex result keeps the real part. A float32 operand gets float32.
    """
    while type(operand) is Tracer:
        operand = operand.value
    kind = type(operand)
    if type(ct) is Tracer:
        inside = plain(ct)
        if type(inside) is kind and (
            not hasattr(inside, "shape") or (inside.dtype is operand.dtype and inside.shape == operand.shape)
        ):
            return ct
    shape = () if kind in PYTHON_NUMBERS else operand.shape if hasattr(operand, "shape") else np.shape(operand)
    if not hasattr(ct, "shape"):  # a Python number
        ct = ct.real if isinstance(ct, complex) and not is_complex(operand) else ct
        if shape or not isinstance(operand, np.ndarray | np.generic):
            return np.full_like(operand, ct, dtype=float_dtype(operand.dtype)) if hasattr(operand, "dtype") else ct
        return float_dtype(operand.dtype).type(ct)
    if ct.shape != shape:
        ct = unstretch(ct, shape)
    if kind in PYTHON_NUMBERS:
        ct = ct if type(ct) is Tracer else ct.item()
        return ct.real if kind is not complex and is_complex(ct) else ct
    dtype = getattr(operand, "dtype", None)
    if dtype is not None and ct.dtype != dtype:
        if is_complex(ct) and dtype.kind != "c":
            ct = ct.real
        if ct.dtype != float_dtype(dtype):
            ct = ct.astype(float_dtype(dtype))
    if dtype is not None and type(ct) is Tracer and not hasattr(plain(ct), "dtype"):
        ct = ct.astype(float_dtype(dtype))  # a NumPy number's cotangent is one, too: rules may ask for its shape
    return ct


PYTHON_NUMBERS = (float, int, complex)
EXACT = {float, np.float64, np.float32}  # a cotangent of the type of its operand is as it should be


def is_complex(ct: Any) -> bool:
    ct = plain(ct)
    return isinstance(ct, complex) or (hasattr(ct, "dtype") and ct.dtype.kind == "c")


def unstretch(ct: Any, shape: tuple[int, ...]) -> Any:
    """Sum `ct` over the axes along which an operand of this shape was stretched."""
    extra = ct.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(
        [i + extra for i, n in enumerate(shape) if n == 1 and extra + i >= 0 and ct.shape[i + extra] != 1]
    )
    if extra < 0 or any([n not in (1, ct.shape[i + extra]) for i, n in enumerate(shape)]):
        return np.broadcast_to(ct, shape)  # a rule may answer with one number for all elements
    summed = ct.sum(axis=axes, keepdims=True)
    return summed if summed.shape == shape else summed.reshape(shape)


def conjugate(ct: Any) -> Any:
    if isinstance(ct, complex):
        return ct.conjugate()
    return np.conjugate(ct) if is_complex(ct) else ct


def check_shape(ct: Any, value: Any, words: tuple[str, str] = ("cotangent", "result")) -> None:
    """A cotangent given from outside must have the shape of its value."""
    if np.shape(plain(ct)) != np.shape(plain(value)):
        raise teach(
            ShapeError(
                f"the {words[0]} has the shape {np.shape(plain(ct))}, and its {words[1]} {np.shape(plain(value))}"
            ),
            f"A {words[0]} has one number for each number of the {words[1]}.",
            "Give one of the same shape, such as np.ones_like of it.",
        )
