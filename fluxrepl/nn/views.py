"""Arrays that are views of the same memory, such as a weight and its transpose, and a rule that remembers.

The very same array in two places steps once. Two views of one memory are two arrays to a rule: gradient descent is
none the worse for it, since two steps add up, but what remembers, as Adam does, steps twice in full.
"""

from typing import Any

import numpy as np

from .advice import warn
from .state import Leaf, spelled

EFFORT = 10_000  # how hard NumPy looks for an element that two views share


def warn_of_views(rule: Any, leaves: list[Leaf], arrays: dict[tuple, Any]) -> None:
    """Tell of two trainable arrays that share numbers, where the rule does not simply add their steps."""
    if all(leaf.memory is None for leaf in leaves):
        return
    seen: dict[int, list[tuple[tuple, Any]]] = {}
    for path, x in arrays.items():
        family = seen.setdefault(id(memory_of(x)), [])
        for other, y in family:
            if overlap(x, y):
                warn(
                    f"{spelled(other)} and {spelled(path)} are views of the same numbers",
                    f"{type(rule).__name__} steps for each of them in full, so these numbers move twice as far.",
                    "Give both places the very same array; where one needs the transpose, write x @ self.W there.",
                )
        family.append((path, x))


def memory_of(x: Any) -> Any:
    """The array that owns the memory which this one looks into."""
    while isinstance(x, np.ndarray) and isinstance(x.base, np.ndarray):
        x = x.base
    return x


def overlap(x: Any, y: Any) -> bool:
    try:
        return isinstance(x, np.ndarray) and bool(np.shares_memory(x, y, max_work=EFFORT))
    except np.exceptions.TooHardError:
        return False
