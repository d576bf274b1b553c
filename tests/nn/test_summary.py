import numpy as np
import pytest

import fluxrepl
from fluxrepl import Chain, Dense, compose, f16, gradient, layer, record, relu, sigmoid, softmax, tanh, trainables
from fluxrepl.nn.summary import bytes_text, rows, text_of
from fluxrepl.nn.text import short


@layer
class Trio:
    a: object
    b: object
    c: object


def test_a_layer_on_its_own_takes_one_line():
    assert repr(Dense(10, 5, relu)) == "Dense(10, 5, relu)  # 55 parameters"
    assert repr(Dense(5, 2)) == "Dense(5, 2)         # 12 parameters"
    assert repr(Dense(5, 2, tanh, bias=False)) == "Dense(5, 2, tanh, bias=False)  # 10 parameters"
    assert repr(Dense(1, 1, bias=False)) == "Dense(1, 1, bias=False)  # 1 parameter"
    assert repr(Dense(784, 64)) == "Dense(784, 64)      # 50_240 parameters"


def test_the_short_text_has_no_counts():
    m = Chain(Dense(10, 5, relu), Dense(5, 2), softmax)
    assert str(Dense(10, 5, relu)) == f"{Dense(10, 5, relu)}" == "Dense(10, 5, relu)"
    assert str(m) == "Chain(Dense(10, 5, relu), Dense(5, 2), softmax)"
    assert str(Chain(a=m[0], b=relu)) == "Chain(a=Dense(10, 5, relu), b=relu)"
    assert str(Chain([m[1], m[2]])) == "Chain([Dense(5, 2), softmax])"


def test_a_chain_takes_a_line_a_layer_and_a_total():
    assert repr(Chain(Dense(1, 20, sigmoid), Dense(20, 1), np.squeeze)) == (
        "Chain(\n"
        "  Dense(1, 20, sigmoid),                # 40 parameters\n"
        "  Dense(20, 1),                         # 21 parameters\n"
        "  np.squeeze,\n"
        ")                   # Total: 4 arrays, 61 parameters, 244 bytes."
    )


def test_the_total_is_there_for_two_arrays_too():
    assert repr(Chain(Dense(4, 3), softmax)) == (
        "Chain(\n"
        "  Dense(4, 3),                          # 15 parameters\n"
        "  softmax,\n"
        ")                   # Total: 2 arrays, 15 parameters, 60 bytes."
    )


def test_a_chain_of_functions_takes_one_line():
    assert repr(Chain(relu, softmax)) == "Chain(relu, softmax)"
    assert repr(Chain(lambda x: x)) == "Chain(<lambda>)"


def test_names_nest():
    m = Chain(enc=Chain(Dense(2, 3), relu), dec=Chain([Dense(3, 1, tanh)]))
    assert repr(m) == (
        "Chain(\n"
        "  enc=Chain(\n"
        "    Dense(2, 3),                        # 9 parameters\n"
        "    relu,\n"
        "  ),\n"
        "  dec=Chain([\n"
        "    Dense(3, 1, tanh),                  # 4 parameters\n"
        "  ]),\n"
        ")                   # Total: 4 arrays, 13 parameters, 52 bytes."
    )


def test_a_composition_is_written_as_a_call():
    assert repr(Dense(5, 2) @ Dense(10, 5, sigmoid)) == (
        "compose(\n"
        "  Dense(5, 2),                          # 12 parameters\n"
        "  Dense(10, 5, sigmoid),                # 55 parameters\n"
        ")                   # Total: 4 arrays, 67 parameters, 268 bytes."
    )


def test_fields_of_a_layer_of_ones_own_have_names():
    assert repr(Trio(Dense(2, 1, tanh), Dense(1, 1, bias=False), 0.4)) == (
        "Trio(\n"
        "  a=Dense(2, 1, tanh),                  # 3 parameters\n"
        "  b=Dense(1, 1, bias=False),            # 1 parameter\n"
        "  c=0.4,\n"
        ")                   # Total: 3 arrays, 4 parameters, 16 bytes."
    )


def test_lists_and_dicts_of_layers_are_written_on_several_lines():
    assert repr(Trio([Dense(2, 1)], {"x": Dense(1, 1)}, (1, 2))) == (
        "Trio(\n"
        "  a=[\n"
        "    Dense(2, 1),                        # 3 parameters\n"
        "  ],\n"
        "  b={\n"
        "    'x': Dense(1, 1),                   # 2 parameters\n"
        "  },\n"
        "  c=(1, 2),\n"
        ")                   # Total: 4 arrays, 5 parameters, 20 bytes."
    )


def test_expand_false_keeps_one_line():
    @layer(trainable=("a", "b"), expand=False)
    class Flat(Trio):
        pass

    assert repr(Flat(Dense(2, 1, tanh), Dense(1, 1, bias=False), 0.4)) == (
        "Flat(a=Dense(2, 1, tanh), b=Dense(1, 1, bias=False), c=0.4)  # 4 parameters"
    )


def test_numbers_that_are_not_trained_are_counted_apart():
    @layer(trainable=("scale",))
    class Norm:
        scale: object
        mean: object

        def __call__(self, x):
            return x * self.scale

    n = Norm(np.ones(64, np.float32), np.zeros(64, np.float32))
    assert repr(n) == "Norm(scale=float32[64], mean=float32[64])  # 64 parameters, plus 64 non-trainable"
    assert repr(Chain(Chain(Dense(784, 64), n), Dense(64, 10))) == (
        "Chain(\n"
        "  Chain(\n"
        "    Dense(784, 64),                     # 50_240 parameters\n"
        "    Norm(scale=float32[64], mean=float32[64]),  # 64 parameters, plus 64\n"
        "  ),\n"
        "  Dense(64, 10),                        # 650 parameters\n"
        ")         # Total: 5 trainable arrays, 50_954 parameters,\n"
        "          # plus 1 non-trainable, 64 parameters, 199.289 KiB."
    )


def test_integers_are_not_parameters():
    assert repr(Dense(np.array([[1, 2], [3, 4]]))) == "Dense(2, 2)"


def test_a_shared_layer_is_counted_once_and_said_to_be_shared():
    d = Dense(2, 2)
    assert repr(Chain(d, relu, d)) == (
        "Chain(\n"
        "  Dense(2, 2),                          # 6 parameters\n"
        "  relu,\n"
        "  Dense(2, 2),                          # 6 parameters  (shared)\n"
        ")                   # Total: 2 arrays, 6 parameters, 24 bytes; shared arrays count once."
    )
    assert "# 6 parameters  (partly shared)" in repr(Chain(d, Dense(d.weight, True)))
    assert len(trainables(Chain(d, d))) == 2


@pytest.mark.parametrize(("value", "flag"), [(0, "all zero"), (np.nan, "some NaN"), (np.inf, "some Inf")])
def test_what_is_odd_about_the_numbers_is_said(value, flag):
    d = Dense(2, 1, tanh)
    d.weight[:] = value
    assert repr(d) == f"Dense(2, 1, tanh)   # 3 parameters  ({flag})"
    assert f"  Dense(2, 1, tanh),                    # 3 parameters  ({flag})\n" in repr(Chain(d, relu))


def test_sizes_in_bytes():
    assert bytes_text(1) == "1 byte"
    assert bytes_text(1023) == "1_023 bytes"
    assert bytes_text(1024) == "1.000 KiB"
    assert bytes_text(6_512_680) == "6.211 MiB"
    assert bytes_text(5 * 1024**3) == "5.000 GiB"
    m = Chain(Dense(784, 2048, relu), Dense(2048, 10))
    assert repr(m).endswith("# Total: 4 arrays, 1_628_170 parameters, 6.211 MiB.")
    assert repr(f16(m)).endswith("3.105 MiB.")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Dense(2, 3, relu),
        lambda: Dense(2, 3, bias=False),
        lambda: Chain(Dense(2, 3, relu), Dense(3, 1)),
        lambda: Chain(a=Dense(2, 3, tanh), b=Chain([Dense(3, 1), softmax])),
        lambda: compose(Dense(3, 1), Dense(2, 3), np.exp),
        lambda: Dense(3, 1) @ (Dense(3, 3, sigmoid) @ Dense(2, 3)),
        Chain,
    ],
)
def test_the_text_is_python_that_builds_the_like(make):
    names = {name: getattr(fluxrepl, name) for name in fluxrepl.__all__}
    model = make()
    for text in (repr(model), str(model)):
        again = eval(text, names)
        assert repr(again) == repr(model)
        assert [x.shape for x in trainables(again)] == [x.shape for x in trainables(model)]


def test_functions_show_the_name_that_one_writes():
    from functools import partial

    assert [short(f) for f in (relu, sigmoid, tanh, np.tanh, np.exp, np.linalg.norm, abs)] == [
        "relu", "sigmoid", "tanh", "tanh", "np.exp", "np.linalg.norm", "abs",
    ]  # fmt: skip
    assert short(partial(softmax, axis=0)) == "partial(softmax, axis=0)"
    assert short(Dense) == "Dense"


def test_closures_show_their_parameters():
    def linear(n_in, n_out):
        W, b = np.ones((n_out, n_in)), np.zeros(n_out)

        def affine(x):
            return W @ x + b

        return affine

    assert repr(Chain(linear(5, 3), sigmoid)) == (
        "Chain(\n"
        "  affine,                               # 18 parameters\n"
        "  sigmoid,\n"
        ")                   # Total: 2 arrays, 18 parameters, 144 bytes."
    )


def test_plain_classes_and_dataclasses_show_their_fields():
    class Affine:
        def __init__(self):
            self.W = np.ones((3, 4), np.float32)

        def __call__(self, x):
            return x

    assert "  Affine(W=float32[3, 4]),              # 12 parameters\n" in repr(Chain(Affine(), relu))


def test_a_layer_prints_inside_a_gradient():
    seen = []

    def loss(m):
        seen.append(repr(m))
        return np.sum(m(np.ones(2, np.float32)))

    m = Chain(Dense(2, 1), relu)
    gradient(loss, m)
    assert seen == [repr(m)]


def test_a_broken_text_spoils_only_its_own_line():
    class Broken:
        def __repr__(self):
            raise ValueError

        def __call__(self, x):
            return x

    assert "  <Broken: its text raised ValueError>,\n" in repr(Chain(Broken(), Dense(1, 1)))


def test_a_model_that_contains_itself_ends():
    t = Trio(Dense(1, 1), None, None)
    t.c = t
    assert "..." in repr(t)
    assert "..." in str(t)


def test_arrays_are_short():
    assert short(np.arange(4).reshape(2, 2)) == "array([[0, 1], [2, 3]])"
    assert short(np.zeros((5, 10), np.float32)) == "float32[5, 10]"
    assert short(record(W=np.zeros(20))) == "record(W=float64[20])"
    assert short((1,)) == "(1,)"
    assert len(short("x" * 500)) < 60


def test_rows_are_the_lines_of_the_text():
    m = Chain(Dense(2, 3), relu)
    assert [row.line() for row in rows(m)] == repr(m).split("\n")
    assert [row.kind for row in rows(m)] == ["opening", "part", "part", "closing"]


def test_layers_inside_others_show_their_arrays_by_shape_however_small():
    @layer
    class Affine:
        W: np.ndarray
        b: np.ndarray

        def __call__(self, x):
            return x @ self.W.T + self.b

    class Plain:
        def __init__(self):
            self.s = np.ones(2)

        def __call__(self, x):
            return x

    one = Affine(np.ones((1, 2)), np.zeros(1))
    assert repr(one) == "Affine(W=array([[1., 1.]]), b=array([0.]))  # 3 parameters"
    assert str(one) == "Affine(W=array([[1., 1.]]), b=array([0.]))"
    both = Chain(one, Plain())
    assert repr(both).split("\n")[1:3] == [
        "  Affine(W=float64[1, 2], b=float64[1]),  # 3 parameters",
        "  Plain(s=float64[2]),                  # 2 parameters",
    ]
    assert str(both) == "Chain(Affine(W=float64[1, 2], b=float64[1]), Plain(s=float64[2]))"
    assert str(one).startswith("Affine(W=array(")


def test_a_collection_of_layers_is_displayed_a_part_a_line():
    assert text_of([Dense(10, 5, relu), Dense(5, 2), softmax]).split("\n") == [
        "[",
        "  Dense(10, 5, relu),                   # 55 parameters",
        "  Dense(5, 2),                          # 12 parameters",
        "  softmax,",
        "]",
    ]
    assert text_of({"a": (Dense(2, 3),), 1: None}).split("\n") == [
        "{",
        "  'a': (",
        "    Dense(2, 3),                        # 9 parameters",
        "  ),",
        "  1: None,",
        "}",
    ]


class Odd(list):
    pass


@pytest.mark.parametrize(
    "value", [[1, 2.0], [], (np.ones(2),), {"a": [relu]}, [Dense], Odd([Dense(2, 2)]), Dense(2, 2), record(a=1), "text"]
)
def test_everything_else_is_displayed_as_its_repr(value):
    assert text_of(value) == repr(value)


def test_layers_with_a_repr_of_their_own_are_left_alone():
    @layer
    class Own:
        def __repr__(self):
            return "own"

    assert text_of([Own()]) == "[own]"


def test_a_list_of_layers_that_holds_itself_has_a_text():
    circle = [Dense(2, 2)]
    circle.append(circle)
    assert "..." in text_of(circle)
