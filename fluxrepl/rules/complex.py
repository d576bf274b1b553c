"""Complex numbers: their parts, and the functions that go from real numbers to complex ones.

These are the functions without a complex derivative. A cotangent `ct` means that the loss changes by real(ct * dz).
"""

import numpy as np

from fluxrepl.ad.recording import apply
from fluxrepl.ad.refusals import mutation
from fluxrepl.ad.rule import COMPOSED, composed, quiet, rule
from fluxrepl.ad.tracer import plain

from .arithmetic import through
from .elementwise import is_complex
from .made import beside

rule(np.conjugate, lambda ct, y, x: np.conjugate(ct))
rule(np.real, lambda ct, y, val: ct * 1)
rule(np.imag, lambda ct, y, val: ct * -1j)


def _angle(z):
    return np.angle(z)


rule(_angle, quiet(lambda ct, y, z: ct * -1j / z))


@composed(np.angle)
def angle(z, deg=False):
    y = apply(_angle, (z,))
    return y * (180 / np.pi) if deg else y


def sign_pullback(ct, y, x):
    """Flat between its jumps; of a complex number it is the direction, z / |z|, whose change is across."""
    if not is_complex(x):
        return through(ct, False)
    size = np.abs(x)
    zero = np.equal(plain(size), 0)
    return np.where(zero, 0, (ct - np.real(ct * y) * np.conjugate(y)) / np.where(zero, 1, size))


rule(np.sign, sign_pullback)


@composed(np.real_if_close)
def real_if_close(a, tol=100):
    return np.real(a) if np.isrealobj(np.real_if_close(plain(a), tol)) else a


def _nan_to_num(x, options):
    return np.nan_to_num(x, **options)


rule(_nan_to_num, lambda ct, y, x, options: np.where(np.isfinite(plain(x)), ct, 0), None)


@composed(np.nan_to_num)
def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    """What is a number stays; what is not becomes a constant, and gets the cotangent 0."""
    if not copy:
        raise mutation("np.nan_to_num(x, copy=False) writes into an array")
    options = {"nan": nan, "posinf": posinf, "neginf": neginf}
    if is_complex(x):
        return apply(_nan_to_num, (np.real(x), options)) + 1j * apply(_nan_to_num, (np.imag(x), options))
    return apply(_nan_to_num, (x, options))


# ---- np.emath: a complex result where the real one would be nan ---------------------------------------------------


def into_plane(x, outside):
    """`x` as a complex array if one of its elements lies outside of where the function is real."""
    if is_complex(x) or not np.any(outside(plain(x))):
        return x
    return x + 0j if np.result_type(plain(x)).itemsize > 2 else x.astype(np.complex64)


def negative(x):
    return np.less(x, 0)


def beyond_one(x):
    return np.greater(np.abs(x), 1)


for name, fn, outside in [
    ("sqrt", np.sqrt, negative), ("log", np.log, negative), ("log2", np.log2, negative), ("log10", np.log10, negative),
    ("arcsin", np.arcsin, beyond_one), ("arccos", np.arccos, beyond_one), ("arctanh", np.arctanh, beyond_one),
]:  # fmt: skip
    COMPOSED[getattr(np.emath, name)] = lambda x, fn=fn, outside=outside: fn(into_plane(x, outside))


@composed(np.emath.logn)
def logn(n, x):
    return np.emath.log(x) / np.emath.log(n)


@composed(np.emath.power)
def power(x, p):
    p = beside(p, x)
    p = p * 1.0 if np.any(negative(plain(p))) and not is_complex(p) else p
    return np.power(into_plane(x, negative), p)
