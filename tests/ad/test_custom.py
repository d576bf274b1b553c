"""Rules of one's own: one operation on the tape, with the pullback that was given."""

import numpy as np
import pytest

from fluxrepl import LostGradientError, ShapeError, check_gradient, gradient, rrule

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

    assert gradient(scaled, 2.0, 3.0) == (3.0, None)
    assert gradient(lambda x, n: scaled(x, n * 2) + 1, 2.0, 3.0) == (6.0, None)
    assert gradient(lambda x, n: scaled(x, n) * n, 2.0, 3.0) == (9.0, 6.0)
    (g,) = gradient(lambda n: np.sum(scaled(2.0, n)) + np.sum(n), np.ones(3))
    assert g.tolist() == [1.0, 1.0, 1.0]


def test_a_cotangent_that_was_written_as_an_integer_is_a_float():
    for two in (2, np.int64(2), True + 1):
        (g,) = gradient(rrule(lambda x: (2 * x, lambda ct: two)), 3.0)  # noqa: B023 - called at once
        assert (g, type(g)) == (2.0, float)


def test_a_default_may_be_answered_for_or_not():
    @rrule
    def both(a, b=3.0):
        return a * b, lambda ct: (ct * b, ct * a)

    @rrule
    def first(a, b=3.0):
        return a * b, lambda ct: ct * b

    assert gradient(both, 2.0) == gradient(first, 2.0) == (3.0,)
    assert gradient(lambda b: both(2.0, b=b), 3.0) == gradient(both, 2.0, 3.0)[1:] == (2.0,)
    with pytest.raises(TypeError, match="each of its 2 arguments, and gave a float"):
        gradient(first, 2.0, 3.0)


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


# ---- what a pullback is given and gives is its own -------------------------------------------------------------------


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
