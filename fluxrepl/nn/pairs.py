"""What a loss compares: a prediction and a truth, as numbers of one size."""

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from fluxrepl.ad.errors import ShapeError, teach
from fluxrepl.ad.tracer import Tracer, plain
from fluxrepl.ad.tree import is_array, is_numeric

from .activations import floats
from .advice import kind_name


def pair(name: str, ŷ: Any, y: Any) -> tuple[Any, Any]:
    """Prediction and truth for a loss of their difference: the truth has the prediction's size, or is one number."""
    ŷ, y = floats(numbers(name, "prediction", ŷ)), numbers(name, "truth", y)
    wanted, got = np.shape(plain(ŷ)), np.shape(plain(y))
    if got not in (wanted, ()):
        raise sizes_differ(name, wanted, got)
    return ŷ, y


def classes(name: str, ŷ: Any, y: Any, axis: int) -> tuple[Any, Any]:
    """Prediction and truth for a loss over classes: the truth has a share for each class."""
    ŷ, y = floats(numbers(name, "prediction", ŷ)), numbers(name, "truth", y)
    wanted, got = np.shape(plain(ŷ)), np.shape(plain(y))
    if wanted == ():
        raise teach(
            ShapeError(f"{name} needs a number for each class on axis {axis}, and got a single number"),
            "The classes are weighed against each other.",
        )
    at = normalize_axis_index(axis, len(wanted))
    if got == wanted:
        return ŷ, y
    count = wanted[at]
    rest = wanted[:at] + wanted[at + 1 :]
    if got in (rest, (*wanted[:at], 1, *wanted[at + 1 :])) and count > 1 and are_whole(plain(y)):
        raise teach(
            ShapeError(f"{name} of a prediction of shape {wanted} and a truth of shape {got}"),
            "The truth looks like class numbers; a share for each class is needed, 1 for the true one.",
            f"Write {name}(ŷ, {shares_for(y, count, at, len(wanted))}).",
        )
    raise sizes_differ(name, wanted, got)


def shares_for(y: Any, count: int, axis: int, dimensions: int) -> str:
    """What to write for an `y` of class numbers: a share for each class, on the axis where the loss wants them."""
    last = axis == dimensions - 1
    labels = "y" if np.ndim(plain(y)) < dimensions else "y[..., 0]" if last else f"np.squeeze(y, {axis})"
    shares = f"np.eye({count})[{labels}{'' if plain_kind(y) in 'iu' else '.astype(int)'}]"
    return shares if last else f"np.moveaxis({shares}, -1, {axis})"


def several_classes(name: str, ŷ: Any, axis: int) -> None:
    """The softmax of one number is 1, whatever the number: such a loss would always be 0."""
    if np.shape(plain(ŷ))[axis] == 1:
        raise teach(
            ShapeError(f"{name} of a single class is always 0: the prediction has the shape {np.shape(plain(ŷ))}"),
            "Its classes share 1 among them, and one class alone has all of it, whatever the score.",
            "For yes or no let the model give two numbers, and let the truth be np.eye(2)[y].",
        )


# ---- numbers ---------------------------------------------------------------------------------------------------------


def numbers(name: str, role: str, x: Any) -> Any:
    """An array or a number to compute with: a list becomes an array."""
    inside = plain(x)
    if type(inside) is np.ndarray and inside.dtype.kind == "f":  # the usual case
        return x
    if isinstance(x, list | tuple):
        x = array_of(x)
        inside = plain(x)
    if is_numeric(inside) or isinstance(inside, bool) or (is_array(inside) and inside.dtype.kind == "b"):
        return x
    what = f"an array of {inside.dtype}" if is_array(inside) else kind_name(inside)
    raise teach(
        TypeError(f"{name} takes numbers, and its {role} is {what}"),
        "It compares what a model predicts with what is true, number by number.",
        f"Write {name}(model(x), y), with y an array of the prediction's shape.",
    )


def array_of(x: list | tuple) -> Any:
    if any(type(part) is Tracer for part in x):
        return np.stack(x)
    try:
        return np.asarray(x)
    except ValueError:  # rows of several lengths
        return x


def are_whole(y: Any) -> bool:
    return plain_kind(y) in "iuf" and bool(np.all(np.floor(y) == y))


def plain_kind(y: Any) -> str:
    inside = plain(y)
    return inside.dtype.kind if is_array(inside) else np.asarray(inside).dtype.kind


# ---- errors ----------------------------------------------------------------------------------------------------------


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
