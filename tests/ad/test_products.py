"""Products with a Jacobian or a Hessian agree with the whole matrices."""

import numpy as np
import pytest

from fluxrepl import ShapeError, check_gradient, hessian, hvp, jacobian, jvp

X, V = np.array([0.3, -1.2, 0.7]), np.array([1.0, 0.5, -2.0])


def f(x):
    return np.stack([np.sum(np.sin(x) * x), x[0] * x[1], x[2] ** 3, x[0]])


def test_a_jvp_is_the_jacobian_times_the_direction():
    y, tangent = jvp(f, X, V)
    np.testing.assert_array_equal(y, f(X))
    np.testing.assert_allclose(tangent, jacobian(f, X)[0] @ V, rtol=1e-14)


def test_a_jvp_of_a_number():
    assert jvp(lambda x: x**3, 2.0, 10.0) == (8.0, 120.0)


def test_a_jvp_of_structures_in_and_out():
    y, tangent = jvp(lambda t: {"a": t[0] * t[1], "b": t[0]}, (2.0, 3.0), (1.0, 0.0))
    assert y == {"a": 6.0, "b": 2.0}
    assert tangent == {"a": 3.0, "b": 1.0}


def test_a_direction_that_does_not_reach_the_result_gives_zeros():
    _, tangent = jvp(lambda x: np.ones(2), X, V)
    assert tangent.tolist() == [0.0, 0.0]


def test_an_hvp_is_the_hessian_times_the_vector():
    loss = lambda x: np.sum(np.exp(x) * x[::-1] ** 2)
    np.testing.assert_allclose(hvp(loss, X, V), hessian(loss, X) @ V, rtol=1e-13)
    assert hvp(np.sum, X, V).tolist() == [0.0, 0.0, 0.0]


def test_products_can_be_differentiated():
    assert check_gradient(lambda x: np.sum(jvp(np.sin, x, V)[1] ** 2), X)
    assert check_gradient(lambda x: np.sum(hvp(lambda x: np.sum(x**4), x, V)), X)


def test_a_direction_of_another_shape_is_refused():
    with pytest.raises(ShapeError, match=r"the direction has the shape \(2,\), and its argument \(3,\)"):
        jvp(f, X, np.ones(2))
    with pytest.raises(ShapeError, match="the argument is a dict with the parts a, and the direction has the parts b"):
        jvp(lambda p: p["a"] ** 2, {"a": 3.0}, {"b": 1.0})
    with pytest.raises(ShapeError):
        hvp(lambda x: np.sum(x**2), X, np.ones(2))


def test_what_holds_no_numbers_has_none_in_a_product():
    model = {"w": 3.0, "act": np.tanh, "f": lambda x: x, "settings": {"name": "m", "on": True}, "layers": []}
    direction = model | {"w": 2.0}
    loss = lambda m: m["f"](m["w"]) ** 3
    assert hvp(loss, model, direction) == {"w": 36.0, "act": None, "f": None, "settings": None, "layers": None}
    assert jvp(lambda m: {**m, "w": loss(m)}, model, direction)[1] == {
        "w": 54.0,
        "act": None,
        "f": None,
        "settings": None,
        "layers": None,
    }
    k = 5.0
    assert hvp(loss, {"w": 3.0, "f": lambda x: x + k}, {"w": 1.0, "f": {"k": 0.0}})["f"].k == 48.0
