"""Functions of single numbers, and ufuncs called in other ways than `ufunc(a, b)`."""

import numpy as np
import pytest

from fluxrepl import gradient

from .harness import TALL, A, B, L, P, S, T, U, V, checks, since

FUNCTIONS = {
    "copysign": (lambda x: np.copysign(x, B), A),
    "copysign of a constant": (lambda x: np.copysign(B, x) * x, A),
    "nextafter": (lambda x: np.nextafter(x, 2.0) ** 2, A),
    "heaviside": (lambda x: np.heaviside(x, 0.5) * x, A),
    "heaviside of the middle": (lambda x: np.heaviside(np.array([-1.0, 0.0, 0.0]), x) * x, V),
    "ldexp": (lambda x: np.ldexp(x, np.array([1, 2, -1])) ** 2, A),
    "frexp": (lambda x: np.frexp(x)[0] ** 2, A),
    "modf": (lambda x: np.modf(x * 3)[0] ** 2 + np.modf(x * 3)[1], A),
    "float_power": (lambda x: np.float_power(x, 2.5).astype(x.dtype), P),
    "i0": (np.i0, A * 3),
    "sinc at zero": (np.sinc, np.array([0.0, 0.01, -0.5, 1.0])),
    "around": (lambda x: np.around(x, decimals=1) * x, A),
    "round keyword": (lambda x: np.round(x, decimals=1) * x, A),
    "rint": (lambda x: np.rint(x) * x, A),
    "trunc": (lambda x: np.trunc(x * 2) * x, A),
    "fix": (lambda x: np.fix(x * 2) * x, A),
    "floor_divide": (lambda x: np.floor_divide(x, 0.37) * x, A),
    "nan_to_num": (lambda x: np.nan_to_num(x**2), A),
    "nan_to_num of nan": (lambda x: np.nan_to_num(np.where(A > 1, np.nan, x) ** 2, nan=7.0), A),
    "real_if_close": (lambda x: np.real_if_close(x * (1 + 0j)) ** 2, A),
    "unwrap": (lambda x: np.unwrap(x * 9) ** 2, L),
    "unwrap axis": (lambda x: np.unwrap(x * 9, axis=0, period=4.0) ** 2, A),
    "exponent at zero base": (lambda x: np.array([0.0, 2.0, 3.0]) ** x, np.abs(V)),
    "logaddexp2": (lambda x: np.logaddexp2(x, x**2), A),
    "arctan2 of both": (lambda x: np.arctan2(x, x[::-1] ** 2), A),
    "hypot of both": (lambda x: np.hypot(x, x[::-1] * 2), A),
    "emath sqrt": (lambda x: np.abs(np.emath.sqrt(x) + 1), A),
    "emath log": (lambda x: np.abs(np.emath.log(x)), A),
    "emath log2": (lambda x: np.real(np.emath.log2(x)), A),
    "emath log10": (lambda x: np.real(np.emath.log10(x)), A),
    "emath logn": (lambda x: np.emath.logn(3.0, x), P),
    "emath arcsin": (lambda x: np.abs(np.emath.arcsin(x * 1.5)), A),
    "emath arccos": (lambda x: np.abs(np.emath.arccos(x * 1.5)), A),
    "emath arctanh": (lambda x: np.abs(np.emath.arctanh(x * 1.5)), A),
    "emath power": (lambda x: np.abs(np.emath.power(x, 1.5)), A),
    "emath in the real": (np.emath.sqrt, P),
}

WAYS = {  # to call a ufunc
    "dtype": (lambda x: np.multiply(x, x, dtype=x.dtype), A),
    "where=True": (lambda x: np.multiply(x, x, where=True), A),
    "casting": (lambda x: np.exp(x, casting="same_kind"), A),
    "add.outer": (lambda x: np.add.outer(x, B) ** 2, V),
    "multiply.outer": (lambda x: np.multiply.outer(x, x), A),
    "maximum.outer": (lambda x: np.maximum.outer(x, V) ** 2, A),
    "subtract.outer": (lambda x: np.subtract.outer(V, x) ** 2, A),
    "add.reduce axis None": (lambda x: np.add.reduce(x, axis=None) ** 2, A),
    "add.reduce axes": (lambda x: np.add.reduce(x, axis=(0, 2)) ** 2, T),
    "add.reduce where": (lambda x: np.add.reduce(x, axis=1, where=A > 0) ** 2, A),
    "add.reduce initial": (lambda x: np.add.reduce(x, axis=1, initial=3.0) ** 2, A),
    "multiply.reduce": (np.multiply.reduce, A),
    "multiply.reduce keepdims": (lambda x: np.multiply.reduce(x, axis=1, keepdims=True), A),
    "maximum.reduce": (lambda x: np.maximum.reduce(x) ** 2, A),
    "minimum.reduce initial": (lambda x: np.minimum.reduce(x, axis=1, initial=0.0) ** 2, A),
    "fmax.reduce": (lambda x: np.fmax.reduce(x, axis=1) ** 2, A),
    "fmin.reduce": (lambda x: np.fmin.reduce(x, axis=1, keepdims=True) ** 2, A),
    "logaddexp.reduce": (lambda x: np.logaddexp.reduce(x, axis=1), A),
    "logaddexp.reduce keepdims": (lambda x: np.logaddexp.reduce(x * 50, axis=0, keepdims=True), A),
    "logaddexp.reduce all": (lambda x: np.logaddexp.reduce(x, axis=None), A),
    "logaddexp2.reduce": (np.logaddexp2.reduce, A),
    "logaddexp.reduce initial": (lambda x: np.logaddexp.reduce(x, initial=0.5), A),
    "logaddexp.reduce where": (lambda x: np.logaddexp.reduce(x, axis=1, where=A > 0), A),
    "hypot.reduce": (lambda x: np.hypot.reduce(x, axis=1), A),
    "subtract.reduce": (lambda x: np.subtract.reduce(x, axis=1) ** 2, A),
    "divide.reduce": (lambda x: np.divide.reduce(x, axis=1), P),
    "power.reduce": (lambda x: np.power.reduce(x, axis=0), P),
    "add.accumulate": (lambda x: np.add.accumulate(x, axis=1) ** 2, A),
    "multiply.accumulate": (lambda x: np.multiply.accumulate(x, axis=1), A),
    "maximum.accumulate": (lambda x: np.maximum.accumulate(x) ** 2, L),
    "minimum.accumulate axis": (lambda x: np.minimum.accumulate(x, axis=1) ** 2, A),
    "logaddexp.accumulate": (np.logaddexp.accumulate, L),
    "add.reduceat": (lambda x: np.add.reduceat(x, [0, 3, 1, 5]) ** 2, L),
    "multiply.reduceat": (lambda x: np.multiply.reduceat(x, [0, 2], axis=1), A),
    "maximum.reduceat": (lambda x: np.maximum.reduceat(x, [0, 4]) ** 2, L),
    "matmul axes": (lambda x: np.matmul(x, S, axes=[(0, 1), (0, 1), (1, 0)]) ** 2, A),
    "vecdot axis": (lambda x: np.vecdot(x, B, axis=0) ** 2, A),
    "vecdot keepdims": (lambda x: np.vecdot(x, B, keepdims=True) ** 2, A),
    **since("2.2.0", {"matvec axes": (lambda x: np.matvec(S, x, axes=[(0, 1), (0,), (0,)]) ** 2, A.T)}),
    "tall": (lambda x: np.matmul(x, x.T) ** 2, TALL),
    "arcsine of a power": (lambda x: np.arcsin(np.power(x, 3)), U),
}

TestFunctions = checks(FUNCTIONS)
TestWays = checks(WAYS)


@pytest.mark.parametrize(
    ("f", "x", "want"),
    [
        (np.arctan, 1e200, 0.0),
        (np.arctan, np.float32(1e30), 0.0),
        (np.arcsinh, 1e200, 1e-200),
        (np.arccosh, 1e200, 1e-200),
        (np.arcsinh, -1e200, 1e-200),
        (lambda x: np.arctan2(x, 1e-200), 0.0, 1e200),
        (lambda x: np.arctan2(1e-200, x), 1e-200, -5e199),
        (lambda x: np.arctan2(x, 1e200), 1e200, 5e-201),
    ],
)
def test_squares_of_tiny_and_huge_numbers_are_not_needed(f, x, want):
    assert gradient(f, x)[0] == pytest.approx(want, rel=1e-12, abs=0)


@pytest.mark.parametrize(
    ("f", "first", "second"),
    [
        (np.cbrt, np.inf, -np.inf),
        (lambda x: np.arctan2(x, 0.0), np.nan, np.nan),
        (lambda x: np.arctan2(0.0, x), np.nan, np.nan),
        (np.sqrt, np.inf, -np.inf),
        (lambda x: x**0.5, np.inf, -np.inf),
    ],
)
@pytest.mark.parametrize("number", [float, np.float64])
def test_slopes_that_are_infinite_come_without_a_warning(f, first, second, number):
    np.testing.assert_equal(gradient(f, number(0))[0], first)
    np.testing.assert_equal(gradient(lambda x: gradient(f, x)[0], number(0))[0], second)
