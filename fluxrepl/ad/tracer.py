"""The tracer: it stands in for a number or an array while `f` runs.

It has the shape, the length and the truth of the value that it stands for, so that `f` runs as it always does; what
would lose the gradient, or the values that the walk back needs, is an error at the learner's line. What is done to
it is written down by `recording.py`, which gives it its operators too.

**Nesting.** A value may itself be a tracer, of an enclosing `gradient` call. Each tape has a level, higher for a
tape opened later. An operation belongs to the innermost tape among its operands; on that tape it takes off one
layer of tracer and computes on what is inside, which records it on the next tape out. No other idea is needed
for second derivatives, and no perturbation is ever confused with another.
"""

import operator
from typing import Any

import numpy as np

from .errors import teach
from .refusals import lost, mutation


class Tracer:
    """A number or an array, the tape on which it is recorded, and the cotangent that has arrived at it so far."""

    __slots__ = ("ct", "tape", "value")
    __array_priority__ = 1000.0  # an array of another library leaves `array + tracer` to the tracer

    # There is no __init__: a call of one would take half of the time of recording an operation on numbers.
    # `tracer(value, tape)` makes one; the hottest few places write its four lines out.

    # ---- what does not depend on the tape

    @property
    def shape(self) -> tuple[int, ...]:
        return np.shape(plain(self))

    @property
    def ndim(self) -> int:
        return np.ndim(plain(self))

    @property
    def size(self) -> int:
        return np.size(plain(self))

    @property
    def dtype(self) -> np.dtype:
        value = plain(self)
        return value.dtype if hasattr(value, "dtype") else np.asarray(value).dtype

    def __repr__(self) -> str:
        return f"Tracer({self.value!r})"

    def __format__(self, spec: str) -> str:
        return format(plain(self), spec)

    def __len__(self) -> int:
        return len(plain(self))

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __bool__(self) -> bool:
        return bool(plain(self))

    def __index__(self) -> int:
        return operator.index(plain(self))

    def __int__(self) -> int:
        return int(plain(self))

    def __deepcopy__(self, memo) -> "Tracer":
        return self

    __copy__ = __pos__ = lambda self: self

    def __hash__(self):
        raise lost("hash()", "x in {1.0, 2.0}, d[x] and functools.cache", "comparisons, x == 1.0 or x == 2.0")

    # ---- comparisons: their answers are plain, for no gradient flows through them

    def __lt__(self, other):
        return plain(self) < plain(other)

    def __le__(self, other):
        return plain(self) <= plain(other)

    def __gt__(self, other):
        return plain(self) > plain(other)

    def __ge__(self, other):
        return plain(self) >= plain(other)

    def __eq__(self, other):
        return plain(self) == plain(other)

    def __ne__(self, other):
        return plain(self) != plain(other)

    # ---- what would lose the gradient, or the old values

    def __float__(self):
        raise lost("float()", "math.sin(x), float(x) and array[i] = x", "np.sin(x), or leave x as it is")

    def __complex__(self):
        raise lost("complex()", "cmath.exp(x) and complex(x)", "np.exp(x), or leave x as it is")

    def __array__(self, dtype=None, copy=None):
        raise lost(
            "making a plain array",
            "np.array([x, y]), np.asarray(x), np.sum([x, y]), array[i] = x and most functions of SciPy",
            "np.stack([x, y]) or np.concatenate([a, b])",
        )

    def __reduce_ex__(self, protocol):
        raise lost("pickling", "pickle, multiprocessing and most caches", "what computes x into the other process")

    def __setitem__(self, index, value):
        raise mutation("array[...] = value writes into a traced array")

    def _in_place(self, other):
        if self.ndim == 0:
            return NotImplemented  # numbers are immutable: Python goes on with x = x + y
        raise mutation("an in-place operator (such as x += y) writes into a traced array")

    __iadd__ = __isub__ = __imul__ = __itruediv__ = __ipow__ = __imatmul__ = __ifloordiv__ = __imod__ = _in_place

    def __getattr__(self, name: str):
        if name in ("sort", "fill", "put", "partition", "resize", "itemset", "byteswap", "setflags", "setfield"):
            raise mutation(f"x.{name}(...) writes into a traced array")
        error = AttributeError(f"a traced value has no attribute {name!r}", name=name, obj=self)
        if name in OF_MEMORY:
            teach(error, f"It tells of the memory of a bare array: ignore_derivatives(x).{name} asks that one.")
        elif hasattr(plain(self), name) and not name.startswith("_"):
            teach(error, f"The bare value has it, where no gradient is recorded: ignore_derivatives(x).{name}")
        raise error


OF_MEMORY = {"flags", "base", "data", "ctypes", "tobytes", "tofile", "dump", "dumps", "getfield", "__array_interface__"}


def tracer(value: Any, tape: Any) -> Tracer:
    """A new tracer of this value, recorded on this tape; no cotangent has arrived."""
    new = Tracer()
    new.value = value
    new.tape = tape
    new.ct = None
    return new


def plain(x: Any) -> Any:
    """What is inside a tracer, at the bottom; anything else as it is."""
    while type(x) is Tracer:
        x = x.value
    return x


def plain_all(x: Any) -> Any:
    """`plain` of everything in a call's arguments: tuples, lists and dicts are looked into."""
    if type(x) in (tuple, list):
        return type(x)([plain_all(part) for part in x])
    if type(x) is dict:
        return {name: plain_all(part) for name, part in x.items()}
    return plain(x)
