"""What must hold on a GPU; skipped, with the reason, where there is none."""

import numpy as np
import pytest

from fluxrepl import Adam, Chain, Dense, cpu, gpu, gradient, logitcrossentropy, relu, setup, softmax, train, update
from fluxrepl.nn import device

REASON = device.cupy()
pytestmark = [pytest.mark.gpu, pytest.mark.skipif(isinstance(REASON, str), reason=f"no usable GPU: {REASON}")]

X = np.random.default_rng(0).normal(size=(16, 4)).astype(np.float32)
Y = np.eye(3, dtype=np.float32)[np.arange(16) % 3]


def model():
    return Chain(Dense(4, 8, relu, rng=0), Dense(8, 3, rng=1))


def loss(m, x, y):
    return logitcrossentropy(m(x), y)


def test_a_model_moves_there_and_back():
    m = model()
    there = gpu(m)
    assert type(there[0].weight).__module__.startswith("cupy")
    assert there[0].activation is relu
    back = cpu(there)
    assert np.array_equal(back[0].weight, m[0].weight)
    assert gpu(np.ones(2)).dtype == np.float32
    W = np.ones((2, 2), np.float32)
    shared = gpu(Chain(Dense(W, False), Dense(W, False)))
    assert shared[0].weight is shared[1].weight


def test_a_gradient_there_is_the_gradient_here():
    here = gradient(loss, model(), X, Y)
    there = cpu(gradient(loss, gpu(model()), gpu(X), gpu(Y)))
    for a, b in ((here[0].layers[k][f], there[0].layers[k][f]) for k in (0, 1) for f in ("weight", "bias")):
        assert np.allclose(a, b, atol=1e-5)
    assert np.allclose(here[1], there[1], atol=1e-5)


def test_softmax_and_prints_work_there():
    assert np.allclose(cpu(softmax(gpu(X))), softmax(X), atol=1e-6)
    assert repr(gpu(model())) == repr(model())


def test_training_there_learns():
    m = gpu(model())
    state = setup(Adam(0.05), m)
    losses = train(loss, m, [(gpu(X), gpu(Y))] * 100, state)
    assert losses[-1] < losses[0] / 2
    update(state, m, gradient(loss, m, gpu(X), gpu(Y))[0])


def test_an_input_from_here_in_a_layer_from_there_is_explained():
    with pytest.raises(TypeError, match="is on the GPU, and its input is not"):
        gpu(model())(X)
