"""Small drawings in a line of text, as SVG: a histogram of numbers, and the curve of a loss.

No scripts and no ids, so that many can stand in one notebook. Ink is `currentColor`, so they follow the theme, and what
they show is also said in words, for those who listen to the page.
"""

import math
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from .numbers import Numbers, digits

WIDE, HIGH = 72, 16  # pixels of a histogram
CURVE_WIDE, CURVE_HIGH = 480, 120
POINTS = 240  # columns of a curve: one for two pixels


def histogram(numbers: Numbers) -> str:
    """The bins as bars, with a line at zero where zero lies between. Nothing where all numbers are the same."""
    if not numbers.bins:
        return ""
    top, step = max(numbers.bins), WIDE / len(numbers.bins)
    bars = "".join([bar(k * step, step, count / top) for k, count in enumerate(numbers.bins) if count])
    zero = ""
    if numbers.low < 0 < numbers.high:
        at = -numbers.low / (numbers.high - numbers.low) * WIDE
        zero = f'<path class="zero" d="M{at:.1f} 0V{HIGH}" stroke="currentColor" stroke-dasharray="2 2"/>'
    words = f"histogram from {digits(numbers.low)} to {digits(numbers.high)}, mean {digits(numbers.mean)}"
    return (
        f'<svg class="hist" width="{WIDE}" height="{HIGH}" viewBox="0 0 {WIDE} {HIGH}" role="img" '
        f'aria-label="{words}"><title>{words}</title><path class="bars" d="{bars}" fill="currentColor"/>{zero}</svg>'
    )


def bar(x: float, width: float, share: float) -> str:
    """One bar as a piece of a path; what is rare is still a pixel high."""
    high = max(1.0, share * HIGH)
    return f"M{x:g} {HIGH}v{-high:.3g}h{width - 0.5:g}v{high:.3g}z"


def curve(losses: Sequence[float], total: int | None = None, exact: bool = True) -> str:
    """The loss at each step, lowest and highest of each column; on a logarithmic scale where it falls far.

    `total`: the steps there will be, so that a curve that grows keeps its scale. `exact=False` looks at few of
    very many steps, for a curve that is drawn again in a moment.
    """
    lows, highs = columns(losses, exact)
    if len(lows) < 2:
        return ""
    finite = [y for y in (*lows, *highs) if math.isfinite(y)]
    if not finite:
        return ""
    low, high = min(finite), max(finite)
    log = low > 0 and high / low > 30
    scale = Scale(low, high, log)
    share = min(1.0, len(losses) / total) if total else 1.0
    step = share * CURVE_WIDE / (len(lows) - 1)
    up = [f"{k * step:.1f} {scale(y):.1f}" for k, y in enumerate(highs) if math.isfinite(y)]
    down = [f"{k * step:.1f} {scale(y):.1f}" for k, y in reversed(list(enumerate(lows))) if math.isfinite(y)]
    words = f"loss over {len(losses):_} steps: from {digits(losses[0], 4)} to {digits(losses[-1], 4)}"
    return (
        f'<svg class="curve" viewBox="-1 -6 {CURVE_WIDE + 78} {CURVE_HIGH + 12}" width="{CURVE_WIDE + 78}" '
        f'height="{CURVE_HIGH + 12}" role="img" aria-label="{escape(words)}"><title>{escape(words)}</title>'
        f'{grid(scale)}<path class="line" d="M{"L".join(up + down)}Z" fill="currentColor" stroke="currentColor" '
        f'stroke-width="1.5" stroke-linejoin="round"/></svg>'
    )


class Scale:
    """From a loss to a height on the drawing."""

    def __init__(self, low: float, high: float, log: bool):
        self.low, self.high, self.log = low, high, log
        self.start, self.end = (math.log(low), math.log(high)) if log else (low, high)

    def __call__(self, y: float) -> float:
        y = math.log(y) if self.log else y
        return (
            CURVE_HIGH * (1 - (y - self.start) / (self.end - self.start)) if self.end > self.start else CURVE_HIGH / 2
        )

    def ticks(self) -> list[float]:
        """A few values worth a line: powers of ten, or the ends and the middle."""
        if self.log:
            powers = range(math.ceil(math.log10(self.low)), math.floor(math.log10(self.high)) + 1)
            return [10.0**n for n in list(powers)[:: max(1, len(powers) // 4)]]
        return [self.low, (self.low + self.high) / 2, self.high] if self.end > self.start else [self.low]


def grid(scale: Scale) -> str:
    """Thin lines with their values at the right."""
    lines = []
    for y in scale.ticks():
        at = scale(y)
        lines.append(
            f'<path class="grid" d="M0 {at:.1f}H{CURVE_WIDE}" stroke="currentColor" stroke-opacity=".2"/>'
            f'<text x="{CURVE_WIDE + 6}" y="{at + 4:.1f}" font-size="11" fill="currentColor">{digits(y)}</text>'
        )
    return "".join(lines)


def columns(losses: Sequence[float], exact: bool) -> tuple[list[float], list[float]]:
    """The lowest and the highest loss of each column."""
    n = len(losses)
    if n > POINTS and not exact:
        few = [*losses[:: math.ceil(n / POINTS)], losses[-1]]
        return few, few
    values: Any = np.asarray(losses, dtype=float)
    if n <= POINTS:
        return values.tolist(), values.tolist()
    starts = np.arange(POINTS) * n // POINTS
    with np.errstate(all="ignore"):
        return np.fmin.reduceat(values, starts).tolist(), np.fmax.reduceat(values, starts).tolist()
