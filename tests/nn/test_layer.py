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
        (lambda: layer(Plain(2, 2)), TypeError, "layer takes a class", "Write layer(Plain)"),
        (lambda: layer(Dense(2, 2)), TypeError, "layer takes a class", "This Dense is a layer already."),
        (lambda: layer(3), TypeError, "layer takes a class, and got 3", "Write @layer above a class"),
        (lambda: layer(np.ones(1)), TypeError, r"layer takes a class, and got array", "Write @layer above a class"),
        (lambda: layer(np.tanh), TypeError, "layer takes a class, and got the function tanh", "Chain(tanh, Dense"),
        (lambda: layer(lambda x: x), TypeError, "got the function <lambda>", "Chain(lambda x: ..., Dense"),
        (lambda: layer(max), TypeError, "got the function max", "needs no @layer"),
        (lambda: layer("W"), TypeError, "layer takes a class, and got 'W'", "@layer(trainable='W')"),
        (lambda: layer(relu), TypeError, "layer takes a class, and got the function relu", "Chain(relu, Dense(10, 5))"),
        (lambda: layer(Plain, trainable=(1,)), TypeError, "names of fields, and got 1", 'trainable=("W", "b")'),
    ],
)
def test_mistakes_are_explained(make, error, what, hint):
    with pytest.raises(error, match=what) as e:
        make()
    assert any(hint in note for note in e.value.__notes__)


@pytest.mark.parametrize("default", [np.ones(2), Dense(2, 2), Chain(Dense(2, 2))])
@pytest.mark.parametrize("made", [lambda cls: cls, dataclasses.dataclass])
def test_a_default_that_all_objects_would_share_is_refused(default, made):
    class Affine:
        W: object = default

    if isinstance(default, np.ndarray) and made is dataclasses.dataclass:
        return  # Python refuses that one itself
    with pytest.raises(TypeError, match=r"as the default of Affine\.W would be shared by all its objects") as e:
        layer(made(Affine))
    assert "default_factory" in e.value.__notes__[1]


def test_a_default_factory_makes_one_for_each_object():
    start = np.ones(2)

    @layer
    class Affine:
        W: np.ndarray = dataclasses.field(default_factory=lambda: 1.0 * start)
        activation: object = relu
        n: int = 3

    a, b = Affine(), Affine()
    update(setup(Descent(1.0), a), a, {"W": np.ones(2)})
    assert (a.W.tolist(), b.W.tolist()) == ([0.0, 0.0], [1.0, 1.0])


class Slotted:
    __slots__ = ("W", "b")

    def __init__(self):
        self.W, self.b = np.ones((1, 2)), np.zeros(1)

    def __call__(self, x):
        return self.W @ x + self.b


def test_fields_in_slots_can_be_trained():
    a = layer(Slotted)()
    assert repr(a) == "Slotted(W=array([[1., 1.]]), b=array([0.]))  # 3 parameters"
    update(setup(Descent(1.0), a), a, gradient(lambda a: np.sum(a(np.array([1.0, 2.0]))), a)[0])
    assert (a.W.tolist(), a.b.tolist()) == ([[0.0, -1.0]], [-1.0])


def test_slots_of_a_dataclass_can_be_trained():
    @layer
    @dataclasses.dataclass(slots=True)
    class Affine:
        W: np.ndarray

    a = Affine(np.ones(1))
    update(setup(Descent(1.0), a), a, gradient(lambda a: np.sum(2 * a.W), a)[0])
    assert a.W.tolist() == [-1.0]


def test_a_property_is_computed_and_the_field_below_it_is_trained():
    @layer
    class Positive:
        def __init__(self):
            self.log_w = np.zeros(1)

        @property
        def w(self):
            return np.exp(self.log_w)

    a = Positive()
    assert repr(gradient(lambda a: np.sum(3 * a.w), a)[0]) == "(log_w=array([3.]))"


def test_a_layer_may_take_two_inputs():
    @layer
    class Bilinear:
        def __init__(self):
            self.W = np.ones((2, 2))

        def __call__(self, x, y):
            return x @ self.W @ y

    gm, gx, gy = gradient(lambda m, x, y: m(x, y), Bilinear(), np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    assert gm.W.tolist() == [[3.0, 4.0], [6.0, 8.0]]
    assert (gx.tolist(), gy.tolist()) == ([7.0, 7.0], [3.0, 3.0])


def test_a_subclass_of_a_layer_trains_its_own_fields_too():
    class Scaled(Dense):
        def __init__(self, n_in, n_out):
            super().__init__(n_in, n_out)
            self.scale = np.ones(n_out, np.float32)

        def __call__(self, x):
            return self.scale * super().__call__(x)

    m = Scaled(2, 3)
    assert [a.shape for a in trainables(m)] == [(3, 2), (3,), (3,)]
    g = gradient(lambda m: np.sum(m(np.ones(2, np.float32))), m)[0]
    assert list(g) == ["weight", "bias", "activation", "scale"]
    update(setup(Descent(1.0), m), m, g)
    assert not np.array_equal(m.scale, np.ones(3))


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
