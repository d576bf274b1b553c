"""Where the weight of a layer comes from: sizes and an initialiser, or an array; and what may be wrong with either."""

import inspect
from typing import Any

import numpy as np

from fluxrepl.ad.errors import ShapeError, teach
from fluxrepl.ad.tree import is_array

from .advice import kind_name
from .text import short

MISSING: Any = type("Missing", (), {"__repr__": lambda self: "…"})()  # an argument that was not given

# ---- an array --------------------------------------------------------------------------------------------------------


def is_weight(W: Any) -> bool:
    """Is this an array, or a list of rows, and not a size?"""
    return (is_array(W) and np.ndim(W) > 0) or (isinstance(W, list) and bool(W) and isinstance(W[0], list | tuple))


def given_weight(W: Any) -> Any:
    """The array as a weight: a matrix of numbers."""
    W = from_rows(W) if isinstance(W, list | tuple) else W
    if not is_array(W) or isinstance(W, np.ma.MaskedArray) or W.dtype.kind not in "fciu":
        what = f"an array of {W.dtype}" if is_array(W) and W.dtype.kind not in "fciu" else kind_name(W)
        hint = "Write W.filled(0) for a plain array." if isinstance(W, np.ma.MaskedArray) else "Write W.astype(float)."
        raise teach(
            TypeError(f"the weight of a Dense is an array of numbers, and got {what}"),
            "It is multiplied with the input." if is_array(W) else "It has a row for each output.",
            hint if is_array(W) else "Write Dense(np.array([[1.0, 2.0]])), or sizes: Dense(10, 5).",
        )
    if W.ndim != 2:
        raise teach(
            ShapeError(f"a Dense needs a weight with two axes, (out, in), and got one of shape {W.shape}"),
            f"W[None, :] has the shape (1, {W.shape[0]}): one output." if W.ndim == 1 else "A row for each output.",
        )
    return W.view(np.ndarray) if isinstance(W, np.matrix) else W


def from_rows(rows: Any) -> Any:
    """A list of rows as an array; whole numbers in it become floats, for a list says nothing of precision."""
    try:
        W = np.asarray(rows)
    except ValueError:
        raise teach(
            TypeError(f"the weight of a Dense is an array of numbers, and got {rows!r:.60}"),
            "The rows are not of one length, or hold other things than numbers.",
            "Write np.array([[1.0, 2.0], [3.0, 4.0]]) for two outputs of two inputs.",
        ) from None
    return W.astype(np.float64) if W.dtype.kind in "iub" else W


def alone(W: Any, others: dict[str, Any]) -> Any:
    """A weight that was given needs no sizes, and nothing that would make one."""
    for name, value in others.items():
        if value is not MISSING:
            raise teach(
                TypeError(f"Dense takes a weight or what makes one, and got W and {name}"),
                f"W has its sizes and its numbers already; {name}={short(value):.60} would be ignored.",
                "Write Dense(W, b, activation), or Dense(n_in, n_out, activation).",
            )
    return W


# ---- sizes -----------------------------------------------------------------------------------------------------------


def check_sizes(n_in: Any, n_out: Any) -> None:
    """The usual mistakes with the sizes, each with what to write."""
    if isinstance(n_in, tuple | list):
        inside = ", ".join(str(n) for n in n_in)
        raise teach(
            TypeError(f"Dense takes its sizes one by one, and got {kind_name(n_in)}: {n_in!r:.60}"),
            f"Write Dense({inside}). For one from arrays, Dense(W, b) with arrays: np.array({n_in!r:.60}).",
        )
    if callable(n_in) or callable(n_out):
        raise teach(TypeError("Dense takes the sizes first, then the activation"), "Write Dense(n_in, n_out, relu).")
    for name, n in (("n_in", n_in), ("n_out", n_out)):
        if n is MISSING:
            raise teach(
                TypeError(f"Dense needs two sizes, and {name} is missing"),
                "Write Dense(n_in, n_out), such as Dense(10, 5): ten numbers in, five out.",
            )
        if isinstance(n, bool | np.bool_):
            raise teach(
                TypeError(f"Dense needs two sizes, and {name} is {n}"),
                "Write Dense(n_in, n_out), such as Dense(10, 5); bias=False goes in by name.",
            )
        if not isinstance(n, int | np.integer):
            whole = f"Write {int(n)}, or int({n})." if isinstance(n, float) and n == n // 1 else "Write Dense(10, 5)."
            raise teach(TypeError(f"Dense needs whole numbers as sizes, and {name} is {n!r:.60}"), whole)
        if n < 0:
            raise teach(ShapeError(f"a size cannot be negative, and {name} is {n}"), "Write Dense(10, 5).")


# ---- an initialiser --------------------------------------------------------------------------------------------------


def initial(init: Any, dims: tuple[int, ...], rng: Any) -> Any:
    """The first weights of these sizes: what `init(*dims)` gives, or `init(*dims, rng=rng)`."""
    dims = tuple([int(n) for n in dims])
    options = {} if rng is None or rng is MISSING else {"rng": rng}
    check_init(init, dims, options)
    try:
        weight = init(*dims, **options)
    except TypeError as error:  # np.ones(3, 2), say
        teach(error, *meaning(dims, options))
        raise
    check_weight(weight, dims, options)
    return weight


def check_init(init: Any, dims: tuple, options: dict) -> None:
    if not callable(init):
        got = f"an array of shape {init.shape}" if is_array(init) else f"{init!r:.60}"
        notes = meaning(dims, options)
        if is_array(init):
            notes.append("For a weight that you have, write Dense(W, b).")
        raise teach(TypeError(f"init is a function that makes the first weights, and got {got}"), *notes)
    try:
        signature = inspect.signature(init)
    except (TypeError, ValueError):  # a function of C, which does not say what it takes
        return
    try:
        signature.bind(*dims, **options)
    except TypeError as error:
        name = getattr(init, "__name__", type(init).__name__)
        raise teach(
            TypeError(f"init is called as {call(dims, options)}, and {name}{signature} cannot be: {error}"),
            *meaning(dims, options),
        ) from None


def check_weight(weight: Any, dims: tuple, options: dict) -> None:
    if is_array(weight) and weight.shape == dims and weight.dtype.kind in "fc":
        return
    if is_array(weight) and weight.shape == dims:
        raise teach(
            TypeError(f"init must give floats, and gave an array of {weight.dtype}"),
            "A step of training is a fraction, and whole numbers have no room for it.",
            "Let it end in .astype(np.float32).",
        )
    got = f"an array of shape {weight.shape}" if is_array(weight) else kind_name(weight)
    raise teach(ShapeError(f"init must give an array of shape {dims}, and gave {got}"), *meaning(dims, options))


def meaning(dims: tuple, options: dict) -> list[str]:
    """What an initialiser is."""
    notes = [
        f"An initialiser is called with the sizes one by one, outputs first: {call(dims, options)}.",
        "Write init=glorot_uniform, or a function such as lambda *dims: np.random.randn(*dims).",
    ]
    return notes if not options else [*notes, "It gets rng= because the layer did."]


def call(dims: tuple, options: dict) -> str:
    return f"init({', '.join([*map(str, dims), *[f'{name}={value!r:.40}' for name, value in options.items()]])})"
