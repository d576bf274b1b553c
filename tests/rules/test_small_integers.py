"""Arrays of small whole numbers: where NumPy converts before it computes, so does a composition; none wraps around."""

import numpy as np
import pytest

from fluxrepl import NoRuleError, gradient, withgradient

from . import test_calculus, test_elementwise, test_linalg, test_moves, test_reductions, test_table
from .harness import total

MODULES = [test_table, test_elementwise, test_reductions, test_moves, test_calculus, test_linalg]
ROWS = [
    pytest.param(f, x, dtype, id=f"{table} {name} {dtype}")
    for module in MODULES
    for table, rows in vars(module).items()
    if table.isupper() and isinstance(rows, dict)
    for name, (f, x) in rows.items()
    if x.dtype.kind == "f"
    for dtype in ("int8", "uint8")
]


def near_the_end(shape, dtype):
    """Numbers whose sums and products leave the range of an int8."""
    n = np.arange(np.prod(shape, dtype=int))
    values = n * 37 % 101 + 100 if dtype == "uint8" else (n * n * 37 % 101 + 20) * np.where(n % 2, 1, -1)
    return values.reshape(shape).astype(dtype)


def close(a, b):
    rough = np.result_type(a).itemsize <= 4  # NumPy computes the exponential of an int8 as a float16
    return np.allclose(a, b, rtol=1e-2 if rough else 1e-6, atol=1e-3 * np.max(np.abs(b), initial=0), equal_nan=True)


@pytest.mark.parametrize(("f", "x", "dtype"), ROWS)
def test_where_the_value_of_small_integers_is_right_so_is_all_under_a_gradient(f, x, dtype):
    small = near_the_end(x.shape, dtype)
    with np.errstate(all="ignore"):
        try:
            want, exact = f(small), f(small.astype(float))
            (of_floats,) = gradient(lambda x: total(f(x)), small.astype(float))
        except (TypeError, ValueError, ArithmeticError, LookupError, np.linalg.LinAlgError, NoRuleError):
            return  # it is not for such numbers
        if np.shape(want) != np.shape(exact) or not np.all(np.isfinite(exact)) or not close(want, exact):
            return  # NumPy itself wraps around
        _, got = withgradient(lambda x: (np.sum(x * 1.0), f(x)), small).val
        assert np.result_type(got) == np.result_type(want)
        assert close(got, want)
        if np.result_type(want).kind in "fc":
            (slope,) = gradient(lambda x: total(f(x)), small)
            finite = np.isfinite(of_floats)
            largest = np.max(np.abs(of_floats[finite]), initial=0)
            np.testing.assert_allclose(slope[finite], of_floats[finite], rtol=5e-3, atol=5e-3 * largest)


I, U = np.int8, np.uint8


@pytest.mark.parametrize(
    ("f", "args"),
    [
        (np.linalg.norm, [I([100, 100])]),
        (lambda fp: np.interp([0.5], [0, 1], fp), [U([200, 100])]),
        (lambda xp: np.interp(50.0, xp, [1.0, 2.0]), [I([-100, 100])]),
        (np.gradient, [U([200, 100, 50])]),
        (lambda a, w: np.average(a, weights=w), [I([100, 100]), I([100, 27])]),
        (lambda a: np.average(a, weights=[1, 2]), [I([100, 100])]),
        (lambda a: np.linspace(a[0], a[1], 5), [U([200, 100])]),
        (lambda a: np.linspace(a, a[::-1], 3), [I([-100, 100])]),
        (lambda a: np.logspace(a[0], a[1], 5), [U([2, 1])]),
        (np.prod, [I([10, 20, 30])]),
        (np.logaddexp.reduce, [U([200, 201])]),
        (lambda a: np.dot(a, 2), [I([100, 100])]),
        (lambda a: np.inner(a, 2), [I([100, 100])]),
        (lambda a: np.dot(2.0, a), [np.float32([1, 2])]),
        (lambda a: np.dot(np.float32([1, 2]), a), [2.0]),
        (lambda a: np.pad(a, 3, "linear_ramp"), [I([100, -100])]),
        (lambda a: np.pad(a, 3, "linear_ramp", end_values=7), [U([100, 255])]),
        (lambda a: np.sum(a, initial=2.7), [I([100, 100])]),
        (lambda a: np.multiply.reduce(a, initial=2.7), [I([10, 3])]),
        (lambda a: a.item(1) * 2, [I([10, 100])]),
    ],
)
def test_the_value_and_its_dtype_are_those_of_numpy(f, args):
    want = f(*args)
    _, got = withgradient(lambda *args: (np.sum(args[0] * 1.0), f(*args)), *args).val
    np.testing.assert_allclose(got, want, rtol=1e-12)
    assert np.result_type(got) == np.result_type(want)
    if np.result_type(want).kind == "f":
        slopes = gradient(lambda *args: np.sum(f(*args)), *args)
        exact = gradient(lambda *args: np.sum(f(*args)), *[np.float64(a) for a in args])
        for slope, of_floats in zip(slopes, exact, strict=True):
            np.testing.assert_allclose(slope, of_floats, rtol=2e-3, atol=1e-9)


def test_each_factor_of_a_product_gets_the_product_of_the_others():
    assert gradient(np.prod, I([10, 20, 30]))[0].tolist() == [600.0, 300.0, 200.0]
