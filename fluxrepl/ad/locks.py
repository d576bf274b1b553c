"""Locks: an array that a tape refers to is not written into while its function runs.

The walk back needs what was in an array when it was used. So it is made read-only, and what it is a view of with it;
writing is then an error at the learner's line, not a wrong gradient. An array may be held by several tapes, of nested
gradients or of other threads: it becomes writable again when the last lets go.

A lock keeps nobody from assigning to `a.shape`, nor from writing by another way into memory that NumPy only looks at,
such as an `array.array`. These changes are found when the function has run, before the walk.
"""

import threading
import zlib
from typing import Any

import numpy as np
from numpy import ndarray

from .errors import LostGradientError, MutationError, teach

OBJECTS = np.dtype(object)
HELD: dict[int, int] = {}  # id of an array → how many tapes hold it
WAITING: list[ndarray] = []  # free again, but what they look into is still held by another tape
GUARD = threading.Lock()


def lock(array: ndarray, tape: Any) -> None:
    """Hold this array, and every array that it is a view of, until the tape lets go."""
    locked = tape.locked
    if locked is None:  # the tape is closed: recording on it is an error, and not ours to tell
        return
    if type(array) is not ndarray and isinstance(array, np.matrix | np.ma.MaskedArray):
        raise teach(
            TypeError(f"a {type(array).__name__} beside a traced value is not known"),
            "It computes by rules of its own, which differ from an array's: `*` of a matrix is a matrix product.",
            "Use a plain array: np.asarray(M), or M.filled(0) of a masked one.",
        )
    operand = array
    while (key := id(array)) not in locked:
        base, dtype = array.base, array.dtype
        if dtype is OBJECTS:
            raise of_objects()
        with GUARD:
            tapes = HELD.get(key, 0)
            if tapes or (array.flags.writeable and (base is None or isinstance(base, ndarray) or lent(base))):
                if not tapes:
                    array.setflags(False)  # by position: `flags.writeable = False` takes four times as long
                HELD[key] = tapes + 1
                locked[key] = array, array.shape, dtype
        if base is None:
            if key not in locked:  # it was read-only before
                tape.watched.setdefault(key, (array, None))
            return
        if not isinstance(base, ndarray):
            watch(operand, array, tape)
            base = getattr(base, "base", None)  # as_strided puts a stand-in between
            if not isinstance(base, ndarray):
                return
        array = base


def watch(operand: ndarray, array: ndarray, tape: Any) -> None:
    """An operand that is, or looks into, an array on memory of another object, who may write into it: compare it."""
    changeable = id(array) in tape.locked or array.flags.writeable
    if changeable and not isinstance(array, np.memmap) and id(operand) not in tape.watched:
        tape.watched[id(operand)] = operand, fingerprint(operand)


def of_objects() -> LostGradientError:
    return teach(
        LostGradientError("an array of objects beside a traced value is not known"),
        "NumPy computes with each object by itself, so the gradients of traced values among them would be lost.",
        "Collect the values in a list and join them: np.stack(values). Of plain numbers: a.astype(float).",
    )


def lent(owner: Any) -> bool:
    """Will NumPy make an array on this memory writable again? It asks the owner, if that is no array."""
    try:
        return not memoryview(owner).readonly
    except TypeError:  # as_strided's stand-in, and what comes from other libraries: these are left unlocked
        return False


def fingerprint(array: ndarray) -> int:
    """A number that changes when the contents of the array do."""
    return zlib.crc32(np.ascontiguousarray(array))


def check_unchanged(tape: Any) -> None:
    """What a lock does not prevent: the function has run, and the walk needs these arrays as they were."""
    for array, shape, dtype in tape.locked.values():
        if array.shape != shape or array.dtype is not dtype:
            raise teach(
                MutationError("the shape or dtype of an array was changed after it was used with a traced value"),
                f"It had the shape {shape} and the dtype {dtype}, and has {array.shape} and {array.dtype} now. "
                "The walk back needs it as it was.",
                "Make a new array: a.reshape(3, 1) for a.shape = (3, 1), a.view(t) for a.dtype = t, a[:2] for resize.",
            )
    for array, print_then in tape.watched.values():
        if print_then is not None and fingerprint(array) != print_then:
            raise teach(
                MutationError("the memory below an array was written into after it was used with a traced value"),
                "The array only looks at memory of another object, so it could not be locked. The walk back needs what "
                "was in it when it was used.",
                "Use a copy with the traced value: np.array(buffer).",
            )


def unlock(arrays: dict[int, tuple]) -> None:
    """Let go of these arrays; those that nobody else holds become writable again."""
    with GUARD:
        for key, (array, _, _) in reversed(arrays.items()):  # what a view looks into was locked after it
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


def made_writable(array: ndarray) -> bool:
    try:
        array.setflags(True)
        return True
    except ValueError:
        return False


def looks_into_held(array: ndarray) -> bool:
    """Is there hope for it? Where somebody made the array below read-only meanwhile, it stays so, as NumPy has it."""
    base = array.base
    while isinstance(base, ndarray):
        if id(base) in HELD:
            return True
        base = base.base
    return False
