"""Properties: whatever the shapes, axes, dtypes and indices, a gradient agrees with finite differences."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from fluxrepl import check_gradient, gradient

from .harness import slope_along, total

FEW = settings(max_examples=60, deadline=None, derandomize=True)
SHAPES = hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4)


def spread_out(shape, seed=0):
    """Numbers that are all different, none near 0 or near another: no finite difference steps over a kink."""
    n = int(np.prod(shape, dtype=int))
    order = np.random.default_rng(seed).permutation(n)
    return (np.arange(1, n + 1)[order] / 7 * np.where(order % 2, 1, -1) + 0.013).reshape(shape)


def agrees(f, *args):
    check = check_gradient(lambda *a: total(f(*a)), *args)
    assert check, check
    if len(args) == 1:
        second = check_gradient(slope_along(f, args[0]), args[0], rtol=1e-3, atol=1e-5)
        assert second, second


@st.composite
def shape_and_axes(draw):
    shape = draw(SHAPES)
    axes = st.lists(st.integers(-len(shape), len(shape) - 1), min_size=1, unique_by=lambda k: k % len(shape))
    return shape, draw(st.one_of(st.none(), st.integers(-len(shape), len(shape) - 1), axes.map(tuple)))


REDUCTIONS = [
    np.sum,
    np.mean,
    np.var,
    np.std,
    np.max,
    np.min,
    np.prod,
    np.ptp,
    np.median,
    np.nansum,
    np.nanmean,
    np.nanmax,
]


@FEW
@given(st.sampled_from(REDUCTIONS), shape_and_axes(), st.booleans())
def test_reductions_over_any_axes(reduction, shape_axes, keepdims):
    shape, axes = shape_axes
    x = spread_out(shape) / np.prod(shape)
    agrees(lambda x: reduction(x, axis=axes, keepdims=keepdims) ** 2, x)


@FEW
@given(st.sampled_from([np.sum, np.mean, np.var, np.prod]), shape_and_axes(), st.integers(0, 9))
def test_reductions_of_what_a_mask_lets_through(reduction, shape_axes, seed):
    shape, axes = shape_axes
    mask = np.random.default_rng(seed).random(shape) < 0.7
    mask[np.all(~mask, axis=axes, keepdims=True) & np.ones(shape, bool)] = True
    agrees(lambda x: reduction(x, axis=axes, where=mask) ** 2, spread_out(shape) / 3)


BINARY = [np.add, np.subtract, np.multiply, np.divide, np.maximum, np.minimum, np.hypot, np.arctan2, np.logaddexp]


@FEW
@given(st.sampled_from(BINARY), hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3))
def test_two_operands_of_any_shapes_that_stretch(fn, shapes):
    a, b = [spread_out(shape, seed) / 3 for seed, shape in enumerate(shapes.input_shapes)]
    agrees(fn, a + 0.001, b)


@FEW
@given(st.data(), hnp.array_shapes(min_dims=1, max_dims=3, min_side=2, max_side=4))
def test_any_basic_index(data, shape):
    index = data.draw(hnp.basic_indices(shape, allow_newaxis=True, allow_ellipsis=True))
    agrees(lambda x: x[index] ** 2, spread_out(shape))


@FEW
@given(st.data(), hnp.array_shapes(min_dims=1, max_dims=3, min_side=2, max_side=4))
def test_any_index_by_arrays(data, shape):
    index = data.draw(hnp.integer_array_indices(shape, result_shape=hnp.array_shapes(max_dims=2, max_side=3)))
    agrees(lambda x: x[index] ** 2, spread_out(shape))
    mask = data.draw(hnp.arrays(bool, shape))
    agrees(lambda x: x[mask] ** 2, spread_out(shape))


MOVES = {
    "sort": lambda x, k: np.sort(x, axis=k),
    "flip": np.flip,
    "roll": lambda x, k: np.roll(x, 2, axis=k),
    "cumsum": np.cumsum,
    "cumprod": lambda x, k: np.cumprod(x, axis=k),
    "diff": lambda x, k: np.diff(x, axis=k),
    "repeat": lambda x, k: np.repeat(x, 2, axis=k),
    "delete": lambda x, k: np.delete(x, 0, axis=k),
    "insert": lambda x, k: np.insert(x, 0, 3.0, axis=k),
    "take": lambda x, k: np.take(x, [0, -1, 0], axis=k),
    "expand_dims": np.expand_dims,
    "moveaxis": lambda x, k: np.moveaxis(x, k, 0),
    "concatenate": lambda x, k: np.concatenate([x, x**2], axis=k),
    "stack": lambda x, k: np.stack([x, x**2], axis=k),
    "split": lambda x, k: np.array_split(x, 2, axis=k)[0],
    "quantile": lambda x, k: np.quantile(x, [0.21, 0.83], axis=k),
    "trapezoid": lambda x, k: np.trapezoid(x, axis=k),
    "fft": lambda x, k: np.fft.fft(x, axis=k),
    "rfft": lambda x, k: np.fft.rfft(x, axis=k),
    "maximum.accumulate": lambda x, k: np.maximum.accumulate(x, axis=k),
    "logaddexp.reduce": lambda x, k: np.logaddexp.reduce(x, axis=k),
}


@FEW
@given(st.sampled_from(sorted(MOVES)), st.data(), SHAPES)
def test_functions_along_any_axis(name, data, shape):
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    agrees(lambda x: MOVES[name](x, axis) ** 2, spread_out(shape) / 3)


@FEW
@given(
    st.sampled_from([(), (2,), (3, 1), (1, 2)]),
    st.sampled_from([(), (2,), (3, 2)]),
    *[st.integers(1, 3)] * 3,
    st.booleans(),
    st.booleans(),
)
def test_matrix_products_of_any_ranks(left, right, n, k, m, row, column):
    a = spread_out((k,) if row else (*left, n, k)) / 3
    b = spread_out((k,) if column else (*right, k, m), 1) / 3
    agrees(np.matmul, a, b)


@FEW
@given(st.sampled_from(["ij,jk->ik", "ij,kj", "ii,ij->j", "ij,ij->", "i...,i...->...", "...j,kj->k...", "ij,jk->"]))
def test_einsum_of_any_letters(letters):
    a, b = spread_out((3, 3)) / 3, spread_out((3, 3), 1) / 3
    agrees(lambda a, b: np.einsum(letters, a, b), a, b)


DTYPES = ["float16", "float32", "float64", "complex64", "complex128"]
FUNCTIONS = [
    np.exp,
    np.sin,
    np.sum,
    np.cumsum,
    np.mean,
    np.std,
    np.square,
    np.ravel,
    np.sort,
    np.median,
    np.diff,
    np.abs,
]


@FEW
@given(st.sampled_from(FUNCTIONS), st.sampled_from(DTYPES))
def test_the_gradient_has_the_dtype_of_its_argument(fn, dtype):
    x = np.array([0.5, 1.5, -2.0]).astype(dtype)
    (g,) = gradient(lambda x: np.sum(np.real(fn(x))), x)
    assert g.dtype == x.dtype
    assert g.shape == x.shape


@FEW
@given(st.sampled_from(FUNCTIONS), st.sampled_from(["int8", "int64", "uint16"]))
def test_the_gradient_of_integers_is_float64(fn, dtype):
    (g,) = gradient(lambda x: np.sum(fn(x) * 1.0), np.array([1, 3, 2], dtype))
    assert g.dtype == np.float64
