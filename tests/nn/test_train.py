import io

import numpy as np
import pytest

from fluxrepl import Adam, Chain, Dense, Descent, FluxError, NotFiniteError, mse, setup, tanh, train
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
