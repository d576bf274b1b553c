"""What all initialisers have in common: how they are called with sizes, and how sizes become a spread."""

import functools
import inspect
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from fluxrepl.ad.errors import ShapeError, teach

from .advice import kind_name
from .chance import generator


def nfan(*dims: int) -> tuple[int, int]:
    """How many numbers flow into one output of a weight of these sizes, and out of one input.

    Errors: `TypeError` for sizes that are not whole numbers, or that come in a tuple; `ShapeError` for negative ones.

    Example:
        >>> nfan(5, 10)  # a weight of Dense(10, 5)
        (10, 5)
        >>> nfan(8, 3, 5, 5)  # 8 filters of 5×5 over 3 channels
        (75, 200)

    Source: Flux's `nfan`.
    """
    dims = sizes_of("nfan", dims)
    if len(dims) < 2:
        return (1, dims[0] if dims else 1)
    taps = math.prod(dims[2:])
    return dims[1] * taps, dims[0] * taps


def sizes_of(name: str, dims: tuple) -> tuple[int, ...]:
    """The sizes as ints, or an error that says how to write them."""
    if len(dims) == 1 and isinstance(dims[0], tuple | list):
        inside = ", ".join(str(n) for n in dims[0])
        raise teach(
            TypeError(f"{name} takes its sizes one by one, and got {kind_name(dims[0])}: {dims[0]!r}"),
            f"Write {name}({inside}), or {name}(*shape).",
        )
    try:
        if any(isinstance(n, bool) for n in dims):
            raise TypeError
        sizes = tuple([operator.index(n) for n in dims])
    except TypeError:
        bad = next(n for n in dims if isinstance(n, bool) or not hasattr(n, "__index__"))
        hint = f"A generator goes in by name: {name}(5, 10, rng=rng)." if isinstance(bad, np.random.Generator) else ""
        raise teach(
            TypeError(f"{name} takes whole numbers as sizes, and got {bad!r}"), hint or f"Write {name}(5, 10)."
        ) from None
    if any(n < 0 for n in sizes):
        raise teach(ShapeError(f"a size cannot be negative: {name}{sizes}"), "A size counts numbers along an axis.")
    return sizes


def initialiser(fill: Callable[..., np.ndarray]) -> Callable[..., Any]:
    """Above a function that fills an array `(dims, rng, **options)`: the manners that all initialisers share."""
    name = fill.__name__
    dims, _, *own = inspect.signature(fill).parameters.values()
    manners = [dims.replace(kind=dims.VAR_POSITIONAL), inspect.Parameter("rng", dims.KEYWORD_ONLY, default=None)]

    @functools.wraps(fill)
    def init(*dims: int, rng: Any = None, **options: Any) -> Any:
        if not dims:
            return functools.partial(init, rng=rng, **options)
        return fill(sizes_of(name, dims), generator(rng), **options).astype(np.float32, copy=False)

    init.__signature__ = inspect.Signature(manners + [option.replace(kind=option.KEYWORD_ONLY) for option in own])
    return init
