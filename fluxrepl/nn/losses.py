"""Losses: how far a prediction `ŷ` is from the truth `y`, as one number.

All are called as `loss(ŷ, y, agg=np.mean)`, `agg` making one number of many: np.mean, np.sum, or `identity` to see
each. The sizes must match exactly: NumPy would stretch one to the other, and the loss would be of something else.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from fluxrepl.ad.recording import primitive
from fluxrepl.ad.tracer import plain

from .activations import logsoftmax
from .pairs import classes, pair, several_classes


def mse(ŷ: Any, y: Any, *, agg: Callable = np.mean) -> Any:
    """The mean square error.

    Formula: agg((ŷ - y)²)

    Errors: `ShapeError` unless both have the same shape; a plain number is compared with every prediction. `TypeError`
    for what is no number.

    Example:
        >>> mse(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 5.0]))
        1.3333333333333333

    Source: Flux's `mse`.
    """
    ŷ, y = pair("mse", ŷ, y)
    return agg(np.square(ŷ - y))


def mae(ŷ: Any, y: Any, *, agg: Callable = np.mean) -> Any:
    """The mean absolute error.

    Formula: agg(|ŷ - y|); at the kink, where ŷ = y, the slope is 0

    Errors: `ShapeError` unless both have the same shape; a plain number is compared with every prediction. `TypeError`
    for what is no number.

    Example:
        >>> mae(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 6.0]))
        1.0

    Source: Flux's `mae`.
    """
    ŷ, y = pair("mae", ŷ, y)
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
    ŷ, y = classes("crossentropy", ŷ, y, axis)
    dtype = plain(ŷ).dtype if hasattr(plain(ŷ), "dtype") and plain(ŷ).dtype.kind == "f" else np.dtype(np.float64)
    step = float(np.finfo(dtype).eps) if eps is None else eps
    return agg(-np.sum(y * np.log(ŷ + step), axis=axis))


def logitcrossentropy(ŷ: Any, y: Any, *, agg: Callable = np.mean, axis: int = -1) -> Any:
    """How surprised the scores `ŷ` are by the truth `y`: `crossentropy` of their softmax, exact for any scores.

    Formula: agg(-Σ y logsoftmax(ŷ)) over the classes

    Errors: `ShapeError` unless both have the same shape; `y` has a share for each class, such as a one-hot row. Of a
    single class, too: its share is 1 whatever its score, and the loss would always be 0.

    Example:
        >>> logitcrossentropy(np.array([[0.0, 1000.0]]), np.array([[1.0, 0.0]]))
        1000.0

    Source: Flux's `logitcrossentropy`.
    """
    ŷ, y = classes("logitcrossentropy", ŷ, y, axis)
    several_classes("logitcrossentropy", ŷ, axis)
    logs = without_impossible(logsoftmax(ŷ, axis), y)
    if agg is np.mean and logs.dtype != np.float16:  # the sum over a large batch does not fit into a float16
        return mean_surprise(logs, y, axis)
    return agg(-np.sum(y * logs, axis=axis))


def without_impossible(logs, y):
    """A class that can not be, with the score -Inf and no share of the truth, does not count."""
    impossible = np.isneginf(plain(logs)) & np.equal(plain(y), 0)
    return np.where(impossible, 0, logs) if np.any(impossible) else logs


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
