"""Functions that work element by element: a table of derivatives, the result `y` first, then the operands.

The engine multiplies each derivative by the cotangent. Where an operand was stretched, it sums afterwards.
"""

import operator

import numpy as np

from fluxrepl.ad.recording import apply, unary
from fluxrepl.ad.rule import COMPOSED, RULES, Rule, composed, elementwise, quiet, rule, wide
from fluxrepl.ad.tracer import Tracer, plain

from .arithmetic import through, zero_pullback
from .made import numbers

LOG2 = float(np.log(2.0))
LOG10 = float(np.log(10.0))


def ratio(a, y):
    """a / y, and 0 where y is 0: there the function has a kink, and Flux gives 0."""
    zero = np.equal(plain(y), 0)
    return np.where(zero, 0.0, a / np.where(zero, 1.0, y))


def is_complex(x) -> bool:
    return np.iscomplexobj(plain(x))


# A root of a complex number has two values; from the result one knows which one belongs to it.
@quiet
def arcsin_slope(y, x):
    return 1 / (np.cos(y) if is_complex(x) else np.sqrt(1 - x * x))


@quiet
def arccos_slope(y, x):
    return -1 / (np.sin(y) if is_complex(x) else np.sqrt(1 - x * x))


@quiet
def arccosh_slope(y, x):
    return 1 / (np.sinh(y) if is_complex(x) else np.sqrt(x - 1) * np.sqrt(x + 1))


@np.errstate(over="ignore")  # the square of 1e200 is inf, and 1 / inf is the right answer
def arctan_slope(y, x):
    return 1 / (1 + x * x)


def arcsinh_slope(y, x):
    return 1 / (np.sqrt(x * x + 1) if is_complex(x) else np.hypot(x, 1.0))


# Slopes with rules of their own: infinite at 0, and so are theirs, without a warning.
@quiet
def _across(a, b):
    """a / (a² + b²); divided by the root twice, for a square may underflow or overflow."""
    size = np.hypot(a, b)
    return a / size / size


def across(a, b):
    return apply(_across, (a, b))


rule(
    _across,
    lambda ct, y, a, b: ct * (np.square(across(b, a)) - y * y),
    lambda ct, y, a, b: ct * (-2 * y * across(b, a)),
)


@quiet
def _cbrt_slope(x, y):
    """Of the cube root `y` of x: `y` is a part of the answer, not another operand."""
    return 1 / (3 * y * y)


rule(_cbrt_slope, quiet(lambda ct, slope, x, y: ct * (-2 / 3 * slope / x)), None)


def direction(y, x):
    """The derivative of |x|: the sign of x, 0 at 0. Of a complex x: its conjugate on the unit circle."""
    if is_complex(x):
        return ratio(np.conjugate(x), y)
    return np.sign(plain(x))


def taylor(x, at, coefficients, elsewhere, step=1.0):
    """A quotient that is 0/0 at one point: near it by its power series, which has all its derivatives there too.

    There the quotient is taken one `step` away, where it must be finite.
    """
    near = np.less(np.abs(plain(x) - at), 0.02)
    t = np.where(near, x - at, 0.0)
    series = np.zeros_like(plain(t))
    for c in coefficients[::-1]:
        series = series * t + c
    return np.where(near, series, elsewhere(np.where(near, at + step, x)))


SINC_SERIES = [0, -(np.pi**2) / 3, 0, np.pi**4 / 30, 0, -(np.pi**6) / 840, 0, np.pi**8 / 45360]


def sinc_slope(y, x):
    """Of sin(πx) / (πx): (cos(πx) - y) / x."""
    return taylor(x, 0.0, SINC_SERIES, lambda x: (np.cos(np.pi * x) - np.sinc(x)) / x)


DERIVATIVES = {
    # powers and roots
    np.sqrt: (quiet(lambda y, x: 0.5 / y),),
    np.cbrt: (lambda y, x: apply(_cbrt_slope, (x, y)),),
    np.reciprocal: (lambda y, x: -y * y,),
    # exponentials and logarithms
    np.exp: (lambda y, x: y,),
    np.exp2: (lambda y, x: y * LOG2,),
    np.expm1: (lambda y, x: y + 1,),
    np.log2: (quiet(lambda y, x: 1 / (x * LOG2)),),
    np.log10: (quiet(lambda y, x: 1 / (x * LOG10)),),
    np.log1p: (quiet(lambda y, x: 1 / (x + 1)),),
    np.logaddexp: (lambda y, a, b: np.exp(a - y), lambda y, a, b: np.exp(b - y)),
    np.logaddexp2: (lambda y, a, b: np.exp2(a - y), lambda y, a, b: np.exp2(b - y)),
    # angles
    np.sin: (lambda y, x: np.cos(x),),
    np.cos: (lambda y, x: -np.sin(x),),
    np.tan: (lambda y, x: 1 + y * y,),
    np.arcsin: (arcsin_slope,),
    np.arccos: (arccos_slope,),
    np.arctan: (arctan_slope,),
    np.arctan2: (lambda y, a, b: across(b, a), lambda y, a, b: -across(a, b)),
    np.hypot: (lambda y, a, b: ratio(a, y), lambda y, a, b: ratio(b, y)),
    np.deg2rad: (lambda y, x: np.pi / 180,),
    np.radians: (lambda y, x: np.pi / 180,),
    np.rad2deg: (lambda y, x: 180 / np.pi,),
    np.degrees: (lambda y, x: 180 / np.pi,),
    # hyperbolic
    np.sinh: (lambda y, x: np.cosh(x),),
    np.cosh: (lambda y, x: np.sinh(x),),
    np.tanh: (lambda y, x: 1 - y * y,),
    np.arcsinh: (arcsinh_slope,),
    np.arccosh: (arccosh_slope,),
    np.arctanh: (quiet(lambda y, x: 1 / (1 - x * x)),),
    # size
    np.fabs: (lambda y, x: np.sign(x),),
    np.absolute: (direction,),
    np.sinc: (sinc_slope,),
}  # fmt: skip

for fn, derivatives in DERIVATIVES.items():
    elementwise(fn, *derivatives)


@quiet
def log_pullback(ct, y, x):
    """Of log(x): one division, where a product with 1/x would be a second pass over the array."""
    return ct / wide(x)


rule(np.log, log_pullback)

# Steps: flat between their jumps.
for fn in (np.floor, np.ceil, np.trunc, np.rint):
    rule(fn, zero_pullback)
rule(np.heaviside, zero_pullback, lambda ct, y, x, h: through(ct, np.equal(plain(x), 0)))
rule(np.fix, zero_pullback)


def _round(x, decimals):
    return np.round(x, decimals)


rule(_round, zero_pullback, None)


@composed(np.round)
def round_(a, decimals=0, out=None):
    return apply(_round, (a, decimals))


COMPOSED[np.around] = round_

# Signs and neighbours: the second operand says only which way.
rule(np.copysign, lambda ct, y, x, s: ct * np.sign(plain(x)) * np.copysign(1, plain(s)), zero_pullback)
rule(np.nextafter, lambda ct, y, x, towards: ct * 1, zero_pullback)

# ---- a number and its exponent, its whole part and the rest ---------------------------------------------------------


def _mantissa(x):
    return np.frexp(x)[0]


def _fraction(x):
    return np.modf(x)[0]


def _whole(x):
    return np.modf(x)[1]


rule(np.ldexp, lambda ct, y, x, n: ct * np.ldexp(np.ones_like(plain(y)), plain(n)), None)
rule(_mantissa, lambda ct, y, x: ct * np.ldexp(np.ones_like(plain(y)), -np.frexp(plain(x))[1]))
rule(_fraction, lambda ct, y, x: ct * 1)
rule(_whole, zero_pullback)
COMPOSED[np.frexp] = lambda x: (apply(_mantissa, (x,)), np.frexp(plain(x))[1])
COMPOSED[np.modf] = lambda x: (apply(_fraction, (x,)), apply(_whole, (x,)))

# ---- Bessel functions ------------------------------------------------------------------------------------------------

COSINES = np.cos(np.pi * (np.arange(512) + 0.5) / 512)


def _bessel(x, k):
    """The mean of cosᵏ(t) exp(x cos(t)) over the half circle, which is the k-th derivative of I₀ (DLMF 10.32.1)."""
    cosines = numbers(COSINES, x)
    return np.mean(cosines**k * np.exp(np.expand_dims(x, -1) * cosines), axis=-1)


rule(_bessel, lambda ct, y, x, k: ct * apply(_bessel, (x, k + 1)), None)
rule(np.i0, lambda ct, y, x: ct * apply(_bessel, (x, 1)))

# ---- Python's own: of a number of Python's they give one of Python's, and round(x) a whole one ----------------------

rule(round, zero_pullback, None)
Tracer.__abs__ = unary(Rule(np.absolute, RULES[np.absolute].pulls, operator.abs))
Tracer.__abs__.__doc__ = operator.abs.__doc__
Tracer.__round__ = lambda x, ndigits=None: apply(round, (x,) if ndigits is None else (x, ndigits))
