import dataclasses

import numpy as np
import pytest

from fluxrepl import Chain, Dense, Descent, gradient, layer, relu, setup, trainable, trainables, update
from fluxrepl.nn.layer import options_of


class Plain:
    def __init__(self, n_in, n_out):
        self.W = np.ones((n_out, n_in))
        self.b = np.zeros(n_out)

    def __call__(self, x):
        return self.W @ x + self.b


def test_a_class_with_annotations_gets_an_init_and_is_equal_only_to_itself():
    @layer
    class Affine:
        W: np.ndarray
        b: np.ndarray = False

        def __call__(self, x):
            return self.W @ x + self.b

    a = Affine(np.ones((1, 2)))
    assert a.b is False
    assert a(np.array([1.0, 2.0])).tolist() == [3.0]
    assert a == a
    assert a != Affine(a.W)
    assert len({a, a}) == 1
    assert repr(a) == "Affine(W=array([[1., 1.]]), b=False)  # 2 parameters"
    assert str(a) == f"{a}" == "Affine(W=array([[1., 1.]]), b=False)"


def test_it_can_be_called_later_on_a_class():
    class Affine(Plain):
        pass

    assert layer(Affine) is Affine
    assert repr(Affine(3, 1)) == "Affine(W=array([[1., 1., 1.]]), b=array([0.]))  # 4 parameters"
    assert str(Affine(9, 5)) == "Affine(W=float64[5, 9], b=array([0., 0., 0., 0., 0.]))"


def test_a_dataclass_keeps_its_init_and_gets_our_text():
    @layer
    @dataclasses.dataclass
    class Scale:
        s: np.ndarray

    assert repr(Scale(np.array([2.0]))) == "Scale(s=array([2.]))  # 1 parameter"


def test_a_text_of_ones_own_is_kept():
    @layer
    class Mine:
        W: np.ndarray

        def __repr__(self):
            return "mine"

    assert repr(Mine(np.ones(1))) == "mine"

    @layer
    class Ours:
        W: np.ndarray

        def __str__(self):
            return "Ours!"

    assert repr(Ours(np.ones(1))) == "Ours!               # 1 parameter"


def test_a_subclass_of_a_layer_is_a_layer():
    class Wide(Dense):
        pass

    assert options_of(Wide) is not None
    assert "6 parameters" in repr(Wide(2, 2))


def test_layers_compose_with_at():
    @layer
    class Double:
        def __call__(self, x):
            return 2 * x

    assert (Double() @ (lambda x: x + 1))(3) == 8
    assert (np.negative @ Double())(3) == -6
    assert repr(Double()) == "Double()"


def test_an_operator_of_ones_own_is_kept():
    @layer
    class Mine:
        def __matmul__(self, other):
            return "mine"

    assert Mine() @ Mine() == "mine"


# ---- trainable


def test_only_the_trainable_fields_are_changed():
    @layer(trainable=("W",))
    class Affine:
        W: np.ndarray
        b: np.ndarray

        def __call__(self, x):
            return self.W @ x + self.b

    a = Affine(np.ones((1, 2)), np.zeros(1))
    assert list(trainable(a)) == ["W"]
    assert [x is a.W for x in trainables(a)] == [True]
    assert repr(a) == "Affine(W=array([[1., 1.]]), b=array([0.]))  # 2 parameters, plus 1 non-trainable"
    g = gradient(lambda a: np.sum(a(np.ones(2))), a)[0]
    assert g.b.tolist() == [1.0]  # a gradient it has; it is not followed
    update(setup(Descent(0.5), a), a, g)
    assert (a.W.tolist(), a.b.tolist()) == ([[0.5, 0.5]], [0.0])


def test_trainable_may_be_a_name_or_nothing():
    @layer(trainable="W")
    class One:
        W: np.ndarray
        b: np.ndarray

    @layer(trainable=())
    class None_:
        W: np.ndarray

    assert len(trainables(One(np.ones(1), np.ones(1)))) == 1
    assert trainables(None_(np.ones(1))) == []
    assert repr(None_(np.ones(1))) == "None_(W=array([1.]))"


def test_trainable_of_anything_else():
    assert trainable(3) == {}
    assert trainable({"W": 1}) == {"W": 1}
    assert list(trainable(Plain(2, 1))) == ["W", "b"]


def test_integers_and_bools_are_not_trained():
    assert trainables([np.array([1, 2]), np.array([True]), np.float64(2.0), 1.5]) == []
    assert len(trainables([np.ones(2), np.ones(1, complex)])) == 2


def test_plain_classes_can_be_trained():
    a = Plain(2, 1)
    g = gradient(lambda a: np.sum(a(np.array([1.0, 2.0]))), a)[0]
    assert repr(g) == "(W=array([[1., 2.]]), b=array([1.]))"
    update(setup(Descent(1.0), a), a, g)
    assert a.W.tolist() == [[0.0, -1.0]]


def test_closures_can_be_trained():
    def linear(n_in, n_out):
        W = np.ones((n_out, n_in))
        return lambda x: W @ x

    f = linear(2, 1)
    g = gradient(lambda f: np.sum(f(np.array([1.0, 2.0]))), f)[0]
    update(setup(Descent(1.0), f), f, g)
    assert f(np.array([1.0, 1.0])).tolist() == [-1.0]


# ---- mistakes


@pytest.mark.parametrize(
    ("make", "error", "what", "hint"),
    [
        (lambda: layer(Dense(2, 2)), TypeError, "layer takes a class", "Write layer(Dense)"),
        (lambda: layer("W"), TypeError, "layer takes a class, and got 'W'", "@layer(trainable='W')"),
        (lambda: layer(relu), TypeError, "layer takes a class", "layer(function)"),
        (lambda: layer(Plain, trainable=(1,)), TypeError, "names of fields, and got 1", 'trainable=("W", "b")'),
    ],
)
def test_mistakes_are_explained(make, error, what, hint):
    with pytest.raises(error, match=what) as e:
        make()
    assert any(hint in note for note in e.value.__notes__)


def test_an_unknown_field_is_found_at_once_where_fields_are_declared():
    with pytest.raises(AttributeError, match="Affine has no field 'V', which trainable= names") as e:

        @layer(trainable=("V",))
        class Affine:
            W: np.ndarray

    assert e.value.__notes__[0] == "Its fields are: W."


def test_an_unknown_field_is_found_when_looked_for_elsewhere():
    class Other(Plain):
        pass

    layer(Other, trainable=("V",))
    with pytest.raises(AttributeError, match="Other has no field 'V'"):
        trainables(Chain(Other(2, 1)))


def test_an_unknown_option_is_refused():
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        layer(Plain, expnd=False)
