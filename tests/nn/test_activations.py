import math

import numpy as np
import pytest

import fluxrepl as flux
from fluxrepl import (
    ShapeError,
    check_gradient,
    gradient,
    identity,
    logsoftmax,
    logsumexp,
    relu,
    sigmoid,
    softmax,
    tanh,
)

ELEMENTWISE = [identity, relu, sigmoid, tanh]
OVER_AN_AXIS = [softmax, logsoftmax, logsumexp]
X = np.array([[-1.5, 0.3, 2.0], [0.7, -0.2, 1.1]])
C = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])


@pytest.mark.parametrize("f", [*ELEMENTWISE, *OVER_AN_AXIS])
def test_the_gradient_agrees_with_finite_differences(f):
    c = C if f is not logsumexp else C[:, 0]
    assert check_gradient(lambda x: np.sum(c * f(x)), X)


@pytest.mark.parametrize("f", [sigmoid, tanh, *OVER_AN_AXIS])
def test_the_second_derivative_agrees_with_finite_differences(f):
    c = C if f is not logsumexp else C[:, 0]
    slope = lambda x: gradient(lambda x: np.sum(c * f(x)), x)[0]
    assert check_gradient(lambda x: np.sum(C * slope(x)), X)


@pytest.mark.parametrize("f", [softmax, logsoftmax, logsumexp])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_another_axis_may_be_chosen(f, axis):
    moved = np.moveaxis(X, axis, -1)
    want = f(moved) if f is logsumexp else np.moveaxis(f(moved), -1, axis)
    assert np.allclose(f(X, axis=axis), want)
    assert check_gradient(lambda x: np.sum(f(x, axis=axis) ** 2), X)
    assert check_gradient(lambda x: np.sum(f(x, axis) ** 2), X)


@pytest.mark.parametrize("f", [*ELEMENTWISE, *OVER_AN_AXIS])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_dtype_stays(f, dtype):
    x = X.astype(dtype)
    assert f(x).dtype == dtype
    assert gradient(lambda x: np.sum(f(x)), x)[0].dtype == dtype


def test_python_numbers_stay_python_numbers():
    assert (identity(2), relu(2), relu(-2), relu(2.5), sigmoid(0)) == (2, 2, 0, 2.5, 0.5)
    assert [type(f(-0.5)) for f in (identity, relu, sigmoid)] == [float, float, float]
    assert type(relu(-3)) is int
    assert math.isnan(relu(math.nan))
    assert gradient(sigmoid, 0.0) == (0.25,)


def test_relu_has_slope_zero_at_its_kink():
    assert gradient(relu, 0.0) == (0.0,)
    assert gradient(lambda x: np.sum(relu(x)), np.array([-1.0, 0.0, 2.0]))[0].tolist() == [0, 0, 1]
    assert np.isnan(relu(np.array([np.nan])))[0]


def test_sigmoid_is_exact_far_out_and_does_not_warn():
    x = np.array([-1000.0, -40.0, 40.0, 1000.0])
    assert np.allclose(sigmoid(x), [0.0, math.exp(-40), 1.0, 1.0], rtol=1e-15, atol=0)
    assert (sigmoid(-1000), sigmoid(1000)) == (0.0, 1.0)
    assert np.allclose(gradient(lambda x: np.sum(sigmoid(x)), x)[0], [0.0, math.exp(-40), 0.0, 0.0], atol=0)
    assert sigmoid(np.float32([-1000, 1000])).tolist() == [0, 1]


def test_sigma_is_another_name_of_sigmoid():
    assert flux.σ is sigmoid
    assert sigmoid.__name__ == "sigmoid"


def test_tanh_is_numpys():
    assert tanh is np.tanh


def test_softmax_does_not_overflow():
    assert softmax(np.array([1000.0, 1000.0])).tolist() == [0.5, 0.5]
    assert softmax(np.array([-1000.0, 0.0])).tolist() == [0.0, 1.0]
    assert np.allclose(logsoftmax(np.array([1000.0, 0.0])), [0.0, -1000.0])
    assert logsumexp(np.array([1000.0, 1000.0])) == 1000 + math.log(2)


def test_infinite_entries_share_equally():
    assert softmax(np.array([np.inf, 1.0, np.inf])).tolist() == [0.5, 0.0, 0.5]
    assert softmax(np.array([-np.inf, 1.0, 1.0])).tolist() == [0.0, 0.5, 0.5]
    assert logsoftmax(np.array([np.inf, 1.0])).tolist() == [0.0, -np.inf]
    assert logsumexp(np.array([np.inf, 1.0])) == np.inf


def test_a_nan_spoils_its_row_only():
    y = softmax(np.array([[np.nan, 1.0], [1.0, 1.0]]))
    assert np.isnan(y[0]).all()
    assert y[1].tolist() == [0.5, 0.5]


def test_integers_and_lists_are_taken():
    assert softmax([1, 1]).tolist() == [0.5, 0.5]
    assert sigmoid(np.array([0, 0])).tolist() == [0.5, 0.5]
    assert relu([-1, 2]).tolist() == [0, 2]
    assert gradient(lambda x: softmax(x)[0], np.array([1, 1]))[0].tolist() == [0.25, -0.25]


def test_logsumexp_can_keep_the_axis_or_take_all():
    assert logsumexp(X, keepdims=True).shape == (2, 1)
    assert np.isclose(logsumexp(X, axis=None), np.log(np.sum(np.exp(X))))
    assert check_gradient(lambda x: logsumexp(x, axis=None), X)
    assert check_gradient(lambda x: np.sum(C * logsumexp(x, keepdims=True)), X)


@pytest.mark.parametrize("f", OVER_AN_AXIS)
def test_a_single_number_has_no_share(f):
    with pytest.raises(ShapeError, match=rf"{f.__name__} needs several numbers, and got one: 2.0") as caught:
        f(2.0)
    assert "weighs the numbers" in caught.value.__notes__[0]


@pytest.mark.parametrize("f", [sigmoid, softmax, logsoftmax, logsumexp])
@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64, np.bool_])
def test_whole_numbers_do_not_wrap_around(f, dtype):
    x = np.array([1, 0, 127, -128 if dtype in (np.int8, np.int64) else 3]).astype(dtype)
    assert np.array_equal(f(x), f(x.astype(np.float64)))
    assert f(x).dtype == np.float64


def test_logsumexp_of_nothing_but_minus_infinity_is_that():
    x = np.array([[-np.inf, -np.inf], [0.0, -np.inf]])
    assert logsumexp(x).tolist() == [-np.inf, 0.0]
    assert logsumexp(x[0]) == -np.inf
    assert gradient(lambda x: np.sum(np.exp(logsumexp(x))), x)[0].tolist() == [[0, 0], [1, 0]]
    assert gradient(lambda x: np.sum(logsumexp(x, keepdims=True)), x)[0].tolist() == [[0, 0], [1, 0]]
    assert gradient(lambda x: logsumexp(x, axis=None), x[:1])[0].tolist() == [[0, 0]]
