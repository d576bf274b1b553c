"""check_nan names the operation and the line where a NaN first appears on the way back."""

import numpy as np
import pytest

from fluxrepl import NotFiniteError, check_nan, gradient, hessian, withgradient


def chosen_after(x):
    root = np.sqrt(x)
    return np.sum(np.where(x > 0, root, 0.0))


def chosen_before(x):
    root = np.sqrt(np.where(x > 0, x, 1.0))
    return np.sum(np.where(x > 0, root, 0.0))


X = np.array([0.0, 4.0])


def test_without_it_the_nan_arrives():
    with np.errstate(invalid="ignore"):
        assert np.isnan(gradient(chosen_after, X)[0][0])


def test_it_names_operation_line_and_numbers():
    with check_nan(), pytest.raises(NotFiniteError) as e:
        gradient(chosen_after, X)
    line = chosen_after.__code__.co_firstlineno + 1
    assert str(e.value) == f"the way back through np.sqrt made a NaN, line {line} in: root = np.sqrt(x)"
    notes = "\n".join(e.value.__notes__)
    assert "[0., 4.]" in notes
    assert "choose the argument with np.where before" in notes
    assert isinstance(e.value, ArithmeticError)


def test_the_advice_helps():
    with check_nan():
        assert gradient(chosen_before, X)[0].tolist() == [0.0, 0.25]
        assert withgradient(chosen_before, X).val == 2.0
        assert hessian(lambda x: np.sum(x**3), np.ones(2)).tolist() == [[6.0, 0.0], [0.0, 6.0]]


def test_a_nan_in_the_data_is_passed_on():
    with check_nan():
        (g,) = gradient(lambda x: np.sum(x * np.array([np.nan, 1.0]) * 2), np.ones(2))
    assert np.isnan(g[0])


def test_it_ends_with_its_block_and_serves_as_a_decorator():
    @check_nan()
    def strict(x):
        return gradient(chosen_after, x)

    with pytest.raises(NotFiniteError):
        strict(X)
    with np.errstate(invalid="ignore"):
        gradient(chosen_after, X)


def power(x):
    whole = np.sum(x**2)
    return whole + np.sum(np.where(x > 0, x**1.5, 0.0))


def test_in_a_second_derivative_it_names_the_line_that_was_differentiated():
    line = power.__code__.co_firstlineno + 2
    for second in (
        lambda: hessian(power, X),
        lambda: gradient(lambda x: np.sum(gradient(power, x)[0]), X),
    ):
        with check_nan(), pytest.raises(NotFiniteError) as e:
            second()
        assert f", line {line} in: return whole + np.sum(np.where(x > 0, x**1.5, 0.0))" in str(e.value)
