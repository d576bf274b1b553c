"""Which values have a view: layers, explanations, trainings, and structures that hold arrays, as gradients do."""

import sys
from typing import Any

from fluxrepl.ad.record import Record
from fluxrepl.ad.tree import is_array
from fluxrepl.nn.layer import long_text, options_of

LOOKED_AT = 50  # parts of a collection, and levels of nesting, that are looked into: a view must not keep one waiting
LEVELS = 6


def is_layer(value: Any) -> bool:
    """A layer that prints in our manner; one with a `__repr__` of its own says it itself."""
    return not isinstance(value, type) and options_of(type(value)) is not None and type(value).__repr__ is long_text


def is_explanation(value: Any) -> bool:
    """What `explain` answered; its module is loaded by then."""
    module = sys.modules.get("fluxrepl.show.explain")
    return module is not None and isinstance(value, module.Explanation)


def is_losses(value: Any) -> bool:
    """What `train` answered; its module is loaded by then."""
    module = sys.modules.get("fluxrepl.nn.train")
    return module is not None and isinstance(value, module.Losses)


def is_structure(value: Any, levels: int = LEVELS) -> bool:
    """A record, or a tuple, list or dict with a record or an array somewhere in it."""
    if isinstance(value, Record):
        return True
    if levels == 0 or not isinstance(value, tuple | list | dict):
        return False
    parts = list(value.values() if isinstance(value, dict) else value)[:LOOKED_AT]
    return any([(is_array(part) and part.ndim > 0) or is_structure(part, levels - 1) for part in parts])
