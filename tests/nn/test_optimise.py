import numpy as np
import pytest

from fluxrepl import (
    Adam,
    Chain,
    Dense,
    Descent,
    FluxWarning,
    ShapeError,
    gradient,
    mse,
    relu,
    setup,
    trainables,
    update,
)


def model_of(**arrays):
    return {name: np.array(a, dtype=np.float64) for name, a in arrays.items()}


# ---- the rules


def test_descent_steps_against_the_gradient():
    m = model_of(W=[1.0, 2.0])
    W = m["W"]
    update(setup(Descent(0.5), m), m, {"W": np.array([1.0, -1.0])})
    assert m["W"] is W
    assert W.tolist() == [0.5, 2.5]


def test_adam_follows_its_formula():
    m = model_of(W=[1.0])
    state = setup(Adam(0.1, (0.9, 0.99), 1e-8), m)
    x, mean, square = 1.0, 0.0, 0.0
    for t, g in enumerate([0.5, -2.0, 0.25], 1):
        update(state, m, {"W": np.array([g])})
        mean, square = 0.9 * mean + 0.1 * g, 0.99 * square + 0.01 * g * g
        x -= 0.1 * (mean / (1 - 0.9**t)) / (np.sqrt(square / (1 - 0.99**t)) + 1e-8)
        assert np.isclose(m["W"][0], x, rtol=1e-12)


def by_hand(x, gradient_of, eta, beta, epsilon, steps):
    """Algorithm 1 of the paper, one number at a time, in Python's floats."""
    x = [float(n) for n in x]
    m, v = [0.0] * len(x), [0.0] * len(x)
    for t in range(1, steps + 1):
        g = gradient_of(x)
        for i in range(len(x)):
            m[i] = beta[0] * m[i] + (1 - beta[0]) * g[i]
            v[i] = beta[1] * v[i] + (1 - beta[1]) * g[i] ** 2
            m_hat, v_hat = m[i] / (1 - beta[0] ** t), v[i] / (1 - beta[1] ** t)
            x[i] -= eta * m_hat / (v_hat**0.5 + epsilon)
    return x


@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-12), (np.float32, 1e-5)])
@pytest.mark.parametrize("options", [{}, {"eta": 0.1, "beta": (0.5, 0.9), "epsilon": 1e-3}, {"beta": (0.0, 0.0)}])
def test_adam_is_the_algorithm_of_its_paper_over_fifty_steps(dtype, rtol, options):
    start, goal = [1.0, -2.0, 300.0, 1e-3], np.array([0.5, 4.0, -1.0, 0.0])
    m = {"x": np.array(start, dtype)}
    rule = Adam(**options)
    state = setup(rule, m)
    for _ in range(50):
        update(state, m, gradient(lambda m: np.sum((m["x"] - goal.astype(dtype)) ** 2), m)[0])
    slopes = lambda x: [2 * (a - b) for a, b in zip(x, goal, strict=True)]
    want = by_hand(np.array(start, dtype), slopes, rule.eta, rule.beta, rule.epsilon, 50)
    assert m["x"].dtype == dtype
    assert np.allclose(m["x"], want, rtol=rtol, atol=rtol)


def test_adams_first_step_is_as_long_as_its_rate():
    m = model_of(W=[1.0, 1.0])
    update(setup(Adam(0.25), m), m, {"W": np.array([1e-3, -1e3])})
    assert np.allclose(m["W"], [0.75, 1.25], rtol=1e-4)


@pytest.mark.parametrize("rule", [Descent(), Adam()])
def test_a_step_lowers_the_loss_of_a_model(rule):
    m = Chain(Dense(3, 4, np.tanh, rng=0), Dense(4, 1, rng=1))
    x, y = np.ones((2, 3), np.float32), np.array([[1.0], [2.0]], np.float32)
    state = setup(rule, m)
    before = mse(m(x), y)
    for _ in range(20):
        update(state, m, gradient(lambda m: mse(m(x), y), m)[0])
    assert mse(m(x), y) < before


@pytest.mark.parametrize("rule", [Descent(0.1), Adam(0.1)])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64, np.complex128])
def test_the_dtype_stays(rule, dtype):
    m = {"W": np.array([1, 2], dtype)}
    state = setup(rule, m)
    for _ in range(3):
        update(state, m, {"W": np.array([1, 0], dtype)})
    assert m["W"].dtype == dtype
    assert m["W"][1] == 2
    assert np.isfinite(m["W"]).all()


def test_a_complex_array_steps_by_the_size_of_its_gradient():
    m = {"W": np.array([0j])}
    update(setup(Adam(0.5), m), m, {"W": np.array([3 + 4j])})
    assert np.allclose(m["W"], [-0.3 - 0.4j])


def test_a_zero_size_and_a_zero_dimensional_array_are_right():
    m = {"a": np.array(2.0), "b": np.zeros((0, 3))}
    a = m["a"]
    for rule in (Descent(1.0), Adam(1.0)):
        update(setup(rule, m), m, {"a": 1.0, "b": np.zeros((0, 3))})
    assert np.isclose(a, 0.0)
    assert m["a"] is a


def test_rules_have_a_text_that_builds_the_like():
    assert repr(Descent()) == "Descent(eta=0.1)"
    assert repr(eval(repr(Adam(0.01)))) == repr(Adam(0.01)) == "Adam(eta=0.01, beta=(0.9, 0.999), epsilon=1e-08)"


@pytest.mark.parametrize(
    ("make", "error", "what"),
    [
        (lambda: Descent(-0.1), ValueError, r"cannot be negative or NaN: Descent\(-0.1\)"),
        (lambda: Adam(float("nan")), ValueError, "cannot be negative or NaN"),
        (lambda: Descent(Dense(2, 2)), TypeError, "takes a learning rate, and got Dense"),
        (lambda: Adam(0.1, 0.9), TypeError, "takes a pair as beta, and got 0.9"),
        (lambda: Adam(0.1, (0.9, 1.0)), ValueError, "at least 0 and less than 1"),
        (lambda: Adam(0.1, "ab"), TypeError, "takes a pair as beta, and got 'ab'"),
        (lambda: Descent(float("inf")), ValueError, r"must be finite: Descent\(inf\)"),
        (lambda: Adam(epsilon="no"), TypeError, "takes a small number as epsilon, and got 'no'"),
        (lambda: Adam(epsilon=-1e-8), ValueError, "epsilon of Adam cannot be negative or NaN, and got -1e-08"),
    ],
)
def test_odd_rates_are_refused(make, error, what):
    with pytest.raises(error, match=what):
        make()


# ---- None, zeros, shared arrays


def test_none_skips_and_zeros_advance():
    m = model_of(a=[1.0], b=[1.0])
    state = setup(Adam(0.1), m)
    update(state, m, {"a": np.ones(1), "b": np.ones(1)})
    a, b = m["a"].copy(), m["b"].copy()
    update(state, m, {"a": None, "b": np.zeros(1)})
    assert m["a"] == a
    assert m["b"] < b
    assert [leaf.memory.steps for leaf in state.leaves] == [1, 2]
    assert np.isclose(state.leaves[1].memory.mean[0], 0.09)


def test_a_gradient_may_be_none_from_some_point_on():
    m = Chain(Dense(2, 2), Dense(2, 2))
    before = [x.copy() for x in trainables(m)]
    state = setup(Descent(), m)
    update(state, m, None)
    update(state, m, gradient(lambda m: np.sum(m[1](np.ones(2, np.float32))), m)[0])
    assert np.array_equal(m[0].weight, before[0])
    assert not np.array_equal(m[1].weight, before[2])


def test_a_shared_array_steps_once_by_both_gradients():
    W = np.array([[1.0, 0.0], [0.0, 1.0]])
    m = Chain(Dense(W, False), Dense(W, False))
    state = setup(Descent(1.0), m)
    assert len(state.leaves) == 1
    x = np.array([1.0, 2.0])
    g = gradient(lambda m: np.sum(m(x)), m)[0]
    want = W - g.layers[0].weight - g.layers[1].weight
    update(state, m, g)
    assert np.array_equal(W, want)
    assert m[0].weight is m[1].weight is W


def test_a_shared_array_of_which_one_place_has_no_path_steps_too():
    W = np.ones(1)
    m = {"a": W, "b": W}
    update(setup(Descent(1.0), m), m, {"a": None, "b": np.ones(1)})
    assert W.tolist() == [0.0]


def test_a_gradient_is_never_changed():
    m, g = model_of(W=[1.0]), {"W": np.ones(1)}
    for rule in (Descent(), Adam()):
        update(setup(rule, m), m, g)
    assert g["W"].tolist() == [1.0]


# ---- the state


def test_a_state_says_what_it_belongs_to():
    m = Chain(Dense(10, 5, relu), Dense(5, 2))
    state = setup(Adam(), m)
    assert repr(state) == (
        "State(Adam(eta=0.001, beta=(0.9, 0.999), epsilon=1e-08))\n"
        "  layers[0].weight     (5, 10)\n"
        "  layers[0].bias       (5,)\n"
        "  layers[1].weight     (2, 5)\n"
        "  layers[1].bias       (2,)"
    )
    update(state, m, gradient(lambda m: np.sum(m(np.ones(10, np.float32))), m)[0])
    assert repr(state).split("\n")[2] == "  layers[0].bias       (5,)        after 1 step"


def test_the_text_of_a_large_state_is_short():
    text = repr(setup(Descent(), [np.ones(1)] * 1 + [np.ones(1) for _ in range(99)]))
    assert text.endswith("  … and 88 more")
    assert len(text.split("\n")) == 14


def test_a_shared_array_shows_both_places():
    W = np.ones(1)
    assert "  a = b                (1,)" in repr(setup(Descent(), {"a": W, "b": W}))


def test_a_state_of_nothing_says_so():
    with pytest.warns(FluxWarning):
        assert repr(setup(Descent(), {})) == "State(Descent(eta=0.1))\n  nothing to train"


# ---- mix-ups


def unchanged(m, call, error, what, hint):
    before = [x.copy() for x in trainables(m)]
    with pytest.raises(error, match=what) as e:
        call()
    assert any(hint in note for note in e.value.__notes__), e.value.__notes__
    assert all(np.array_equal(x, y) for x, y in zip(trainables(m), before, strict=True))


def test_the_usual_mix_ups_are_explained_and_change_nothing():
    m = Dense(2, 1)
    state = setup(Descent(), m)
    loss = lambda m: np.sum(m(np.ones(2, np.float32)))
    grads = gradient(loss, m)
    for args, what, hint in [
        ((state, m, grads), "whole tuple that gradient gave", "update(state, model, grads[0])"),
        ((Descent(), m, grads[0]), r"got the rule Descent\(eta=0.1\)", "setup(rule, model)"),
        ((m, state, grads[0]), "takes a state first, and got a Dense", "The state comes first"),
        ((None, m, grads[0]), "takes a state first, and got a NoneType", "The state comes from setup(rule, model)"),
    ]:
        unchanged(m, lambda args=args: update(*args), TypeError, what, hint)


def test_a_model_and_a_gradient_that_changed_places_are_explained():
    m = Dense(2, 1)
    g = gradient(lambda m: np.sum(m(np.ones(2, np.float32))), m)[0]
    unchanged(m, lambda: update(setup(Descent(), m), g, m), TypeError, "takes the gradient last", "changed places")


def test_setup_explains_its_mix_ups():
    m = Dense(2, 1)
    for args, what, hint in [
        ((m, Descent()), "takes a rule and a model, and got a Dense first", "The rule comes first"),
        ((0.1, m), "got a float first", "Descent(0.1)"),
        ((Adam, m), "needs a rule, and got the class Adam", "setup(Adam(), model)"),
    ]:
        with pytest.raises(TypeError, match=what) as e:
            setup(*args)
        assert hint in e.value.__notes__[0]


def test_structures_that_do_not_fit_change_nothing():
    m = model_of(a=[1.0, 2.0], b=[3.0])
    state = setup(Descent(), m)
    ok = np.ones(2)
    for grad, error, what in [
        ({"a": ok, "b": np.ones(2)}, ShapeError, r"b has the shape \(1,\), and its gradient \(2,\)"),
        ({"a": ok, "c": ok}, ShapeError, "the gradient has c, and the model has not"),
        ({"a": ok, "b": {"x": 1.0}}, ShapeError, "b is one value in the model, and its gradient a dict"),
        ({"a": ok, "b": "no"}, TypeError, "the gradient of b is a str, not an array of numbers"),
        ({"a": ok, "b": np.array(["no"])}, TypeError, "the gradient of b is an array of <U2, not an array of numbers"),
        ({"a": ok, "b": np.array([None])}, TypeError, "the gradient of b is an array of object"),
        ({"a": ok, "b": np.array([1j])}, TypeError, "the gradient of b is complex, and the array is real"),
        (ok, ShapeError, "the whole has parts in the model, and its gradient is an array"),
        ([ok, ok, ok], ShapeError, "has 2 parts in the model, and 3 in the gradient"),
    ]:
        unchanged(m, lambda grad=grad: update(state, m, grad), error, what, "")


@pytest.mark.parametrize("odd", [True, "text", None, np.array([True]), np.tanh])
def test_a_gradient_for_what_is_no_number_changes_nothing(odd):
    m = {"a": np.array([1.0]), "b": odd}
    state = setup(Descent(), m)
    grad = {"a": np.ones(1), "b": np.ones(1)}
    unchanged(m, lambda: update(state, m, grad), ShapeError, "b is an? .* in the model, and there is a gradient", "")


def test_a_model_that_changed_since_setup_is_explained():
    m = model_of(a=[1.0])
    state = setup(Descent(), m)
    m["b"] = np.ones(1)
    unchanged(m, lambda: update(state, m, {"a": np.ones(1)}), ShapeError, "the model has b, unlike", "Call setup")
    del m["b"]
    m["a"] = np.ones(2)
    unchanged(m, lambda: update(state, m, {"a": np.ones(2)}), ShapeError, "had .1,. when setup saw it", "setup again")
    m.pop("a")
    m["b"] = np.ones(1)
    unchanged(m, lambda: update(state, m, {}), ShapeError, "the model has b, unlike", "setup")


def test_an_array_may_be_replaced_by_one_of_its_size():
    m = model_of(a=[1.0])
    state = setup(Descent(1.0), m)
    m["a"] = np.array([5.0])
    update(state, m, {"a": np.ones(1)})
    assert m["a"].tolist() == [4.0]


def test_what_adam_remembers_fits_the_precision_of_an_array():
    m = {"a": np.ones(1, np.float32)}
    state, simple = setup(Adam(), m), setup(Descent(1.0), m)
    m["a"] = m["a"].astype(np.float64)
    unchanged(m, lambda: update(state, m, {"a": np.ones(1)}), ShapeError, "of float64, and was of float32", "setup")
    update(simple, m, {"a": np.ones(1)})
    assert m["a"].tolist() == [0.0]


def test_a_read_only_array_changes_nothing():
    m = model_of(a=[1.0], b=[2.0])
    state = setup(Descent(), m)
    m["b"].flags.writeable = False
    grad = {"a": np.ones(1), "b": np.ones(1)}
    unchanged(m, lambda: update(state, m, grad), ValueError, "b cannot be changed: the array is read-only", "W.copy()")
    update(state, m, {"a": np.ones(1), "b": None})
    assert m["a"].tolist() == [0.9]


def test_a_tuple_of_layers_takes_its_tuple():
    m = (np.array([1.0]), np.array([2.0]))
    update(setup(Descent(1.0), m), m, (np.ones(1), None))
    assert [x.tolist() for x in m] == [[0.0], [2.0]]
    with pytest.raises(ShapeError, match="has 2 parts in the model, and 1 in the gradient"):
        update(setup(Descent(1.0), m), m, ((np.ones(1), None),))
