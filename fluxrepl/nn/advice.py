"""Advice: a warning that teaches, given once a session; and the words for it.

A mistake that is put right silently is never learnt from; one that is told at every step is soon not read. What must
be a mistake, and is not put right, is told every time: by `warn`, if it is no error.
"""

import os
import sys
import warnings
from types import FrameType
from typing import Any

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


class FluxWarning(UserWarning):
    """The category of all warnings from fluxrepl: `warnings.simplefilter("ignore", flux.FluxWarning)` silences them."""


GIVEN: set[str] = set()  # the advice that this session has had


def advise(name: str, what: str, *notes: str) -> None:
    """Warn with these lines (what, why, what to write), unless advice of this name was given before."""
    if name in GIVEN:
        return
    GIVEN.add(name)
    warn(what, *notes)


def warn(what: str, *notes: str) -> None:
    """Warn with these lines every time: of a mistake. Python alone would show a warning once a line."""
    frame = learners_frame()
    module = frame.f_globals.get("__name__", "")
    text = "\n".join([what, *notes])
    warnings.warn_explicit(text, FluxWarning, frame.f_code.co_filename, frame.f_lineno, module)


def learners_frame() -> FrameType:
    """The innermost frame that runs a line which is not in this package."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(PACKAGE):
        frame = frame.f_back
    return frame


def kind_name(value: Any) -> str:
    """What a value is, for a message: an int, a Dense, an array."""
    name = {"ndarray": "array"}.get(type(value).__name__, type(value).__name__)
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"
