"""Dense: the layer of the document, `activation(W @ x + b)`, for one input or a batch of them.

The affine map is a primitive with a rule of its own: one row on the tape for each of W, b and x, where the parts
would take three operations, and a weight's cotangent in the weight's own memory layout.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from fluxrepl.ad.errors import ShapeError, teach
from fluxrepl.ad.tracer import Tracer, plain, primitive
from fluxrepl.ad.tree import is_array
from fluxrepl.rules.linalg import outer, product

from .activations import identity
from .advice import kind_name
from .initialisers import glorot_uniform
from .inputs import admit
from .layer import layer
from .text import function_text

# ---- the affine map --------------------------------------------------------------------------------------------------


def rows(x):
    """A batch with any number of axes as one matrix, an input a row."""
    return x if x.ndim == 2 else np.reshape(x, (math.prod(x.shape[:-1]), x.shape[-1]))


def weight_pullback(ct, y, W, b, x):
    if x.ndim == 1:
        return outer(ct, x)
    return rows(ct).T @ rows(x)  # (out, in) in C order, like W


def bias_pullback(ct, y, W, b, x):
    return ct  # the walk sums it over the batch


def input_pullback(ct, y, W, b, x):
    if ct.ndim == 1:
        return product(W.T, ct)
    return np.reshape(rows(ct) @ W, x.shape) if ct.ndim > 2 else ct @ W


@primitive(weight_pullback, bias_pullback, input_pullback)
def affine(W, b, x):
    """W @ x + b for a vector; x @ W.T + b for a batch. `b` may be False, for none."""
    if x.ndim == 1:
        y = W.dot(x)
    elif x.ndim == 2:
        y = x.dot(W.T)
    else:
        y = rows(x).dot(W.T).reshape(*x.shape[:-1], W.shape[0])
    if b is False:
        return y
    if type(b) is np.ndarray and b.dtype == y.dtype:
        y += b  # y is ours: no second array
        return y
    return y + b


# ---- the layer -----------------------------------------------------------------------------------------------------


@layer
class Dense:
    """A fully connected layer: `activation(W @ x + b)`.

    `Dense(n_in, n_out, activation)` draws its weights with `init` and starts with a bias of zeros; `bias=False`
    leaves it out. `Dense(W, b, activation)` takes arrays. Fields: `weight`, `bias`, `activation`. The activation
    is called on the whole result, so `softmax` works along the last axis.

    Formula: y = activation(W x + b); for a batch, a row each, activation(X Wᵀ + b)

    Shapes: `(..., n_in)` to `(..., n_out)`; `weight` is `(n_out, n_in)`, `bias` `(n_out,)`.

    Errors: `ShapeError` for an input of another size, for a bias of another size; `TypeError` for sizes that are
    not whole numbers. A float64 input of a float32 layer is converted, with one warning a session.

    Example:
        >>> Dense(10, 5, relu)
        Dense(10, 5, relu)  # 55 parameters
        >>> Dense(np.array([[1.0, 2.0]]), np.array([0.5]))(np.array([3.0, 4.0]))
        array([11.5])

    Source: "Building Layers"; Flux's `Dense`, with the batch first.
    """

    def __init__(
        self,
        n_in: int | Any,
        n_out: int | Any = True,
        activation: Callable = identity,
        *,
        bias: Any = True,
        init: Callable = glorot_uniform,
        rng: Any = None,
        b: Any = None,
    ):
        bias = bias if b is None else b
        if (is_array(n_in) and np.ndim(n_in) > 0) or _is_nested_list(n_in):
            weight, bias = given_weight(n_in), n_out if bias is True else bias
        else:
            check_sizes(n_in, n_out, activation)
            weight = init(n_out, n_in) if rng is None else init(n_out, n_in, rng=rng)
            check_weight(weight, init, (n_out, n_in))
        check_activation(activation)
        self.weight = weight
        self.bias = create_bias(weight, bias, weight.shape[0])
        self.activation = activation

    def __call__(self, x: Any) -> Any:
        W, inside = plain(self.weight), plain(x)
        if type(inside) is not np.ndarray or inside.shape[-1:] != W.shape[1:] or inside.dtype != W.dtype:
            x = admit(self, W, x)
        y = affine(self.weight, self.bias, x)
        return y if self.activation is identity else self.activation(y)

    def __str__(self) -> str:
        n_out, n_in = np.shape(plain(self.weight))
        activation = "" if self.activation is identity else f", {function_text(self.activation)}"
        return f"Dense({n_in}, {n_out}{activation}{', bias=False' if self.bias is False else ''})"


def create_bias(weights: Any, bias: Any, *size: int) -> Any:
    """The bias of a layer: True for zeros of the weights' dtype, False for none, or an array of exactly this size.

    Errors: `ShapeError` for an array of another size; `TypeError` for anything else.

    Example:
        >>> W = glorot_uniform(2, 3)
        >>> create_bias(W, True, 2)
        array([0., 0.], dtype=float32)
        >>> create_bias(W, False, 2)
        False

    Source: "Layer Helpers": Flux's `create_bias`.
    """
    if isinstance(bias, bool | np.bool_):
        return np.zeros_like(weights, shape=size) if bias else False
    if isinstance(bias, list | tuple):
        bias = np.asarray(bias)
    if not (is_array(bias) or type(bias) is Tracer) or np.ndim(bias) == 0:
        raise teach(
            TypeError(f"a bias is True, False or an array of shape {size}, and got {bias!r:.60}"),
            "True starts it with zeros, False leaves it out.",
        )
    if bias.shape != size:
        raise teach(
            ShapeError(f"a bias of shape {size} is needed here, and got one of shape {bias.shape}"),
            f"It has one number for each output, and the weight, of shape {np.shape(weights)}, makes {size[0]}."
            if size
            else "It has one number for each output.",
            "Give an array of that size, or bias=True for zeros.",
        )
    return bias if bias.dtype == weights.dtype else bias.astype(weights.dtype)


# ---- what a layer is made of -----------------------------------------------------------------------------------------


def _is_nested_list(W: Any) -> bool:
    return isinstance(W, list) and bool(W) and isinstance(W[0], list | tuple)


def given_weight(W: Any) -> Any:
    W = np.asarray(W) if isinstance(W, list) else W
    if W.ndim != 2:
        raise teach(
            ShapeError(f"a Dense needs a weight with two axes, (out, in), and got one of shape {W.shape}"),
            f"W[None, :] has the shape (1, {W.shape[0]}): one output." if W.ndim == 1 else "A row for each output.",
        )
    return W


def check_sizes(n_in: Any, n_out: Any, activation: Any) -> None:
    """The usual mistakes with the sizes, each with what to write."""
    if isinstance(n_in, tuple | list):
        inside = ", ".join(str(n) for n in n_in)
        raise teach(
            TypeError(f"Dense takes its sizes one by one, and got {kind_name(n_in)}: {n_in!r:.60}"),
            f"Write Dense({inside}). For one from arrays, Dense(W, b) with arrays: np.array({n_in!r:.60}).",
        )
    if callable(n_in) or callable(n_out):
        raise teach(
            TypeError("Dense takes the sizes first, then the activation"),
            "Write Dense(n_in, n_out, relu).",
        )
    for name, n in (("n_in", n_in), ("n_out", n_out)):
        if isinstance(n, bool | np.bool_):
            raise teach(
                TypeError(f"Dense needs two sizes, and {name} is {'missing' if n is True else n}"),
                "Write Dense(n_in, n_out), such as Dense(10, 5); bias=False goes in by name.",
            )
        if not isinstance(n, int | np.integer):
            whole = f"Write int({n}), or {int(n)}." if isinstance(n, float) and n == n // 1 else "Write Dense(10, 5)."
            raise teach(TypeError(f"Dense needs whole numbers as sizes, and {name} is {n!r:.60}"), whole)
        if n < 0:
            raise teach(ShapeError(f"a size cannot be negative, and {name} is {n}"), "Write Dense(10, 5).")


def check_activation(activation: Any) -> None:
    if isinstance(activation, bool | np.bool_):
        raise teach(
            TypeError(f"the activation of a Dense is a function, and got {activation}"),
            f"The bias goes in by name: Dense(10, 5, bias={activation}).",
        )
    if not callable(activation):
        raise teach(
            TypeError(f"the activation of a Dense is a function, and got {activation!r:.60}"),
            "Write Dense(10, 5, relu): the name of the function, without quotes or parentheses.",
        )


def check_weight(weight: Any, init: Any, shape: tuple) -> None:
    if is_array(weight) and weight.shape == shape:
        return
    got = f"an array of shape {weight.shape}" if is_array(weight) else kind_name(weight)
    raise teach(
        ShapeError(f"init must give an array of shape {shape}, and gave {got}"),
        f"It is called as init{shape}: outputs first, then inputs.",
        "Write init=glorot_uniform, or a function such as lambda *size: np.random.randn(*size).",
    )
