"""What goes into a layer: brought to the layer's dtype, or refused with words.

A layer calls `admit` only for an input that is not simply an array of the right size and dtype.
"""

from typing import Any

import numpy as np

from fluxrepl.ad.errors import ShapeError, teach
from fluxrepl.ad.tracer import Tracer, plain
from fluxrepl.ad.tree import is_array

from .advice import advise, kind_name


def admit(dense: Any, W: Any, x: Any) -> Any:
    """An input that is not simply an array of the right size and dtype: bring it there, or say what is wrong."""
    if isinstance(x, list | tuple):
        x = array_of(dense, x).astype(W.dtype)
    elif not is_array(plain(x)) and hasattr(type(x), "__array__") and type(x) is not Tracer:
        x = np.asarray(x)
    inside = plain(x)
    if not hasattr(inside, "dtype") or inside.ndim == 0:
        raise not_an_array(dense, inside)
    if inside.dtype.kind not in "fciub":
        raise teach(
            TypeError(f"{dense} takes numbers, and got an array of {inside.dtype}"),
            "Its elements are multiplied with the weights.",
            "Convert them first: x.astype(np.float32).",
        )
    if isinstance(inside, np.ndarray) != isinstance(W, np.ndarray):
        raise elsewhere(dense, isinstance(inside, np.ndarray))
    if inside.shape[-1] != W.shape[1]:
        raise wrong_size(dense, W, inside.shape)
    return converted(dense, W, x, inside.dtype)


def converted(dense: Any, W: Any, x: Any, dtype: np.dtype) -> Any:
    """The input in the layer's precision. Integers and bools, which have none, and narrower floats convert silently."""
    if dtype == W.dtype or W.dtype.kind != "f" or dtype.kind == "c":
        return x
    if dtype.kind == "f" and dtype.itemsize > W.dtype.itemsize:
        advise(
            "wider input",
            f"{dense} has {W.dtype} weights, and got {dtype} numbers: they are converted",
            f"NumPy makes {dtype} by default; {W.dtype} takes less memory and time, and is as good here.",
            f"To convert once, not at every call, write x = x.astype(np.{W.dtype}).",
        )
    return x.astype(W.dtype)


def array_of(dense: Any, x: list | tuple) -> Any:
    try:
        traced = any(type(part) is Tracer for part in x)
        array = np.stack(x) if traced else np.asarray(x)
    except ValueError:
        array = None
    if array is None or array.dtype.kind not in "fciub":
        raise teach(
            TypeError(f"{dense} takes an array of numbers, and got the {type(x).__name__} {x!r:.60}"),
            "It does not make an array of numbers: are the rows of one length, and all of them numbers?",
            "Write np.array([[1.0, 2.0], [3.0, 4.0]]) for two inputs of two numbers.",
        )
    return array


def not_an_array(dense: Any, x: Any) -> Exception:
    n_in = np.shape(plain(dense.weight))[1]
    if is_array(x) or isinstance(x, int | float | complex):
        return teach(
            ShapeError(f"{dense} takes arrays with {counted(n_in)} on the last axis, and got a single number: {x!r}"),
            "A layer maps a vector to a vector.",
            "Write layer(np.array([3.0])) for a vector of one number.",
        )
    return teach(
        TypeError(f"{dense} takes an array, and got {kind_name(x)}"),
        f"Its input has the shape (..., {n_in}).",
        "Write layer(x) with x = np.array([...]).",
    )


def wrong_size(dense: Any, W: Any, shape: tuple[int, ...]) -> ShapeError:
    n_out, n_in = W.shape
    notes = [f"Its weight has the shape {W.shape}: a row for each output, a column for each number of the input."]
    if len(shape) == 2 and shape[0] == n_in:
        notes.append(f"Here the batch comes first: x.T has the shape {shape[::-1]}, an input in each row.")
    else:
        notes.append(
            f"Give it inputs of shape (..., {n_in}), or make the layer for these: Dense({shape[-1]}, {n_out})."
        )
    return teach(
        ShapeError(
            f"{dense} takes {counted(n_in)} on the last axis, and got {shape[-1]}: the input's shape is {shape}"
        ),
        *notes,
    )


def elsewhere(dense: Any, input_is_here: bool) -> TypeError:
    if input_is_here:
        what = f"{dense} is on the GPU, and its input is not"
        hint = "Write layer(gpu(x)), or move the layer: cpu(layer)."
    else:
        what = f"{dense} is not on the GPU, and its input is"
        hint = "Write layer(cpu(x)), or move the layer: gpu(layer)."
    return teach(TypeError(what), "A GPU computes with what is in its own memory.", hint)


def counted(n: int) -> str:
    return f"{n} number" if n == 1 else f"{n} numbers"
