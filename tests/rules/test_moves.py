"""Functions that only move elements: shapes, joins, pads, sorts, sets."""

import time

import numpy as np
import pytest

from fluxrepl import gradient

from .harness import A, B, L, S, T, V, checks, since

SHAPES = {
    "ravel F": (lambda x: np.ravel(x, "F") ** 2, T),
    "ravel K": (lambda x: np.ravel(x.transpose(2, 0, 1), order="K") ** 2, T),
    "ravel A of columns": (lambda x: np.ravel(x.T, order="A") ** 2, T),
    "flatten F": (lambda x: x.flatten("F") ** 2, T),
    "reshape A": (lambda x: np.reshape(x.T, (4, 6), order="A") ** 2, T),
    "reshape method F": (lambda x: x.reshape(4, 6, order="F") ** 2, T),
    "atleast_1d": (lambda x: np.atleast_1d(x[0, 0], x)[1] ** 2, A),
    "atleast_2d": (lambda x: np.atleast_2d(x) ** 2, V),
    "atleast_3d": (lambda x: np.atleast_3d(x) ** 2, A),
    "matrix_transpose": (lambda x: np.matrix_transpose(x) ** 2, T),
    "permute_dims": (lambda x: np.permute_dims(x, (1, 2, 0)) ** 2, T),
    "rollaxis": (lambda x: np.rollaxis(x, 2) ** 2, T),
    "rollaxis to the end": (lambda x: np.rollaxis(x, 0, 3) ** 2, T),
    "linalg.diagonal": (lambda x: np.linalg.diagonal(x, offset=1) ** 2, T),
    "linalg.trace": (lambda x: np.linalg.trace(x, offset=-1) ** 2, T),
    "trace of a stack": (lambda x: np.trace(x, 1, 1, 2) ** 2, T),
    "diagflat": (lambda x: np.diagflat(x, 1) ** 2, A),
    **since("2.1.0", {"unstack": (lambda x: np.unstack(x, axis=1)[2] ** 2, T)}),
    "broadcast_arrays": (lambda x: np.broadcast_arrays(x, A)[0] ** 2, V),
    "squeeze axis": (lambda x: np.squeeze(x[:, :1], axis=1) ** 2, A),
    "flat": (lambda x: x.flat[2:5] ** 2, A),
    "mT": (lambda x: x.mT @ x, T),
}

JOINS = {
    "block": (lambda x: np.block([[x, B], [x**2, np.ones((2, 3))]]) ** 2, A),
    "block of a row": (lambda x: np.block([x, V]) ** 2, V),
    "block of depths": (lambda x: np.block([[x[0], 1.0], [x[1] ** 2, x[0, :1]]]), A),
    "dstack": (lambda x: np.dstack([x, B, x**2]) ** 2, A),
    "dsplit": (lambda x: np.dsplit(x, 2)[1] ** 2, T),
    "hsplit": (lambda x: np.hsplit(x, [1])[1] ** 2, A),
    "vsplit": (lambda x: np.vsplit(x, 2)[1] ** 2, A),
    "array_split uneven": (lambda x: np.array_split(x, 3)[0] ** 2, L),
    "insert": (lambda x: np.insert(x, 1, [5.0, 6.0]) ** 2, V),
    "insert traced": (lambda x: np.insert(L, [1, 3, 3], x) ** 2, V),
    "insert axis": (lambda x: np.insert(x, 1, x[0], axis=0) ** 2, A),
    "insert column": (lambda x: np.insert(x, [2], x[:, :1], axis=1) ** 2, A),
    "append axis": (lambda x: np.append(x, x**2, axis=1) ** 2, A),
    "pad edge": (lambda x: np.pad(x, 2, "edge") ** 2, A),
    "pad reflect": (lambda x: np.pad(x, 2, "reflect") ** 2, S),
    "pad reflect odd": (lambda x: np.pad(x, ((1, 2), (2, 0)), "reflect", reflect_type="odd") ** 2, S),
    "pad symmetric": (lambda x: np.pad(x, (2, 1), "symmetric") ** 2, L),
    "pad symmetric odd": (lambda x: np.pad(x, (2, 1), "symmetric", reflect_type="odd") ** 2, L),
    "pad wrap": (lambda x: np.pad(x, ((0, 0), (2, 3)), "wrap") ** 2, A),
    "pad values": (lambda x: np.pad(x, ((1, 2), (2, 1)), constant_values=((1, 2), (3, 4))) ** 2, A),
    "pad a traced value": (lambda x: np.pad(x, 1, constant_values=x[0, 0]) ** 2, A),
    "pad zero width": (lambda x: np.pad(x, ((0, 0), (1, 0))) ** 2, A),
    "pad mean": (lambda x: np.pad(x, 2, "mean") ** 2, A),
    "pad mean of two": (lambda x: np.pad(x, (2, 1), "mean", stat_length=2) ** 2, L),
    "pad maximum": (lambda x: np.pad(x, (2, 1), "maximum", stat_length=3) ** 2, L),
    "pad minimum": (lambda x: np.pad(x, 1, "minimum") ** 2, A),
    "pad median": (lambda x: np.pad(x, (2, 1), "median") ** 2, L),
    "pad linear_ramp": (lambda x: np.pad(x, 2, "linear_ramp", end_values=1.5) ** 2, A),
    **since("2.2.0", {"pad dict": (lambda x: np.pad(x, {1: (1, 2)}) ** 2, A)}),
}

MOVES = {
    "rot90": (lambda x: np.rot90(x) ** 2, A),
    "rot90 axes": (lambda x: np.rot90(x, 3, axes=(1, 2)) ** 2, T),
    "delete": (lambda x: np.delete(x, [0, 4]) ** 2, L),
    "delete axis": (lambda x: np.delete(x, 1, axis=1) ** 2, A),
    "resize": (lambda x: np.resize(x, (3, 4)) ** 2, A),
    "extract": (lambda x: np.extract(A > 0, x) ** 2, A),
    "compress": (lambda x: np.compress([True, False, True], x, axis=1) ** 2, A),
    "compress method": (lambda x: x.compress([False, True]) ** 2, L),
    "take mode": (lambda x: np.take(x, [7, -1, 2], mode="wrap") ** 2, V),
    "take clip": (lambda x: np.take(x, [[7, -1]], axis=1, mode="clip") ** 2, A),
    "take matrix": (lambda x: x.take([[0, 1], [2, 0]], axis=1) ** 2, A),
    "sliding_window_view": (lambda x: np.lib.stride_tricks.sliding_window_view(x, 3) ** 2, L),
    "sliding windows": (lambda x: np.lib.stride_tricks.sliding_window_view(x, (2, 2)) ** 2, A),
    "trim_zeros": (lambda x: np.trim_zeros(np.pad(x, 2)) ** 2, V),
    "sort axis": (lambda x: np.sort(x, axis=0) ** 2, A),
    "sort flat": (lambda x: np.sort(x, axis=None) ** 2, A),
    **since("2.5.0", {"sort down": (lambda x: np.sort(x, axis=0, descending=True) ** 2, A)}),
    "partition": (lambda x: np.sort(np.partition(x, 3)[:4]) ** 2, L),
    "partition place": (lambda x: np.partition(x, 1, axis=1)[:, 1] ** 2, A),
    "argpartition": (lambda x: x[x.argpartition(2)[2]] ** 2, L),
    "take_along_axis": (lambda x: np.take_along_axis(x, np.argsort(A, axis=0), 0) ** 2, A),
    "unique": (lambda x: np.unique(x) ** 2, L),
    "unique parts": (lambda x: np.unique(x, return_index=True, return_counts=True)[0] ** 2, L),
    "unique axis": (lambda x: np.unique(x, axis=0) ** 2, A),
    "unique_values": (lambda x: np.sort(np.unique_values(x)) ** 2, L),
    "unique_all": (lambda x: np.unique_all(x).values ** 2, L),
    "unique_counts": (lambda x: np.unique_counts(x).values ** 2, L),
    "unique_inverse": (lambda x: np.unique_inverse(x).values ** 2, L),
    "union1d": (lambda x: np.union1d(x, V) ** 2, L),
    "setdiff1d": (lambda x: np.setdiff1d(x, V) ** 2, L),
    "setxor1d": (lambda x: np.setxor1d(x, V) ** 2, L),
    "roll many": (lambda x: np.roll(x, (1, -1), axis=(2, 0)) ** 2, T),
    "repeat": (lambda x: np.repeat(x, [1, 0, 2], axis=1) ** 2, A),
    "tile": (lambda x: np.tile(x, (2, 1, 2)) ** 2, A),
    "choose": (lambda x: np.choose([2, 0, 1], [x, x**2, x**3]), V),
    "choose of a stack": (lambda x: np.choose([1, 0, 1], x) ** 2, A),
    "choose wrap": (lambda x: np.choose([5, -1, 1], [x, x**2, 3.0], mode="wrap"), V),
    "choose stretched": (lambda x: np.choose([[0], [1]], [x, 2.0]) ** 2, V),
    "select": (lambda x: np.select([A > 0.5, A > 0], [x**2, x**3], default=x), A),
    "select constant": (lambda x: np.select([A > 0.5], [x**2], 7.0), A),
    "piecewise": (lambda x: np.piecewise(x, [A < 0, A > 0.5], [lambda v: v**2, np.exp, np.sin]), A),
    "piecewise constant": (lambda x: np.piecewise(x, [A < 0], [-1.0, np.sin]), A),
    "piecewise overlapping": (lambda x: np.piecewise(x, [A < 1, A < 0], [lambda v: v**2, lambda v: v**3]), A),
    "piecewise one": (lambda x: np.piecewise(x, V > 0, [np.exp, 1.0]), V),
}

TestShapes = checks(SHAPES)
TestJoins = checks(JOINS)
TestMoves = checks(MOVES)


@pytest.mark.parametrize(
    ("f", "x", "want"),
    [
        (lambda x: np.sum(np.unique(x) ** 2), [3.0, 1.0, 3.0], [6, 2, 0]),
        (lambda x: np.sum(np.intersect1d(x, [1.0, 3.0]) ** 2), [3.0, 1.0, 2.0], [6, 2, 0]),
        (lambda x: np.sum(np.intersect1d([1.0, 3.0], x) ** 2), [3.0, 1.0, 2.0], None),
        (lambda x: np.sum(np.sort(x)[:2] * [1.0, 10.0]), [3.0, 1.0, 2.0], [0, 1, 10]),
        (lambda x: np.sum(np.trim_zeros(x) ** 2), [0.0, 3.0, 0.0, 1.0, 0.0], [0, 6, 0, 2, 0]),
        (lambda x: np.sum(np.trim_zeros(x, "f") * 2), [0.0, 3.0, 0.0], [0, 2, 2]),
        (lambda x: np.clip(x[0], 0.0, 1.0) + np.clip(x[1], 0.0, 1.0), [0.0, 1.0], [1, 1]),
        (lambda x: np.sum(np.maximum(x, [1.0, 0.0])), [1.0, 1.0], [0, 1]),
        (lambda x: np.sum(np.minimum(x, [1.0, 0.0])), [1.0, 1.0], [1, 0]),
    ],
)
def test_equal_elements_and_edges_follow_the_conventions(f, x, want):
    (g,) = gradient(f, np.array(x))
    assert (g if g is None else g.tolist()) == want


def test_a_maximum_that_is_nan_passes_its_cotangent_on():
    assert gradient(lambda x: np.maximum(x, 1.0), np.nan) == (1.0,)
    assert gradient(lambda x: np.minimum(1.0, x), np.nan) == (1.0,)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.stack([x[i] for i in range(len(x))]),
        lambda x: np.concatenate([x[i : i + 1] for i in range(len(x))], axis=-1),
        np.maximum.accumulate,
        lambda x: np.stack([1.0 + np.zeros(1), *[x[i : i + 1] for i in range(len(x))]], axis=1)[0, 1:],
    ],
)
def test_a_join_of_thousands_of_parts_goes_back_in_a_moment(f):
    x = np.linspace(-1.0, 2.0, 8000)
    start = time.process_time()
    (g,) = gradient(lambda x: np.sum(f(x) ** 2), x)
    assert time.process_time() - start < 4  # it took 20 seconds when each part asked all others for their sizes
    np.testing.assert_allclose(g, 2 * x)


def test_a_join_of_many_parts_has_a_second_derivative():
    def slope(x):
        (g,) = gradient(lambda x: np.sum(np.stack([x[i] for i in range(len(x))]) ** 3), x)
        return np.sum(g * np.arange(100))

    np.testing.assert_allclose(gradient(slope, np.arange(100.0))[0], 6.0 * np.arange(100.0) ** 2)
