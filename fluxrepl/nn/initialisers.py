"""Initialisers: where the first weights come from.

All are called with the sizes, `glorot_uniform(5, 10)`, and give float32. Called with keywords only they give an
initialiser, `kaiming_normal(gain=1.0)`, to hand to a layer as `init=`. Random numbers come from one generator,
which `flux.seed(0)` sets for a whole session; `rng=` takes another, or a seed, for one call. (See `chance.py`.)

The sizes of a weight are `(out, in)`; of a convolution `(out, in, height, width)`. What all initialisers have in
common is in `sizes.py`; those that make a pattern are in `patterns.py`.
"""

import math
from typing import Any

import numpy as np

from fluxrepl.ad.errors import teach

from .advice import advise
from .sizes import initialiser, nfan

ROOT2 = math.sqrt(2)


def uniform(dims: tuple[int, ...], rng: Any, bound: float) -> np.ndarray:
    return rng.uniform(-bound, bound, dims)


def normal(dims: tuple[int, ...], rng: Any, std: float) -> np.ndarray:
    return rng.standard_normal(dims) * std


@initialiser
def glorot_uniform(dims, rng, gain=1.0):
    """Weights drawn evenly from an interval that keeps the signal's strength, forwards and backwards.

    The same numbers every time with `flux.seed(0)` before, or with `rng=0`; `np.random.seed` does not reach them.

    Formula: U(-x, x) with x = gain · √(6 / (fan_in + fan_out))

    Errors: `TypeError` for sizes that are not whole numbers, or that come in a tuple; `ShapeError` for negative ones.

    Example:
        >>> glorot_uniform(5, 10).shape
        (5, 10)

    Source: "Layer Helpers"; Glorot and Bengio 2010, equation 16.
    """
    return uniform(dims, rng, gain * math.sqrt(6 / max(sum(nfan(*dims)), 1)))


@initialiser
def glorot_normal(dims, rng, gain=1.0):
    """Normally distributed weights that keep the signal's strength, forwards and backwards.

    The same numbers every time with `flux.seed(0)` before, or with `rng=0`; `np.random.seed` does not reach them.

    Formula: N(0, std²) with std = gain · √(2 / (fan_in + fan_out))

    Errors: `TypeError` for sizes that are not whole numbers, or that come in a tuple; `ShapeError` for negative ones.

    Example:
        >>> glorot_normal(300, 300).std().round(2)  # √(2 / 600) is 0.058
        0.06

    Source: Glorot and Bengio 2010, equation 12.
    """
    return normal(dims, rng, gain * math.sqrt(2 / max(sum(nfan(*dims)), 1)))


@initialiser
def kaiming_uniform(dims, rng, gain=ROOT2):
    """Weights for layers with relu, which lets half the signal through.

    The same numbers every time with `flux.seed(0)` before, or with `rng=0`; `np.random.seed` does not reach them.

    Formula: U(-x, x) with x = gain · √(3 / fan_in)

    Errors: `TypeError` for sizes that are not whole numbers, or that come in a tuple; `ShapeError` for negative ones.

    Example:
        >>> np.abs(kaiming_uniform(50, 6)).max() <= 1  # √2 · √(3 / 6) is 1
        True

    Source: He et al. 2015.
    """
    return uniform(dims, rng, gain * math.sqrt(3 / max(nfan(*dims)[0], 1)))


@initialiser
def kaiming_normal(dims, rng, gain=ROOT2):
    """Normally distributed weights for layers with relu, which lets half the signal through.

    The same numbers every time with `flux.seed(0)` before, or with `rng=0`; `np.random.seed` does not reach them.

    Formula: N(0, std²) with std = gain / √fan_in

    Errors: `TypeError` for sizes that are not whole numbers, or that come in a tuple; `ShapeError` for negative ones.

    Example:
        >>> kaiming_normal(200, 200).std().round(2)  # √2 / √200 is 0.1
        0.1

    Source: He et al. 2015, equation 10.
    """
    return normal(dims, rng, gain / math.sqrt(max(nfan(*dims)[0], 1)))


@initialiser
def truncated_normal(dims, rng, mean=0.0, std=1.0, lo=-2.0, hi=2.0):
    """Normally distributed numbers, none of them below `lo` or above `hi`.

    The same numbers every time with `flux.seed(0)` before, or with `rng=0`; `np.random.seed` does not reach them.

    Formula: N(mean, std²), given that lo ≤ x ≤ hi

    Errors: `ValueError` unless `lo < hi` and `std > 0`. Warns where the mean lies far outside of the interval.

    Example:
        >>> x = truncated_normal(100, lo=0.0, hi=1.0)
        >>> x.min() >= 0, x.max() <= 1
        (True, True)

    Source: Flux's `truncated_normal`.
    """
    if not (lo < hi and std > 0):
        raise teach(
            ValueError(f"truncated_normal needs lo < hi and std > 0, and got lo={lo}, hi={hi}, std={std}"),
            "Between lo and hi the numbers are drawn.",
        )
    if mean < lo - 2 * std or mean > hi + 2 * std:
        advise(
            "truncated_normal",
            f"truncated_normal: the mean {mean} is more than 2 standard deviations outside of [{lo}, {hi}]",
            "The numbers will crowd at one end of the interval.",
        )
    z = truncated(dims, rng, (lo - mean) / std, (hi - mean) / std)
    return np.clip(mean + std * z, lo, hi)


def truncated(dims, rng, lo: float, hi: float) -> np.ndarray:
    """Standard normal numbers between two bounds."""
    from statistics import NormalDist  # 10 ms to import, for one seldom used function

    bell = NormalDist()
    low, high = (lo, hi) if lo <= 0 else (-hi, -lo)  # the lower tail is the one that floats resolve
    p_low, p_high = bell.cdf(low), bell.cdf(high)
    if p_high - p_low < 0.3:  # few would be kept: draw by the inverse of the cumulative distribution
        p = np.clip(rng.uniform(p_low, p_high, dims), 5e-324, 1 - 2**-53)
        z = np.reshape([bell.inv_cdf(float(q)) for q in p.flat], dims)
    else:
        z = rng.standard_normal(dims)
        outside = (z < low) | (z > high)
        while outside.any():
            z[outside] = rng.standard_normal(np.count_nonzero(outside))
            outside = (z < low) | (z > high)
    return z if lo <= 0 else -z


@initialiser
def lecun_normal(dims, rng):
    """Normally distributed weights within two units of 0, for layers with selu.

    The same numbers every time with `flux.seed(0)` before, or with `rng=0`; `np.random.seed` does not reach them.

    Formula: N(0, 1 / fan_in), given that -2 ≤ x ≤ 2

    Errors: `TypeError` for sizes that are not whole numbers, or that come in a tuple; `ShapeError` for negative ones.

    Example:
        >>> lecun_normal(200, 100).std().round(2)  # √(1 / 100) is 0.1
        0.1

    Source: LeCun et al. 1998; Flux's `lecun_normal`.
    """
    std = math.sqrt(1 / max(nfan(*dims)[0], 1))
    return std * truncated(dims, rng, -2 / std, 2 / std)


@initialiser
def rand32(dims, rng):
    """Numbers evenly drawn from [0, 1), in float32.

    The same numbers every time with `flux.seed(0)` before, or with `rng=0`; `np.random.seed` does not reach them.

    Errors: `TypeError` for sizes that are not whole numbers, or that come in a tuple; `ShapeError` for negative ones.

    Example:
        >>> rand32(2, 3).shape
        (2, 3)

    Source: Flux's `rand32`.
    """
    return rng.random(dims, dtype=np.float32)


@initialiser
def randn32(dims, rng):
    """Numbers from the standard normal distribution, in float32.

    The same numbers every time with `flux.seed(0)` before, or with `rng=0`; `np.random.seed` does not reach them.

    Errors: `TypeError` for sizes that are not whole numbers, or that come in a tuple; `ShapeError` for negative ones.

    Example:
        >>> randn32(2, 3).shape
        (2, 3)

    Source: Flux's `randn32`.
    """
    return rng.standard_normal(dims, dtype=np.float32)
