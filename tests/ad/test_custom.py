"""Rules of one's own and checkpoints: one operation on the tape, the same gradient."""

import numpy as np
import pytest

from fluxrepl import LostGradientError, ShapeError, check_gradient, checkpointed, gradient, pullback, rrule

X = np.array([0.3, -1.2, 0.7])


@rrule
def softplus(x):
    """log(1 + exp(x))"""
    return np.log1p(np.exp(x)), lambda ct: ct / (1 + np.exp(-x))


@rrule
def product(a, b):
    return a * b, lambda ct: (ct * b, ct * a)


def test_a_rule_of_ones_own_is_used():
    @rrule
    def twice(x):
        return 2 * x, lambda ct: ct * 100  # wrong on purpose: so one sees that it is used

    assert twice(3.0) == 6.0
    assert gradient(twice, 3.0) == (100.0,)


def test_it_agrees_at_first_and_second_order():
    assert check_gradient(lambda x: np.sum(softplus(x) ** 2), X)
    assert check_gradient(lambda x: np.sum(gradient(lambda x: np.sum(softplus(x)), x)[0] ** 2), X)
    assert gradient(product, 2.0, 3.0) == (3.0, 2.0)
    assert gradient(lambda x: product(x, 5.0), 2.0) == (5.0,)
    assert gradient(lambda x: product(x, x), 3.0) == (6.0,)
    assert softplus.__name__ == "softplus"


def test_the_pullback_is_called_once_for_all_arguments():
    calls = []

    @rrule
    def counted(a, b):
        return a * b, lambda ct: calls.append(1) or (ct * b, ct * a)

    gradient(counted, 2.0, 3.0)
    assert calls == [1]


def test_none_says_that_no_gradient_flows():
    @rrule
    def scaled(x, n):
        return x * n, lambda ct: (ct * n, None)

    assert gradient(scaled, 2.0, 3.0) == (3.0, 0.0)


def test_a_complex_rule_speaks_as_gradients_are_handed_out():
    @rrule
    def squared(z):
        return z * z, lambda ct: ct * np.conj(2 * z)

    assert check_gradient(lambda z: np.real(squared(z)) + np.imag(squared(z)) * 3, 1 + 2j)


def test_arguments_in_structures_and_by_keyword_count():
    @rrule
    def scaled(x, ys):
        return x * ys[0], lambda ct: (ct * ys[0], [ct * x])

    assert gradient(lambda x, y: scaled(x, [y]), 2.0, 3.0) == (3.0, 2.0)
    assert gradient(lambda y: scaled(2.0, [y]), 3.0) == (2.0,)
    assert gradient(lambda x: product(b=x, a=5.0), 2.0) == (5.0,)
    assert gradient(lambda x: softplus(x=x), 0.0) == (0.5,)


KEPT = {}


def test_what_comes_in_by_another_way_is_refused():
    @rrule
    def hidden(x):
        return x * KEPT["w"], lambda ct: ct

    def loss(w):
        KEPT["w"] = w
        return hidden(w)

    with pytest.raises(LostGradientError, match="used a traced value that is not among its arguments"):
        gradient(loss, 2.0)

    def checked(w):
        KEPT["w"] = w
        return checkpointed(lambda x: x * KEPT["w"], w)

    with pytest.raises(LostGradientError, match="used a traced value that is not among its arguments"):
        gradient(checked, 2.0)


def test_a_value_of_several_parts_is_refused():
    with pytest.raises(TypeError, match="has to give one number or array, and gave a tuple"):
        gradient(rrule(lambda x: ((x, x), lambda ct: ct)), 2.0)


def test_mistakes_are_explained():
    with pytest.raises(TypeError, match=r"returns \(value, pullback\), and bare returned a float: 3.0"):
        gradient(rrule(bare), 3.0)
    with pytest.raises(TypeError, match="one cotangent for each of its 2 arguments, and gave 1"):
        gradient(rrule(lambda a, b: (a * b, lambda ct: (ct,))), 1.0, 2.0)
    with pytest.raises(ShapeError, match=r"gave a cotangent of shape \(\) for an argument of shape \(3,\)"):
        gradient(rrule(lambda x: (np.sum(x), lambda ct: ct)), X)


def bare(x):
    return x


def test_a_checkpoint_has_the_same_value_and_gradient():
    W = np.arange(9.0).reshape(3, 3) / 10
    block = lambda x: np.tanh(W @ x) * 2
    np.testing.assert_array_equal(checkpointed(block, X), block(X))
    loss = lambda x: np.sum(checkpointed(block, x) ** 2)
    np.testing.assert_allclose(gradient(loss, X)[0], gradient(lambda x: np.sum(block(x) ** 2), X)[0], rtol=1e-14)
    assert check_gradient(loss, X)
    assert check_gradient(lambda x: np.sum(gradient(loss, x)[0] ** 2), X)


def test_a_checkpoint_sees_what_it_captured_and_structures():
    def loss(m, x):
        return np.sum(checkpointed(lambda x: m["W"] @ x, x)) + np.sum(checkpointed(lambda m: m["W"] ** 2, m))

    assert check_gradient(loss, {"W": np.ones((2, 3)), "name": "m"}, X)


def test_a_checkpoint_keeps_one_row_of_a_long_block():
    from fluxrepl.ad.ends import run
    from fluxrepl.ad.tape import Tape

    def long(x):
        for _ in range(100):
            x = np.sin(x)
        return x

    with Tape() as tape:
        run(lambda x: checkpointed(long, x), (X,), tape)
        assert len(tape) == 1


def test_a_checkpoint_keeps_what_a_loop_variable_held():
    def f(x):
        for k in (2.0, 3.0, 4.0):
            x = checkpointed(lambda z: z * k, x)  # noqa: B023
        return x

    assert gradient(f, 1.0) == (24.0,)

    def g(ws, x):
        for w, act in zip(ws, (np.sin, np.exp, np.tanh), strict=True):
            x = checkpointed(lambda z: act(w * z), x)  # noqa: B023
        return x

    assert check_gradient(g, [0.3, 0.7, 0.2], 0.5)


def test_a_checkpoint_of_several_results_is_refused():
    with pytest.raises(TypeError, match="has to give one number or array, and gave a tuple"):
        gradient(lambda x: checkpointed(lambda x: (x, x), x)[0], 1.0)


# ---- what a pullback is given and gives is its own -------------------------------------------------------------------


def test_a_gradient_that_is_written_into_does_not_change_the_next():
    _, back = pullback(lambda x: checkpointed(lambda x: np.sum(x * x), x), np.array([1.0, 2.0]))
    back(1.0)[0][:] = 99
    assert back(1.0)[0].tolist() == [2.0, 4.0]


def test_a_pullback_may_write_into_its_cotangent():
    @rrule
    def twice(x):
        def back(ct):
            ct *= 2
            return ct

        return 2 * x, back

    slopes = gradient(lambda x, y: np.sum((twice(x) + y) * np.array([1.0, 2.0])), np.ones(2), np.ones(2))
    assert [g.tolist() for g in slopes] == [[2.0, 4.0], [1.0, 2.0]]


def test_a_gradient_is_never_an_array_that_the_pullback_keeps():
    W = np.array([1.0, 2.0])

    @rrule
    def weighted(x):
        return np.sum(x * W), lambda ct: W

    (g,) = gradient(weighted, np.ones(2))
    assert not np.shares_memory(g, W)
