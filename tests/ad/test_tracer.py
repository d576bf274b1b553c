"""The tracer: never a wrong gradient without a word. What cannot be followed is refused at the learner's line."""

import math
import statistics

import numpy as np
import pytest

from fluxrepl import FluxError, LostGradientError, MutationError, NoRuleError, NotScalarError, check_gradient, gradient
from fluxrepl.ad.tracer import Tracer

X = np.array([1.0, 2.0])


def notes(error) -> str:
    return "\n".join(error.value.__notes__)


# ---- not one real number -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "said", "advice"),
    [
        (lambda x: x * 2, r"returned an array of shape \(2,\)", "jacobian(f, x)"),
        (lambda x: x[:1], r"returned an array of shape \(1,\)", "y[0] is the number itself"),
        (lambda x: "text", "returned a str: 'text'", "the loss"),
        (lambda x: None, "returned None", "without one, Python returns None"),
        (lambda x: (x[0], 1), r"returned a tuple: \(", "withgradient"),
        (lambda x: x[0] * 1j, "returned a complex number", "np.abs(y)**2"),
        (lambda x: [x[0]], "returned a list", "the loss"),
    ],
)
def test_a_result_that_is_not_one_real_number_is_named(f, said, advice):
    with pytest.raises(NotScalarError, match=said) as e:
        gradient(f, X)
    assert advice.lower() in notes(e).lower()
    assert isinstance(e.value, ValueError)
    assert isinstance(e.value, FluxError)


def test_a_gradient_of_something_that_is_not_a_function():
    with pytest.raises(TypeError, match=r"gradient needs a function first, and got a str: 'f'"):
        gradient("f", X)
    with pytest.raises(TypeError, match=r"gradient needs a function first, and got an array of shape \(2,\)") as e:
        gradient(X, X)
    assert "gradient(f, x)" in notes(e)


# ---- no rule -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "name"),
    [
        (lambda x: np.histogram2d(x, x)[0].sum(), "np.histogram2d"),
        (lambda x: np.linalg.qr(np.outer(x, x), mode="raw")[0].sum(), "np.linalg.qr with mode='raw'"),
        (lambda x: np.char.equal(x, x), "np.char.equal"),
        (lambda x: np.add(x, 1, where=[True, False]).sum(), "np.add with where="),
        (lambda x: np.quantile(x, 0.5, method="inverted_cdf", weights=[1, 2]), "np.quantile with weights="),
        (lambda x: np.cross(x, x[::-1]), "np.cross of vectors"),
        (np.packbits, "np.packbits"),
    ],
)
def test_a_function_without_a_rule_is_named(f, name):
    with pytest.raises(NoRuleError, match="no derivative rule for") as e:
        gradient(f, X)
    assert name in str(e.value)
    assert "a wrong gradient without a word" in notes(e)
    assert isinstance(e.value, NotImplementedError)


def test_the_error_comes_from_the_learners_line():
    def f(x):
        y = x * 2
        return np.sum(np.histogram2d(y, y)[0])  # this line

    with pytest.raises(NoRuleError) as e:
        gradient(f, X)
    lines = [frame.lineno for frame in e.traceback if frame.name == "f"]
    assert lines == [f.__code__.co_firstlineno + 1]


# ---- mutation ------------------------------------------------------------------------------------------------------


def assign(x):
    x[0] = 1.0
    return np.sum(x)


def add_in_place(x):
    x += 1
    return np.sum(x)


def write_out(x):
    y = np.zeros(2)
    np.multiply(x, 2, out=y)
    return np.sum(y)


def add_to_plain(x):
    y = np.zeros(2)
    y += x
    return np.sum(y)


def sort_in_place(x):
    x.sort()
    return x[0]


def add_at(x):
    np.add.at(x, [0], 1.0)
    return x[0]


def assign_shape(x):
    x.shape = (2, 1)
    return x[0, 0]


def assign_flat(x):
    x.flat = 0.0
    return x[0]


@pytest.mark.parametrize(
    "f", [assign_shape, assign_flat, assign, add_in_place, write_out, add_to_plain, sort_in_place, add_at]
)
def test_writing_into_an_array_is_refused_with_a_rewrite(f):
    x = X.copy()
    with pytest.raises(MutationError) as e:
        gradient(f, x)
    assert "np.where(mask, value, x)" in notes(e)
    assert "np.stack" in notes(e)
    assert isinstance(e.value, TypeError)
    assert x.tolist() == [1.0, 2.0]


def test_a_number_may_be_added_to_as_python_does_it():
    def f(x):
        total = 0.0
        for part in x:
            total += part * part
        return total

    assert gradient(f, X)[0].tolist() == [2.0, 4.0]


# ---- losing the gradient -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "f",
    [
        lambda x: math.sin(x[0]),
        lambda x: float(x[0]) * 2,
        lambda x: np.sum(np.array([x[0], x[1]])),
        lambda x: np.sum(np.asarray(x)),
        lambda x: np.float64(x[0]),
        lambda x: np.mean([x[0], x[1]]),
        lambda x: abs(complex(x[0])),
    ],
)
def test_what_would_lose_the_gradient_is_refused(f):
    with pytest.raises(LostGradientError, match="would lose its gradient") as e:
        gradient(f, X)
    assert "Write np." in notes(e)


def test_a_traced_value_is_not_written_into_a_plain_array():
    def f(x):
        y = np.zeros(2)
        y[0] = x[0]
        return np.sum(y)

    with pytest.raises(MutationError, match="a traced value was written into a plain array") as e:
        gradient(f, X)
    assert "np.stack(values)" in notes(e)
    assert [frame.name for frame in e.traceback][-1] == "f"


def test_a_list_where_an_array_was_meant_gets_a_note():
    with pytest.raises(TypeError, match="unsupported operand") as e:
        gradient(lambda x, y: np.sum((x - y) ** 2), [2, 1], [2, 0])
    assert "Argument 0 is a list, a container of numbers; for an array write np.array([2, 1])." in notes(e)
    assert "np.array([2, 0])" in notes(e)


def test_text_where_a_number_was_meant_gets_a_note():
    with pytest.raises(TypeError) as e:
        gradient(lambda x: 3 * x**2, "2")
    assert "Argument 0 is a str: '2'. A gradient is taken of numbers and arrays" in notes(e)
    with pytest.raises(TypeError) as e:
        gradient(lambda x: 3 * x**2, None)
    assert "Argument 0 is None." in notes(e)


def test_a_list_that_numpy_makes_an_array_of_gets_the_note_too():
    with pytest.raises(LostGradientError, match="making a plain array of a traced value would lose its gradient") as e:
        gradient(lambda x: np.sum(x), [1.0, 2.0])  # noqa: PLW0108 - as a learner writes it
    assert "for an array write np.array([1.0, 2.0])" in notes(e)


def test_arrays_of_two_libraries_are_named():
    from rules.foreign import Foreign

    with pytest.raises(TypeError) as e:
        gradient(lambda x, y: np.sum(x * y), X, Foreign(X))
    assert "The arrays belong to numpy and rules. Bring them together: gpu(x) or cpu(x)." in notes(e)


def test_hashing_a_traced_value_is_refused():
    for f in (lambda x: x * 2 if x in {1.0, 2.0} else x * 3, lambda x: {x: 1}[x] * x):
        with pytest.raises(LostGradientError, match=r"hash\(\) of a traced value"):
            gradient(f, 2.0)


def test_arrays_that_are_not_plain_numbers_are_refused():
    import array

    for odd in (np.array([1.0, 2.0], object), np.zeros(2, [("a", float)]), array.array("d", [1.0])):
        with pytest.raises(TypeError, match="is not known"):
            gradient(lambda x: 1.0, odd)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.sum(x * [1.0, 2.0]),
        lambda x: [1.0, 2.0] @ x,
        lambda x: x @ [1.0, 2.0],
        lambda x: np.dot(x, [1.0, 2.0]),
        lambda x: np.sum(x ** [1.0, 2.0]),
        lambda x: np.sum(np.arctan2(x, (1.0, 2.0))),
    ],
)
def test_a_list_beside_an_array_counts_as_one(f):
    assert check_gradient(f, X)


def test_a_forgotten_argument_gets_a_note():
    with pytest.raises(TypeError, match="missing 1 required positional argument") as e:
        gradient(lambda x: x**2)
    assert "gradient calls the function with the 0 arguments that follow it, as in gradient(f, 2.0)." in notes(e)


def test_a_traced_value_is_not_pickled():
    import pickle

    with pytest.raises(LostGradientError):
        gradient(lambda x: pickle.loads(pickle.dumps(x))[0], X)


def test_masked_arrays_and_matrices_are_refused():
    with pytest.raises(TypeError, match="a gradient with respect to a MaskedArray is not known"):
        gradient(np.sum, np.ma.masked_array([1.0, 2.0], [True, False]))
    with pytest.warns(PendingDeprecationWarning):
        m = np.matrix([[1.0]])
    with pytest.raises(TypeError, match="a gradient with respect to a matrix is not known"):
        gradient(np.sum, m)
    with pytest.raises(TypeError, match="a matrix beside a traced value is not known"):
        gradient(lambda x: np.sum(x * m), np.ones((1, 1)))
    with pytest.raises(TypeError, match="a MaskedArray beside a traced value is not known"):
        gradient(lambda x: np.sum(x * np.ma.masked_array([1.0, 2.0], [True, False])), X)


# ---- what is allowed -----------------------------------------------------------------------------------------------


def test_a_tracer_looks_like_its_value():
    seen = {}

    def f(x):
        seen.update(shape=x.shape, ndim=x.ndim, size=x.size, dtype=x.dtype, length=len(x), text=f"{x[0]:.2f}")
        seen.update(isin=1.0 in x, name=repr(x[0] * 2))
        return np.sum(x)

    with np.printoptions(legacy=False):
        gradient(f, X)
    assert seen == {
        "shape": (2,), "ndim": 1, "size": 2, "dtype": np.float64, "length": 2, "text": "1.00", "isin": True,
        "name": "Tracer(np.float64(2.0))",
    }  # fmt: skip


def test_branches_loops_and_comparisons_run_as_written():
    def f(x, n):
        y = x
        for _ in range(n):
            y = y * x if y < 100 else y + x
        return y

    assert gradient(f, 3.0, 2) == (27.0, None)


def test_python_builtins_work_on_tracers():
    x = np.array([3.0, -1.0, 2.0])
    assert gradient(sum, x)[0].tolist() == [1.0, 1.0, 1.0]
    assert gradient(max, x)[0].tolist() == [1.0, 0.0, 0.0]
    assert gradient(lambda x: sorted(x)[0] ** 2, x)[0].tolist() == [0.0, -2.0, 0.0]
    assert gradient(lambda x: pow(x[0], 2), x)[0].tolist() == [6.0, 0.0, 0.0]
    assert gradient(lambda x: abs(x[1]), x)[0].tolist() == [0.0, -1.0, 0.0]
    assert gradient(lambda x: divmod(x[0], 2)[1], x)[0].tolist() == [1.0, 0.0, 0.0]
    assert gradient(lambda x: round(x[0]) * x[1], x)[0].tolist() == [0.0, 3.0, 0.0]


def test_constants_give_plain_values():
    seen = {}

    def f(x):
        seen.update(where=np.argmax(x), more=x > 1, zeros=np.zeros_like(x))
        return np.sum(x)

    gradient(f, X)
    assert type(seen["more"]) is np.ndarray
    assert type(seen["zeros"]) is np.ndarray
    assert seen["where"] == 1


def test_the_memory_and_the_parts_of_a_bare_number_are_asked_of_the_bare_value():
    with pytest.raises(AttributeError, match="no attribute 'flags'") as e:
        gradient(lambda x: x.flags, X)
    assert "It tells of the memory of a bare array: ignore_derivatives(x).flags" in notes(e)
    with pytest.raises(AttributeError, match="no attribute 'bit_length'") as e:
        gradient(lambda n: n.bit_length(), 3)
    assert "ignore_derivatives(x).bit_length" in notes(e)


def test_questions_that_no_gradient_flows_through_are_answered():
    asked = []

    def f(x, n):
        asked.extend([x.strides, x.device, x.__array_namespace__() is np, n.is_integer()])
        asked.extend([x[0].astype(int) & 1, x.astype(int)[0] << 1])
        y = x.reshape((2, 1), copy=True).view().view(np.float64).to_device("cpu")
        return np.sum(y * y) * y.item((1, 0)) + n

    assert gradient(f, X, 2.0)[0].tolist() == [4.0, 13.0]
    assert asked == [(8,), "cpu", True, True, 1, 2]
    assert gradient(lambda n, x: x if n & 1 and ~n == -4 and 1 << n == 8 else 0.0, 3, 2.0) == (None, 1.0)


@pytest.mark.parametrize(
    ("f", "said", "instead"),
    [
        (lambda x: math.trunc(x[0]), r"math\.trunc\(\)", "np.trunc(x)"),
        (lambda x: math.floor(x[0]), r"math\.floor\(\)", "np.floor(x)"),
        (lambda x: math.ceil(x[0]), r"math\.ceil\(\)", "np.ceil(x)"),
        (lambda x: statistics.mean(list(x)), r"as_integer_ratio\(\)", "np.mean(np.stack([x, y]))"),
        (lambda x: x.view(np.int64), r"x\.view\(dtype\)", "x.astype(dtype)"),
    ],
)
def test_other_ways_to_a_bare_number_are_refused_with_what_to_write(f, said, instead):
    with pytest.raises(LostGradientError, match=f"^{said} of a traced value") as e:
        gradient(f, X)
    assert f"Write {instead}" in notes(e)


def test_a_power_with_a_modulus_is_told_to_be_one_of_integers():
    with pytest.raises(TypeError, match="takes 2 positional arguments but 3 were given") as e:
        gradient(lambda n: pow(n, 2, 5), 3)
    assert "Write x**y % m" in notes(e)


def test_nditer_is_told_how_to_go_through_the_elements():
    with pytest.raises(TypeError, match="Iterator operand") as e:
        gradient(lambda x: sum(v for v in np.nditer(x)), X)
    assert "for v in x.ravel()" in notes(e)


def test_a_tracer_has_no_method_that_an_array_does_not_have():
    of_an_array = set(dir(np.ndarray)) | set(dir(float))
    ours = {name for name in dir(Tracer) if not name.startswith("_")} - {"ct", "tape", "value"}
    assert ours <= of_an_array
