"""Dense: the layer of the document, `activation(W @ x + b)`, for one input or a batch of them.

The affine map is a primitive with a rule of its own: one row on the tape for each of W, b and x, where the parts
would take three operations, and a weight's cotangent in the weight's own memory layout.
"""

import math
from collections.abc import Callable
from inspect import signature
from typing import Any, get_overloads, overload

import numpy as np

from fluxrepl.ad.errors import ShapeError, teach
from fluxrepl.ad.recording import primitive
from fluxrepl.ad.tracer import Tracer, plain
from fluxrepl.ad.tree import is_array
from fluxrepl.rules.linalg import outer, product

from .activations import identity
from .initialisers import glorot_uniform
from .inputs import admit
from .layer import layer
from .text import function_text
from .weights import MISSING, alone, check_sizes, given_weight, initial, is_weight

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

    `Dense(n_in, n_out, activation)` draws its weights: `init(n_out, n_in)` makes them, from the numbers of `rng` (a
    generator or a seed) if it is given, else of the generator that `flux.seed(0)` sets; `np.random.seed` does not
    reach it. The bias starts with zeros; `bias=False` leaves it out, `bias=b` takes an array.

    `Dense(W, b, activation)` takes arrays instead. Without `b` the bias is zeros of the weight's dtype; `b=False`
    leaves it out. `b` and `bias` are two names of one thing.

    Fields: `weight`, `bias`, `activation`. The activation is called on the whole result, so `softmax` works along
    the last axis.

    Formula: y = activation(W x + b); for a batch, a row each, activation(X Wᵀ + b)

    Shapes: `(..., n_in)` to `(..., n_out)`; `weight` is `(n_out, n_in)`, `bias` `(n_out,)`.

    Errors: `ShapeError` for an input, a bias or first weights of another size; `TypeError` for sizes that are not
    whole numbers, for two biases, for an `init` that is no initialiser, and for a weight together with what would
    make one. A float64 input of a float32 layer is converted, with one warning a session.

    Example:
        >>> Dense(10, 5, relu)
        Dense(10, 5, relu)  # 55 parameters
        >>> Dense(np.array([[1.0, 2.0]]), np.array([0.5]))(np.array([3.0, 4.0]))
        array([11.5])

    Source: "Building Layers"; Flux's `Dense`, with the batch first.
    """

    @overload
    def __init__(
        self,
        n_in: int,
        n_out: int,
        activation: Callable = identity,
        *,
        bias: Any = True,
        init: Callable = glorot_uniform,
        rng: Any = None,
    ): ...

    @overload
    def __init__(self, W: Any, b: Any = True, activation: Callable = identity): ...

    def __init__(
        self,
        n_in=MISSING,
        n_out=MISSING,
        activation=identity,
        *,
        W=MISSING,
        b=MISSING,
        bias=MISSING,
        init=MISSING,
        rng=MISSING,
    ):
        biases = {"b=": b, "bias=": bias}
        if W is MISSING and is_weight(n_in):  # arrays in the places of the sizes
            biases = {"position": n_out, **biases}
            W, n_in, n_out = n_in, MISSING, MISSING
        bias = the_bias(biases)
        if W is MISSING:
            check_sizes(n_in, n_out)
            self.weight = initial(glorot_uniform if init is MISSING else init, (n_out, n_in), rng)
        else:
            self.weight = given_weight(alone(W, {"n_in": n_in, "n_out": n_out, "init": init, "rng": rng}))
        self.bias = create_bias(self.weight, bias, self.weight.shape[0])
        self.activation = checked(activation)

    __init__.__signature__ = signature(get_overloads(__init__)[0])  # what help shows

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
    return bias if bias.dtype == weights.dtype else converted(bias, weights.dtype)


RANK = {"b": 0, "u": 1, "i": 1, "f": 2, "c": 3}  # a number of a higher kind may not fit into a lower one


def converted(bias: Any, dtype: np.dtype) -> Any:
    """The bias in the dtype of the weights; refused where its numbers would lose more than digits."""
    inside = plain(bias)
    if inside.dtype.kind not in RANK:
        raise teach(TypeError(f"a bias is an array of numbers, and got one of {inside.dtype}"), "It is added to W @ x.")
    if RANK[inside.dtype.kind] <= RANK[dtype.kind]:
        return bias.astype(dtype)
    if not np.array_equal(np.real(inside).astype(dtype), inside):
        raise teach(
            TypeError(f"a bias of {inside.dtype} does not fit beside weights of {dtype}"),
            f"A bias has the dtype of the weights, and as {dtype} its numbers would not be the same.",
            f"Convert the weights: W.astype(np.{inside.dtype}).",
        )
    return np.real(bias).astype(dtype)


def the_bias(given: dict[str, Any]) -> Any:
    """The bias, from whichever of its names it was given by; True if by none."""
    found = {name: b for name, b in given.items() if b is not MISSING}
    if len(found) > 1:
        raise teach(
            TypeError(f"Dense takes one bias, and got {len(found)}: by {' and by '.join(found)}"),
            "Only one of them can be added to W @ x.",
            "Write Dense(W, b), or Dense(n_in, n_out, bias=b).",
        )
    bias = next(iter(found.values()), True)
    if callable(bias) and not is_array(bias):
        raise teach(
            TypeError(f"a bias is True, False or an array, and got the function {function_text(bias)}"),
            f"The activation comes third: Dense(W, True, {function_text(bias)}); or by name, activation=.",
        )
    return bias


def checked(activation: Any) -> Callable:
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
    return activation
