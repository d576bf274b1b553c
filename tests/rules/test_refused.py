"""What is refused, each with words: an option without a derivative, a write, a function that has none."""

import operator

import numpy as np
import pytest
from scipy import sparse, special

from fluxrepl import FluxError, LostGradientError, MutationError, NoRuleError, gradient

from .harness import A, S, V

NO_RULE = {
    "where= without a value for the rest": (lambda x: np.exp(x, where=x > 0), "np.exp with where="),
    "a divide where=": (lambda x: np.divide(1, x, where=x != 0), "np.divide with where="),
    "weights of a quantile": (
        lambda x: np.quantile(x, 0.5, method="inverted_cdf", weights=np.ones_like(x)),
        "np.quantile with weights=",
    ),
    "initial of nanmax": (lambda x: np.nanmax(x, initial=3.0), "np.nanmax with initial="),
    "a traced period": (lambda x: np.unwrap(x, period=x[0] + 7), "np.unwrap with respect to its period"),
    "traced weights of cov": (lambda x: np.cov(A, aweights=x), "np.cov with respect to its aweights"),
    "vectors of two": (lambda x: np.cross(x[:2], x[1:]), "np.cross of vectors"),
    "qr raw": (lambda x: np.linalg.qr(np.outer(x, x), mode="raw"), "np.linalg.qr with mode='raw'"),
    "qr complete": (lambda x: np.linalg.qr(x[:, None], mode="complete"), "np.linalg.qr with mode='complete'"),
    "a fit with its covariance": (lambda x: np.polyfit(V, x, 1, cov=True), "np.polyfit with cov="),
    "a pad by a function": (lambda x: np.pad(x, 1, lambda *_: None), "np.pad with mode="),
    "a wide odd pad": (lambda x: np.pad(x, 9, "reflect", reflect_type="odd"), "wider than the array"),
    "two-dimensional histograms": (lambda x: np.histogram2d(x, x), "np.histogram2d"),
    "text": (lambda x: np.char.equal(x, x), "np.char.equal"),
    "bits": (np.packbits, "np.packbits"),
    "files": (lambda x: np.save("never.npy", x), "np.save"),
    "an array of objects": (lambda x: x.astype(object), "arrays of dtype object"),
    "np.astype": (lambda x: np.astype(x, object) if hasattr(np, "astype") else x.astype("O"), "arrays of dtype object"),
    "fields": (lambda x: x.astype([("a", float)])["a"], "arrays of dtype [('a', '<f8')]"),
    "a ufunc on objects": (lambda x: np.multiply(x, x, dtype=object), "arrays of dtype object"),
    "a sum of objects": (lambda x: np.sum(x, dtype=object), "arrays of dtype object"),
    "a running sum of objects": (lambda x: np.cumsum(x, dtype=object), "arrays of dtype object"),
    "a mean of objects": (lambda x: np.mean(x, dtype=object), "arrays of dtype object"),
    "a product of objects": (lambda x: np.prod(x, dtype=object), "arrays of dtype object"),
    "einsum on objects": (lambda x: np.einsum("i,i->", x, x, dtype=object, casting="unsafe"), "of dtype object"),
    "joined objects": (lambda x: np.concatenate([x, x], dtype=object), "arrays of dtype object"),
    "stacked objects": (lambda x: np.stack([x, x], dtype=object), "arrays of dtype object"),
    "dates": (np.is_busday, "np.is_busday"),
}

WRITES = {
    "copyto": lambda x: np.copyto(np.zeros(3), x),
    "put": lambda x: np.put(x, 0, 1.0),
    "place": lambda x: np.place(x, [True, False, False], 1.0),
    "putmask": lambda x: np.putmask(x, [True, False, False], 1.0),
    "put_along_axis": lambda x: np.put_along_axis(x, np.array([0]), 1.0, 0),
    "fill_diagonal": lambda x: np.fill_diagonal(np.outer(x, x), 0.0),
    "out=": lambda x: np.sum(x, out=np.zeros(())),
    "out by place": lambda x: np.cumsum(x, 0, None, np.zeros(3)),
    "out of a method": lambda x: x.cumsum(out=np.zeros(3)),
    "out by place of a method": lambda x: x.sum(0, None, np.zeros(())),
    "out of a ufunc": lambda x: np.exp(x, np.zeros(3)),
    "out and where": lambda x: np.divide(1, x, out=np.zeros(3), where=x > 0),
    "out of a reduction": lambda x: np.add.reduce(x, out=np.zeros(())),
    "out of a concatenation": lambda x: np.concatenate([x, x], out=np.zeros(6)),
    "at": lambda x: np.add.at(x, [0], 1.0),
    "nan_to_num in place": lambda x: np.nan_to_num(x, copy=False),
    "sort": lambda x: x.sort(),
    "partition": lambda x: x.partition(1),
    "fill": lambda x: x.fill(0.0),
    "flat": lambda x: x.flat.__setitem__(0, 1.0),
    "in place": lambda x: x.__imul__(2.0),
}

LOST = {
    "np.full": lambda x: np.full(3, x[0]),
    "a list of tracers": lambda x: np.mean([x[0], x[1]]),
    "np.array": lambda x: np.sum(np.array([x[0], x[1]])),
    "a list among the choices": lambda x: np.where([True, False], [x[0], x[1]], 0.0),
    "a plain array that is written to": lambda x: np.zeros(3).__setitem__(0, x[0]),
    "vectorize": np.vectorize(lambda v: v**2),
}

NUMPYS_OWN = {  # what NumPy says to plain arrays, it says here
    "a shape that does not fit": (lambda x: x.reshape(2, 2), ValueError),
    "an axis that is not there": (lambda x: np.sum(x, axis=1), np.exceptions.AxisError),
    "shapes that do not stretch": (lambda x: x + np.ones(2), ValueError),
    "matrices that do not fit": (lambda x: S @ x[:2], ValueError),
    "an index that is not there": (lambda x: x[3], IndexError),
    "a max of nothing": (lambda x: np.max(x[:0]), ValueError),
    "a max where, without initial": (lambda x: np.max(x, where=x > 0), ValueError),
    "an unknown option": (lambda x: np.sum(x, axes=0), TypeError),
    "unequal parts": (lambda x: np.split(x, 2), ValueError),
    "shapes that do not stack": (lambda x: np.stack([x, x[:2]]), ValueError),
    "a singular matrix": (lambda x: np.linalg.inv(np.outer(x, x) * 0), np.linalg.LinAlgError),
    "letters that do not fit": (lambda x: np.einsum("ij->i", x), ValueError),
    "an unknown mode": (lambda x: np.convolve(x, x, mode="half"), ValueError),
    "no points": (lambda x: np.fft.fft(x, 0), ValueError),
}


@pytest.mark.parametrize("name", NO_RULE)
def test_what_has_no_rule_is_named(name):
    f, said = NO_RULE[name]
    with pytest.raises(NoRuleError, match="no derivative rule for") as e:
        gradient(f, V)
    assert said in str(e.value)


@pytest.mark.parametrize("name", WRITES)
def test_what_writes_is_refused(name):
    with pytest.raises(MutationError, match="which a gradient cannot follow"):
        gradient(WRITES[name], V.copy())


@pytest.mark.parametrize("name", LOST)
def test_what_would_lose_the_gradient_is_refused(name):
    with pytest.raises((LostGradientError, MutationError)) as e:
        gradient(LOST[name], V)
    assert isinstance(e.value, FluxError)


@pytest.mark.parametrize("kind", [sparse.csr_matrix, sparse.csr_array])
@pytest.mark.parametrize("op", [operator.add, operator.sub, operator.mul, operator.matmul, operator.truediv])
def test_a_sparse_matrix_beside_a_traced_value_is_refused(kind, op):
    M = kind(S)
    with pytest.raises(TypeError, match=f"a {kind.__name__} beside a traced value is not known") as e:
        gradient(lambda x: np.sum(op(x, M)), V)
    assert "M.toarray()" in "\n".join(e.value.__notes__)


@pytest.mark.parametrize("name", NUMPYS_OWN)
def test_numpys_own_errors_come_through(name):
    f, kind = NUMPYS_OWN[name]
    with pytest.raises(kind):
        f(V)
    with pytest.raises(kind):
        gradient(f, V)


def test_the_usual_division_with_a_mask_is_told_what_to_write():
    with pytest.raises(MutationError) as e:
        gradient(WRITES["out and where"], V)
    assert "np.where(mask, np.divide(a, np.where(mask, b, 1)), 0)" in "\n".join(e.value.__notes__)


PLAIN = np.arange(3.0)


@pytest.mark.parametrize(
    ("f", "instead"),
    [
        (lambda t: np.sum(PLAIN, initial=t), "np.sum(array) + x"),
        (lambda t: PLAIN.max(initial=t), "np.maximum(np.max(array), x)"),
        (lambda t: np.sum(np.full_like(PLAIN, t)), "x * np.ones_like(array)"),
        (lambda t: np.sum(np.nan_to_num(PLAIN, nan=t)), "np.where(np.isnan(array), x, array)"),
        (lambda t: np.linalg.norm(PLAIN, ord=t), "np.sum(np.abs(array)**x) ** (1 / x)"),
    ],
)
def test_what_numpy_writes_inside_is_told_what_to_write(f, instead):
    with pytest.raises(MutationError) as e:
        gradient(f, 2.5)
    assert instead in "\n".join(e.value.__notes__)


def test_what_scipy_makes_a_plain_array_of_is_told_what_to_write():
    with pytest.raises(LostGradientError) as e:
        gradient(special.logsumexp, V)
    assert e.value.__notes__[-1] == "For SciPy's logsumexp and softmax there are those of fluxrepl."
