"""Activations: the functions between the layers, on numbers and on arrays.

Each keeps float32 as float32 and a Python number as a Python number, and does not overflow. Those with a rule of
their own name the pullback above the function; it is written in terms of the result `y` where that is shorter.
"""

import numpy as np

from fluxrepl.ad.errors import ShapeError, teach
from fluxrepl.ad.recording import primitive
from fluxrepl.ad.tracer import plain
from fluxrepl.rules.arithmetic import through

PYTHON_NUMBERS = (int, float)


def floats(x):
    """Whole numbers and bools of an array as float64: small ones wrap around, where -1 becomes 255."""
    return x.astype(np.float64) if getattr(getattr(x, "dtype", None), "kind", "f") in "iub" else x


def identity(x):
    """The value itself: the activation of a layer that has none.

    Formula: identity(x) = x

    Example:
        >>> identity(3.0)
        3.0

    Source: Julia's `identity`, the default activation of Flux's `Dense`.
    """
    return x


@primitive(lambda ct, y, x: through(ct, y > 0))
def relu(x):
    """The positive part of `x`.

    Formula: relu(x) = max(x, 0); at the kink, 0, the slope is 0

    Shapes: that of `x`.

    Example:
        >>> relu(np.array([-2.0, 0.0, 3.0]))
        array([0., 0., 3.])

    Source: NNlib's `relu`.
    """
    if type(x) in PYTHON_NUMBERS:
        return type(x)(0) if x <= 0 else x
    return np.maximum(x, 0)


@primitive(lambda ct, y, x: ct * (y * (1 - y)))
def sigmoid(x):
    """A smooth step from 0 to 1, with 0.5 at 0.

    Its other name is `σ`.

    Formula: σ(x) = 1 / (1 + exp(-x))

    Shapes: that of `x`.

    Example:
        >>> sigmoid(0)
        0.5
        >>> sigmoid(np.array([-1000.0, 1000.0]))
        array([0., 1.])

    Source: "Building Layers"; NNlib's `sigmoid`.
    """
    y = logistic(floats(x))
    return float(y) if type(x) in PYTHON_NUMBERS else y


@np.errstate(over="ignore")  # exp(1000) is inf, and 1 / inf is the right answer
def logistic(x):
    return 1 / (1 + np.exp(np.negative(x)))


σ = sigmoid

tanh = np.tanh


# ---- over an axis --------------------------------------------------------------------------------------------------


def softmax_pullback(ct, y, x, axis=-1):
    return y * (ct - np.sum(ct * y, axis=axis, keepdims=True))


@primitive(softmax_pullback, None)
def softmax(x, axis=-1):
    """Scores turned into shares: positive, and 1 together, along the last axis (or another).

    Entries that are Inf share the 1 equally; a NaN makes its row NaN.

    Formula: softmax(x)ᵢ = exp(xᵢ) / Σⱼ exp(xⱼ)

    Shapes: that of `x`.

    Errors: `ShapeError` for a single number, of which the share would always be 1.

    Example:
        >>> softmax(np.array([1.0, 1.0, 1.0, 1.0]))
        array([0.25, 0.25, 0.25, 0.25])

    Source: "Stacking It Up"; NNlib's `softmax`, which works on columns.
    """
    distance, _ = below_top(x, axis, "softmax")
    e = np.exp(distance)
    return e / e.sum(axis=axis, keepdims=True)


def logsoftmax_pullback(ct, y, x, axis=-1):
    return ct - np.exp(y) * np.sum(ct, axis=axis, keepdims=True)


@primitive(logsoftmax_pullback, None)
def logsoftmax(x, axis=-1):
    """The logarithm of `softmax`, exact also where a share is too small for a float.

    Formula: logsoftmax(x) = x - logsumexp(x)

    Shapes: that of `x`.

    Errors: `ShapeError` for a single number.

    Example:
        >>> logsoftmax(np.array([0.0, 1000.0]))
        array([-1000.,     0.])

    Source: NNlib's `logsoftmax`, which works on columns.
    """
    distance, _ = below_top(x, axis, "logsoftmax")
    return distance - np.log(np.exp(distance).sum(axis=axis, keepdims=True))


def logsumexp_pullback(ct, y, x, axis=-1, keepdims=False):
    shares = softmax(x, axis=axis) if axis is not None else np.reshape(softmax(np.reshape(x, -1)), x.shape)
    nothing = np.isneginf(plain(y)) if keepdims or axis is None else np.expand_dims(np.isneginf(plain(y)), axis)
    if np.any(nothing):  # all entries are -Inf, and none moves the result
        shares = np.where(nothing, 0, shares)
    return shares * (ct if keepdims or axis is None else np.expand_dims(ct, axis))


@primitive(logsumexp_pullback, None, None)
def logsumexp(x, axis=-1, keepdims=False):
    """A smooth maximum along the last axis (or another; None for the whole array).

    Formula: logsumexp(x) = log Σⱼ exp(xⱼ)

    Shapes: that of `x` without the axis, or with 1 there if `keepdims`.

    Errors: `ShapeError` for a single number.

    Example:
        >>> logsumexp(np.array([1000.0, 1000.0]))
        1000.6931471805599

    Source: NNlib's `logsumexp`.
    """
    distance, top = below_top(x, axis, "logsumexp")
    y = np.where(np.isneginf(top), top, top + np.log(np.exp(distance).sum(axis=axis, keepdims=True)))
    return y if keepdims else np.squeeze(y, axis)[()]


def below_top(x, axis, name):
    """How far each entry is below the largest along the axis, so that no `exp` overflows; and the largest."""
    x = floats(np.asarray(x) if isinstance(x, list | tuple) else x)
    if getattr(x, "ndim", 0) == 0:
        raise teach(
            ShapeError(f"{name} needs several numbers, and got one: {x!r}"),
            "It weighs the numbers along an axis against each other.",
            f"Give it an array, such as {name}(np.array([1.0, 2.0])).",
        )
    top = x.max(axis=axis, keepdims=True)
    if np.isfinite(top).all():
        return x - top, top
    with np.errstate(invalid="ignore"):  # inf - inf
        return np.where((x == top) & (top > 0), 0, x - top), top
