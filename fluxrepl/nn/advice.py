"""Advice: a warning that teaches, given once a session; and the words for it.

A mistake that is put right silently is never learnt from; one that is told at every step is soon not read.
"""

import os
import sys
import warnings
from typing import Any

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


class FluxWarning(UserWarning):
    """The category of every warning from fluxrepl: `warnings.simplefilter("ignore", flux.FluxWarning)` silences them."""


GIVEN: set[str] = set()  # the advice that this session has had


def advise(name: str, what: str, *notes: str) -> None:
    """Warn with these lines (what, why, what to write), unless advice of this name was given before."""
    if name in GIVEN:
        return
    GIVEN.add(name)
    warnings.warn("\n".join([what, *notes]), FluxWarning, stacklevel=learners_line())


def learners_line() -> int:
    """How many frames above `advise` the first line stands that is not in this package: a `stacklevel`."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_code.co_filename.startswith(PACKAGE):
        frame, level = frame.f_back, level + 1
    return level


def kind_name(value: Any) -> str:
    """What a value is, for a message: an int, a Dense, an array."""
    name = {"ndarray": "array"}.get(type(value).__name__, type(value).__name__)
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"
