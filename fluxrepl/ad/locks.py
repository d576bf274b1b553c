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
    locked = tape.locked
    if locked is None:  # the tape is closed: recording on it is an error, and not ours to tell
        return
    if type(array) is not np.ndarray and isinstance(array, np.matrix | np.ma.MaskedArray):
        raise teach(
            TypeError(f"a {type(array).__name__} beside a traced value is not known"),
            "It computes by rules of its own, which differ from an array's: `*` of a matrix is a matrix product.",
            "Use a plain array: np.asarray(M), or M.filled(0) of a masked one.",
        )
    while isinstance(array, np.ndarray):
        key = id(array)
        base = array.base
        if key not in locked:
            with GUARD:
                tapes = HELD.get(key, 0)
                if tapes:
                    HELD[key] = tapes + 1
                    locked[key] = array
                elif array.flags.writeable and (base is None or isinstance(base, np.ndarray) or lent(base)):
                    array.setflags(False)  # by position: `flags.writeable = False` takes four times as long
                    HELD[key] = 1
                    locked[key] = array
        array = base


def lent(owner: Any) -> bool:
    """Will NumPy make an array on this memory writable again? It asks the owner, if that is no array."""
    try:
        return not memoryview(owner).readonly
    except TypeError:  # as_strided's stand-in, and what comes from other libraries: these are left unlocked
        return False


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
            still = [array for array in WAITING if not made_writable(array) and looks_into_held(array)]
            if len(still) == len(WAITING):
                return
            WAITING[:] = still


def made_writable(array: np.ndarray) -> bool:
    try:
        array.setflags(True)
        return True
    except ValueError:
        return False


def looks_into_held(array: np.ndarray) -> bool:
    """Is there hope for it? Where somebody made the array below read-only meanwhile, it stays so, as NumPy has it."""
    base = array.base
    while isinstance(base, np.ndarray):
        if id(base) in HELD:
            return True
        base = base.base
    return False
