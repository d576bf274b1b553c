import inspect

import numpy as np
import pytest

import fluxrepl as flux
from fluxrepl import FluxWarning, ShapeError, nfan, seed

RANDOM = [
    flux.glorot_uniform, flux.glorot_normal, flux.kaiming_uniform, flux.kaiming_normal, flux.lecun_normal,
    flux.truncated_normal, flux.orthogonal, flux.rand32, flux.randn32,
]  # fmt: skip
FIXED = [flux.zeros32, flux.ones32, flux.identity_init]


@pytest.mark.parametrize("init", [*RANDOM, *FIXED])
@pytest.mark.parametrize("dims", [(3,), (4, 6), (6, 4), (5, 2, 3, 3), (0, 4)])
def test_every_initialiser_gives_float32_of_the_sizes(init, dims):
    x = init(*dims)
    assert x.shape == dims
    assert x.dtype == np.float32
    assert np.isfinite(x).all()


@pytest.mark.parametrize("init", RANDOM)
def test_a_seed_repeats_them(init):
    seed(3)
    first = init(3, 4)
    assert not np.array_equal(first, init(3, 4))
    seed(3)
    assert np.array_equal(first, init(3, 4))
    assert np.array_equal(init(3, 4, rng=np.random.default_rng(5)), init(3, 4, rng=5))


@pytest.mark.parametrize("init", [*RANDOM, *FIXED])
def test_with_keywords_only_they_give_an_initialiser(init):
    assert init(rng=np.random.default_rng(0))(2, 3).shape == (2, 3)
    assert init()(2, 3).shape == (2, 3)


def test_a_later_keyword_counts_more_than_an_earlier():
    tame = flux.kaiming_normal(gain=1e9)
    assert np.abs(tame(8, 8, gain=1.0)).max() < 10
    assert np.abs(tame(8, 8)).max() > 1e6


@pytest.mark.parametrize(
    ("init", "std"),
    [
        (flux.glorot_uniform, np.sqrt(2 / 300)),
        (flux.glorot_normal, np.sqrt(2 / 300)),
        (flux.kaiming_uniform, np.sqrt(2 / 200)),
        (flux.kaiming_normal, np.sqrt(2 / 200)),
        (flux.lecun_normal, np.sqrt(1 / 200)),
    ],
)
def test_the_spread_is_as_published(init, std):
    assert np.isclose(init(100, 200).std(), std, rtol=0.03)
    assert abs(init(100, 200).mean()) < std / 30


def test_uniform_ones_keep_their_bound():
    assert np.abs(flux.glorot_uniform(50, 100)).max() <= np.sqrt(6 / 150)
    assert np.abs(flux.glorot_uniform(50, 100, gain=2)).max() > np.sqrt(6 / 150)
    assert np.abs(flux.kaiming_uniform(50, 100)).max() <= np.sqrt(6 / 100)


def test_nfan_counts_inputs_and_outputs():
    assert nfan() == (1, 1)
    assert nfan(4) == (1, 4)
    assert nfan(5, 10) == (10, 5)
    assert nfan(8, 3, 5, 5) == (75, 200)


def test_truncated_normal_stays_within_its_bounds():
    x = flux.truncated_normal(20000)
    assert x.min() >= -2
    assert x.max() <= 2
    assert np.isclose(x.std(), 0.8796, rtol=0.03)
    far = flux.truncated_normal(2000, lo=3.0, hi=9.0, mean=1.5)
    assert far.min() >= 3
    assert far.mean() < 4.5
    below = flux.truncated_normal(2000, lo=-9.0, hi=-3.0, mean=-1.5)
    assert below.max() <= -3
    assert np.isclose(below.mean(), -far.mean(), rtol=0.05)


def test_truncated_normal_warns_of_a_mean_far_outside():
    with pytest.warns(FluxWarning, match="more than 2 standard deviations outside"):
        x = flux.truncated_normal(10, mean=50.0)
    assert (x <= 2).all()


def test_truncated_normal_refuses_an_empty_interval():
    with pytest.raises(ValueError, match="needs lo < hi"):
        flux.truncated_normal(3, lo=1, hi=1)


@pytest.mark.parametrize("dims", [(3, 5), (5, 3), (4, 4), (4, 2, 3)])
def test_orthogonal_rows_or_columns_are_orthonormal(dims):
    w = flux.orthogonal(*dims).reshape(dims[0], -1)
    product = w @ w.T if w.shape[0] <= w.shape[1] else w.T @ w
    assert np.allclose(product, np.eye(min(w.shape)), atol=1e-5)
    assert np.allclose(flux.orthogonal(3, gain=2.0) @ flux.orthogonal(3, rng=0), 0, atol=4)
    assert np.isclose(np.linalg.norm(flux.orthogonal(3, gain=2.0)), 2.0)


def test_sparse_init_zeros_the_same_share_of_every_column():
    w = flux.sparse_init(10, 7, sparsity=0.25)
    assert (w == 0).sum(axis=0).tolist() == [3] * 7
    assert flux.sparse_init(sparsity=1.0)(4, 4).any() == False  # noqa: E712 - the values are meant
    with pytest.raises(ShapeError, match="makes matrices"):
        flux.sparse_init(3, sparsity=0.5)
    with pytest.raises(ValueError, match="between 0 and 1"):
        flux.sparse_init(3, 3, sparsity=2)


def test_identity_init_passes_its_input_on():
    assert flux.identity_init(2, 3, gain=2.0).tolist() == [[2, 0, 0], [0, 2, 0]]
    assert flux.identity_init(2, 3, shift=1).tolist() == [[0, 1, 0], [0, 0, 1]]
    assert flux.identity_init(3).tolist() == [0, 0, 0]
    taps = flux.identity_init(2, 2, 3, 3)
    assert taps[:, :, 1, 1].tolist() == [[1, 0], [0, 1]]
    assert taps.sum() == 2


def test_a_tuple_of_sizes_is_explained():
    with pytest.raises(TypeError, match=r"glorot_uniform takes its sizes one by one, and got a tuple: \(5, 10\)") as e:
        flux.glorot_uniform((5, 10))
    assert "Write glorot_uniform(5, 10), or glorot_uniform(*shape)." in e.value.__notes__


def test_sizes_are_whole_and_not_negative():
    with pytest.raises(TypeError, match=r"takes whole numbers as sizes, and got 2\.5"):
        flux.glorot_uniform(2.5, 3)
    with pytest.raises(TypeError, match="and got True"):
        flux.zeros32(True)
    with pytest.raises(ShapeError, match="cannot be negative"):
        flux.randn32(-1, 3)
    with pytest.raises(TypeError) as e:
        flux.glorot_uniform(np.random.default_rng(0), 3)
    assert "rng=rng" in e.value.__notes__[0]
    with pytest.raises(TypeError, match="rng= takes a NumPy generator"):
        flux.glorot_uniform(2, 2, rng="0")
    assert flux.zeros32(np.int64(2), np.int32(3)).shape == (2, 3)


def test_an_initialiser_shows_how_it_is_called():
    assert str(inspect.signature(flux.glorot_uniform)) == "(*dims, rng=None, gain=1.0)"
    assert str(inspect.signature(flux.sparse_init)) == "(*dims, rng=None, sparsity, std=0.01)"


@pytest.mark.parametrize(
    ("call", "error", "what"),
    [
        (lambda: seed("a"), TypeError, "seed takes a whole number, and got a str: 'a'"),
        (lambda: seed(1.5), TypeError, "seed takes a whole number, and got a float"),
        (lambda: seed(True), TypeError, "seed takes a whole number, and got a bool"),
        (lambda: seed(-1), ValueError, "a seed cannot be negative, and got -1"),
        (lambda: flux.glorot_uniform(2, 2, rng=-1), TypeError, "rng= takes a NumPy generator, and got -1"),
        (lambda: flux.glorot_uniform(2, 2, rng="a"), TypeError, "rng= takes a NumPy generator, and got 'a'"),
    ],
)
def test_odd_seeds_are_explained(call, error, what):
    with pytest.raises(error, match=what):
        call()


def test_no_seed_is_another_one_each_time():
    seed(None)
    first = flux.glorot_uniform(3, 3)
    seed(None)
    assert not np.array_equal(first, flux.glorot_uniform(3, 3))
