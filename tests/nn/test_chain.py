import copy
import pickle

import numpy as np
import pytest

from fluxrepl import Chain, Dense, ShapeError, activations, check_gradient, gradient, logitcrossentropy, relu, softmax
from fluxrepl.ad.record import Record

RNG = np.random.default_rng(2)


def test_any_function_is_a_layer():
    m = Chain(lambda x: x**2, lambda x: x + 1)
    assert m(5) == 26
    assert gradient(m, 3.0) == (6.0,)


def test_an_empty_chain_gives_its_input():
    assert Chain()(3) == 3
    assert len(Chain()) == 0
    assert repr(Chain()) == "Chain()"


def test_layers_are_read_by_place_slice_and_name():
    a, b, c = Dense(2, 3), Dense(3, 2), softmax
    m = Chain(a, b, c)
    assert (m[0], m[-1], m[1]) == (a, c, b)
    assert list(m[1:3]) == [b, c]
    assert type(m[1:]) is Chain
    assert list(m[[0, 2]]) == [a, c]
    assert (len(m), list(m)) == (3, [a, b, c])
    named = Chain(first=a, second=b)
    assert (named["second"], named[0], named[-1]) == (b, a, b)
    assert list(named[1:].layers) == ["second"]
    assert named.layers.first is a


def test_slices_and_lists_pick_as_in_a_list():
    fs = [lambda x: x + 1, lambda x: x * 2, lambda x: x - 3]
    for m in (Chain(*fs), Chain(list(fs)), Chain(a=fs[0], b=fs[1], c=fs[2])):
        assert list(m[::-1]) == fs[::-1]
        assert list(m[::2]) == fs[::2]
        assert list(m[-2:]) == fs[-2:]
        assert list(m[5:]) == list(m[[]]) == []
        assert list(m[[-1, 0]]) == list(m[np.array([2, 0])]) == [fs[2], fs[0]]
        assert m[np.int64(1)] is fs[1]
        assert type(m[:1].layers) is type(m.layers)
    assert list(Chain(a=fs[0], b=fs[1])[["b", 0]].layers) == ["b", "a"]
    assert list(Chain(a=fs[0], b=fs[1])[::-1].layers) == ["b", "a"]


def test_a_chain_of_one_and_of_none():
    d = Dense(2, 2)
    assert Chain(d)[0] is d
    assert Chain([]).layers == []
    assert gradient(lambda c, x: c(x), Chain(), 3.0) == (None, 1.0)
    assert activations(Chain(), 3) == ()


def test_any_name_but_layers_will_do():
    m = Chain(self=np.sin, items=np.cos, keys=np.exp, values=np.tanh)
    assert m(0.5) == np.tanh(np.exp(np.cos(np.sin(0.5))))
    assert m["items"] is np.cos
    assert len(m[1:]) == 3


def test_several_inputs_go_in_as_one_tuple():
    assert Chain(lambda pair: pair[0] + pair[1], lambda x: 2 * x)(1, 2) == 6
    with pytest.raises(TypeError) as e:
        Chain(lambda x, y: x + y)(1, 2)
    assert e.value.__notes__ == [
        "In layer 0 of the Chain, <lambda>; shapes on the way there: a tuple of 2",
        "A layer of a Chain gets one value, here a tuple: write lambda pair: pair[0] + pair[1], say.",
    ]


def test_the_same_layer_twice_gets_the_gradient_of_each_place():
    d = Dense(np.array([[2.0]]), False)
    m = Chain(d, np.tanh, d)
    g = gradient(lambda m: m(np.array([0.25]))[0], m)[0]
    y = np.tanh(0.5)
    assert np.allclose(g.layers[2].weight, y)
    assert np.allclose(g.layers[0].weight, 2 * (1 - y**2) * 0.25)
    twin = copy.deepcopy(m)
    assert twin[0] is twin[2]
    again = pickle.loads(pickle.dumps(m))
    assert again[0].weight is again[2].weight


def test_a_gradient_penalty_agrees_with_finite_differences():
    m = Chain(Dense(RNG.normal(size=(4, 3)), RNG.normal(size=4), np.tanh), Dense(RNG.normal(size=(1, 4))))
    x = RNG.normal(size=(5, 3))
    assert check_gradient(lambda m: np.sum(gradient(lambda x: np.sum(m(x)), x)[0] ** 2), m)


def test_the_slope_of_the_size_of_a_gradient_agrees_with_finite_differences():
    m = Chain(Dense(RNG.normal(size=(4, 3)), RNG.normal(size=4), softmax), Dense(RNG.normal(size=(2, 4))))
    x, y = RNG.normal(size=(5, 3)), np.eye(2)[[0, 1, 1, 0, 0]]

    def size(m):
        g = gradient(lambda m: logitcrossentropy(m(x), y), m)[0]
        return sum(np.sum(part**2) for layer in g.layers for part in (layer.weight, layer.bias))

    assert check_gradient(size, m)


def test_the_field_layers_has_the_kind_that_was_given():
    f, g = np.exp, np.sin
    assert Chain(f, g).layers == (f, g)
    assert Chain([f, g]).layers == [f, g]
    assert Chain((f, g)).layers == (f, g)
    assert type(Chain([f, g])[:1].layers) is list
    assert type(Chain(a=f).layers) is Record


def test_the_list_of_a_chain_is_its_own():
    fs = [np.exp]
    m = Chain(fs)
    fs.append(np.sin)
    assert len(m) == 1


def test_activations_are_what_every_layer_gives():
    m = Chain(lambda x: x**2, lambda x: x + 1)
    assert activations(m, 5) == (25, 26)
    with pytest.raises(TypeError, match="takes a Chain and its input, and got a function first"):
        activations(lambda x: x, 5)


@pytest.mark.parametrize("make", [Chain, lambda *f: Chain(list(f)), lambda a, b, c: Chain(a=a, b=b, c=c)])
def test_the_gradient_agrees_with_finite_differences(make):
    m = make(Dense(RNG.normal(size=(3, 4)), RNG.normal(size=3), np.tanh), Dense(RNG.normal(size=(2, 3))), softmax)
    x, c = RNG.normal(size=(5, 4)), RNG.normal(size=(5, 2))
    assert check_gradient(lambda m, x: np.sum(c * m(x)), m, x)


def test_the_gradient_has_the_structure_of_the_chain():
    x = np.ones(2, np.float32)
    g = gradient(lambda m: np.sum(m(x)), Chain(Dense(2, 2), relu))[0]
    assert type(g.layers) is tuple
    assert g.layers[1] is None
    assert g.layers[0].weight.shape == (2, 2)
    assert type(gradient(lambda m: np.sum(m(x)), Chain([Dense(2, 2)]))[0].layers) is list
    assert gradient(lambda m: np.sum(m(x)), Chain(out=Dense(2, 1)))[0].layers.out.weight.shape == (1, 2)


def test_a_chain_can_be_copied_and_pickled():
    m = Chain(a=Dense(2, 3, relu), b=Dense(3, 1))
    x = np.ones(2, np.float32)
    for twin in (copy.deepcopy(m), pickle.loads(pickle.dumps(m))):
        assert np.array_equal(twin(x), m(x))
        assert twin["a"] is not m["a"]


# ---- mistakes


def test_an_error_in_a_layer_says_which_and_what_flowed():
    m = Chain(Dense(10, 5, relu), Dense(4, 2), softmax)
    with pytest.raises(ShapeError, match=r"Dense\(4, 2\) takes 4 numbers on the last axis, and got 5") as e:
        m(np.ones((3, 10), np.float32))
    assert e.value.__notes__[-1] == ("In layer 1 of the Chain, Dense(4, 2); shapes on the way there: (3, 10) → (3, 5)")


def test_a_nested_chain_says_both_places():
    m = Chain(enc=Chain(lambda x: 1 / 0), dec=relu)
    with pytest.raises(ZeroDivisionError) as e:
        m(2)
    assert e.value.__notes__ == [
        "In layer 0 of the Chain, <lambda>; shapes on the way there: no array",
        "In layer 'enc' of the Chain, Chain(<lambda>); shapes on the way there: no array",
    ]


@pytest.mark.parametrize(
    ("make", "error", "what", "hint"),
    [
        (lambda: Chain(relu, out=relu), TypeError, "by place or by name, not both", "Chain(f, g)"),
        (lambda: Chain(layers=relu), TypeError, "cannot be named 'layers'", "another name"),
        (lambda: Chain(relu, 3), TypeError, "layer 1 of a Chain cannot be called: 3", "__call__"),
        (lambda: Chain(a=None), TypeError, "layer 'a' of a Chain cannot be called: None", "__call__"),
        (lambda: Chain(Dense), TypeError, "layer 0 of a Chain is the class Dense", "Dense(...)"),
        (lambda: Chain(relu)[1], IndexError, r"has 1 layer, and none at \[1\]", "chain[0]"),
        (lambda: Chain(relu)[1.5], TypeError, "found by number or by name, and got 1.5", "chain[-1]"),
        (lambda: Chain(relu)[None], TypeError, "found by number or by name, and got None", "chain[0]"),
        (lambda: Chain(relu)[True], TypeError, "found by number or by name, and got True", "chain[0]"),
        (lambda: Chain(relu)[0, 0], TypeError, "by number or by name, and got .0, 0.", "chain[[0, 2]]"),
        (lambda: Chain(a=relu)[[0, 1]], IndexError, r"has 1 layer, and none at \[1\]", "chain[0]"),
        (lambda: Chain()[0], IndexError, "has 0 layers", "It is empty"),
        (lambda: Chain(a=relu)[["b"]], KeyError, "b", "Its layers are: a."),
        (lambda: Chain({"a": relu}), TypeError, "layer 0 of a Chain cannot be called", "Chain(**layers)"),
        (lambda: Chain(f for f in [relu]), TypeError, "layer 0 of a Chain cannot be called", "Chain(*layers)"),
        (lambda: Chain([relu], [relu]), TypeError, "layer 0 of a Chain cannot be called", "Chain(*layers)"),
        (lambda: Chain(relu)["a"], KeyError, "a", "have no names"),
        (lambda: Chain(a=relu)["b"], KeyError, "b", "Its layers are: a."),
    ],
)
def test_mistakes_are_explained(make, error, what, hint):
    with pytest.raises(error, match=what) as e:
        make()
    assert any(hint in note for note in e.value.__notes__)
