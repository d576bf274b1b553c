"""What an error of Python's, NumPy's or SciPy's means under a gradient, and what to write."""

import numpy as np
import pytest
from scipy import linalg, optimize, sparse, special, stats

from fluxrepl import MutationError, gradient
from fluxrepl.ad.errors import LostGradientError

X = np.array([0.5, -1.0])
RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("f", "instead"),
    [
        (lambda x: np.sum(RNG.normal(x, 1.0)), "m + s * rng.normal(size=n)"),
        (lambda x: RNG.uniform(0, x[0]), "m + s * rng.normal(size=n)"),
        (lambda x: np.sum(np.vectorize(lambda v: v * v)(x)), "np.stack([f(v) for v in x])"),
        (np.ma.sum, "np.where(mask, 0, x)"),
        (lambda x: np.testing.assert_allclose(x, X), "ignore_derivatives(x)"),
        (lambda x: np.sum(sparse.csr_array(np.eye(2)) @ x), "M.toarray()"),
        (lambda x: np.sum(linalg.solve(np.eye(2), x)), "np.linalg"),
        (special.logsumexp, "those of fluxrepl"),
        (lambda x: np.sum(stats.norm.logpdf(x)), "@rrule"),
    ],
)
def test_a_library_that_makes_plain_arrays_is_told_what_to_write_instead(f, instead):
    with pytest.raises(LostGradientError, match="of a traced value would lose its gradient") as e:
        gradient(f, X)
    assert instead in e.value.__notes__[-1]


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.sum(np.array([x[0], x[1]])),
        lambda x: optimize.minimize(lambda z: np.sum(np.array([x[0], x[1]])), np.zeros(2)).x[0],
    ],
)
def test_what_the_learner_asks_for_is_not_said_to_be_a_librarys(f):
    with pytest.raises(LostGradientError, match="making a plain array") as e:
        gradient(f, X)
    assert len(e.value.__notes__) == 2


def test_a_function_of_c_that_goes_on_after_an_error_gets_that_error():
    with pytest.raises(LostGradientError, match=r"^float\(\)"):
        gradient(lambda a: optimize.brentq(lambda z: z**2 - a, 0, 3), 0.5)


def test_writing_through_flat_is_told_how_to_join():
    def f(x):
        array = np.zeros((1, 2))
        array.flat[1] = x[0]
        return np.sum(array)

    with pytest.raises(ValueError, match="Error setting single item of array") as e:
        gradient(f, X)
    assert "np.stack(values)" in e.value.__notes__[-1]


def test_drawing_into_an_array_that_was_used_is_told_to_draw_a_new_one():
    def f(x):
        drawn, rng = np.empty(2), np.random.default_rng(0)
        return sum(np.sum(x * rng.standard_normal(out=drawn)) for _ in range(2))

    with pytest.raises(ValueError, match="Supplied output array") as e:
        gradient(f, X)
    assert "without out=" in e.value.__notes__[-1]


def test_nested_gradients_say_it_once():
    def inner(x):
        return gradient(lambda y: sum(v for v in np.nditer(y)), x)[0][0]

    with pytest.raises(TypeError, match="Iterator operand") as e:
        gradient(inner, X)
    assert len(e.value.__notes__) == 2


def test_what_is_written_into_is_called_by_its_name():
    with pytest.raises(MutationError, match=r"^expit\(\.\.\., out=array\) writes into an array"):
        gradient(lambda x: np.sum(special.expit(x, out=np.empty(2))), X)
    with pytest.raises(MutationError, match=r"^np\.add\.at writes into an array"):
        gradient(lambda x: np.add.at(np.zeros(2), [0, 1], x), X)
