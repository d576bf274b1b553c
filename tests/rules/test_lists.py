"""A plain list beside a traced array means what the array of its numbers means, as it does to NumPy."""

import numpy as np
import pytest

from fluxrepl import gradient

from .harness import V, total

W = np.array([1.0, 2.0, 4.0]).tolist()
M = np.array([[2.0, 0.3, 0.1], [0.2, 1.5, -0.4], [-0.1, 0.5, 1.8]]).tolist()
POINTS = np.sort(V)

BESIDE = {  # `given` makes a list, a tuple or an array of the numbers
    "arctan2": lambda given, x: np.arctan2(given(W), x),
    "add.outer": lambda given, x: np.add.outer(given(W), x),
    "dot": lambda given, x: np.dot(given(M), x),
    "matmul": lambda given, x: np.matmul(given(M), x),
    "operator": lambda given, x: given(M) @ x,
    "einsum": lambda given, x: np.einsum("ij,j", given(M), x),
    "cross": lambda given, x: np.cross(given(W), x),
    "kron": lambda given, x: np.kron(x, given(W)),
    "solve": lambda given, x: np.linalg.solve(given(M), x),
    "lstsq": lambda given, x: np.linalg.lstsq(given(M), x)[0],
    "lstsq of the right side": lambda given, x: np.linalg.lstsq(np.outer(x, x) + np.eye(3), given(W))[0],
    "polyfit": lambda given, x: np.polyfit(given(W), x, 1),
    "polyfit of places": lambda given, x: np.polyfit(x, given(W), 1, w=given(W)),
    "polyfit of weights": lambda given, x: np.polyfit(given(W), given(W[::-1]), 0, w=x + 2),
    "polyval": lambda given, x: np.polyval(given(W), x),
    "polydiv": lambda given, x: np.polydiv(given(W), x[:2])[0],
    "convolve": lambda given, x: np.convolve(given(W), x),
    "average": lambda given, x: np.average(given(W), weights=x),
    "average of rows": lambda given, x: np.average(given(M), axis=0, weights=x),
    "cov": lambda given, x: np.cov(given(W), x),
    "quantile": lambda given, x: np.quantile(given(W), np.abs(x)),
    "quantiles": lambda given, x: np.quantile(x, given([0.2, 0.4])),
    "percentile": lambda given, x: np.percentile(given(W), np.abs(x[0]) * 20),
    "trapezoid": lambda given, x: np.trapezoid(given(W), x),
    "gradient": lambda given, x: np.gradient(given(W), x),
    "gradient by a step": lambda given, x: np.gradient(given(W), x[0]),
    "interp": lambda given, x: np.interp(given([0.1, 0.2]), POINTS, x),
    "diff": lambda given, x: np.diff(x, prepend=given([1.0]), append=given([2.0])),
    "ediff1d": lambda given, x: np.ediff1d(given(W), to_begin=x),
    "insert": lambda given, x: np.insert(given(W), 1, x),
    "insert numbers": lambda given, x: np.insert(x, 1, given(W)),
    "append": lambda given, x: np.append(given(W), x),
    "stack": lambda given, x: np.stack([given(W), x]),
    "vstack": lambda given, x: np.vstack([given(W), x]),
    "where": lambda given, x: np.where(given([True, False, True]), x, given(W)),
    "select": lambda given, x: np.select([x > 0, x < -1], [given(W), x], given(W)),
    "choose": lambda given, x: np.choose(given([0, 1, 0]), [x, given(W)]),
    "clip": lambda given, x: np.clip(x, given([0.0, 0.0, 0.0]), given(W)),
    "sum where": lambda given, x: np.sum(x, where=given([True, False, True])),
    "linspace": lambda given, x: np.linspace(given(W), x, 4),
    "meshgrid": lambda given, x: np.meshgrid(given(W), x)[1],
    "ix_": lambda given, x: np.ix_(given(W), x)[1],
    "pad": lambda given, x: np.pad(x, given([1, 2]), constant_values=given([3.0, 4.0])),
    "setxor1d": lambda given, x: np.setxor1d(x, given(W)),
    "histogram": lambda given, x: np.histogram(given(W), 3, weights=x)[0],
    "repeat": lambda given, x: np.repeat(x, given([1, 0, 2])),
    "delete": lambda given, x: np.delete(x, given([0, 2])),
}


@pytest.mark.parametrize("given", [list, tuple])
@pytest.mark.parametrize("name", BESIDE)
def test_a_list_is_taken_as_an_array(name, given):
    f = BESIDE[name]
    (want,) = gradient(lambda x: total(f(np.array, x)), V)
    (got,) = gradient(lambda x: total(f(given, x)), V)
    np.testing.assert_array_equal(got, want)


def test_a_number_is_taken_as_an_array_of_one():
    assert gradient(lambda q: np.quantile(1.5, q) + q, 0.3) == (1.0,)
