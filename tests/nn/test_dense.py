import numpy as np
import pytest

from fluxrepl import (
    Dense,
    FluxWarning,
    ShapeError,
    check_gradient,
    create_bias,
    glorot_uniform,
    gradient,
    hessian,
    identity,
    mse,
    relu,
    sigmoid,
    softmax,
    tanh,
)

RNG = np.random.default_rng(1)


def precise(n_in, n_out, activation=identity, **options):
    """A layer in float64, with a bias that is not zero."""
    return Dense(RNG.normal(size=(n_out, n_in)), options.get("bias", RNG.normal(size=n_out)), activation)


# ---- what it computes


def test_a_vector_is_multiplied_and_shifted():
    d = Dense(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([10.0, 20.0, 30.0]))
    assert d(np.array([1.0, -1.0])).tolist() == [9.0, 19.0, 29.0]


def test_a_batch_is_a_vector_in_each_row():
    d = precise(4, 3, tanh)
    x = RNG.normal(size=(2, 5, 4))
    assert d(x).shape == (2, 5, 3)
    assert np.allclose(d(x)[1, 2], d(x[1, 2]))
    assert np.allclose(d(x[0]), np.tanh(x[0] @ d.weight.T + d.bias))


@pytest.mark.parametrize("shape", [(0, 4), (2, 0, 4), (0, 3, 4)])
def test_an_empty_batch_gives_an_empty_batch(shape):
    d = Dense(4, 3, relu)
    assert d(np.zeros(shape, np.float32)).shape == (*shape[:-1], 3)
    g = gradient(lambda d: np.sum(d(np.zeros(shape, np.float32))), d)[0]
    assert g.weight.shape == (3, 4)
    assert not g.weight.any()


def test_a_layer_without_inputs_or_outputs_is_right_too():
    assert Dense(0, 3)(np.zeros((2, 0), np.float32)).tolist() == [[0, 0, 0]] * 2
    assert Dense(3, 0)(np.zeros((2, 3), np.float32)).shape == (2, 0)


def test_softmax_as_activation_works_along_the_last_axis():
    d = precise(4, 3, softmax)
    assert np.allclose(d(RNG.normal(size=(5, 4))).sum(axis=-1), 1)


def test_fields_and_sizes():
    d = Dense(10, 5, relu)
    assert (d.weight.shape, d.bias.shape, d.activation) == ((5, 10), (5,), relu)
    assert d.weight.dtype == d.bias.dtype == np.float32
    assert not d.bias.any()
    assert Dense(10, 5, bias=False).bias is False
    assert Dense(np.int64(3), np.int32(2)).weight.shape == (2, 3)


def test_init_and_rng_are_used():
    assert Dense(2, 3, init=lambda *s: np.ones(s)).weight.sum() == 6
    assert Dense(2, 3, init=lambda *s: np.ones(s)).bias.dtype == np.float64
    assert np.array_equal(Dense(4, 3, rng=np.random.default_rng(7)).weight, Dense(4, 3, rng=7).weight)


def test_from_arrays():
    W = np.ones((2, 3))
    assert Dense(W).bias.tolist() == [0, 0]
    assert Dense(W, False, relu).bias is False
    assert Dense(W, bias=False).bias is False
    assert Dense(W, b=[3, 4]).bias.tolist() == [3.0, 4.0]
    assert Dense(W=W, b=[3, 4]).bias.tolist() == [3.0, 4.0]
    assert Dense(W, [1, 2]).bias.tolist() == [1.0, 2.0]
    assert Dense(W, np.array([1, 2])).bias.dtype == np.float64
    assert Dense(W).weight is W
    assert Dense([[1.0, 2.0]]).weight.shape == (1, 2)


# ---- gradients


@pytest.mark.parametrize("activation", [identity, relu, sigmoid, tanh, softmax])
@pytest.mark.parametrize("shape", [(4,), (5, 4), (2, 3, 4)])
@pytest.mark.parametrize("bias", [True, False])
def test_the_gradient_agrees_with_finite_differences(activation, shape, bias):
    d = precise(4, 3, activation, **({} if bias else {"bias": False}))
    x, c = RNG.normal(size=shape), RNG.normal(size=(*shape[:-1], 3))
    assert check_gradient(lambda d, x: np.sum(c * d(x) ** 2), d, x)


@pytest.mark.parametrize("shape", [(4,), (5, 4), (2, 3, 4)])
def test_the_second_derivative_agrees_with_finite_differences(shape):
    d, x = precise(4, 3, tanh), RNG.normal(size=shape)

    def penalty(W, b, x):
        gW, gb, gx = gradient(lambda W, b, x: np.sum(Dense(W, b, tanh)(x) ** 2), W, b, x)
        return np.sum(gW**2) + np.sum(gb**2) + np.sum(gx**3)

    assert check_gradient(penalty, d.weight, d.bias, x)


def test_a_hessian_of_a_layer_is_symmetric():
    d = precise(3, 2, sigmoid)
    h = hessian(lambda x: np.sum(d(x)), np.array([0.1, -0.2, 0.3]))
    assert h.shape == (3, 3)
    assert np.allclose(h, h.T)


def test_the_gradient_has_the_fields_of_the_layer():
    g = gradient(lambda d: np.sum(d(np.ones(2, np.float32))), Dense(np.ones((1, 2), np.float32), activation=relu))[0]
    assert list(g) == ["weight", "bias", "activation"]
    assert repr(gradient(lambda d: np.sum(d(np.ones(2))), Dense(np.ones((1, 2))))[0]) == (
        "(weight=array([[1., 1.]]), bias=array([1.]), activation=None)"
    )
    assert gradient(lambda d: np.sum(d(np.ones(2, np.float32))), Dense(2, 1, bias=False))[0].bias is None


def test_float32_stays_float32():
    d, x = Dense(4, 3, sigmoid), np.ones((5, 4), np.float32)
    assert d(x).dtype == np.float32
    gd, gx = gradient(lambda d, x: mse(d(x), np.zeros((5, 3), np.float32)), d, x)
    assert {gd.weight.dtype, gd.bias.dtype, gx.dtype} == {np.dtype(np.float32)}


def test_a_weight_gradient_is_laid_out_like_the_weight():
    d = Dense(4, 3)
    g = gradient(lambda d: np.sum(d(np.ones((5, 4), np.float32))), d)[0]
    assert g.weight.flags.c_contiguous


def test_the_layer_is_as_it_was_after_an_error_in_a_gradient():
    d = Dense(2, 2)
    W = d.weight
    with pytest.raises(ShapeError):
        gradient(lambda d: np.sum(d(np.ones(3, np.float32))), d)
    assert d.weight is W


# ---- what goes in


def test_another_size_is_explained():
    with pytest.raises(ShapeError) as e:
        Dense(10, 5)(np.ones(4, np.float32))
    assert str(e.value) == "Dense(10, 5) takes 10 numbers on the last axis, and got 4: the input's shape is (4,)"
    assert e.value.__notes__ == [
        "Its weight has the shape (5, 10): a row for each output, a column for each number of the input.",
        "Give it inputs of shape (..., 10), or make the layer for these: Dense(4, 5).",
    ]


def test_a_batch_that_lies_on_its_side_is_explained():
    with pytest.raises(ShapeError) as e:
        Dense(10, 5, relu)(np.ones((10, 3), np.float32))
    assert "x.T has the shape (3, 10)" in e.value.__notes__[1]


@pytest.mark.parametrize("x", [3.0, 2, np.float32(1), np.array(1.0)])
def test_a_single_number_is_explained(x):
    with pytest.raises(ShapeError, match=r"takes arrays with 1 number on the last axis, and got a single number"):
        Dense(1, 5)(x)


def test_a_traced_number_is_explained():
    with pytest.raises(ShapeError, match=r"got a single number: 3\.0"):
        gradient(lambda x: np.sum(Dense(1, 5)(x)), 3.0)


def test_what_is_no_array_of_numbers_is_explained():
    with pytest.raises(TypeError, match="takes an array, and got a NoneType"):
        Dense(2, 1)(None)
    with pytest.raises(TypeError, match="takes an array of numbers, and got the list"):
        Dense(2, 1)([[1, 2], [3]])
    with pytest.raises(TypeError, match="got an array of <U1"):
        Dense(2, 1)(np.array(["a", "b"]))
    with pytest.raises(TypeError, match="got an array of object"):
        Dense(2, 1)(np.array([1, None]))


class Elsewhere:
    """An array as CuPy's are, for a layer that only looks at it."""

    __array_ufunc__ = __array_function__ = __array__ = None
    shape, ndim, dtype = (2,), 1, np.dtype(np.float32)


def test_an_input_in_another_memory_is_explained():
    d = Dense(2, 1)
    with pytest.raises(TypeError, match=r"Dense\(2, 1\) is not on the GPU, and its input is") as e:
        d(Elsewhere())
    assert "layer(cpu(x))" in e.value.__notes__[1]


def test_lists_are_taken():
    d = Dense(np.array([[1.0, 2.0]], np.float32))
    assert d([3, 4]).tolist() == [11.0]
    assert d([3.0, 4.0]).dtype == np.float32
    assert d([[1, 1], [2, 2]]).tolist() == [[3.0], [6.0]]
    assert gradient(lambda a, b: d([a, b])[0], 3.0, 4.0) == (1.0, 2.0)


def test_float64_is_converted_with_one_warning_a_session():
    d = Dense(2, 1)
    with pytest.warns(FluxWarning) as caught:
        y = d(np.ones(2))
    assert len(caught) == 1
    text = str(caught[0].message)
    assert text.startswith("Dense(2, 1) has float32 weights, and got float64 numbers: they are converted\n")
    assert "x.astype(np.float32)" in text
    assert caught[0].filename == __file__
    assert y.dtype == np.float32
    assert Dense(2, 1)(np.ones(2)).dtype == np.float32  # no second warning: it would be an error here


def test_float32_into_float16_warns_too():
    with pytest.warns(FluxWarning, match="has float16 weights, and got float32"):
        assert Dense(np.ones((1, 2), np.float16))(np.ones(2, np.float32)).dtype == np.float16


def test_a_converted_input_keeps_its_gradient():
    with pytest.warns(FluxWarning):
        g = gradient(lambda x: np.sum(Dense(np.ones((1, 2), np.float32))(x)), np.ones(2))[0]
    assert (g.tolist(), g.dtype) == ([1.0, 1.0], np.float64)


def test_integers_bools_and_narrower_floats_convert_silently():
    d = Dense(2, 1)
    assert d(np.array([1, 2])).dtype == np.float32
    assert d(np.array([True, False])).dtype == np.float32
    assert d(np.ones(2, np.float16)).dtype == np.float32
    assert precise(2, 1)(np.ones(2, np.float32)).dtype == np.float64
    assert d(np.array([1j, 2])).dtype.kind == "c"


def test_what_becomes_an_array_is_taken():
    class Column:
        def __array__(self, dtype=None, copy=None):
            return np.array([3.0, 4.0], np.float32)

    assert Dense(np.array([[1.0, 2.0]], np.float32))(Column()).tolist() == [11.0]


def test_an_input_is_never_changed():
    x = np.ones((3, 2), np.float32)
    Dense(2, 2, relu)(x)
    assert x.tolist() == np.ones((3, 2)).tolist()


# ---- how it is made


@pytest.mark.parametrize(
    ("make", "error", "what", "hint"),
    [
        (lambda: Dense((10, 5)), TypeError, "takes its sizes one by one, and got a tuple", "Write Dense(10, 5)."),
        (lambda: Dense([10, 5]), TypeError, "takes its sizes one by one, and got a list", "Write Dense(10, 5)."),
        (lambda: Dense(10), TypeError, "needs two sizes, and n_out is missing", "Dense(10, 5)"),
        (lambda: Dense(10, False), TypeError, "n_out is False", "bias=False goes in by name"),
        (lambda: Dense(10.0, 5), TypeError, "needs whole numbers as sizes, and n_in is 10.0", "10"),
        (lambda: Dense("10", 5), TypeError, "n_in is '10'", "Write Dense(10, 5)."),
        (lambda: Dense(-1, 5), ShapeError, "cannot be negative, and n_in is -1", "Dense(10, 5)"),
        (lambda: Dense(relu, 10, 5), TypeError, "takes the sizes first", "Dense(n_in, n_out, relu)"),
        (lambda: Dense(10, relu), TypeError, "takes the sizes first", "Dense(n_in, n_out, relu)"),
        (lambda: Dense(10, 5, "relu"), TypeError, "is a function, and got 'relu'", "without quotes"),
        (lambda: Dense(10, 5, False), TypeError, "is a function, and got False", "Dense(10, 5, bias=False)"),
        (lambda: Dense(10, 5, bias=np.ones(4)), ShapeError, r"shape \(5,\) is needed here", "makes 5"),
        (lambda: Dense(10, 5, bias=1), TypeError, r"True, False or an array of shape \(5,\), and got 1", "zeros"),
        (lambda: Dense(10, 5, bias="no"), TypeError, "got 'no'", "leaves it out"),
        (lambda: Dense(np.ones(3)), ShapeError, r"two axes, \(out, in\), and got one of shape \(3,\)", "W[None, :]"),
        (lambda: Dense(np.array(3.0), 5), TypeError, "whole numbers", "Dense(10, 5)"),
        (lambda: Dense(2, 3, init=lambda *s: np.ones(s[::-1])), ShapeError, "init must give", "outputs first"),
        (lambda: Dense(2, 3, init=lambda *s: None), ShapeError, "gave a NoneType", "init=glorot_uniform"),
        (Dense, TypeError, "needs two sizes, and n_in is missing", "Dense(10, 5)"),
        (lambda: Dense(True, 5), TypeError, "needs two sizes, and n_in is True", "Dense(10, 5)"),
        (lambda: Dense(10, True), TypeError, "needs two sizes, and n_out is True", "Dense(10, 5)"),
        (lambda: Dense(2, 3, init=3), TypeError, "init is a function that .*, and got 3", "outputs first: init(3, 2)."),
        (lambda: Dense(2, 3, init="zeros"), TypeError, "and got 'zeros'", "init=glorot_uniform"),
        (lambda: Dense(2, 3, init=np.ones((3, 2))), TypeError, r"got an array of shape \(3, 2\)", "write Dense(W, b)"),
        (
            lambda: Dense(2, 3, init=lambda s: np.ones((s, s))),
            TypeError,
            r"called as init\(3, 2\), and .* cannot be: too many",
            "An init",
        ),
        (
            lambda: Dense(2, 3, init=lambda *s: np.ones(s), rng=1),
            TypeError,
            r"init\(3, 2, rng=1\), and",
            "It gets rng=",
        ),
        (lambda: Dense(2, 3, init=np.ones), TypeError, "Cannot interpret '2' as a data type", "sizes one by one"),
        (lambda: Dense(2, 3, init=np.random.randn, rng=1), TypeError, "rng", "It gets rng="),
        (lambda: Dense(2, 3, init=lambda *s: np.ones(s, int)), TypeError, "must give floats", ".astype(np.float32)"),
        (lambda: Dense(2, 3, init=lambda *s: [[1.0] * 2] * 3), ShapeError, "gave a list", "lambda *dims"),
        (lambda: Dense(np.ones((2, 3)), relu), TypeError, "got the function relu", "activation="),
        (lambda: Dense([[1, 2], [3]]), TypeError, r"numbers, and got \[\[1, 2\], \[3\]\]", "two outputs of two inputs"),
        (lambda: Dense([["a"]]), TypeError, "numbers, and got an array of <U1", "multiplied"),
        (lambda: Dense(np.array([[True]])), TypeError, "numbers, and got an array of bool", "W.astype(float)"),
        (lambda: Dense(np.array([[None]])), TypeError, "numbers, and got an array of object", "W.astype(float)"),
        (lambda: Dense(W="no"), TypeError, "an array of numbers, and got a str", "Dense(10, 5)"),
        (lambda: Dense(np.ma.array([[1.0]])), TypeError, "and got a MaskedArray", "W.filled(0)"),
        (lambda: Dense(np.ones((1, 2, 3))), ShapeError, r"two axes, \(out, in\), and got one of shape", "A row"),
        (lambda: Dense(np.ones((2, 3)), init=glorot_uniform), TypeError, "got W and init", "would be ignored"),
        (lambda: Dense(np.ones((2, 3)), rng=3), TypeError, "got W and rng", "rng=3 would be ignored"),
        (lambda: Dense(3, W=np.ones((2, 3))), TypeError, "got W and n_in", "Dense(n_in, n_out, activation)"),
        (lambda: Dense(n_out=3, W=np.ones((2, 3))), TypeError, "got W and n_out", "Dense(W, b, activation)"),
    ],
)
def test_mistakes_in_making_one_are_explained(make, error, what, hint):
    with pytest.raises(error, match=what) as caught:
        make()
    assert any(hint in note for note in caught.value.__notes__)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Dense(np.ones((2, 3)), np.ones(2), bias=np.zeros(2)),
        lambda: Dense(np.ones((2, 3)), np.ones(2), bias=True),
        lambda: Dense(np.ones((2, 3)), False, b=np.ones(2)),
        lambda: Dense(np.ones((2, 3)), b=np.ones(2), bias=False),
        lambda: Dense(W=np.ones((2, 3)), b=np.ones(2), bias=False),
        lambda: Dense(2, 3, b=np.ones(3), bias=False),
    ],
)
def test_two_biases_are_refused(make):
    with pytest.raises(TypeError, match="Dense takes one bias, and got 2: by ") as e:
        make()
    assert e.value.__notes__[1] == "Write Dense(W, b), or Dense(n_in, n_out, bias=b)."


def test_both_spellings_are_served():
    W, b = np.ones((2, 3)), np.arange(2.0)
    for d in (Dense(W, b, relu), Dense(W, b=b, activation=relu), Dense(W=W, b=b, activation=relu)):
        assert (d.weight is W, d.bias is b, d.activation) == (True, True, relu)
    assert Dense(n_in=3, n_out=2, activation=relu, bias=False).weight.shape == (2, 3)
    assert Dense(3, 2, b=b).bias.tolist() == [0.0, 1.0]


def test_the_signature_is_the_usual_spelling():
    import inspect

    assert list(inspect.signature(Dense).parameters) == ["n_in", "n_out", "activation", "bias", "init", "rng"]

    class Square(Dense):
        def __init__(self, n):
            super().__init__(n, n)

    assert list(inspect.signature(Square).parameters) == ["n"]
    assert Square(3).weight.shape == (3, 3)


def test_a_list_of_whole_numbers_makes_floats():
    assert Dense([[1, 2], [3, 4]]).weight.dtype == np.float64


def test_a_matrix_becomes_an_array_of_the_same_memory():
    with pytest.warns(PendingDeprecationWarning):
        W = np.matrix([[1.0, 2.0]])
    d = Dense(W)
    assert type(d.weight) is np.ndarray
    assert np.shares_memory(d.weight, W)


def test_a_bias_that_would_lose_more_than_digits_is_refused():
    W = np.array([[1, 2]])
    with pytest.raises(TypeError, match="a bias of float64 does not fit beside weights of int64") as e:
        Dense(W, np.array([0.5]))
    assert e.value.__notes__[1] == "Convert the weights: W.astype(np.float64)."
    assert Dense(W, np.array([2.0])).bias.tolist() == [2]
    with pytest.raises(TypeError, match="a bias of complex128 does not fit beside weights of float64"):
        Dense(np.ones((1, 2)), np.array([1j]))
    assert Dense(np.ones((1, 2)), np.array([1 + 0j])).bias.tolist() == [1.0]
    with pytest.raises(TypeError, match="got one of <U1"):
        Dense(np.ones((1, 2)), np.array(["a"]))


def test_create_bias():
    W = glorot_uniform(2, 3)
    assert create_bias(W, True, 2).dtype == np.float32
    assert create_bias(W, np.bool_(False), 2) is False
    given = np.ones(2, np.float32)
    assert create_bias(W, given, 2) is given
    assert create_bias(W, np.ones(2), 2).dtype == np.float32
    assert create_bias(W, True, 2, 3).shape == (2, 3)
    with pytest.raises(ShapeError, match=r"a bias of shape \(4,\) is needed here, and got one of shape \(5,\)"):
        create_bias(np.ones((4, 2)), np.ones(5), 4)
    with pytest.raises(TypeError, match="got None"):
        create_bias(W, None, 2)
    with pytest.raises(TypeError, match="got 3"):
        create_bias(W, 3, 2)
