"""What is checked of every expression in the tables beside: `TestThese = checks(TABLE)`.

A table names an expression: a function of one array, and the array at which it is taken. The judge is finite
differences, at first order, and at second order through a product with the Hessian: the gradient of
`sum(gradient(f) * v)`. The value under a gradient must be NumPy's own, and float32 must stay float32.
"""

import numpy as np
import pytest

from fluxrepl import check_gradient, gradient, withgradient

A = np.array([[0.3, -0.7, 1.1], [0.9, 0.4, -1.3]])
B = np.array([[1.2, 0.5, -0.4], [-0.8, 0.6, 0.7]])
V = np.array([0.35, -0.6, 0.85])
P = np.array([[1.3, 0.7, 1.1], [0.9, 0.4, 1.6]])  # positive
U = np.array([[0.3, -0.7, 0.1], [0.9, 0.4, -0.3]])  # inside (-1, 1)
S = np.array([[2.0, 0.3, 0.1], [0.2, 1.5, -0.4], [-0.1, 0.5, 1.8]])  # square, far from singular
T = np.arange(24.0).reshape(2, 3, 4) / 10 - 1.05
L = np.array([0.9, -0.4, 1.3, 0.2, -1.1, 0.7, 1.6])  # a longer vector
SYM = S + S.T
TALL = np.array([[1.0, 0.2], [0.3, -1.4], [0.5, 0.9]])
STACK = np.stack([S, S.T @ S, S + 1])
Z = A + 1j * B  # complex
ZV = np.array([0.5 + 0.3j, -0.2 + 0.8j, 1.1 - 0.6j])
ZS = S + 1j * np.array([[0.3, -0.2, 0.5], [0.1, 0.4, -0.3], [-0.6, 0.2, 0.1]])


def since(version: str, rows: dict) -> dict:
    """Rows about what NumPy has since a version, with an older one left out."""
    return rows if np.lib.NumpyVersion(np.__version__) >= version else {}


def total(y):
    """One real number of a result of any shape: each element weighs differently, so that a mixed-up one is seen."""
    weights = np.linspace(0.5, 1.7, np.size(y)).reshape(np.shape(y))
    if np.iscomplexobj(y):
        return np.sum(np.real(y) * weights) + np.sum(np.imag(y) * weights[::-1] if weights.ndim else np.imag(y))
    return np.sum(y * weights.astype(y.dtype))


def slope_along(f, x):
    """The gradient of `f`, as one number: its product with a direction."""
    direction = np.cos(np.arange(x.size)).reshape(x.shape)

    def slope(x):
        (g,) = gradient(lambda x: total(f(x)), x)
        return np.sum(np.real(g) * direction) + np.sum(np.imag(g) * direction[::-1])

    return slope


def checks(table: dict, second_order: bool = True):
    """A class of tests, one of each kind for every row of the table."""
    rows = pytest.mark.parametrize("name", table)

    class Checks:
        @rows
        def test_the_gradient_agrees_with_finite_differences(self, name):
            f, x = table[name]
            check = check_gradient(lambda x: total(f(x)), x)
            assert check, f"{name}\n{check}"

        @rows
        def test_the_second_derivative_agrees_with_finite_differences(self, name):
            f, x = table[name]
            if second_order:
                check = check_gradient(slope_along(f, x), x)
                assert check, f"{name}\n{check}"

        @rows
        def test_the_value_is_that_of_numpy(self, name):
            f, x = table[name]
            want = f(x)
            _, got = withgradient(lambda x: (np.sum(np.real(x)), f(x)), x).val
            np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-12)
            assert np.shape(got) == np.shape(want)
            assert np.result_type(got) == np.result_type(want)

        @rows
        def test_single_precision_stays_single(self, name):
            f, x = table[name]
            small = x.astype(np.complex64 if x.dtype.kind == "c" else np.float32)
            (g,) = gradient(lambda x: total(f(x)), small)
            (exact,) = gradient(lambda x: total(f(x)), small.astype(x.dtype))
            _, got = withgradient(lambda x: (np.sum(np.real(x)), f(x)), small).val
            assert g.dtype == small.dtype
            assert np.result_type(got) == np.result_type(f(small))
            np.testing.assert_allclose(g, exact, rtol=3e-3, atol=2e-3)

        @rows
        def test_nothing_in_the_arguments_is_changed(self, name):
            f, x = table[name]
            before = x.copy()
            (g,) = gradient(lambda x: total(f(x)), x)
            g += 1  # the gradient is the caller's own
            np.testing.assert_array_equal(x, before)

    return Checks
