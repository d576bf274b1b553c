import numpy as np
import pytest

from fluxrepl import Adam, Chain, Dense, Descent, FluxWarning, gradient, mse, setup, update

RNG = np.random.default_rng(3)


def tied():
    W = RNG.normal(size=(3, 2))
    return W, Chain(Dense(W, False), Dense(W.T, False))


def test_a_weight_and_its_transpose_descend_by_both_gradients():
    W, m = tied()
    x = RNG.normal(size=(5, 2))
    g = gradient(lambda m: mse(m(x), x), m)[0]
    want = W - 0.1 * (g.layers[0].weight + g.layers[1].weight.T)
    update(setup(Descent(0.1), m), m, g)
    assert np.allclose(W, want, rtol=1e-14)


def test_a_rule_that_remembers_warns_of_views_of_the_same_numbers():
    _, m = tied()
    for _ in range(2):
        with pytest.warns(FluxWarning) as caught:
            setup(Adam(), m)
        text = str(caught[0].message)
        assert text.startswith("layers[0].weight and layers[1].weight are views of the same numbers\n")
        assert "Adam steps for each of them in full" in text


def test_views_that_share_no_number_are_fine():
    flat = np.zeros(10)
    setup(Adam(), [flat[:5], flat[5:]])
    setup(Adam(), [flat[::2], flat[1::2]])
    setup(Adam(), [flat, flat])
