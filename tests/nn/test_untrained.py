import warnings
from collections import deque

import numpy as np
import pytest

from fluxrepl import (
    Adam,
    Chain,
    Dense,
    Descent,
    FluxWarning,
    gradient,
    ignore_derivatives,
    layer,
    mse,
    record,
    setup,
    train,
    update,
)


def told(model):
    """The lines of the one warning that setup gives."""
    with pytest.warns(FluxWarning) as caught:
        setup(Descent(0.1), model)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    return str(caught[0].message).split("\n")


def quiet_setup(rule, model):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FluxWarning)
        return setup(rule, model)


# ---- at setup


def test_setup_says_what_it_found_in_place_of_arrays_of_floats():
    assert told({"a": 2.0, "n": np.array([1, 2])}) == [
        "setup found nothing to train in this dict: a is the float 2.0, n is an array of int64",
        "Only arrays of floats are trained: a step changes them in place, by fractions.",
        "Write np.array([2.0]) in the place of 2.0. Write n.astype(np.float32).",
    ]


def test_setup_says_so_every_time():
    for _ in range(3):
        assert told({"a": 2.0})[0] == "setup found nothing to train in this dict: a is the float 2.0"


def test_python_shows_it_every_time_too():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(2):
            setup(Descent(), [3])
    assert len(caught) == 2


def test_many_numbers_are_cut_short():
    assert told([1.0, 2.0, 3.0, 4.0, 5.0])[0].endswith("[2] is the float 3.0, and 2 more like these")


@pytest.mark.parametrize(
    ("model", "what", "hint"),
    [
        (2.0, "in this float: the model is the float 2.0", "Write np.array([2.0])"),
        (np.float64(2.0), "in this float64: the model is the float64 2.0", "Write np.array([2.0])"),
        (np.array([1, 2]), "in this ndarray: the model is an array of int64", "Write x.astype(np.float32)"),
        (1 + 2j, "the model is the complex (1+2j)", "Write np.array([(1+2j)])"),
        (Dense(np.array([[1, 2]])), "in this Dense: weight is an array of int64", "Write weight.astype(np.float32)"),
        ({}, "nothing to train in this dict", "There is no array in it."),
        (np.tanh, "nothing to train in this ufunc", "There is no array in it."),
    ],
)
def test_setup_says_what_to_write(model, what, hint):
    lines = told(model)
    assert lines[0].find(what) > 0
    assert any(line.startswith(hint) for line in lines)


def test_an_array_of_the_class_is_explained():
    class Scale:
        w = np.ones(2)

    assert told(Scale()) == [
        "setup found nothing to train in this Scale",
        "w stands in the class Scale, and belongs to all objects of it together.",
        "Give each its own: self.w = ... in __init__, or the annotation w: np.ndarray in the class.",
    ]


def test_arrays_that_trainable_leaves_out_are_explained():
    @layer(trainable=())
    class Fixed:
        W: np.ndarray

    assert told(Fixed(np.ones(1)))[1] == "Its arrays are fields that trainable= leaves out."


@pytest.mark.parametrize(
    ("layers", "what"),
    [
        ({Dense(1, 1)}, "a set"),
        (frozenset([Dense(1, 1)]), "a frozenset"),
        (np.array([Dense(1, 1), None]), "an array of objects"),
    ],
)
def test_a_collection_that_is_not_looked_into_is_told_of(layers, what):
    model = {"W": np.ones(1), "layers": layers, "names": {"a", "b"}, "shapes": deque([1])}
    assert told(model)[0] == (f"layers is {what}, which gradients do not look into: what it holds is not trained")


# ---- at an update


def test_a_gradient_for_a_number_is_refused():
    w = {"a": 2.0}
    state = quiet_setup(Descent(0.1), w)
    with pytest.raises(TypeError, match=r"a is the float 2\.0, which training cannot change") as e:
        update(state, w, {"a": 1.0})
    assert e.value.__notes__ == [
        "A gradient came for it. A step changes arrays in place, and a Python number cannot be changed in place.",
        "Write np.array([2.0]) in the place of 2.0. Then call setup again.",
        "If it is not to be trained, write ignore_derivatives(...) where it is used.",
    ]


@pytest.mark.parametrize(
    ("model", "what"),
    [
        ({"a": np.array([1.0]), "b": 2.0}, r"b is the float 2\.0"),
        ({"a": np.array([1.0]), "b": np.array([2])}, "b is an array of int64"),
        ((np.array([1.0]), 2), r"\[1\] is the int 2"),
        (record(a=np.array([1.0]), b=np.float32(2.0)), r"b is the float32 2\.0"),
        ([np.array([1.0]), {"deep": [3.0]}], r"\[1\].deep\[0\] is the float 3\.0"),
    ],
)
def test_beside_an_array_it_is_refused_too_and_nothing_changes(model, what):
    state = setup(Descent(0.1), model)

    def total(node):
        if isinstance(node, dict | list | tuple):
            return sum(total(part) for part in (node.values() if isinstance(node, dict) else node))
        return total(list(node.values())) if hasattr(node, "keys") else np.sum(node**2)

    with pytest.raises(TypeError, match=what):
        update(state, model, gradient(total, model)[0])
    first = model["a"] if not isinstance(model, list | tuple) else model[0]
    assert first.tolist() == [1.0]


def test_whole_numbers_as_a_weight_are_refused():
    m = Chain(Dense(np.array([[1, 2]])), Dense(np.ones((1, 1))))
    x = np.ones((3, 2))
    with pytest.raises(TypeError, match=r"layers\[0\]\.weight is an array of int64") as e:
        update(setup(Adam(), m), m, gradient(lambda m: np.sum(m(x)), m)[0])
    assert "weight.astype(np.float32)" in e.value.__notes__[1]


def test_training_numbers_is_refused():
    w = {"a": 2.0}
    with pytest.raises(TypeError, match="which training cannot change"):
        train(lambda m, x: (m["a"] - x) ** 2, w, [1.0], quiet_setup(Descent(), w))


def test_a_number_without_a_gradient_is_left_in_peace():
    m = {"W": np.array([1.0]), "epsilon": 1e-3, "n": np.array([1, 2])}
    state = setup(Descent(0.5), m)
    update(state, m, gradient(lambda m: np.sum(m["W"] ** 2), m)[0])
    assert m["W"].tolist() == [0.0]
    update(state, m, gradient(lambda m: np.sum(m["W"] + ignore_derivatives(m["epsilon"])), m)[0])
    assert m["W"].tolist() == [-0.5]


# ---- what may be a setting


class Scaled:
    def __init__(self):
        self.W = np.array([1.0])
        self.factor = 2.0

    def __call__(self, x):
        return self.W * self.factor * x


def test_a_number_beside_the_arrays_of_an_object_may_be_a_setting_and_is_told_of_once():
    m = Chain(Scaled(), Scaled())
    state = setup(Descent(0.5), m)
    slope = lambda: gradient(lambda m: np.sum(m(np.array([0.25]))), m)[0]
    with pytest.warns(FluxWarning) as caught:
        update(state, m, slope())
    assert len(caught) == 1  # not again for the second layer of the kind
    assert str(caught[0].message).split("\n") == [
        "layers[0].factor is the float 2.0: it has a gradient, and training leaves it as it is",
        "Nothing is wrong if it is a setting. If it is to be trained, it must be an array of floats.",
        "Write np.array([2.0]) in the place of 2.0.",
    ]
    update(state, m, slope())  # nor at the next step: a warning would be an error here
    assert m[0].factor == 2.0
    assert m[0].W[0] < 1


def test_a_captured_number_may_be_a_setting():
    temperature = 2.0
    m = Chain(Dense(1, 1), lambda x: x / temperature)
    x = np.ones((3, 1), np.float32)
    with pytest.warns(FluxWarning, match=r"layers\[1\]\.temperature is the float 2\.0: it has a gradient"):
        train(lambda m, x: mse(m(x), x), m, [(x,)] * 3, setup(Descent(), m))


def test_a_number_that_is_declared_trainable_is_none():
    Named = layer(type("Named", (Scaled,), {}), trainable=("W", "factor"))
    m = Named()
    with pytest.raises(TypeError, match=r"factor is the float 2\.0, which training cannot change"):
        update(setup(Descent(), m), m, gradient(lambda m: np.sum(m(1.0)), m)[0])


def test_a_number_that_is_declared_a_setting_is_left_in_peace():
    Named = layer(type("Named", (Scaled,), {}), trainable="W")
    m = Named()
    update(setup(Descent(), m), m, gradient(lambda m: np.sum(m(1.0)), m)[0])
    assert m.W.tolist() == [0.8]


def test_an_object_of_nothing_but_numbers_is_a_mistake():
    class Line:
        def __init__(self):
            self.w, self.b = 2.0, 0.0

    m = Line()
    state = quiet_setup(Descent(), m)
    with pytest.raises(TypeError, match=r"w is the float 2\.0, which training cannot change"):
        update(state, m, gradient(lambda m: m.w * 3 + m.b, m)[0])
