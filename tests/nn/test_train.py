import io

import numpy as np
import pytest

from fluxrepl import Adam, Chain, Dense, Descent, FluxError, FluxWarning, NotFiniteError, mse, setup, tanh, train
from fluxrepl.nn import progress
from fluxrepl.nn.train import Losses

RNG = np.random.default_rng(5)
X = RNG.normal(size=(64, 2)).astype(np.float32)
T = (X @ np.array([[2.0], [-1.0]], np.float32)) + 0.5


def loss(m, x, y):
    return mse(m(x), y)


def test_a_line_is_found():
    m = Dense(2, 1)
    losses = train(loss, m, [(X, T)] * 200, setup(Descent(0.2), m))
    assert losses[-1] < 1e-6 < losses[0]
    assert np.allclose(m.weight, [[2, -1]], atol=1e-3)
    assert np.allclose(m.bias, [0.5], atol=1e-3)
    assert len(losses) == 200


def test_a_network_learns():
    m = Chain(Dense(2, 8, tanh, rng=0), Dense(8, 1, rng=1))
    y = np.abs(X[:, :1])
    losses = train(loss, m, ((X, y) for _ in range(300)), setup(Adam(0.02), m))
    assert losses[-1] < losses[0] / 10
    assert m[0].weight.dtype == np.float32


def test_the_losses_have_a_short_text():
    assert repr(Losses([3.0, 2.0])) == "Losses([3.0, 2.0])"
    assert repr(Losses([3.0, 2.0, 1.0, 0.5])) == str(Losses([3.0, 2.0, 1.0, 0.5])) == "Losses(3 → 0.5 in 4 steps)"


def test_an_item_that_is_no_tuple_is_one_argument():
    m = {"w": np.array([1.0])}
    train(lambda m, x: np.sum((m["w"] - x) ** 2), m, [1.0, np.array([3.0])], setup(Descent(0.5), m))
    assert m["w"].tolist() == [3.0]


def test_a_loss_may_return_more():
    m = {"w": np.array([1.0])}
    assert train(lambda m: (np.sum(m["w"] ** 2), "extra"), m, [()], setup(Descent(0.5), m)) == [1.0]


def test_no_data_change_nothing():
    m = {"w": np.array([1.0])}
    assert train(loss, m, [], setup(Descent(0.5), m)) == []


def test_a_generator_that_is_used_up_is_told_of():
    m = {"w": np.array([1.0])}
    data, state = (x for x in [2.0]), setup(Descent(0.25), m)
    towards = lambda m, x: np.sum((m["w"] - x) ** 2)
    assert train(towards, m, data, state) == [1.0]
    for _ in range(2):
        with pytest.warns(FluxWarning, match="train got no item from this generator, and changed nothing") as caught:
            assert train(towards, m, data, state) == []
        assert "gone through once" in str(caught[0].message)
    assert m["w"].tolist() == [1.5]


@pytest.mark.parametrize(
    "make",
    [
        lambda: [(2.0,)] * 2,
        lambda: ((2.0,) for _ in range(2)),
        lambda: zip([2.0, 2.0], strict=True),
        lambda: np.array([2.0, 2.0]),
        lambda: [2.0, (2.0,)],
        {2.0: 0, (2.0,): 0}.keys,
    ],
)
def test_data_may_be_any_iterable_of_items(make):
    m = {"w": np.array([1.0])}
    assert train(lambda m, x: np.sum((m["w"] - x) ** 2), m, make(), setup(Descent(0.25), m)) == [1.0, 0.25]


def test_the_data_are_gone_through_once():
    begun = []

    class Data:
        def __iter__(self):
            begun.append(1)
            return iter([2.0])

    m = {"w": np.array([1.0])}
    train(lambda m, x: np.sum(m["w"] * x), m, Data(), setup(Descent(), m))
    assert begun == [1]


def test_a_slope_that_is_no_number_stops_before_the_update():
    m = {"w": np.array([1.0, 4.0]), "b": np.array([0.0])}
    away = lambda m, x: np.sum(np.sqrt(m["w"] * x)) + np.sum(m["b"])
    with np.errstate(divide="ignore", invalid="ignore"), pytest.raises(NotFiniteError) as e:
        train(away, m, [1.0, 0.0], setup(Adam(), m))
    assert str(e.value) == "the gradient of w has NaN at step 2, and training has stopped"
    assert e.value.__notes__[0] == "The model was not updated with it; it is as step 1 left it."
    assert "flux.check_nan()" in e.value.__notes__[2]
    assert np.isfinite(m["w"]).all()
    assert np.isclose(m["b"][0], -0.001)


def test_an_infinite_slope_stops_too():
    m = {"w": np.array([0.0])}
    with np.errstate(divide="ignore"), pytest.raises(NotFiniteError, match="the gradient of w has inf at step 1") as e:
        train(lambda m: np.sum(np.sqrt(m["w"])), m, [()], setup(Descent(), m))
    assert e.value.__notes__[0] == "The model was not updated with it; it is as it was."
    assert m["w"].tolist() == [0.0]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_loss_that_is_no_number_stops_before_the_update(bad):
    m = {"w": np.array([1.0])}
    data = [1.0, bad, 1.0]
    with pytest.raises(NotFiniteError, match=f"the loss is {bad} at step 2, and training has stopped") as e:
        train(lambda m, x: np.sum(m["w"] * x), m, data, setup(Descent(0.25), m))
    assert isinstance(e.value, FluxError)
    assert e.value.__notes__[0] == "The model was not updated with it; it is as step 1 left it."
    assert "smaller learning rate" in e.value.__notes__[1]
    assert m["w"].tolist() == [0.75]


@pytest.mark.parametrize(
    ("call", "what", "hint"),
    [
        (lambda m, s: train(loss, m, [(X, T)], Descent()), r"got the rule Descent", "setup(Descent(eta=0.1), model)"),
        (lambda m, s: train(loss, m, s, [(X, T)]), "takes a state last, and got a list", "setup(rule, model)"),
        (lambda m, s: train(3, m, [(X, T)], s), "takes a loss function first, and got an int", "train(lambda"),
        (lambda m, s: train(loss, m, 5, s), "item by item, and got an int", "[(x, y)]"),
        (lambda m, s: train(loss, m, np.array(1.0), s), "item by item, and got an array", "[(x, y)]"),
        (lambda m, s: train(loss, m, {"x": X}, s), "item by item, and got a dict", "[(x, y)]"),
        (lambda m, s: train(loss, m, "data", s), "item by item, and got a str", "[(x, y)]"),
        (lambda m, s: train(loss, m, X, s), "the data do not fit the loss function", "zip(X, Y)"),
        (lambda m, s: train(loss, m, (X, T), s), "the data do not fit the loss function", "[(x, y)]"),
        (lambda m, s: train(loss, m, [(X,)], s), "the data do not fit", "a tuple of 1"),
        (lambda m, s: train(loss, m, [(X, T, 1)], s), "the data do not fit", "a tuple of 3"),
        (lambda m, s: train(lambda _, x, y: loss(m, x, y), m, [(X, T)], s), "does not depend on", "the same m"),
    ],
)
def test_mistakes_are_explained(call, what, hint):
    m = Dense(2, 1)
    W = m.weight.copy()
    with pytest.raises(TypeError, match=what) as e:
        call(m, setup(Descent(), m))
    assert any(hint in note for note in e.value.__notes__), e.value.__notes__
    assert np.array_equal(m.weight, W)


def test_an_error_in_the_loss_comes_out_as_it_is():
    m = Dense(2, 1)
    with pytest.raises(ZeroDivisionError):
        train(lambda m, x: 1 / 0, m, [1], setup(Descent(), m))


# ---- the progress bar


class Screen(io.StringIO):
    def isatty(self):
        return True


def steps(monkeypatch, stream, show=None, total=4):
    monkeypatch.setattr("sys.stderr", stream)
    with progress.Progress(total, show) as bar:
        for _ in range(4):
            bar.step(0.5)
    return stream.getvalue()


def test_the_bar_is_silent_without_a_screen(monkeypatch):
    assert steps(monkeypatch, io.StringIO()) == ""


def test_the_bar_is_silent_when_work_is_quick(monkeypatch):
    assert steps(monkeypatch, Screen()) == ""


def test_the_bar_can_be_silenced(monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0)
    assert steps(monkeypatch, Screen(), show=False) == ""


def test_the_bar_shows_steps_and_loss_and_then_goes(monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0)
    monkeypatch.setattr(progress, "PAUSE", 0)
    text = steps(monkeypatch, Screen())
    lines = text.split("\r")
    assert lines[1] == "[" + "#" * 7 + "." * 23 + "] 1/4  loss 0.5"
    assert lines[4].startswith("[" + "#" * 30 + "] 4/4")
    assert lines[-2].strip() == lines[-1] == ""


def test_without_a_length_the_bar_counts(monkeypatch):
    assert steps(monkeypatch, io.StringIO(), show=True, total=None).startswith("\rstep 1  loss 0.5")
