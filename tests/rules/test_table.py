"""Every expression of a long table: its gradient agrees with finite differences, at first and second order.

The second order is checked through a Hessian-vector product: the gradient of `sum(gradient(f) * v)`.
"""

import numpy as np
import pytest

from fluxrepl import check_gradient, gradient

A = np.array([[0.3, -0.7, 1.1], [0.9, 0.4, -1.3]])
B = np.array([[1.2, 0.5, -0.4], [-0.8, 0.6, 0.7]])
V = np.array([0.35, -0.6, 0.85])
P = np.array([[1.3, 0.7, 1.1], [0.9, 0.4, 1.6]])  # positive
U = np.array([[0.3, -0.7, 0.1], [0.9, 0.4, -0.3]])  # inside (-1, 1)
S = np.array([[2.0, 0.3, 0.1], [0.2, 1.5, -0.4], [-0.1, 0.5, 1.8]])  # square, far from singular
T = np.arange(24.0).reshape(2, 3, 4) / 10 - 1.05

ONE = {  # functions of one array
    "negative": (lambda x: -x, A),
    "positive": (lambda x: +x, A),
    "abs": (abs, A),
    "square": (np.square, A),
    "power 2": (lambda x: x**2, A),
    "power 3": (lambda x: x**3, A),
    "power 1": (lambda x: x**1, A),
    "power 0": (lambda x: x**0 * x, A),
    "power 0.5": (lambda x: x**0.5, P),
    "power -1": (lambda x: x**-1, A),
    "power of 2": (lambda x: 2**x, A),
    "power of arrays": (lambda x: x ** np.array([2.0, 1.0, 0.0]) * x, A),
    "sqrt": (np.sqrt, P),
    "cbrt": (np.cbrt, P),
    "reciprocal": (np.reciprocal, A),
    "exp": (np.exp, A),
    "exp2": (np.exp2, A),
    "expm1": (np.expm1, A),
    "log": (np.log, P),
    "log2": (np.log2, P),
    "log10": (np.log10, P),
    "log1p": (np.log1p, P),
    "sin": (np.sin, A),
    "cos": (np.cos, A),
    "tan": (np.tan, A),
    "arcsin": (np.arcsin, U),
    "arccos": (np.arccos, U),
    "arctan": (np.arctan, A),
    "sinh": (np.sinh, A),
    "cosh": (np.cosh, A),
    "tanh": (np.tanh, A),
    "arcsinh": (np.arcsinh, A),
    "arccosh": (np.arccosh, P + 1),
    "arctanh": (np.arctanh, U),
    "deg2rad": (np.deg2rad, A),
    "rad2deg": (np.rad2deg, A),
    "fabs": (np.fabs, A),
    "sinc": (np.sinc, A),
    "real": (np.real, A),
    "conjugate": (np.conj, A),
    "remainder": (lambda x: x % 0.5 * x, A),
    "fmod": (lambda x: np.fmod(x, 0.5) * x, A),
    "remainder of": (lambda x: 2.05 % x * x, A),
    "divmod": (lambda x: divmod(x, 0.47)[1] * x, A),
    "floor": (lambda x: np.floor(x) * x, A),
    "round": (lambda x: np.round(x, 1) * x, A),
    "sign": (lambda x: np.sign(x) * x**2, A),
    "constant left": (lambda x: 3 - x, A),
    "constant right": (lambda x: x - 3, A),
    "divided by": (lambda x: x / 3, A),
    "divides": (lambda x: 3 / x, A),
    "array minus": (lambda x: B - x, A),
    "array times": (lambda x: B * x, A),
    "array over": (lambda x: B / x, A),
    "stretched": (lambda x: x * np.ones((4, 2, 3)), A),
    "stretched column": (lambda x: x[:, :1] * B, A),
    "stretched number": (lambda x: x[0, 0] * B, A),
    "sum": (np.sum, A),
    "sum axis": (lambda x: np.sum(x, axis=1) ** 2, A),
    "sum negative axis": (lambda x: np.sum(x, -2) ** 2, A),
    "sum keepdims": (lambda x: np.sum(x, axis=1, keepdims=True) * x, A),
    "sum axes": (lambda x: np.sum(x, axis=(0, 2)) ** 2, T),
    "sum method": (lambda x: x.sum(0) ** 2, A),
    "sum keyword": (lambda x: np.sum(a=x, axis=0) ** 2, A),
    "sum of no axes": (lambda x: np.sum(x, axis=()) ** 2, A),
    "add.reduce": (lambda x: np.add.reduce(x) ** 2, A),
    "add.accumulate": (lambda x: np.add.accumulate(x) ** 2, A),
    "mean": (lambda x: np.mean(x) ** 2, A),
    "mean axis": (lambda x: x.mean(axis=0) ** 2, A),
    "mean keepdims": (lambda x: np.mean(x, 1, keepdims=True) * x, A),
    "var": (np.var, A),
    "var ddof": (lambda x: np.var(x, axis=1, ddof=1), A),
    "std": (lambda x: np.std(x, axis=0), A),
    "average": (lambda x: np.average(x, weights=V, axis=1) ** 2, A),
    "max": (lambda x: np.max(x) ** 2, A),
    "max axis": (lambda x: np.max(x, axis=0) ** 2, A),
    "max axes": (lambda x: np.max(x, axis=(0, 2)) ** 2, T),
    "max keepdims": (lambda x: np.max(x, axis=1, keepdims=True) * x, A),
    "min": (lambda x: x.min(1) ** 2, A),
    "ptp": (lambda x: np.ptp(x, axis=1) ** 2, A),
    "prod": (np.prod, A),
    "prod axis": (lambda x: np.prod(x, axis=1), A),
    "prod axes": (lambda x: np.prod(x, axis=(0, 2), keepdims=True), T),
    "prod with a zero": (lambda x: np.prod(x * np.array([1.0, 0.0, 1.0]) + 0.0, axis=1), A),
    "prod at a zero": (np.prod, np.array([2.0, 0.0, 3.0])),
    "prod at two zeros": (np.prod, np.array([2.0, 0.0, 0.0])),
    "cumsum": (lambda x: np.cumsum(x) ** 2, A),
    "cumsum axis": (lambda x: np.cumsum(x, axis=1) ** 2, A),
    "reshape": (lambda x: x.reshape(3, 2) ** 2, A),
    "reshape -1": (lambda x: np.reshape(x, -1) ** 2, A),
    "reshape order F": (lambda x: np.reshape(x, (3, 2), order="F") * np.arange(6.0).reshape(3, 2) * x.T, A),
    "ravel": (lambda x: x.ravel() ** 2, A),
    "flatten": (lambda x: x.flatten() ** 2, A),
    "transpose": (lambda x: x.T @ B, A),
    "transpose axes": (lambda x: np.transpose(x, (2, 0, 1)) ** 2, T),
    "transpose negative axes": (
        lambda x: np.transpose(x, (-1, 0, 1)) * np.arange(24.0).reshape(4, 2, 3) * x[0, 0, 0],
        T,
    ),
    "swapaxes": (lambda x: np.swapaxes(x, 0, 2) ** 2, T),
    "moveaxis": (lambda x: np.moveaxis(x, 0, -1) ** 2, T),
    "expand_dims": (lambda x: np.expand_dims(x, 1) * T[:, :, :3], A),
    "squeeze": (lambda x: np.squeeze(x[:, :1]) ** 2, A),
    "broadcast_to": (lambda x: np.broadcast_to(x, (4, 2, 3)) ** 2, A),
    "flip": (lambda x: np.flip(x) * x, A),
    "flip axis": (lambda x: np.flip(x, 1) * x, A),
    "fliplr": (lambda x: np.fliplr(x) * x, A),
    "roll": (lambda x: np.roll(x, 1) * x, A),
    "roll axis": (lambda x: np.roll(x, 2, axis=1) * x, A),
    "roll axes": (lambda x: np.roll(x, (1, 2), axis=(0, 1)) * x, A),
    "tile": (lambda x: np.tile(x, (2, 2)) ** 2, A),
    "tile 1d": (lambda x: np.tile(x, 3) ** 2, V),
    "repeat": (lambda x: np.repeat(x, 2) ** 2, A),
    "repeat axis": (lambda x: np.repeat(x, [1, 2, 3], axis=1) ** 2, A),
    "tril": (lambda x: np.tril(x) ** 2, S),
    "triu": (lambda x: np.triu(x, 1) ** 2, S),
    "diagonal": (lambda x: np.diagonal(x) ** 2, S),
    "diagonal offset": (lambda x: np.diagonal(x, -1) ** 2, S),
    "diag of a matrix": (lambda x: np.diag(x, 1) ** 2, S),
    "diag of a vector": (lambda x: np.diag(x) @ S @ np.diag(x, 0), V),
    "diag above": (lambda x: np.diag(x, 1) ** 2, V),
    "diag below": (lambda x: np.diag(x, -2) ** 2, V),
    "trace": (lambda x: np.trace(x) ** 2, S),
    "concatenate": (lambda x: np.concatenate([x, B, x * 2]) ** 2, A),
    "concatenate axis": (lambda x: np.concatenate([x, x**2], axis=1) ** 2, A),
    "concatenate flat": (lambda x: np.concatenate([x, x], axis=None) ** 2, A),
    "stack": (lambda x: np.stack([x, B, x**2]) ** 2, A),
    "stack last axis": (lambda x: np.stack([x, x**2], axis=-1) ** 2, A),
    "stack numbers": (lambda x: np.stack([x[0], x[1] * x[0], 1.0]) ** 2, V),
    "vstack": (lambda x: np.vstack([x, V]) ** 2, V),
    "hstack": (lambda x: np.hstack([x, V]) ** 2, V),
    "hstack matrices": (lambda x: np.hstack([x, B]) ** 2, A),
    "column_stack": (lambda x: np.column_stack([x, V]) ** 2, V),
    "append": (lambda x: np.append(x, V) ** 2, V),
    "split": (lambda x: np.split(x, 3, axis=1)[1] ** 2, A),
    "array_split": (lambda x: np.array_split(x, 2)[1] ** 2, V),
    "pad": (lambda x: np.pad(x, 1) ** 2, A),
    "pad edge": (lambda x: np.pad(x, ((1, 0), (2, 1)), mode="edge") ** 2, A),
    "pad ones": (lambda x: np.pad(x, 1, constant_values=1.0) ** 2, A),
    "index": (lambda x: x[1] ** 2, A),
    "index number": (lambda x: x[1, 2] ** 2, A),
    "index twice": (lambda x: x[0, 0] * x[0, 0] * x[1, 1], A),
    "slice": (lambda x: x[:, 1:] ** 2, A),
    "slice step": (lambda x: x[..., ::-2] ** 2, A),
    "newaxis": (lambda x: x[:, None] * x, V),
    "fancy": (lambda x: x[[0, 2, 0]] ** 2, V),
    "fancy pairs": (lambda x: x[[0, 1, 0], [1, 1, 1]] ** 2, A),
    "mask": (lambda x: x[x > 0] ** 2, A),
    "take": (lambda x: np.take(x, [2, 0, 2], axis=1) ** 2, A),
    "take flat": (lambda x: np.take(x, [2, 0, 5]) ** 2, A),
    "take_along_axis": (lambda x: np.take_along_axis(x, np.argsort(A, axis=1), axis=1) * x, A),
    "sort": (lambda x: np.sort(x) * np.arange(3.0) * x[0, 0], A),
    "iterate": (lambda x: sum(row**2 for row in x), A),
    "item": (lambda x: x[1, 1].item() ** 2, A),
    "matmul vector": (lambda x: (S @ x) ** 2, V),
    "vector matmul": (lambda x: (x @ S) ** 2, V),
    "vector vector": (lambda x: x @ x, V),
    "matrix vector": (lambda x: (x @ V) ** 2, A),
    "vector matrix": (lambda x: (V @ x) ** 2, S),
    "matrix matrix": (lambda x: x @ x, S),
    "matrix transposed": (lambda x: B @ x.T, A),
    "stack of matrices": (lambda x: x @ x, T.reshape(2, 3, 4)[:, :, :3]),
    "stack times matrix": (lambda x: T @ x, np.ones((4, 2)) * [[0.3, 0.4]]),
    "stack times vector": (lambda x: T @ x, np.array([0.3, 0.4, -0.1, 0.9])),
    "vector times stack": (lambda x: V @ (T * x), np.array([0.3, 0.4, -0.1, 0.9])),
    "vector times a stack": (lambda x: x @ T, V),
    "matrix times stack": (lambda x: x @ T, A),
    "dot": (lambda x: np.dot(x, S), A),
    "dot number": (lambda x: np.dot(x, 3.0) * x, A),
    "dot method": (lambda x: x.dot(S) ** 2, V),
    "inner": (lambda x: np.inner(x, B), A),
    "outer": (lambda x: np.outer(x, V) ** 2, V),
    "vdot": (lambda x: np.vdot(x, x), A),
    "tensordot": (lambda x: np.tensordot(x, T, axes=([1, 0], [1, 0])) ** 2, A),
    "tensordot 1": (lambda x: np.tensordot(x, S, axes=1) ** 2, A),
    "inv": (np.linalg.inv, S),
    "det": (np.linalg.det, S),
    "solve": (lambda x: np.linalg.solve(x, V), S),
    "solve right": (lambda x: np.linalg.solve(S, x) ** 2, V),
    "solve matrix": (lambda x: np.linalg.solve(x, A.T), S),
    "norm": (np.linalg.norm, A),
    "norm axis": (lambda x: np.linalg.norm(x, axis=1), A),
    "where": (lambda x: np.where(x > 0, x**2, x**3), A),
    "where constant": (lambda x: np.where(x > 0, x**2, 0.0), A),
    "maximum": (lambda x: np.maximum(x, B) ** 2, A),
    "maximum number": (lambda x: np.maximum(x, 0) ** 3, A),
    "minimum": (lambda x: np.minimum(B, x) ** 2, A),
    "fmax": (lambda x: np.fmax(x, B) ** 2, A),
    "fmin": (lambda x: np.fmin(x, B) ** 2, A),
    "clip": (lambda x: np.clip(x, -0.5, 0.5) * x, A),
    "clip below": (lambda x: np.clip(x, 0.0, None) * x, A),
    "clip method": (lambda x: x.clip(-0.5, 0.5) * x, A),
    "clip bounds": (lambda x: np.clip(B, x[0], x[0] + 0.2) * x, A),
    "arctan2": (lambda x: np.arctan2(x, B), A),
    "hypot": (lambda x: np.hypot(x, B), A),
    "logaddexp": (lambda x: np.logaddexp(x, B), A),
    "logaddexp2": (lambda x: np.logaddexp2(B, x), A),
    "astype": (lambda x: x.astype(np.float64) ** 2, A),
    "copy": (lambda x: x.copy() ** 2, A),
    "a python sum": (lambda x: sum(x) ** 2, V),
    "a python max": (lambda x: max(x) ** 2, V),
    "softmax by hand": (lambda x: np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True), A),
}


def weighed(f):
    """A scalar of `f(x)`, with another weight for each element, so that a mixed-up element is seen."""

    def loss(x):
        y = f(x)
        return np.sum(y * np.linspace(0.5, 1.7, np.size(y)).reshape(np.shape(y)))

    return loss


@pytest.mark.parametrize("name", ONE)
def test_a_gradient_agrees_with_finite_differences(name):
    f, x = ONE[name]
    check = check_gradient(weighed(f), x)
    assert check, f"{name}\n{check}"


@pytest.mark.parametrize("name", ONE)
def test_a_second_derivative_agrees_with_finite_differences(name):
    f, x = ONE[name]
    direction = np.cos(np.arange(x.size)).reshape(x.shape)

    def slope(x):
        (g,) = gradient(weighed(f), x)
        return np.sum(g * direction)

    check = check_gradient(slope, x)
    assert check, f"{name}\n{check}"


@pytest.mark.parametrize("name", ONE)
def test_float32_stays_float32_and_close_to_float64(name):
    f, x = ONE[name]
    small = x.astype(np.float32)
    (g,) = gradient(lambda x: np.sum(f(x)), small)
    (exact,) = gradient(lambda x: np.sum(f(x)), small.astype(np.float64))
    assert g.dtype == np.float32
    np.testing.assert_allclose(g, exact, rtol=3e-3, atol=3e-4)


@pytest.mark.parametrize("name", ONE)
def test_nothing_in_the_arguments_is_changed(name):
    f, x = ONE[name]
    before = x.copy()
    (g,) = gradient(weighed(f), x)
    g += 1  # the gradient is the caller's own
    np.testing.assert_array_equal(x, before)


def test_the_bounds_of_a_plain_arrays_clip_have_a_gradient():
    assert check_gradient(lambda x: np.sum(B.clip(x, x + 0.3) ** 2), -0.2)
    assert check_gradient(lambda x: np.sum(B.clip(-0.2, x) ** 2), A)
