"""Where random numbers come from: one generator for a session, which `seed` sets, or one of your own."""

from typing import Any

import numpy as np

from fluxrepl.ad.errors import teach

from .advice import kind_name

SESSION: dict[str, Any] = {}  # the one generator of a session, made when first drawn from


def seed(n: int | None) -> None:
    """Set the generator that layers and initialisers draw from, so that a session can be repeated.

    `seed(None)` makes it unpredictable again. NumPy's own `np.random.seed` does not reach it, nor does this reach
    NumPy's.

    Errors: `TypeError` for anything but a whole number or None, `ValueError` for a negative one.

    Example:
        >>> seed(1)
        >>> first = Dense(3, 2)
        >>> seed(1)
        >>> np.array_equal(first.weight, Dense(3, 2).weight)
        True

    Source: Julia's `Random.seed!`.
    """
    if n is not None and (isinstance(n, bool) or not isinstance(n, int | np.integer)):
        raise teach(TypeError(f"seed takes a whole number, and got {kind_name(n)}: {n!r:.60}"), "Write seed(0).")
    if n is not None and n < 0:
        raise teach(ValueError(f"a seed cannot be negative, and got {n}"), f"Write seed({-n}).")
    SESSION["rng"] = np.random.default_rng(n)


def generator(rng: Any) -> Any:
    """The generator to draw from: the one given, one made from a seed, or the session's."""
    if rng is None:
        if not SESSION:
            seed(None)
        return SESSION["rng"]
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool) and rng >= 0:
        return np.random.default_rng(rng)
    raise teach(
        TypeError(f"rng= takes a NumPy generator, and got {rng!r:.60}"),
        "Write rng=np.random.default_rng(0), or rng=0.",
    )
