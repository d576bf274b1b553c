"""check_gradient: agrees where the gradient is right, differs where it is wrong, and says where."""

import numpy as np

from fluxrepl import check_gradient
from fluxrepl.ad.recording import primitive


@primitive(lambda ct, y, x: ct * 3 * x)  # wrong: the derivative of x² is 2x
def wrong_square(x):
    return np.square(x)


def test_a_right_gradient_agrees():
    check = check_gradient(lambda x, m: np.sum(np.sin(x)) * m["a"], np.array([0.5, 1.0]), {"a": 2, "b": "text"})
    assert check
    assert [row.place for row in check] == ["0", "1.a"]


def test_a_wrong_gradient_differs_and_is_named():
    check = check_gradient(lambda x: np.sum(wrong_square(x)), np.array([1.0, 2.0]))
    assert not check
    assert "DIFFERS" in repr(check)
    assert check[0].error > 0.9


def test_the_table_has_a_row_for_each_number_or_array():
    check = check_gradient(lambda x, y: x**2, 3.0, 4.0)
    lines = [line.split() for line in repr(check).splitlines()]
    assert lines[0] == ["argument", "gradient", "finite", "differences", "largest", "error"]
    assert lines[1][:3] == ["0", "6", "6"]
    assert lines[2] == ["1", "None", "0", "0.0e+00", "agrees"]


def test_a_none_that_should_be_a_number_differs():
    from fluxrepl import ignore_derivatives

    assert not check_gradient(lambda x: ignore_derivatives(x) * 2.0, 3.0)


def test_a_float32_function_is_checked_in_float64():
    assert check_gradient(lambda x: np.sum(x**3), np.array([1.0, 2.0], np.float32))


def test_an_integer_that_is_an_index_stays_one():
    check = check_gradient(lambda x, i: x[i] ** 2, np.ones(2), 1)
    assert check
    assert [row.place for row in check] == ["0"]
    check = check_gradient(lambda x, n: np.sum(x ** n["n"]), np.array([1.5, 2.0]), {"n": np.array(3)})
    assert check
    assert [row.place for row in check] == ["0", "1.n"]
    assert not check_gradient(wrong_square, 3)


@primitive(lambda ct, y, x: ct * 3 * x**2 * np.where(x == 1, 5, 1))  # wrong at 1
def wrong_cube(x):
    return x**3


def test_numbers_are_compared_one_by_one():
    x = np.array([1e4, 1.0])
    assert check_gradient(lambda x: np.sum(x**3), x)
    assert not check_gradient(lambda x: np.sum(wrong_cube(x)), x)
    assert check_gradient(lambda x: np.sum(np.exp(x)), np.array([30.0, -30.0, 0.0]))


def test_a_large_constant_is_allowed_for():
    f = lambda x: 1e9 + np.sum(np.sin(5 * x))
    assert check_gradient(f, np.array([0.3, 2.0]))
    assert not check_gradient(lambda x: f(x) + np.sum(wrong_square(x)), np.array([0.3, 2.0]))
