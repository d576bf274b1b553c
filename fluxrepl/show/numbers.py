"""What the numbers of an array are like: how many, how large, how spread, and whether any is NaN or infinite.

It is looked at in pieces, so that an array of a gigabyte needs no second gigabyte; past `EXACT` elements a sample
stands for the whole, and says so. An array on a GPU stays there: only a dozen numbers come back.
"""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from fluxrepl.ad.tree import is_array

BINS = 24
PIECE = 1 << 20  # elements looked at together
EXACT = 1 << 23  # elements up to which one view looks at all of them; about 0.1 s
SAMPLE = 1 << 16  # of a larger array
DRAWN = 1 << 18  # elements that a histogram is made of, about


class Numbers(NamedTuple):
    """The numbers of an array at a glance. Of complex numbers, the absolute values."""

    size: int
    looked_at: int  # fewer than `size` where it is a sample
    nan: int
    inf: int
    zero: int
    low: float  # of the finite ones; NaN where there is none
    high: float
    mean: float
    square: float  # the sum of squares of the finite ones
    bins: tuple[int, ...]  # of the finite ones, evenly from `low` to `high`; empty where they are all the same

    @property
    def norm(self) -> float:
        """The length of the vector of all finite numbers; of a sample, as if the rest were like it."""
        return math.sqrt(self.square * self.size / self.looked_at) if self.looked_at else 0.0

    @property
    def sampled(self) -> bool:
        return self.looked_at < self.size

    @property
    def finite(self) -> int:
        return self.looked_at - self.nan - self.inf

    def wrong(self) -> list[str]:
        """What should not be there, in words."""
        return [f"{count:_} {name}" for count, name in ((self.nan, "NaN"), (self.inf, "Inf")) if count]


class Looking:
    """Looks at one array after another, exactly while that is quick."""

    def __init__(self, left: int = EXACT):
        self.left = left

    def at(self, array: Any) -> Numbers | None:
        """The numbers of an array; None for one that holds none: bools, strings, objects, or nothing at all."""
        if not is_array(array) or array.dtype.kind not in "fciu" or array.size == 0:
            return None
        if array.size > self.left:
            flat = sample(array)
        else:
            self.left -= int(array.size)
            flat = array.reshape(-1)
        with np.errstate(all="ignore"):
            return gathered(int(array.size), flat)


def sample(array: Any) -> Any:
    """Every so many elements. One that does not lie in one piece is not copied for that."""
    step = math.ceil(array.size / SAMPLE)
    if array.flags.c_contiguous:
        return array.reshape(-1)[::step]
    return array[np.unravel_index(np.arange(0, array.size, step), array.shape)]


def gathered(size: int, flat: Any) -> Numbers:
    """First all but the bins, whose ends are known only then; then the bins."""
    whole = Numbers(size, int(flat.size), 0, 0, 0, math.inf, -math.inf, 0.0, 0.0, ())
    total = 0.0
    for piece in pieces(flat):
        finite = finite_of(piece)
        lost = piece.size - finite.size
        nan = int(np.isnan(piece).sum()) if lost else 0
        whole = whole._replace(nan=whole.nan + nan, inf=whole.inf + int(lost) - nan)
        if finite.size:
            whole = whole._replace(
                zero=whole.zero + int(finite.size) - int(np.count_nonzero(finite)),
                low=min(whole.low, float(finite.min())),
                high=max(whole.high, float(finite.max())),
                square=whole.square + float(np.dot(finite, finite)),
            )
            total += float(finite.sum())
    if not whole.finite:
        return whole._replace(low=math.nan, high=math.nan, mean=math.nan)
    return whole._replace(mean=total / whole.finite, bins=binned(flat, whole.low, whole.high))


def finite_of(piece: Any) -> Any:
    """The finite numbers; the lowest and the highest tell at once whether that is all."""
    return piece if np.isfinite(piece.min() - piece.max()) else piece[np.isfinite(piece)]


def binned(flat: Any, low: float, high: float) -> tuple[int, ...]:
    """How many finite numbers are in each of the bins; of very many a sample, for a drawing needs no more."""
    if not 1e-9 * max(abs(low), abs(high)) < high - low < math.inf:
        return ()  # all the same, but for rounding
    flat = flat[:: max(1, int(flat.size) // DRAWN)]
    counts = [0] * BINS
    for piece in pieces(flat):
        found, _ = np.histogram(finite_of(piece), bins=BINS, range=(low, high))
        counts = [a + int(b) for a, b in zip(counts, found.tolist(), strict=True)]
    return tuple(counts)


def pieces(flat: Any) -> Iterator[Any]:
    """An array as pieces of float64, so that squares of half floats do not overflow."""
    for start in range(0, int(flat.size), PIECE):
        piece = flat[start : start + PIECE]
        yield (abs(piece) if piece.dtype.kind == "c" else piece).astype(np.float64)


def digits(x: float, places: int = 3) -> str:
    """A number to three digits, with a minus sign that is as wide as a plus: 0.0123, −1.2e-07, 12000."""
    if not math.isfinite(x):
        return str(x)
    text = f"{x + 0.0:.{places}g}"  # + 0.0: no −0
    if "e+0" in text and abs(x) < 1e6:
        text = f"{x:.0f}"
    return text.replace("e-0", "e-").replace("e+0", "e").replace("e+", "e").replace("-", "−", 1 if x < 0 else 0)
