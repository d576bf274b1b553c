"""The derivatives in words: every function has them, and they say what is computed."""

import re

import numpy as np
import pytest
from scipy import special

import fluxrepl as flux
from fluxrepl.ad.rule import RULES
from fluxrepl.rules.elementwise import DERIVATIVES
from fluxrepl.rules.words import WORDS, slope
from fluxrepl.rules.written import WRITTEN, Operation, written

flux.gradient  # the tables are full from here on

NUMPYS = [fn for fn in RULES if isinstance(fn, np.ufunc) and getattr(np, fn.__name__, None) is fn]
ELEMENTWISE = sorted({*NUMPYS, *DERIVATIVES} - {np.matmul}, key=lambda fn: fn.__name__)

INSIDE = {np.arcsin: 0.3, np.arccos: 0.3, np.arctanh: 0.3, np.arccosh: 1.7}  # where the others are, these are not
MATHEMATICS = {
    f.__name__: f
    for f in (np.cos, np.sin, np.cosh, np.sinh, np.exp, np.exp2, np.log, np.sign, np.floor, np.trunc, np.sqrt, np.where)
} | {"π": np.pi}


def operation(fn, *values, names="abc", **keywords):
    return Operation(fn, "y", tuple(names[: len(values)]), values, keywords)


def computed(words, **values):
    """The number that words of mathematics stand for."""
    code = words.replace("·", "*").replace("²", "**2").replace("√", "sqrt")
    code = re.sub(r"\b(cos|sin|cosh|sinh|sign|log|exp2) (\w+)", r"\1(\2)", code)
    code = re.sub(r"^1 where (.*), else 0$", r"where(\1, 1, 0)", code)
    code = re.sub(r"-i\b", "-1j", code)
    return eval(code, {"__builtins__": {}}, MATHEMATICS | values)


@pytest.mark.parametrize("fn", ELEMENTWISE, ids=lambda fn: fn.__name__)
def test_every_elementwise_function_has_words_and_they_are_true(fn):
    rule = RULES[fn]
    numbers = [INSIDE.get(fn, 0.7), 2 if fn is np.ldexp else 1.3][: len(rule.pulls)]
    y = fn(*numbers)
    assert len(WORDS[fn]) == len(rule.pulls)
    for k, (letter, pull) in enumerate(zip("ab", rule.pulls, strict=False)):
        if pull is None:
            assert WORDS[fn][k] is None
            continue
        words = slope(operation(fn, *numbers), k, pull)
        assert computed(words, y=y, **dict(zip("ab", numbers, strict=False))) == pytest.approx(
            pull(1.0, y, *numbers), rel=1e-9
        ), f"{fn.__name__} to {letter}: {words}"


@pytest.mark.parametrize(
    ("n", "words"),
    [(2, "2·x"), (1, "1"), (0, "0"), (3, "3·x²"), (10, "10·x**9"), (0.5, "0.5·x**(-0.5)"), (-1, "-1·x**(-2)")],
)
def test_powers_are_written_as_one_writes_them(n, words):
    op = Operation(np.power, "y", ("x", str(n)), (2.0, n), {})
    assert slope(op, 0, None) == words
    assert computed(words, x=2.0) == pytest.approx(n * 2.0 ** (n - 1))


def test_a_power_with_a_name_keeps_it():
    op = Operation(np.power, "v2", ("x", "v1"), (2.0, 3.0), {})
    assert slope(op, 0, None) == "v1·x**(v1 - 1)"
    assert slope(op, 1, None) == "v2·log x"


def test_products_of_vectors_and_matrices():
    W, x, X = np.ones((2, 3)), np.ones(3), np.ones((3, 2))
    say = lambda a, b: [slope(operation(np.matmul, a, b), k, None) for k in (0, 1)]
    assert say(W, X) == ["ct @ bᵀ", "aᵀ @ ct"]
    assert say(W, x) == ["outer(ct, b)", "aᵀ @ ct"]
    assert say(x, X) == ["b @ ct", "outer(a, ct)"]
    assert say(x, x) == ["ct·b", "ct·a"]


def test_operations_are_written_as_a_learner_writes_them():
    from fluxrepl.rules import indexing, reductions, shapes

    x = np.ones((2, 3))
    assert written(operation(np.add, 1, 2)) == "a + b"
    assert written(operation(np.multiply, 1, 2, names=("-2.0", "x"))) == "(-2.0) * x"
    assert written(operation(np.negative, 1)) == "-a"
    assert written(operation(np.sin, 1)) == "np.sin(a)"
    assert written(operation(np.linalg.inv, x)) == "np.linalg.inv(a)"
    assert written(operation(reductions._sum, x, None, False)) == "np.sum(a)"
    assert (
        written(operation(reductions._sum, x, 1, True, names=("a", "1", "True"))) == "np.sum(a, axis=1, keepdims=True)"
    )
    assert written(operation(shapes._reshape, x, (3, 2), names=("a", "(3, 2)"))) == "np.reshape(a, (3, 2))"
    index = (slice(None), slice(1, None, 2), None, ..., 0, np.array([1, 0]))
    assert written(operation(indexing._index, x, index)) == "a[:, 1::2, None, ..., 0, [1, 0]]"
    assert written(operation(np.where, True, 1, 2)) == "np.where(a, b, c)"
    assert written(operation("softplus", 1.0)) == "softplus(a)"


@pytest.mark.parametrize(
    ("f", "said", "slopes"),
    [
        (np.fft.fft, "np.fft.fft(x)", "fft of ct"),
        (lambda x: np.fft.rfft(x, norm="ortho"), "np.fft.rfft(x, norm='ortho')", "fft of ct, filled up with zeros"),
        (lambda x: np.linalg.eigvalsh(np.outer(x, x)), "np.linalg.eigvalsh(", "eigvalsh_pullback(ct)"),
        (lambda x: np.linalg.slogdet(np.diag(x))[1], "np.linalg.slogdet(v3)[1]", "ct·inv(v3)ᵀ"),
        (lambda x: np.linalg.slogdet(np.diag(x))[0], "np.linalg.slogdet(v3)[0]", "sign_pullback(ct)"),
        (lambda x: np.linalg.solve(np.eye(2), np.stack([x, x])), "np.linalg.solve(", "solve("),
        (lambda x: np.convolve(x, x), "np.convolve(x, x)", "ct slid along x, ct slid along x"),
        (lambda x: np.modf(x)[1] + x, "np.modf(x)[1]", "0"),
        (special.expit, "expit(x)", "∂expit/∂x"),
    ],
)
def test_an_operation_has_the_name_that_a_learner_wrote(f, said, slopes):
    table = str(flux.explain(lambda x: np.sum(np.abs(f(x))), np.array([0.5, 1.5])))
    assert said in table
    assert slopes in table


def test_without_words_the_pullback_is_named():
    from fluxrepl.rules import decompositions

    pull = decompositions.cholesky_pullback
    assert slope(operation(decompositions._cholesky, np.eye(2)), 0, pull) == "cholesky_pullback(ct)"
    assert slope(operation("f", 1.0), 0, lambda ct, y, x: ct) == "its pullback of ct"


def test_layers_and_losses_have_words_too():
    import fluxrepl.nn.words  # noqa: F401 - it enters its words

    ours = [fn for fn in RULES if getattr(fn, "__module__", "").startswith("fluxrepl.nn.")]
    assert ours
    assert [fn.__name__ for fn in ours if fn not in WORDS] == []


def test_everything_in_the_tables_has_a_rule():
    from fluxrepl.ad.rule import SHORT

    assert [fn for fn in WORDS if fn not in RULES and fn not in SHORT] == []
    assert [fn for fn in WRITTEN if fn not in RULES] == []
