"""What is rarely met, such as empty arrays, numbers for arrays, whole numbers: the value is NumPy's, dtype and all."""

import numpy as np
import pytest

from fluxrepl import explain, gradient, withgradient

I8 = np.array([[100, 27], [3, -4]], np.int8)
HALF = np.array([1, 2, 3], np.float16)
LINE = np.array([0.5, 2.0, 1.0, -3.0])
NOTHING, NO_ROWS, NO_COLUMNS = np.zeros(0), np.zeros((0, 3)), np.zeros((3, 0))

EDGES = {
    # of one element, nothing is computed
    "hypot.reduceat": (lambda x: np.hypot.reduceat(x, [0, 1], axis=1), np.array([[3.0, -2.0, 1.0]])),
    "hypot.reduceat of int8": (lambda x: np.hypot.reduceat(x, [0, 1, 2]), np.array([3, -2, 1], np.int8)),
    "add.reduceat of int8": (lambda x: np.add.reduceat(x, [0, 1]), np.array([3, -2], np.int8)),
    # whole numbers
    "a quantile that is an element": (lambda x: np.quantile(x, 0.4, method="lower", axis=0), I8),
    "quantiles that are elements": (lambda x: np.nanquantile(x, [0.4, 0.6], method="inverted_cdf"), I8),
    "maximum.reduce as floats": (lambda x: np.maximum.reduce(x, axis=1, dtype=np.float32), I8),
    "subtract.reduce initial": (lambda x: np.subtract.reduce(x, initial=1.5), I8),
    "vecdot": (lambda x: np.vecdot(x, x), I8),
    "modf": (np.modf, I8),
    "modf of a number": (np.modf, 3),
    # small floats
    "irfft": (np.fft.irfft, HALF),
    "hfft": (np.fft.hfft, HALF),
    # numbers
    "abs": (abs, -2.5),
    "abs of a whole number": (abs, -2),
    "round": (round, 2.6),
    "round to a digit": (lambda x: round(x, 1), 2.65),
    "round of NumPy's": (round, np.float64(2.6)),
    "cumprod": (lambda x: np.cumprod(x, axis=0), 0.5),
    "nancumprod": (lambda x: np.nancumprod(x, axis=-1), 0.5),
    "full_like": (lambda x: np.full_like(x, 1), 2.0),
    "full_like in a shape": (lambda x: np.full_like(x, x, shape=(2,)), 2.0),
    # sections that do not rise, an axis counted from the end, steps down to whole numbers
    "split": (lambda x: np.split(x, [2, 1]), LINE),
    "array_split": (lambda x: np.array_split(x, [3, 0, -1]), LINE),
    "rollaxis": (lambda x: np.rollaxis(x, 0, -1), np.ones((2, 3, 4))),
    "transpose by a number": (lambda x: np.transpose(x, 0), LINE),
    "linspace": (lambda x: np.linspace(x, 3, 5, dtype=int), -1.7),
    "histogram in a range": (lambda x: np.histogram(x, 2, np.array([0.0, 2.0]))[1], LINE),
    # nothing
    "diagflat": (lambda x: np.diagflat(x, 1), NOTHING),
    "resize": (lambda x: np.resize(x, (2,)), NOTHING),
    "setxor1d": (lambda x: np.setxor1d(x, x), NOTHING),
    "cov": (np.cov, NO_ROWS),
    "corrcoef": (np.corrcoef, NO_ROWS),
    "norm 1": (lambda x: np.linalg.norm(x, 1, axis=0), NO_ROWS),
}

if np.lib.NumpyVersion(np.__version__) >= "2.1.0":
    EDGES["cumulative_prod"] = (np.cumulative_prod, 0.5)

if np.lib.NumpyVersion(np.__version__) >= "2.4.0":  # before, the largest of nothing was an error there as well
    EDGES["norm 1 of a matrix"] = (lambda x: np.linalg.norm(x, 1), NO_COLUMNS)
    EDGES["norm inf of a matrix"] = (lambda x: np.linalg.norm(x, np.inf), NO_ROWS)
    EDGES["norm 2 of a matrix"] = (lambda x: np.linalg.norm(x, 2), NO_ROWS)
    EDGES["norm inf"] = (lambda x: np.linalg.norm(x, np.inf), NOTHING)


@pytest.mark.parametrize("name", EDGES)
@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:.* encountered in divide:RuntimeWarning")
def test_the_value_is_that_of_numpy_with_its_dtype(name):
    f, x = EDGES[name]
    want = f(x)
    _, got = withgradient(lambda x: (1.0 * np.sum(x), f(x)), x).val
    assert repr(got) == repr(want)


def test_python_numbers_stay_python_numbers():
    with pytest.raises(ZeroDivisionError):
        gradient(lambda x: 1 / abs(x), 0.0)
    assert gradient(lambda x: abs(x) ** 3, -2.0) == (-12.0,)


def test_a_rounded_number_counts_and_its_slope_is_zero():
    assert gradient(lambda x: sum(x for _ in range(round(x))), 2.2) == (2.0,)
    assert gradient(lambda x: round(x) * x, 2.6) == (3.0,)
    assert "v1 = round(x) " in str(explain(lambda x: round(x) * x, 2.6))
    assert gradient(lambda x: round(x, 1) + x, 2.6) == (1.0,)
    with pytest.raises(TypeError, match="__round__"):
        gradient(lambda x: np.sum(round(x)), np.ones(2))


LONG, FLAT, TALL = np.ones((2, 3)), np.ones(3), np.ones((3, 1))

MISFITS = {  # shapes and axes that NumPy refuses
    "tensordot": (lambda x: np.tensordot(x, LONG.T), LONG),
    "tensordot by axes": (lambda x: np.tensordot(x, FLAT, (0, 1)), FLAT),
    "inner": (lambda x: np.inner(x, LONG.T), LONG),
    "vecdot": (lambda x: np.vecdot(x, TALL), np.ones((3, 3))),
    "interp": (lambda x: np.interp(x, [0.0, 1.0, 2.0], [1.0, 2.0, 3.0, 4.0]), LONG),
    "interp of values": (lambda x: np.interp(0.5, [0.0, 1.0], x), FLAT),
    "bincount": (lambda x: np.bincount([0, 1, 1], x), np.ones(1)),
    "polyfit": (lambda x: np.polyfit(FLAT, x, 1, w=np.ones(1)), FLAT),
    "sum where": (lambda x: np.sum(x, where=LONG > 0), FLAT),
    "sum where along an axis": (lambda x: np.sum(x, axis=0, where=LONG > 0), FLAT[None]),
    "prod where": (lambda x: np.prod(x, where=LONG > 0), FLAT),
    "max where": (lambda x: np.max(x, where=LONG > 0, initial=0.0), FLAT),
    "eigh": (lambda x: np.linalg.eigh(x)[0], TALL),
    "eigvalsh": (np.linalg.eigvalsh, TALL),
    "pinv": (lambda x: np.linalg.pinv(x, hermitian=True), TALL),
    "a reduction whose order matters": (lambda x: np.subtract.reduce(x, axis=(0, 1)), LONG),
    "vecdot of numbers": (lambda x: np.vecdot(x, x), np.array(2.0)),
    "reduceat": (lambda x: np.add.reduceat(x, [0, 7]), LONG),
    "diff": (lambda x: np.diff(x, axis=2), LONG),
    "gradient": (lambda x: np.gradient(x, axis=-3), LONG),
    "take": (lambda x: np.take(x, [0], axis=2), LONG),
    "take_along_axis": (lambda x: np.take_along_axis(x, np.zeros((2, 3), int), axis=-3), LONG),
    "split": (lambda x: np.split(x, 1, axis=2), LONG),
    "array_split": (lambda x: np.array_split(x, 2, axis=2), LONG),
    "repeat": (lambda x: np.repeat(x, 2, axis=2), LONG),
    "rollaxis": (lambda x: np.rollaxis(x, 0, -3), LONG),
    "piecewise": (lambda x: np.piecewise(x, [TALL > 0], [1.0]), np.ones((3, 3))),
}

if np.lib.NumpyVersion(np.__version__) >= "2.2.0":
    MISFITS["matvec"] = (lambda x: np.matvec(x, FLAT), FLAT)
    MISFITS["vecmat"] = (lambda x: np.vecmat(x, FLAT), FLAT)


@pytest.mark.parametrize("name", MISFITS)
def test_what_does_not_fit_for_numpy_is_an_error_under_a_gradient_as_well(name):
    f, x = MISFITS[name]
    errors = (ValueError, IndexError, TypeError, NotImplementedError)
    with pytest.raises(errors):
        f(x)
    with pytest.raises(errors):
        gradient(lambda x: np.sum(f(x)), x)
