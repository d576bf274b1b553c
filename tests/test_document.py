"""Every example of "How Flux Works: Gradients and Layers", section by section, against the public names.

Where the document shows a number, the number is asserted; where it uses random data, shapes and order are.
"""

from collections import namedtuple
from functools import reduce

import numpy as np
import pytest

import fluxrepl
from fluxrepl import *  # noqa: F403
from fluxrepl import (
    Chain,
    Dense,
    create_bias,
    glorot_uniform,
    gpu,
    gradient,
    layer,
    record,
    relu,
    sigmoid,
    softmax,
    withgradient,
    σ,
)


def same_to_the_sign(got, want):
    """Equal numbers, with the signs of zero, in float64."""
    got, want = np.asarray(got), np.asarray(want, dtype=float)
    assert got.dtype == np.float64
    np.testing.assert_array_equal(got, want)
    np.testing.assert_array_equal(np.signbit(got), np.signbit(want))


@pytest.fixture
def rng():
    return np.random.default_rng(0)


# ---- Taking Gradients ------------------------------------------------------------------------------------------


def f(x):
    return 3 * x**2 + 2 * x + 1


def df(x):
    return gradient(f, x)[0]  # df/dx = 6x + 2


def d2f(x):
    return gradient(df, x)[0]  # d²f/dx² = 6


def test_the_derivative_of_a_polynomial_at_2_is_14():
    assert df(2) == 14.0
    assert repr(df(2)) == "14.0"


def test_its_second_derivative_is_6():
    assert d2f(2) == 6.0
    assert repr(d2f(2)) == "6.0"


def test_a_gradient_of_two_arrays_with_the_signs_of_zero():
    def f(x, y):
        return np.sum((x - y) ** 2)

    grads = gradient(f, np.array([2, 1]), np.array([2, 0]))
    assert type(grads) is tuple
    same_to_the_sign(grads[0], [0.0, 2.0])
    same_to_the_sign(grads[1], [-0.0, -2.0])
    assert repr(grads) == "(array([0., 2.]), array([-0., -2.]))"


nt = record(a=np.array([2, 1]), b=np.array([2, 0]), c=np.tanh)


def g(x):
    return np.sum(np.abs(x.a - x.b) ** 2)


def test_a_function_of_a_named_tuple_is_1():
    assert g(nt) == 1


def test_the_gradient_of_a_record_has_its_fields_and_none_for_the_function():
    (dg_nt,) = gradient(g, nt)
    same_to_the_sign(dg_nt.a, [0.0, 2.0])
    same_to_the_sign(dg_nt.b, [-0.0, -2.0])
    assert dg_nt.c is None
    assert repr(dg_nt) == "(a=array([0., 2.]), b=array([-0., -2.]), c=None)"


def test_a_python_named_tuple_keeps_its_type():
    Point = namedtuple("Point", "a b c")
    (grad,) = gradient(g, Point(nt.a, nt.b, nt.c))
    assert type(grad) is Point
    same_to_the_sign(grad.b, [-0.0, -2.0])
    assert grad.c is None


def check_quotient(grads):
    first, second = grads
    same_to_the_sign(first.a, [0.0, 0.5])
    same_to_the_sign(first.b, [-0.0, -1.0])
    assert first.c is None
    same_to_the_sign(second, [-0.0, -0.25])


def test_an_anonymous_function():
    check_quotient(gradient(lambda x, y: np.sum(np.abs(x.a / y - x.b) ** 2), nt, np.array([1, 2])))


def test_a_do_block():
    @gradient.at(nt, np.array([1, 2]))
    def grads(x, y):
        z = x.a / y
        return np.sum(np.abs(z - x.b) ** 2)

    check_quotient(grads)


def test_the_value_with_the_gradient():
    got = withgradient(g, nt)
    assert got.val == 1
    assert isinstance(got.val, int | np.integer)
    same_to_the_sign(got.grad[0].a, [0.0, 2.0])
    with np.printoptions(legacy="1.25"):
        assert repr(got) == "WithGradient(val=1, grad=((a=array([0., 2.]), b=array([-0., -2.]), c=None),))"


# ---- Building Simple Models --------------------------------------------------------------------------------------


def predict(W, b, x):
    return W @ x + b


def loss(W, b, x, y):
    ŷ = predict(W, b, x)
    return np.sum((y - ŷ) ** 2)


def test_one_step_of_gradient_descent_makes_the_loss_fall(rng):
    x, y = rng.random(5), rng.random(2)  # dummy data
    W = rng.random((2, 5))
    b = rng.random(2)
    before = loss(W, b, x, y)
    dW, db = gradient(lambda W, b: loss(W, b, x, y), W, b)
    assert dW.shape == W.shape
    assert db.shape == b.shape
    W -= 0.1 * dW
    assert loss(W, b, x, y) < before


# ---- Building Layers ---------------------------------------------------------------------------------------------


def test_two_layers_with_a_nonlinearity_between(rng):
    W1, b1 = rng.random((3, 5)), rng.random(3)
    W2, b2 = rng.random((2, 3)), rng.random(2)

    def layer1(x):
        return W1 @ x + b1

    def layer2(x):
        return W2 @ x + b2

    def model(x):
        return layer2(sigmoid(layer1(x)))

    assert model(rng.random(5)).shape == (2,)


def linear(n_in, n_out):
    W = np.random.randn(n_out, n_in)
    b = np.random.randn(n_out)
    return lambda x: W @ x + b


def test_a_function_that_returns_linear_layers(rng):
    linear1 = linear(5, 3)  # its W is seen in the gradient
    linear2 = linear(3, 2)

    def model(x):
        return linear2(sigmoid(linear1(x)))

    assert model(rng.random(5)).shape == (2,)
    (grad,) = gradient(lambda m: np.sum(m(np.ones(5))), linear1)
    assert grad.W.shape == (3, 5)
    assert grad.b.shape == (3,)


class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    @classmethod
    def sized(cls, n_in, n_out):
        return cls(np.random.randn(n_out, n_in), np.zeros(n_out))

    def __call__(self, x):  # so the object can be used as a function
        return self.W @ x + self.b


def test_a_class_that_represents_the_affine_layer(rng):
    a = Affine.sized(10, 5)
    assert a(rng.random(10)).shape == (5,)
    (grad,) = gradient(lambda a: np.sum(a(np.ones(10))), a)
    assert grad.W.shape == (5, 10)
    same_to_the_sign(grad.b, np.ones(5))
    assert isinstance(a.W, np.ndarray)  # the model is as it was


def test_dense_takes_an_activation_function(rng):
    assert Dense(10, 5, sigmoid)(rng.random(10, dtype=np.float32)).shape == (5,)


# ---- Stacking It Up ------------------------------------------------------------------------------------------------


def test_layers_one_after_another(rng):
    layer1 = Dense(10, 5, relu)
    layer2 = Dense(5, 5, relu)
    layer3 = Dense(5, 2)

    def model(x):
        return layer3(layer2(layer1(x)))

    assert model(rng.random(10, dtype=np.float32)).shape == (2,)


def test_a_list_of_layers_folded(rng):
    layers = [Dense(10, 5, relu), Dense(5, 2), softmax]

    def model(x):
        return reduce(lambda x, m: m(x), layers, x)

    y = model(rng.random(10, dtype=np.float32))
    assert y.shape == (2,)
    assert np.isclose(np.sum(y), 1)


def test_a_chain_is_the_same(rng):
    model2 = Chain(Dense(10, 5, relu), Dense(5, 2), softmax)
    x = rng.random(10, dtype=np.float32)
    assert model2(x).shape == (2,)
    np.testing.assert_array_equal(model2(x), reduce(lambda x, m: m(x), model2.layers, x))


def test_layers_compose_like_functions(rng):
    m = Dense(5, 2) @ Dense(10, 5, σ)
    assert m(rng.random(10, dtype=np.float32)).shape == (2,)


def test_a_chain_works_with_any_function():
    m = Chain(lambda x: x**2, lambda x: x + 1)
    assert m(5) == 26


# ---- Layer Helpers -------------------------------------------------------------------------------------------------


def test_a_layer_prints_nicely():
    @layer
    class Small:
        W: np.ndarray
        b: np.ndarray

    assert repr(Small(np.ones((1, 3)), np.zeros(1))).endswith("# 4 parameters")
    assert layer(Affine) is Affine


def test_an_affine_layer_with_optional_bias_and_initialiser():
    @layer
    class Affine:
        W: np.ndarray
        b: np.ndarray | bool

        @classmethod
        def sized(cls, n_in, n_out, *, bias=True, init=glorot_uniform):
            W = init(n_out, n_in)
            b = create_bias(W, bias, n_out)
            return cls(W, b)

        def __call__(self, x):
            return x @ self.W.T + self.b

    a = Affine.sized(3, 1, bias=False)
    assert a.W.shape == (1, 3)
    assert a.W.dtype == np.float32
    assert a.b is False
    assert a(np.ones(3, np.float32)).shape == (1,)
    assert repr(a).endswith("# 3 parameters")
    assert Affine.sized(3, 1).b.tolist() == [0.0]


def test_gpu_without_a_gpu_gives_the_model_back():
    import warnings

    a = Affine(np.ones((1, 3)), False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says once that there is none
        b = gpu(a)
    assert type(b) is Affine
    assert b.W.shape == (1, 3)


def test_the_names_of_the_document_come_with_a_star_import():
    names = {"gradient", "withgradient", "Dense", "Chain", "softmax", "relu", "sigmoid", "σ", "tanh", "layer", "gpu"}
    assert names | {"create_bias", "glorot_uniform"} <= set(fluxrepl.__all__)
