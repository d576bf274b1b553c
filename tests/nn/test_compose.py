import numpy as np
import pytest

from fluxrepl import Chain, Dense, check_gradient, compose, gradient, relu, sigmoid, tanh

RNG = np.random.default_rng(3)


def test_the_last_function_is_called_first():
    assert compose(lambda x: x + 1, lambda x: x**2)(5) == 26
    assert compose(str, abs, int)("-3") == "3"
    assert compose(abs) is abs


def test_layers_compose_with_at():
    inner, outer = Dense(10, 5, sigmoid), Dense(5, 2)
    m = outer @ inner
    x = np.ones(10, np.float32)
    assert np.array_equal(m(x), outer(inner(x)))
    assert (m.outer, m.inner) == (outer, inner)


def test_functions_may_stand_on_either_side():
    d = Dense(np.array([[2.0]]))
    x = np.array([-3.0])
    assert (d @ np.abs)(x).tolist() == [6.0]
    assert (np.abs @ d)(x).tolist() == [6.0]
    assert (relu @ d)(x).tolist() == [0.0]
    assert (abs @ d @ abs)(x).tolist() == [6.0]
    assert (Chain(d) @ d)(x).tolist() == [-12.0]


def test_a_chain_of_at_is_composed_from_the_left():
    a, b, c = Dense(2, 2), Dense(2, 2), Dense(2, 2)
    m = a @ b @ c
    assert (m.outer.outer, m.outer.inner, m.inner) == (a, b, c)
    assert repr(m).count("Dense(2, 2)") == 3
    assert str(m) == "compose(Dense(2, 2), Dense(2, 2), Dense(2, 2))"
    assert str(a @ (b @ c)) == "compose(Dense(2, 2), compose(Dense(2, 2), Dense(2, 2)))"


def test_the_gradient_has_the_fields_outer_and_inner():
    m = Dense(RNG.normal(size=(2, 3))) @ Dense(RNG.normal(size=(3, 4)), RNG.normal(size=3), tanh)
    x = RNG.normal(size=4)
    g = gradient(lambda m: np.sum(m(x)), m)[0]
    assert list(g) == ["outer", "inner"]
    assert g.inner.weight.shape == (3, 4)
    assert check_gradient(lambda m, x: np.sum(m(x) ** 2), m, x)


def test_mistakes_are_explained():
    d = Dense(2, 2)
    for wrong in (lambda: d @ np.ones(2), lambda: np.ones((2, 2)) @ d):
        with pytest.raises(TypeError, match="takes functions and layers, and got an array") as e:
            wrong()
        assert "layer(x)" in e.value.__notes__[0]
    with pytest.raises(TypeError, match="needs at least one function"):
        compose()
    with pytest.raises(TypeError, match="got an int"):
        compose(relu, 3)


def test_several_inputs_go_to_the_inner_function():
    f = compose(lambda x: 2 * x, lambda x, y=0: x + y)
    assert f(1, 2) == f(1, y=2) == 6
    assert gradient(f, 1.0, 2.0) == (2.0, 2.0)
