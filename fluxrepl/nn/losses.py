"""Losses: how far a prediction `ŷ` is from the truth `y`, as one number.

All are called as `loss(ŷ, y, agg=np.mean)`, `agg` making one number of many: np.mean, np.sum, or `identity` to see
each. The sizes must match exactly: NumPy would stretch one to the other, and the loss would be of something else.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from fluxrepl.ad.errors import ShapeError, teach
from fluxrepl.ad.tracer import plain, primitive

from .activations import logsoftmax


def mse(ŷ: Any, y: Any, *, agg: Callable = np.mean) -> Any:
    """The mean square error.

    Formula: agg((ŷ - y)²)

    Errors: `ShapeError` unless both have the same shape; a plain number is compared with every prediction.

    Example:
        >>> mse(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 5.0]))
        1.3333333333333333

    Source: Flux's `mse`.
    """
    check_sizes("mse", ŷ, y)
    return agg(np.square(ŷ - y))


def mae(ŷ: Any, y: Any, *, agg: Callable = np.mean) -> Any:
    """The mean absolute error. At the kink, where ŷ = y, the slope is 0.

    Formula: agg(|ŷ - y|)

    Errors: `ShapeError` unless both have the same shape; a plain number is compared with every prediction.

    Example:
        >>> mae(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 6.0]))
        1.0

    Source: Flux's `mae`.
    """
    check_sizes("mae", ŷ, y)
    return agg(np.abs(ŷ - y))


def crossentropy(ŷ: Any, y: Any, *, agg: Callable = np.mean, axis: int = -1, eps: float | None = None) -> Any:
    """How surprised the shares `ŷ` are by the truth `y`; classes are on the last axis (or another).

    `ŷ` is what `softmax` gives. On the scores before it, `logitcrossentropy` is quicker and exact.

    Formula: agg(-Σ y log(ŷ + eps)) over the classes, with eps the smallest step of the dtype

    Errors: `ShapeError` unless both have the same shape.

    Example:
        >>> crossentropy(np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]]))
        0.6931471805599448

    Source: Flux's `crossentropy`.
    """
    check_classes("crossentropy", ŷ, y, axis)
    dtype = plain(ŷ).dtype if hasattr(plain(ŷ), "dtype") and plain(ŷ).dtype.kind == "f" else np.dtype(np.float64)
    step = float(np.finfo(dtype).eps) if eps is None else eps
    return agg(-np.sum(y * np.log(ŷ + step), axis=axis))


def logitcrossentropy(ŷ: Any, y: Any, *, agg: Callable = np.mean, axis: int = -1) -> Any:
    """How surprised the scores `ŷ` are by the truth `y`: `crossentropy` of their softmax, exact for any scores.

    Formula: agg(-Σ y logsoftmax(ŷ)) over the classes

    Errors: `ShapeError` unless both have the same shape; `y` has a share for each class, such as a one-hot row.

    Example:
        >>> logitcrossentropy(np.array([[0.0, 1000.0]]), np.array([[1.0, 0.0]]))
        1000.0

    Source: Flux's `logitcrossentropy`.
    """
    check_classes("logitcrossentropy", ŷ, y, axis)
    logs = logsoftmax(ŷ, axis)
    if agg is np.mean:
        return mean_surprise(logs, y, axis)
    return agg(-np.sum(y * logs, axis=axis))


def logs_pullback(ct, loss, logs, y, axis):
    return y * (-ct / number_of_rows(logs, axis))


def truth_pullback(ct, loss, logs, y, axis):
    return logs * (-ct / number_of_rows(logs, axis))


@primitive(logs_pullback, truth_pullback, None)
def mean_surprise(logs, y, axis):
    """The mean of -Σ y logs over the rows, in one operation."""
    return -(y * logs).sum() / number_of_rows(logs, axis)


def number_of_rows(logs: Any, axis: int) -> int:
    return max(logs.size // max(logs.shape[axis], 1), 1)


# ---- sizes -----------------------------------------------------------------------------------------------------------


def check_sizes(name: str, ŷ: Any, y: Any) -> None:
    """The truth must have the size of the prediction, or be one number for all."""
    wanted, got = np.shape(plain(ŷ)), np.shape(plain(y))
    if got not in (wanted, ()):
        raise sizes_differ(name, wanted, got)


def check_classes(name: str, ŷ: Any, y: Any, axis: int) -> None:
    """The truth must have a share for each class."""
    wanted, got = np.shape(plain(ŷ)), np.shape(plain(y))
    if wanted == ():
        raise teach(
            ShapeError(f"{name} needs a number for each class on the last axis, and got a single number"),
            "The classes are weighed against each other.",
        )
    if got == wanted:
        return
    if got == wanted[:-1] and getattr(plain(y), "dtype", np.dtype(int)).kind in "iu":
        raise teach(
            ShapeError(f"{name} of a prediction of shape {wanted} and a truth of shape {got}"),
            "The truth looks like class numbers; a share for each class is needed, 1 for the true one.",
            f"Write {name}(ŷ, np.eye({wanted[-1]})[y]).",
        )
    raise sizes_differ(name, wanted, got)


def sizes_differ(name: str, wanted: tuple, got: tuple) -> ShapeError:
    if len(got) == len(wanted) - 1 and wanted[-1] == 1:
        hint = f"Write {name}(ŷ, y[..., None]), or {name}(ŷ[..., 0], y)."
    elif len(wanted) == len(got) - 1 and got[-1] == 1:
        hint = f"Write {name}(ŷ[..., None], y), or {name}(ŷ, y[..., 0])."
    elif got == wanted[::-1]:
        hint = f"Here the batch comes first: write {name}(ŷ, y.T)."
    else:
        hint = "Give one true number for each predicted one."
    return teach(
        ShapeError(f"{name} of a prediction of shape {wanted} and a truth of shape {got}"),
        "NumPy would stretch them to one shape, and compare each number with several.",
        hint,
    )
