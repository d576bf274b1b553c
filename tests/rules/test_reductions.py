"""Sums, means, extremes, products, and the running ones, with every option."""

import numpy as np
import pytest

from fluxrepl import gradient, relu, withgradient

from .harness import A, B, L, P, T, V, checks, since

M = A > -0.5  # a mask with True in every row and column
ZEROS = np.array([[2.0, 0.0, 3.0], [0.0, 1.5, 0.0]])

REDUCTIONS = {
    "sum where": (lambda x: np.sum(x, axis=0, where=M) ** 2, A),
    "sum where keepdims": (lambda x: np.sum(x, axis=1, where=M, keepdims=True) * x, A),
    "sum where all": (lambda x: np.sum(x**2, where=M), A),
    "sum where of a row": (lambda x: np.sum(x, where=[True, False, True], axis=1) ** 2, A),
    "sum initial": (lambda x: np.sum(x, axis=0, initial=2.0) ** 2, A),
    "sum dtype": (lambda x: np.sum(x, axis=0, dtype=x.dtype) ** 2, A),
    "sum of a traced initial": (lambda x: np.sum(x, initial=x[0, 0] ** 2) ** 2, A),
    "sum axis list of axes": (lambda x: np.sum(x, axis=(-1, 0)) ** 2, T),
    "mean where": (lambda x: np.mean(x, axis=0, where=M) ** 2, A),
    "mean where all": (lambda x: np.mean(x**2, where=M), A),
    "mean axes": (lambda x: np.mean(x, axis=(0, 2), keepdims=True) * x, T),
    "max where": (lambda x: np.max(x, axis=1, where=M, initial=-2.0) ** 2, A),
    "max initial": (lambda x: np.max(x, axis=1, initial=1.0) ** 2, A),
    "min where": (lambda x: np.min(x, axis=0, where=M, initial=9.0) ** 2, A),
    "amin": (lambda x: np.amin(x, axis=(0, 1)) ** 2, A),
    "ptp keepdims": (lambda x: np.ptp(x, axis=(0, 2), keepdims=True) ** 2, T),
    "prod where": (lambda x: np.prod(x, axis=1, where=M), A),
    "prod initial": (lambda x: np.prod(x, initial=2.0), A),
    "prod keepdims": (lambda x: np.prod(x, axis=(0, 2), keepdims=True), T),
    "prod of zeros": (lambda x: np.prod(x, axis=1), ZEROS),
    "prod of all zeros": (np.prod, np.zeros(3)),
    "cumsum": (lambda x: np.cumsum(x, axis=-1, dtype=x.dtype) ** 2, A),
    "cumprod": (np.cumprod, A),
    "cumprod axis": (lambda x: np.cumprod(x, axis=0), A),
    "cumprod of zeros": (lambda x: np.cumprod(x, axis=1), ZEROS),
    "cumprod axis 1 of 3": (lambda x: np.cumprod(x, axis=1), T),
    **since("2.1.0", {"cumulative_sum": (lambda x: np.cumulative_sum(x, axis=1, include_initial=True) ** 2, A)}),
    **since("2.1.0", {"cumulative_prod": (lambda x: np.cumulative_prod(x, include_initial=True), L)}),
    "methods": (lambda x: x.cumprod(axis=1) + x.cumsum(1) * x.prod(0) + x.max() - x.min(axis=0), A),
    "nansum": (lambda x: np.nansum(with_nan(x), axis=0) ** 2, A),
    "nanmean": (lambda x: np.nanmean(with_nan(x), axis=1) ** 2, A),
    "nanprod": (lambda x: np.nanprod(with_nan(x), axis=1), A),
    "nanvar": (lambda x: np.nanvar(with_nan(x), axis=1), A),
    "nanstd": (lambda x: np.nanstd(with_nan(x), axis=1, ddof=1), A),
    "nanmax": (lambda x: np.nanmax(with_nan(x), axis=1) ** 2, A),
    "nanmin": (lambda x: np.nanmin(with_nan(x), axis=0) ** 2, A),
    "nancumsum": (lambda x: np.nancumsum(with_nan(x), axis=1) ** 2, A),
    "nancumprod": (lambda x: np.nancumprod(with_nan(x), axis=1), A),
    "nanmedian": (lambda x: np.nanmedian(with_nan(x), axis=1) ** 2, A),
    "nanquantile": (lambda x: np.nanquantile(with_nan(x), [0.2, 0.7], axis=1) ** 2, A),
    "nanpercentile": (lambda x: np.nanpercentile(with_nan(x), 30, axis=(0, 1)) ** 2, A),
}


def with_nan(x):
    """Three different rows of numbers, and some that are none."""
    return np.where(np.array([[False, True, False], [False, False, False]]), np.nan, x)


STATISTICS = {
    "var where": (lambda x: np.var(x, axis=1, where=M), A),
    "var correction": (lambda x: np.var(x, axis=0, correction=1), A),
    "var mean": (lambda x: np.var(x, axis=1, mean=np.mean(x, axis=1, keepdims=True)), A),
    "var axes": (lambda x: np.var(x, axis=(0, 2), keepdims=True), T),
    "std": (np.std, A),
    "std where": (lambda x: np.std(x, axis=0, where=np.array([[True], [True]])), A),
    "std method": (lambda x: x.std(axis=1, ddof=1), A),
    "average keepdims": (lambda x: np.average(x, axis=1, keepdims=True) * x, A),
    "average of all": (lambda x: np.average(x, weights=P) ** 2, A),
    "average returned": (lambda x: np.average(A, axis=0, weights=x**2 + 1, returned=True)[1], B),
    "average weights": (lambda x: np.average(A, axis=1, weights=x) ** 2, np.abs(V)),
    "average axes": (lambda x: np.average(x, axis=(0, 2), weights=P[:, :2].T.repeat(2, 0)[:2].repeat(2, 1)) ** 2, T),
    "cov": (np.cov, A),
    "cov of two": (lambda x: np.cov(x, x**2), V),
    "cov columns": (lambda x: np.cov(x, rowvar=False, bias=True), A),
    "cov weights": (lambda x: np.cov(x, fweights=[1, 2, 3], aweights=[0.5, 1.5, 1.0]), A),
    "cov of a vector": (np.cov, V),
    "corrcoef": (lambda x: np.corrcoef(x[:, :3], x[:, 1:]), np.sin(T[0]) * np.cos(9 * T[0])),
    "median": (lambda x: np.median(x) ** 2, A),
    "median odd": (lambda x: np.median(x, axis=1) ** 2, A),
    "median even keepdims": (lambda x: np.median(x, axis=(0, 1), keepdims=True) * x, A),
    "quantile": (lambda x: np.quantile(x, 0.3) ** 2, L),
    "quantiles": (lambda x: np.quantile(x, [[0.1, 0.5], [0.9, 1.0]], axis=1) ** 2, A),
    "quantile keepdims": (lambda x: np.quantile(x, 0.4, axis=0, keepdims=True) * x, A),
    "quantile of q": (lambda q: np.quantile(L, q) ** 2, np.array([0.11, 0.47, 0.8])),
    "quantile of one q": (lambda q: np.quantile(L, q[1], method="hazen") ** 2, np.array([0.11, 0.47, 0.8])),
    "quantile of both": (lambda x: np.quantile(x, x[0] / 2) ** 2, L),
    "percentile": (lambda x: np.percentile(x, [20, 60.0]) ** 2, L),
    "percentile of q": (lambda q: np.percentile(L, q * 100) ** 2, np.array([0.11, 0.47, 0.8])),
}
METHODS = [
    "inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf", "hazen", "weibull",
    "linear", "median_unbiased", "normal_unbiased", "lower", "higher", "midpoint", "nearest",
]  # fmt: skip
for method in METHODS:
    STATISTICS[f"quantile {method}"] = (lambda x, m=method: np.quantile(x, [0.05, 0.35, 0.6], method=m) ** 2, L)

TestReductions = checks(REDUCTIONS)
TestStatistics = checks(STATISTICS)


# ---- ties, edges, and what is not a number ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "x", "want"),
    [
        (np.max, [1.0, 3.0, 3.0], [0, 1, 0]),
        (np.min, [1.0, 1.0, 3.0], [1, 0, 0]),
        (lambda x: np.max(x, initial=3.0), [1.0, 3.0, 2.0], [0, 1, 0]),
        (lambda x: np.max(x, initial=5.0), [1.0, 3.0, 2.0], [0, 0, 0]),
        (np.prod, [0.0, 2.0, 3.0], [6, 0, 0]),
        (np.prod, [0.0, 0.0, 3.0], [0, 0, 0]),
        (np.std, [2.0, 2.0, 2.0], [0, 0, 0]),
        (np.median, [1.0, 1.0, 1.0], [0, 1, 0]),
        (np.median, [4.0, 4.0], [0.5, 0.5]),
        (np.median, [1.0, np.inf, 2.0], [0, 0, 1]),
        (lambda x: np.sum(x, where=[True, False, True]), [1.0, np.nan, 2.0], [1, 0, 1]),
        (lambda x: np.sum(x, where=[True, False, True]), [1.0, np.inf, 2.0], [1, 0, 1]),
        (np.nansum, [1.0, np.nan, 2.0], [1, 0, 1]),
        (np.nanmax, [1.0, np.nan, 2.0], [0, 0, 1]),
        (np.nanmean, [1.0, np.nan, 2.0], [0.5, 0, 0.5]),
    ],
)
def test_ties_zeros_and_gaps_follow_the_conventions(f, x, want):
    (g,) = gradient(f, np.array(x))
    assert g.tolist() == want


def test_a_nan_is_not_sorted_away():
    assert np.isnan(np.median([1.0, np.nan, 2.0]))
    val = []
    gradient(lambda x: val.append(np.median(x)) or np.quantile(x, 0.5), np.array([1.0, np.nan, 2.0]))
    assert np.isnan(val[0].value)


def test_a_masked_mean_counts_only_what_the_mask_lets_through():
    (g,) = gradient(lambda x: np.mean(x, where=x > 0), np.array([1.0, -1.0, 3.0]))
    assert g.tolist() == [0.5, 0.0, 0.5]


@pytest.mark.parametrize("x", [2.5, np.float64(2.5), np.array(2.5)])
@pytest.mark.parametrize(
    ("f", "want"),
    [
        (np.sum, 1.0), (np.mean, 1.0), (np.max, 1.0), (np.prod, 1.0), (np.var, 0.0), (np.std, 0.0), (np.median, 1.0),
        (np.nansum, 1.0), (np.nanmean, 1.0), (np.nanmax, 1.0), (np.linalg.norm, 1.0), (np.add.reduce, 1.0),
        (np.logaddexp.reduce, 1.0), (lambda x: np.quantile(x, 0.3), 1.0), (lambda x: np.sum(np.pad(x, 1)), 1.0),
        (lambda x: np.sum(np.piecewise(x, [x > 0], [np.square, 0.0])), 5.0), (lambda x: np.sum(np.sort(x, None)), 1.0),
    ],
)  # fmt: skip
def test_a_number_is_an_array_without_axes(f, want, x):
    (g,) = gradient(f, x)
    assert float(g) == want
    assert np.shape(g) == ()


@pytest.mark.parametrize("f", [np.sum, np.cumsum, np.sort, np.prod, np.maximum.accumulate, np.unique, np.flip])
@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
def test_an_array_without_elements_has_a_gradient_without_elements(f, shape):
    (g,) = gradient(lambda x: np.sum(f(x)), np.zeros(shape))
    assert g.shape == shape


def test_a_fold_of_one_element_starts_at_the_identity_where_there_is_one():
    assert withgradient(np.hypot.reduce, np.array([-3.0])) == (3.0, (np.array([-1.0]),))


@pytest.mark.parametrize("where", [None, True, np.ones(70_000, bool)])
def test_a_mean_of_more_half_floats_than_one_can_count(where):
    x = np.linspace(0, 100, 70_000).astype(np.float16)
    val, (g,) = withgradient(lambda x: np.mean(x, **({} if where is None else {"where": where})), x)
    assert val == np.mean(x)
    assert val.dtype == g.dtype == np.float16
    np.testing.assert_allclose(g, np.full(70_000, 1 / 70_000), rtol=1e-2)


@pytest.mark.parametrize(
    ("f", "x", "want"),
    [
        (lambda x: np.sum(np.maximum(x, 0) ** 0.5), [-1.0, 4.0], [0, 0.25]),
        (lambda x: np.sum(np.maximum(0, x) ** 0.5), [-1.0, 4.0], [0, 0.25]),
        (lambda x: np.sum(np.sqrt(-np.minimum(x, 0))), [1.0, -4.0], [0, -0.25]),
        (lambda x: np.sum(np.sqrt(np.fmax(x, 0))), [-1.0, 4.0], [0, 0.25]),
        (lambda x: np.sum(np.sqrt(-np.fmin(0, x))), [1.0, -4.0], [0, -0.25]),
        (lambda x: np.sum(np.sqrt(np.clip(x, 0, 9))), [-1.0, 4.0], [0, 0.25]),
        (lambda x: np.sum(np.sqrt(np.floor(x))), [0.5, 0.2], [0, 0]),
        (lambda x: np.sum(np.sqrt(np.fix(x) + np.round(x))), [0.5, 0.2], [0, 0]),
        (lambda x: np.sum(np.sqrt(x // 1)), [0.5, 0.2], [0, 0]),
        (lambda x: np.sqrt(np.max(x)), [0.0, -1.0], [np.inf, 0]),
        (lambda x: np.sqrt(np.min(x)), [0.0, 1.0], [np.inf, 0]),
        (lambda x: np.sum(np.sqrt(np.sign(x) + 1)), [-2.0, -3.0], [0, 0]),
        (lambda x: np.sum(np.sqrt(relu(x))), [-1.0, 4.0], [0, 0.25]),
    ],
)
def test_an_infinite_slope_does_not_come_through_where_nothing_does(f, x, want):
    (g,) = gradient(f, np.array(x))
    assert g.tolist() == want
    single = np.array(x, np.float32)
    assert gradient(f, single)[0].dtype == np.float32


def test_of_numbers_as_well():
    assert gradient(lambda x: np.sqrt(relu(x)), -1.0) == (0.0,)
    assert type(gradient(lambda x: np.sqrt(relu(x)), -1.0)[0]) is float
    assert gradient(lambda x: np.sqrt(np.floor(x)), 0.5) == (0.0,)
    assert type(gradient(np.floor, np.float64(0.5))[0]) is np.float64
    assert gradient(lambda x: gradient(np.floor, x)[0], 0.5) in [(0.0,), (None,)]


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.max(x, axis=0),
        lambda x: np.min(x, axis=0),
        lambda x: np.tensordot(x, np.zeros((0, 2)), (1, 0)),
        lambda x: np.tensordot(x, np.zeros((3, 2)), (0, 0)),
        lambda x: np.inner(x, np.zeros((4, 0))),
        lambda x: np.dot(x, np.zeros((2, 0, 4))),
    ],
)
def test_no_elements_along_one_axis(f):
    x = np.zeros((3, 0))
    val, (g,) = withgradient(lambda x: np.sum(f(x)), x)
    assert val == 0
    assert g.shape == x.shape


@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value")
def test_the_median_of_nothing_is_not_a_number():
    val, (g,) = withgradient(np.median, np.zeros(0))
    assert np.isnan(val)
    assert g.shape == (0,)


def test_a_traced_number_of_parts_or_of_axes_is_a_plain_one():
    x, m = np.arange(6.0), np.eye(3)
    assert gradient(lambda x, n: np.sum(np.split(x, n)[1] ** 2), x, 3)[0].tolist() == [0, 0, 4, 6, 0, 0]
    assert gradient(lambda x, n: np.sum(np.split(x, [n])[1] ** 2), x, 4)[0].tolist() == [0, 0, 0, 0, 8, 10]
    assert gradient(lambda m, n: np.tensordot(m, m, n), m, 2)[0].tolist() == (2 * m).tolist()
    assert gradient(lambda m, n: np.sum(np.tensordot(m, m, (n, 0))), m, 1)[0].tolist() == [[2.0] * 3] * 3
