"""Advice: a warning that teaches, given once a session; and the words for it.

A mistake that is put right silently is never learnt from; one that is told at every step is soon not read.
"""

import warnings
from typing import Any


class FluxWarning(UserWarning):
    """The category of every warning from fluxrepl; `warnings.simplefilter("ignore", flux.nn.advice.FluxWarning)`."""


GIVEN: set[str] = set()  # the advice that this session has had


def advise(name: str, what: str, *notes: str, stacklevel: int = 3) -> None:
    """Warn with these lines (what, why, what to write), unless advice of this name was given before."""
    if name in GIVEN:
        return
    GIVEN.add(name)
    warnings.warn("\n".join([what, *notes]), FluxWarning, stacklevel=stacklevel)


def kind_name(value: Any) -> str:
    """What a value is, for a message: an int, a Dense, an array."""
    name = {"ndarray": "array"}.get(type(value).__name__, type(value).__name__)
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"
