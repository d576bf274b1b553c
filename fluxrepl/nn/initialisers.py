"""Initialisers: where the first weights come from.

All are called with the sizes, `glorot_uniform(5, 10)`, and give float32. Called with keywords only they give an
initialiser, `kaiming_normal(gain=1.0)`, to hand to a layer as `init=`. Random numbers come from one generator,
which `seed(n)` sets for a whole session; `rng=` takes another for one call.

The sizes of a weight are `(out, in)`; of a convolution `(out, in, height, width)`.
"""

import functools
import inspect
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from fluxrepl.ad.errors import ShapeError, teach

from .advice import advise, kind_name

SESSION: dict[str, Any] = {}  # the one generator of a session, made when first drawn from

ROOT2 = math.sqrt(2)


def seed(n: int | None) -> None:
    """Set the generator that initialisers and layers draw from, so that a session can be repeated.

    NumPy's own `np.random.seed` does not reach it, nor does this reach NumPy's.

    Example:
        >>> seed(1)
        >>> first = glorot_uniform(2, 2)
        >>> seed(1)
        >>> np.all(first == glorot_uniform(2, 2))
        True

    """
    SESSION["rng"] = np.random.default_rng(n)


def nfan(*dims: int) -> tuple[int, int]:
    """How many numbers flow into one output of a weight of these sizes, and out of one input.

    Example:
        >>> nfan(5, 10)  # a weight of Dense(10, 5)
        (10, 5)
        >>> nfan(8, 3, 5, 5)  # 8 filters of 5×5 over 3 channels
        (75, 200)

    Source: Flux's `nfan`.
    """
    dims = sizes_of("nfan", dims)
    if len(dims) < 2:
        return (1, dims[0] if dims else 1)
    taps = math.prod(dims[2:])
    return dims[1] * taps, dims[0] * taps


def sizes_of(name: str, dims: tuple) -> tuple[int, ...]:
    """The sizes as ints, or an error that says how to write them."""
    if len(dims) == 1 and isinstance(dims[0], tuple | list):
        inside = ", ".join(str(n) for n in dims[0])
        raise teach(
            TypeError(f"{name} takes its sizes one by one, and got {kind_name(dims[0])}: {dims[0]!r}"),
            f"Write {name}({inside}), or {name}(*shape).",
        )
    try:
        if any(isinstance(n, bool) for n in dims):
            raise TypeError
        sizes = tuple([operator.index(n) for n in dims])
    except TypeError:
        bad = next(n for n in dims if isinstance(n, bool) or not hasattr(n, "__index__"))
        hint = f"A generator goes in by name: {name}(5, 10, rng=rng)." if isinstance(bad, np.random.Generator) else ""
        raise teach(
            TypeError(f"{name} takes whole numbers as sizes, and got {bad!r}"), hint or f"Write {name}(5, 10)."
        ) from None
    if any(n < 0 for n in sizes):
        raise teach(ShapeError(f"a size cannot be negative: {name}{sizes}"), "A size counts numbers along an axis.")
    return sizes


def initialiser(fill: Callable[..., np.ndarray]) -> Callable[..., Any]:
    """Above a function that fills an array `(dims, rng, **options)`: the manners that all initialisers share."""
    name = fill.__name__
    dims, _, *own = inspect.signature(fill).parameters.values()
    manners = [dims.replace(kind=dims.VAR_POSITIONAL), inspect.Parameter("rng", dims.KEYWORD_ONLY, default=None)]

    @functools.wraps(fill)
    def init(*dims: int, rng: Any = None, **options: Any) -> Any:
        if not dims:
            return functools.partial(init, rng=rng, **options)
        return fill(sizes_of(name, dims), generator(rng), **options).astype(np.float32, copy=False)

    init.__signature__ = inspect.Signature(manners + [option.replace(kind=option.KEYWORD_ONLY) for option in own])
    return init


def generator(rng: Any) -> Any:
    """The generator to draw from: the one given, one made from a seed, or the session's."""
    if rng is None:
        if not SESSION:
            seed(None)
        return SESSION["rng"]
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, int | np.integer):
        return np.random.default_rng(rng)
    raise teach(
        TypeError(f"rng= takes a NumPy generator, and got {rng!r}"),
        "Write rng=np.random.default_rng(0), or rng=0.",
    )


def uniform(dims: tuple[int, ...], rng: Any, bound: float) -> np.ndarray:
    return rng.uniform(-bound, bound, dims)


def normal(dims: tuple[int, ...], rng: Any, std: float) -> np.ndarray:
    return rng.standard_normal(dims) * std


@initialiser
def glorot_uniform(dims, rng, gain=1.0):
    """Weights drawn evenly from an interval that keeps the signal's strength, forwards and backwards.

    Formula: U(-x, x) with x = gain · √(6 / (fan_in + fan_out))

    Example:
        >>> glorot_uniform(5, 10).shape
        (5, 10)

    Source: "Layer Helpers"; Glorot and Bengio 2010, equation 16.
    """
    return uniform(dims, rng, gain * math.sqrt(6 / max(sum(nfan(*dims)), 1)))


@initialiser
def glorot_normal(dims, rng, gain=1.0):
    """Normally distributed weights that keep the signal's strength, forwards and backwards.

    Formula: N(0, std²) with std = gain · √(2 / (fan_in + fan_out))

    Source: Glorot and Bengio 2010, equation 12.
    """
    return normal(dims, rng, gain * math.sqrt(2 / max(sum(nfan(*dims)), 1)))


@initialiser
def kaiming_uniform(dims, rng, gain=ROOT2):
    """Weights for layers with relu, which lets half the signal through.

    Formula: U(-x, x) with x = gain · √(3 / fan_in)

    Source: He et al. 2015.
    """
    return uniform(dims, rng, gain * math.sqrt(3 / max(nfan(*dims)[0], 1)))


@initialiser
def kaiming_normal(dims, rng, gain=ROOT2):
    """Normally distributed weights for layers with relu, which lets half the signal through.

    Formula: N(0, std²) with std = gain / √fan_in

    Source: He et al. 2015, equation 10.
    """
    return normal(dims, rng, gain / math.sqrt(max(nfan(*dims)[0], 1)))


@initialiser
def truncated_normal(dims, rng, mean=0.0, std=1.0, lo=-2.0, hi=2.0):
    """Normally distributed numbers, none of them below `lo` or above `hi`.

    Formula: N(mean, std²), given that lo ≤ x ≤ hi

    Errors: `ValueError` unless `lo < hi` and `std > 0`. Warns where the mean lies far outside of the interval.

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

    Formula: N(0, 1 / fan_in), given that -2 ≤ x ≤ 2

    Source: LeCun et al. 1998; Flux's `lecun_normal`.
    """
    std = math.sqrt(1 / max(nfan(*dims)[0], 1))
    return std * truncated(dims, rng, -2 / std, 2 / std)


@initialiser
def orthogonal(dims, rng, gain=1.0):
    """A weight that turns vectors without stretching them: its rows (or columns, if fewer) are orthonormal.

    Further axes than two are laid out side by side; of one size it gives a vector of length `gain`.

    Formula: gain · Q of a QR decomposition of normally distributed numbers

    Source: Saxe et al. 2013.
    """
    rows, columns = dims[0], math.prod(dims[1:])
    tall = rng.standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(tall)
    q = q * np.where(np.diagonal(r) < 0, -1, 1)  # so that every such weight is equally likely
    return gain * (q if rows >= columns else q.T).reshape(dims)


@initialiser
def sparse_init(dims, rng, *, sparsity, std=0.01):
    """Normally distributed weights with the same number of zeros in every column.

    Formula: N(0, std²), and ⌈sparsity · rows⌉ zeros a column

    Errors: `ShapeError` unless there are two sizes; `ValueError` unless 0 ≤ sparsity ≤ 1.

    Source: Martens 2010.
    """
    if len(dims) != 2:
        raise teach(ShapeError(f"sparse_init makes matrices, and got the sizes {dims}"), "Give it two: (out, in).")
    if not 0 <= sparsity <= 1:
        raise teach(ValueError(f"sparsity is a share between 0 and 1, and got {sparsity}"), "Write sparsity=0.5.")
    weight = normal(dims, rng, std)
    zeros = math.ceil(sparsity * dims[0])
    for column in weight.T:
        column[rng.permutation(dims[0])[:zeros]] = 0
    return weight


@initialiser
def identity_init(dims, rng, gain=1.0, shift=0):
    """A weight that passes its input on: ones on the diagonal, or in the middle of each filter.

    Of one size (a bias) it gives zeros. `shift` moves the entries along the axes, as `np.roll` does.

    Source: Flux's `identity_init`.
    """
    weight = np.zeros(dims)
    if len(dims) < 2:
        return weight
    middle = tuple([(n - 1) // 2 for n in dims[2:]])
    for i in range(min(dims[:2])):
        weight[(i, i, *middle)] = gain
    axes = range(weight.ndim) if np.ndim(shift) else -1
    return np.roll(weight, shift, tuple(axes) if np.ndim(shift) else axes)


@initialiser
def zeros32(dims, rng):
    """Zeros in float32."""
    return np.zeros(dims)


@initialiser
def ones32(dims, rng):
    """Ones in float32."""
    return np.ones(dims)


@initialiser
def rand32(dims, rng):
    """Numbers evenly drawn from [0, 1), in float32."""
    return rng.random(dims, dtype=np.float32)


@initialiser
def randn32(dims, rng):
    """Numbers from the standard normal distribution, in float32."""
    return rng.standard_normal(dims, dtype=np.float32)
