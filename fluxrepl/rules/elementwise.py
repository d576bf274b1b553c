"""Functions that work element by element: a table of derivatives, the result `y` first, then the operands.

The engine multiplies each derivative by the cotangent. Where an operand was stretched, it sums afterwards.
"""

import operator

import numpy as np

from fluxrepl.ad.rule import RULES, elementwise, quiet, rule
from fluxrepl.ad.tracer import Tracer, apply, plain, unary

from .arithmetic import zero_pullback

LOG2 = float(np.log(2.0))
LOG10 = float(np.log(10.0))


def ratio(a, y):
    """a / y, and 0 where y is 0: there the function has a kink, and Flux gives 0."""
    zero = np.equal(plain(y), 0)
    return np.where(zero, 0.0, a / np.where(zero, 1.0, y))


def direction(y, x):
    """The derivative of |x|: the sign of x, 0 at 0. Of a complex x: its conjugate on the unit circle."""
    if plain(x).dtype.kind == "c" if hasattr(plain(x), "dtype") else isinstance(plain(x), complex):
        return ratio(np.conjugate(x), y)
    return np.sign(plain(x))


def sinc_slope(y, x):
    """Of sin(πx) / (πx): (cos(πx) - y) / x, and 0 at 0."""
    zero = np.equal(plain(x), 0)
    return np.where(zero, 0.0, (np.cos(np.pi * x) - y) / np.where(zero, 1.0, x))


DERIVATIVES = {
    # powers and roots
    np.square: (lambda y, x: x * 2,),
    np.sqrt: (quiet(lambda y, x: 0.5 / y),),
    np.cbrt: (quiet(lambda y, x: 1 / (3 * y * y)),),
    np.reciprocal: (lambda y, x: -y * y,),
    # exponentials and logarithms
    np.exp: (lambda y, x: y,),
    np.exp2: (lambda y, x: y * LOG2,),
    np.expm1: (lambda y, x: y + 1,),
    np.log: (quiet(lambda y, x: 1 / x),),
    np.log2: (quiet(lambda y, x: 1 / (x * LOG2)),),
    np.log10: (quiet(lambda y, x: 1 / (x * LOG10)),),
    np.log1p: (quiet(lambda y, x: 1 / (x + 1)),),
    np.logaddexp: (lambda y, a, b: np.exp(a - y), lambda y, a, b: np.exp(b - y)),
    np.logaddexp2: (lambda y, a, b: np.exp2(a - y), lambda y, a, b: np.exp2(b - y)),
    # angles
    np.sin: (lambda y, x: np.cos(x),),
    np.cos: (lambda y, x: -np.sin(x),),
    np.tan: (lambda y, x: 1 + y * y,),
    np.arcsin: (quiet(lambda y, x: 1 / np.sqrt(1 - x * x)),),
    np.arccos: (quiet(lambda y, x: -1 / np.sqrt(1 - x * x)),),
    np.arctan: (lambda y, x: 1 / (1 + x * x),),
    np.arctan2: (quiet(lambda y, a, b: b / (a * a + b * b)), quiet(lambda y, a, b: -a / (a * a + b * b))),
    np.hypot: (lambda y, a, b: ratio(a, y), lambda y, a, b: ratio(b, y)),
    np.deg2rad: (lambda y, x: np.pi / 180,),
    np.radians: (lambda y, x: np.pi / 180,),
    np.rad2deg: (lambda y, x: 180 / np.pi,),
    np.degrees: (lambda y, x: 180 / np.pi,),
    # hyperbolic
    np.sinh: (lambda y, x: np.cosh(x),),
    np.cosh: (lambda y, x: np.sinh(x),),
    np.tanh: (lambda y, x: 1 - y * y,),
    np.arcsinh: (lambda y, x: 1 / np.sqrt(x * x + 1),),
    np.arccosh: (quiet(lambda y, x: 1 / np.sqrt(x * x - 1)),),
    np.arctanh: (quiet(lambda y, x: 1 / (1 - x * x)),),
    # size
    np.fabs: (lambda y, x: np.sign(x),),
    np.absolute: (direction,),
    np.sinc: (sinc_slope,),
}  # fmt: skip

for fn, derivatives in DERIVATIVES.items():
    elementwise(fn, *derivatives)

# Steps: flat between their jumps.
for fn in (np.floor, np.ceil, np.trunc, np.rint, np.sign, np.heaviside):
    rule(fn, *[zero_pullback] * fn.nin)
rule(np.round, zero_pullback)
rule(np.fix, zero_pullback)

# Complex numbers: functions without a complex derivative. `ct` means that the loss changes by real(ct * dz).
rule(np.conjugate, lambda ct, y, x: np.conjugate(ct))
rule(np.real, lambda ct, y, x: ct * 1)
rule(np.imag, lambda ct, y, x: ct * -1j)
rule(np.angle, quiet(lambda ct, y, x: ct * -1j / x))


def _astype(x, dtype):
    return x.astype(dtype)


rule(_astype, lambda ct, y, x, dtype: ct, None)


def astype(x, dtype, copy=True):
    """`x.astype(dtype)`: the cotangent comes back in x's own dtype. To an integer type, no gradient flows."""
    return apply(_astype, (x, dtype)) if np.dtype(dtype).kind in "fc" else plain(x).astype(dtype)


Tracer.astype = astype
Tracer.__abs__ = unary(RULES[np.absolute])
Tracer.__abs__.__doc__ = operator.abs.__doc__
Tracer.__round__ = lambda x, ndigits=0: apply(np.round, (x, ndigits))
