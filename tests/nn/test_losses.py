import math

import numpy as np
import pytest

from fluxrepl import (
    ShapeError,
    check_gradient,
    crossentropy,
    gradient,
    identity,
    logitcrossentropy,
    mae,
    mse,
    softmax,
    withgradient,
)

RNG = np.random.default_rng(4)
Z = RNG.normal(size=(4, 3))
Y = np.eye(3)[[0, 2, 1, 1]]


@pytest.mark.parametrize("loss", [mse, mae, logitcrossentropy, lambda z, y, **k: crossentropy(softmax(z), y, **k)])
@pytest.mark.parametrize("agg", [np.mean, np.sum])
def test_gradients_agree_with_finite_differences(loss, agg):
    assert check_gradient(lambda z, y: loss(z, y, agg=agg), Z, RNG.uniform(0.1, 0.9, size=Z.shape))


def test_second_derivatives_agree_with_finite_differences():
    shares = RNG.uniform(0.1, 0.9, size=Z.shape)
    slopes = lambda z, y: gradient(logitcrossentropy, z, y)
    assert check_gradient(lambda z, y: np.sum(slopes(z, y)[0] ** 2) + np.sum(slopes(z, y)[1] ** 3), Z, shares)


def test_values():
    assert mse(np.array([1.0, 2.0]), np.array([1.0, 4.0])) == 2.0
    assert mae(np.array([1.0, 2.0]), np.array([1.0, 4.0])) == 1.0
    assert np.isclose(crossentropy(np.array([[0.25, 0.75]]), np.array([[1.0, 0.0]])), math.log(4))
    assert np.isclose(logitcrossentropy(Z, Y), crossentropy(softmax(Z), Y))
    assert logitcrossentropy(np.array([0.0, 1000.0]), np.array([1.0, 0.0])) == 1000.0


def test_agg_makes_one_number_of_many():
    assert mse(np.array([1.0, 2.0]), np.array([1.0, 4.0]), agg=np.sum) == 4.0
    assert mse(np.array([1.0, 2.0]), np.array([1.0, 4.0]), agg=identity).tolist() == [0.0, 4.0]
    each = logitcrossentropy(Z, Y, agg=identity)
    assert each.shape == (4,)
    assert np.isclose(each.mean(), logitcrossentropy(Z, Y))


def test_the_classes_may_be_on_another_axis():
    assert np.isclose(logitcrossentropy(Z.T, Y.T, axis=0), logitcrossentropy(Z, Y))
    assert np.isclose(crossentropy(softmax(Z).T, Y.T, axis=0), crossentropy(softmax(Z), Y))
    g = gradient(lambda z: logitcrossentropy(z, Y.T, axis=0), Z.T)[0]
    assert np.allclose(g.T, gradient(lambda z: logitcrossentropy(z, Y), Z)[0])


def test_the_gradient_of_logitcrossentropy_is_the_difference_of_shares():
    assert np.allclose(gradient(lambda z: logitcrossentropy(z, Y), Z)[0], (softmax(Z) - Y) / 4)


@pytest.mark.parametrize("loss", [mse, mae, logitcrossentropy, crossentropy])
def test_float32_stays_float32(loss):
    z, y = softmax(Z).astype(np.float32), Y.astype(np.float32)
    assert loss(z, y).dtype == np.float32
    assert gradient(lambda z: loss(z, y), z)[0].dtype == np.float32


def test_the_mean_over_a_large_batch_fits_into_half_precision():
    scores = np.zeros((70_000, 3), np.float16)
    truth = np.eye(3, dtype=np.float16)[np.zeros(70_000, int)]
    loss, (g,) = withgradient(lambda s: logitcrossentropy(s, truth), scores)
    assert loss == np.float16(np.log(3))
    assert g.dtype == np.float16
    np.testing.assert_allclose(g[0], [-2 / 3 / 70_000, 1 / 3 / 70_000, 1 / 3 / 70_000], rtol=0.05)


def test_a_plain_number_is_compared_with_every_prediction():
    assert mse(np.array([1.0, 3.0]), 2.0) == 1.0
    assert mse(3.0, 1.0) == 4.0
    assert gradient(lambda p: mse(p, 1.0), 3.0) == (4.0,)


@pytest.mark.parametrize("loss", [mse, mae, crossentropy, logitcrossentropy])
def test_other_sizes_are_refused(loss):
    with pytest.raises(ShapeError, match=r"of a prediction of shape \(4, 3\) and a truth of shape \(4, 1\)"):
        loss(Z, np.ones((4, 1)))


@pytest.mark.parametrize(
    ("prediction", "truth", "hint"),
    [
        ((4, 1), (4,), "mse(ŷ, y[..., None])"),
        ((4,), (4, 1), "mse(ŷ[..., None], y)"),
        ((4, 3), (3, 4), "mse(ŷ, y.T)"),
        ((4, 3), (3,), "Give one true number for each predicted one."),
    ],
)
def test_the_usual_mismatches_say_what_to_write(prediction, truth, hint):
    with pytest.raises(ShapeError) as e:
        mse(np.ones(prediction), np.ones(truth))
    assert hint in e.value.__notes__[1]


def test_class_numbers_are_explained():
    with pytest.raises(ShapeError) as e:
        logitcrossentropy(Z, np.array([0, 2, 1, 1]))
    assert "np.eye(3)[y]" in e.value.__notes__[1]
    with pytest.raises(ShapeError, match="needs a number for each class"):
        logitcrossentropy(2.0, 1.0)
    with pytest.raises(ShapeError, match=r"a truth of shape \(\)"):
        logitcrossentropy(Z, 1.0)


@pytest.mark.parametrize(
    ("truth", "hint"),
    [
        (np.array([0, 2, 1, 1]), "np.eye(3)[y])"),
        (np.array([0.0, 2.0, 1.0, 1.0]), "np.eye(3)[y.astype(int)])"),
        (np.array([[0], [2], [1], [1]]), "np.eye(3)[y[..., 0]])"),
        ([0, 2, 1, 1], "np.eye(3)[y"),
    ],
)
def test_class_numbers_are_explained_in_every_form(truth, hint):
    with pytest.raises(ShapeError) as e:
        crossentropy(Z, truth)
    assert hint in e.value.__notes__[1]


@pytest.mark.parametrize(
    ("truth", "hint"),
    [
        (np.array([0, 2, 1, 1]), "np.moveaxis(np.eye(3)[y], -1, 0))"),
        (np.array([[0, 2, 1, 1]]), "np.moveaxis(np.eye(3)[np.squeeze(y, 0)], -1, 0))"),
        (np.array([0, 2, 1]), "Give one true number for each predicted one"),
    ],
)
def test_class_numbers_are_explained_on_another_axis(truth, hint):
    with pytest.raises(ShapeError) as e:
        logitcrossentropy(Z.T, truth, axis=0)
    assert hint in e.value.__notes__[1]


def test_an_axis_that_is_not_there_is_said():
    with pytest.raises(np.exceptions.AxisError, match="axis 2 is out of bounds for array of dimension 2"):
        logitcrossentropy(Z, Z, axis=2)


def test_a_single_class_is_refused():
    with pytest.raises(ShapeError, match="logitcrossentropy of a single class is always 0") as e:
        logitcrossentropy(np.ones((4, 1)), np.ones((4, 1)))
    assert "np.eye(2)[y]" in e.value.__notes__[1]
    with pytest.raises(ShapeError, match="single class"):
        logitcrossentropy(np.ones((1, 4)), np.ones((1, 4)), axis=0)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.bool_])
@pytest.mark.parametrize("loss", [mse, mae])
def test_whole_numbers_do_not_wrap_around(loss, dtype):
    ŷ, y = np.array([1, 0, 1], dtype), np.array([100, 1, 0], dtype)
    assert loss(ŷ, y) == loss(ŷ.astype(float), y.astype(float))


def test_lists_are_taken():
    assert mse([1.0, 2.0], [1, 4]) == 2.0
    assert mae(np.array([1.0, 2.0]), [1.0, 4.0]) == 1.0
    assert logitcrossentropy([0.0, 1000.0], [1, 0]) == 1000.0
    assert gradient(lambda a, b: mse([a, b], [1.0, 2.0]), 2.0, 2.0) == (1.0, 0.0)
    assert mse(True, 0.0) == 1.0


@pytest.mark.parametrize("loss", [mse, mae, crossentropy, logitcrossentropy])
@pytest.mark.parametrize(
    ("odd", "what"),
    [
        (None, "a NoneType"),
        ("text", "a str"),
        (np.array(["a"]), "an array of <U1"),
        ([[1.0], [1.0, 2.0]], "a list"),
        (mse, "a fun"),
    ],
)
def test_what_is_no_number_is_explained(loss, odd, what):
    with pytest.raises(TypeError, match=f"{loss.__name__} takes numbers, and its prediction is {what}"):
        loss(odd, np.ones(2))
    with pytest.raises(TypeError, match=f"{loss.__name__} takes numbers, and its truth is {what}") as e:
        loss(np.ones(2), odd)
    assert f"{loss.__name__}(model(x), y)" in e.value.__notes__[1]


def test_an_empty_batch_costs_nothing():
    assert logitcrossentropy(np.zeros((0, 3)), np.zeros((0, 3))) == 0.0


@pytest.mark.parametrize("agg", [np.mean, np.sum])
def test_a_class_that_cannot_be_does_not_count(agg):
    scores, truth = np.array([[0.0, -np.inf, 0.0]]), np.array([[1.0, 0.0, 0.0]])
    val, (g,) = withgradient(lambda s: logitcrossentropy(s, truth, agg=agg), scores)
    assert val == pytest.approx(np.log(2))
    np.testing.assert_allclose(g, [[-0.5, 0, 0.5]])
    assert logitcrossentropy(scores, np.array([[0.0, 1.0, 0.0]])) == np.inf
