"""Locks: an array that a tape refers to is not written into while its function runs.

The walk back needs what was in an array when it was used. So it is made read-only, and what it is a view of with it;
writing is then an error at the learner's line, not a wrong gradient. An array may be held by several tapes, of nested
gradients or of other threads: it becomes writable again when the last lets go.
"""

import threading
from typing import Any

import numpy as np

from .errors import teach

HELD: dict[int, int] = {}  # id of an array → how many tapes hold it
WAITING: list[np.ndarray] = []  # free again, but what they look into is still held by another tape
GUARD = threading.Lock()


def lock(array: np.ndarray, tape: Any) -> None:
    """Hold this array, and every array that it is a view of, until the tape lets go."""
    if type(array) is not np.ndarray and isinstance(array, np.matrix | np.ma.MaskedArray):
        raise teach(
            TypeError(f"a {type(array).__name__} beside a traced value is not known"),
            "It computes by rules of its own, which differ from an array's: `*` of a matrix is a matrix product.",
            "Use a plain array: np.asarray(M), or M.filled(0) of a masked one.",
        )
    while array is not None:
        key = id(array)
        if key not in tape.locked:
            with GUARD:
                tapes = HELD.get(key, 0)
                if tapes:
                    HELD[key] = tapes + 1
                    tape.locked[key] = array
                elif array.flags.writeable:
                    array.setflags(False)  # by position: `flags.writeable = False` takes four times as long
                    HELD[key] = 1
                    tape.locked[key] = array
        array = array.base
        if array is not None and not isinstance(array, np.ndarray):  # bytes, a memory map: not an array's
            return


def unlock(arrays: dict[int, np.ndarray]) -> None:
    """Let go of these arrays; those that nobody else holds become writable again."""
    with GUARD:
        for key, array in reversed(arrays.items()):  # what a view looks into was locked after it, and is freed before
            tapes = HELD.pop(key)
            if tapes > 1:
                HELD[key] = tapes - 1
                continue
            try:
                array.setflags(True)
            except ValueError:  # what it looks into is not writable
                WAITING.append(array)
        while WAITING:
            still = [array for array in WAITING if not made_writable(array)]
            if len(still) == len(WAITING):
                return
            WAITING[:] = still


def made_writable(array: np.ndarray) -> bool:
    try:
        array.setflags(True)
        return True
    except ValueError:
        return False
