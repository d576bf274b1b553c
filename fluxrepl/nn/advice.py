"""Advice: a warning that teaches, given once a session; and the words for it.

A mistake that is put right silently is never learnt from; one that is told at every step is soon not read. What must
be a mistake, and is not put right, is told every time: by `warn`, if it is no error.
"""

import os
import sys
import warnings
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


class FluxWarning(UserWarning):
    """The category of all warnings from fluxrepl: `warnings.simplefilter("ignore", flux.FluxWarning)` silences them."""


GIVEN: set[str] = set()  # the advice that this session has had
HOLDERS: set[CodeType] = set()  # of functions that let advice wait until they have come to their end
WAITING: list[tuple[str, FrameType, str]] = []  # advice: its name, the learner's frame, its text


def advise(name: str, what: str, *notes: str) -> None:
    """Warn with these lines (what, why, what to write), unless advice of this name was given before."""
    if name in GIVEN:
        return
    GIVEN.add(name)
    frame = learners_frame()
    if holders_running():
        WAITING.append((name, frame, "\n".join([what, *notes])))
    else:
        warn_at(frame, "\n".join([what, *notes]))


def holds_advice(f: Callable) -> Callable:
    """Above a function that ends with `tell_advice`: an error of its own is told, and no advice before it."""
    HOLDERS.add(f.__code__)
    return f


def tell_advice(*, failed: bool) -> None:
    """Give the advice that waits, unless a caller waits too; after an error, keep it for the next time."""
    if failed:
        GIVEN.difference_update([name for name, _, _ in WAITING])
        WAITING.clear()
    elif holders_running() < 2:
        waiting = list(WAITING)
        WAITING.clear()
        for _, frame, text in waiting:
            warn_at(frame, text)


def holders_running() -> int:
    count, frame = 0, sys._getframe(1)
    while frame is not None:
        count += frame.f_code in HOLDERS
        frame = frame.f_back
    return count


def warn(what: str, *notes: str) -> None:
    """Warn with these lines every time: of a mistake. Python alone would show a warning once a line."""
    warn_at(learners_frame(), "\n".join([what, *notes]))


def warn_at(frame: FrameType, text: str) -> None:
    module = frame.f_globals.get("__name__", "")
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
