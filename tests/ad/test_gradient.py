"""gradient and its family: numbers, structures, nesting, signs of zero, None against zero."""

import functools
import gc
import threading
import types
from collections import deque, namedtuple
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxrepl import (
    EscapedTracerError,
    MutationError,
    Record,
    ShapeError,
    check_gradient,
    gradient,
    hessian,
    ignore_derivatives,
    jacobian,
    jvp,
    pullback,
    record,
    withgradient,
)

# ---- numbers -------------------------------------------------------------------------------------------------------


def test_the_gradient_is_a_tuple_with_one_entry_for_each_argument():
    assert gradient(lambda x: x**2, 3.0) == (6.0,)
    assert gradient(lambda x, y: x * y, 2, 3) == (3.0, 2.0)
    assert gradient(lambda: 1.0) == ()


def test_the_function_is_called_once():
    calls = []
    gradient(lambda x: calls.append(1) or x * x, 2.0)
    assert calls == [1]


@pytest.mark.parametrize(
    ("argument", "kind"),
    [
        (2, float),
        (2.0, float),
        (np.float64(2), np.float64),
        (np.float32(2), np.float32),
        (np.int32(2), np.float64),
        (2j, complex),
    ],
)
def test_a_gradient_is_of_the_kind_of_its_argument(argument, kind):
    (g,) = gradient(lambda x: np.real(x * 3), argument)
    assert type(g) is kind
    assert g == 3


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.uint16])
def test_an_integer_array_has_a_float64_gradient(dtype):
    (g,) = gradient(lambda x: np.sum(x * x), np.array([1, 2], dtype))
    assert g.dtype == np.float64
    assert g.tolist() == [2.0, 4.0]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64])
def test_a_float_array_keeps_its_precision_also_beside_float64(dtype):
    wide = np.array([0.5, 0.25])
    (g,) = gradient(lambda x: np.sum(np.real(x * wide)), np.array([1, 2], dtype))
    assert g.dtype == dtype
    assert g.tolist() == [0.5, 0.25]


def test_integers_stay_integers_on_the_way_forward():
    assert withgradient(lambda x: 3 * x + 1, 2).val == 7
    assert type(withgradient(lambda x: 3 * x + 1, 2).val) is int


def test_a_fraction_stays_a_fraction():
    assert gradient(lambda x: 3 * x**2 + 2 * x + 1, Fraction(1, 4)) == (Fraction(7, 2),)


def test_an_array_without_axes_gets_one_too():
    (g,) = gradient(lambda x: x * 2, np.array(3.0))
    assert isinstance(g, np.ndarray)
    assert g.shape == ()


def test_bools_strings_and_none_have_no_gradient():
    assert gradient(lambda x, a, b, c, d: x * 2, 1.0, True, "s", None, np.array([True])) == (
        2.0,
        None,
        None,
        None,
        None,
    )


# ---- None and zero ---------------------------------------------------------------------------------------------------


def test_none_says_that_there_is_no_path():
    assert gradient(lambda x: 1.0, 2.0) == (None,)
    assert gradient(lambda x, y: x, 2.0, 3.0) == (1.0, None)
    assert gradient(lambda x: np.sum(x > 0), np.ones(3)) == (None,)
    assert gradient(lambda x: np.sum(1 - (x > 0)), np.ones(3)) == (None,)
    assert gradient(lambda x, y: x if x > y else y, 1.0, 2.0) == (None, 1.0)


def test_zero_says_that_there_is_a_path_with_slope_0():
    assert gradient(lambda x: 0 * x, 2.0) == (0.0,)
    assert gradient(np.floor, 2.5) == (0.0,)
    assert gradient(np.round, 2.5) == (0.0,)
    assert gradient(lambda x: max(x * 0, 0.0), 2.0) == (0.0,)


def test_an_array_is_never_partly_none():
    (g,) = gradient(lambda x: x[1] * 5, np.ones(3))
    assert g.tolist() == [0.0, 5.0, 0.0]


def test_a_structure_of_nothing_but_none_is_none():
    assert gradient(lambda m, x: x, record(a=1.0, b=2.0), 3.0) == (None, 1.0)
    assert gradient(lambda m: m["a"], {"a": 1.0, "b": [1.0, 2.0]}) == ({"a": 1.0, "b": None},)


# ---- signs of zero -------------------------------------------------------------------------------------------------


def signs(x):
    return np.signbit(np.asarray(x)).tolist()


def test_minus_zero_survives_subtraction_and_division():
    x, y = gradient(lambda x, y: np.sum((x - y) ** 2), np.array([2, 1]), np.array([2, 0]))
    assert signs(x) == [False, False]
    assert signs(y) == [True, True]
    a, b = gradient(lambda a, b: np.sum((a / b) ** 2), np.array([0.0]), np.array([2.0]))
    assert signs(a) == [False]
    assert signs(b) == [True]


def test_a_sum_of_contributions_follows_ieee_zero():
    (g,) = gradient(lambda x: np.sum((1 - x) * 0 + x * 0), np.array([1.0]))
    assert signs(g) == [False]  # -0.0 + 0.0 is 0.0


# ---- kinks ---------------------------------------------------------------------------------------------------------


def test_conventions_at_kinks_are_those_of_flux():
    assert gradient(abs, 0.0) == (0.0,)
    assert gradient(np.linalg.norm, np.zeros(2))[0].tolist() == [0.0, 0.0]
    assert gradient(lambda x: x**0, 0.0) == (0.0,)
    assert gradient(np.maximum, 1.0, 1.0) == (0.0, 1.0)
    assert gradient(np.minimum, 1.0, 1.0) == (1.0, 0.0)
    assert gradient(np.max, np.array([1.0, 3.0, 3.0]))[0].tolist() == [0.0, 1.0, 0.0]
    assert gradient(lambda x: np.clip(x, 0.0, 1.0), 1.0) == (1.0,)
    assert gradient(np.sqrt, 0.0) == (np.inf,)
    assert gradient(lambda x: np.sqrt(x**2), 0.0) == (0.0,)
    assert gradient(lambda x: x**0.5, 0.0) == (np.inf,)
    with np.errstate(divide="ignore"):  # on the way forward, as NumPy has it
        assert gradient(np.log, 0.0) == (np.inf,)
        assert gradient(lambda x: np.divide(1.0, x), 0.0) == (-np.inf,)


# ---- structures ----------------------------------------------------------------------------------------------------

Point = namedtuple("Point", "x y")


@dataclass(frozen=True)
class Frozen:
    W: np.ndarray
    name: str = "frozen"


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a, self.b = 2.0, "text"


class Affine:
    def __init__(self):
        self.W, self.b, self.f = np.ones((2, 3)), np.zeros(2), np.tanh

    def __call__(self, x):
        return self.f(self.W @ x + self.b)


def test_tuples_lists_dicts_and_named_tuples_keep_their_type():
    (g,) = gradient(lambda t: t[0] * t[1], (2.0, 3.0))
    assert g == (3.0, 2.0)
    (g,) = gradient(lambda t: t[0] * t[1], [2.0, 3.0])
    assert g == [3.0, 2.0]
    (g,) = gradient(lambda t: t["a"] * t["b"], {"a": 2.0, "b": 3.0})
    assert g == {"a": 3.0, "b": 2.0}
    (g,) = gradient(lambda p: p.x * p.y, Point(2.0, 3.0))
    assert g == Point(3.0, 2.0)
    assert type(g) is Point


def test_an_object_gives_a_record_of_its_fields():
    (g,) = gradient(lambda m: np.sum(m(np.ones(3))), Affine())
    assert isinstance(g, Record)
    assert list(g) == ["W", "b", "f"]
    assert g.f is None
    assert g.W.shape == (2, 3)
    (g,) = gradient(lambda m: np.sum(m.W), Frozen(np.ones(2)))
    assert g.W.tolist() == [1.0, 1.0]
    assert g.name is None
    assert gradient(lambda m: m.a**2, Slotted())[0].a == 4.0


def test_a_closure_gives_a_record_of_its_captured_names():
    W, name = np.ones((2, 3)), "captured"
    f = lambda x: W @ x if name else None
    (g,) = gradient(lambda f: np.sum(f(np.ones(3))), f)
    assert g.W.tolist() == [[1.0] * 3] * 2
    assert g.name is None


def test_a_partial_gives_a_record_of_its_arguments():
    (g,) = gradient(lambda p: p(3.0), partial(lambda a, b: a * b, 2.0))
    assert g.args == (3.0,)


def test_a_model_is_not_changed_not_even_by_an_exception():
    m = Affine()
    before = dict(m.__dict__)
    with pytest.raises(ZeroDivisionError):
        gradient(lambda m: m(np.ones(3)) is None or 1 // 0, m)
    assert m.__dict__ == before
    assert type(m.W) is np.ndarray


def test_parts_without_numbers_are_handed_on_as_they_are():
    token = object()

    class Holder:
        def __init__(self):
            self.a, self.token = 1.0, token

    seen = []
    gradient(lambda h: seen.append(h.token) or h.a, Holder())
    assert seen == [token]


def test_namespaces_queues_views_and_bound_methods_are_looked_into():
    W = np.array([1.0, 2.0])
    assert gradient(lambda m: np.sum(m.W**2), types.SimpleNamespace(W=W))[0].W.tolist() == [2.0, 4.0]
    assert gradient(lambda m: np.sum(m["W"] ** 2), types.MappingProxyType({"W": W}))[0]["W"].tolist() == [2.0, 4.0]
    assert gradient(lambda m: m[0] ** 2, deque([3.0, "s"]))[0] == [6.0, None]

    class Model:
        def __init__(self):
            self.W = W

        def loss(self, x):
            return np.sum(self.W * x)

    (g,) = gradient(lambda f: f(2.0), Model().loss)
    assert g["__self__"].W.tolist() == [2.0, 2.0]


def test_classes_of_ones_own_on_containers_stay_what_they_are():
    class Layers(list):
        def __call__(self, x):
            return self[0] * x + self.bias

    class Settings(dict):
        def __getattr__(self, name):
            return self[name]

    class Pair(tuple):
        def total(self):
            return self[0] + self[1]

    layers = Layers([2.0])
    layers.bias = 1.0
    assert gradient(lambda m: m(3.0), layers) == ([3.0],)
    assert gradient(lambda m: m.W**2, Settings(W=3.0)) == ({"W": 6.0},)
    assert gradient(lambda m: m.total(), Pair((1.0, 2.0))) == ((1.0, 1.0),)


class Private:
    __slots__ = ("__w",)

    def __init__(self):
        self.__w = 3.0

    def square(self):
        return self.__w**2


def test_private_slots_and_attributes_of_functions_are_kept():
    assert gradient(lambda p: p.square(), Private())[0]["_Private__w"] == 6.0
    W = 2.0

    def f(x):
        return W * x

    f.k = 5.0
    assert gradient(lambda f: f(3.0) * f.k, f)[0].W == 15.0


def test_what_cannot_be_copied_is_refused_and_stays_whole():
    W = np.ones(2)

    @functools.lru_cache
    def f(n):
        return np.sum(W) * n

    with pytest.raises(TypeError, match="cannot be copied"):
        gradient(lambda m: m(2) * 1.0, f)
    assert f.__wrapped__.__closure__[-1].cell_contents is W


def test_the_same_array_in_two_places_has_a_gradient_at_each():
    W = np.ones(2)
    (g,) = gradient(lambda t: np.sum(t[0] * 2 + t[1] * 3), [W, W])
    assert [part.tolist() for part in g] == [[2.0, 2.0], [3.0, 3.0]]


def test_an_object_that_contains_itself_is_refused_with_words():
    class Node:
        def __init__(self):
            self.value, self.me = 1.0, self

    with pytest.raises(TypeError, match="this Node contains itself") as e:
        gradient(lambda n: n.value, Node())
    assert "Leave the reference back out" in "".join(e.value.__notes__)


def test_two_gradients_never_share_their_memory():
    a, b = gradient(lambda a, b: np.sum(a + b), np.ones(3), np.ones(3))
    a += 1
    assert b.tolist() == [1.0, 1.0, 1.0]
    (g,) = gradient(lambda x: np.sum(np.broadcast_to(x, (2, 3))), np.ones(3))
    g += 1


@given(
    st.recursive(
        st.floats(-3, 3) | st.integers(-3, 3) | st.none() | st.booleans() | st.text(max_size=2),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(max_size=2), inner, max_size=3)
            | st.tuples(inner, inner)
        ),
        max_leaves=8,
    )
)
@settings(deadline=None)
def test_a_gradient_mirrors_any_structure(tree):
    def total(node):
        if isinstance(node, list | tuple):
            return sum([total(part) for part in node], 0.0)
        if isinstance(node, dict):
            return sum([total(part) for part in node.values()], 0.0)
        return 0.0 if node is None or isinstance(node, bool | str) else node * node

    def mirrored(node):
        if isinstance(node, list | tuple):
            parts = [mirrored(part) for part in node]
            return None if all(p is None for p in parts) else type(node)(parts)
        if isinstance(node, dict):
            parts = {k: mirrored(part) for k, part in node.items()}
            return None if all(p is None for p in parts.values()) else parts
        return None if node is None or isinstance(node, bool | str) else 2.0 * node

    assert gradient(total, tree) == (mirrored(tree),)


# ---- nesting -------------------------------------------------------------------------------------------------------


def test_third_derivatives():
    d = lambda f: lambda x: gradient(f, x)[0]
    assert d(d(d(lambda x: x**5)))(2.0) == 60 * 4.0
    assert np.isclose(d(d(np.sin))(1.0), -np.sin(1.0))


def test_perturbations_are_not_confused():
    # d/dx [ x * d/dy (x + y) ] is 1: the inner derivative does not see the outer one
    assert gradient(lambda x: x * gradient(lambda y: x + y, 1.0)[0], 3.0) == (1.0,)
    assert gradient(lambda x: gradient(lambda y: x * y**2, x)[0], 3.0) == (12.0,)


def test_the_gradient_of_a_gradient_norm():
    W = np.array([[1.0, 2.0], [3.0, 4.0]])

    def penalty(x):
        (g,) = gradient(lambda x: np.sum((W @ x) ** 2), x)
        return np.linalg.norm(g)

    assert check_gradient(penalty, np.array([0.3, -0.5]))


def test_a_hessian_of_a_structure_used_inside():
    def loss(x):
        (g,) = gradient(lambda m: np.sum(m["W"] ** 3) * m["s"], {"W": x, "s": 2.0})
        return np.sum(g["W"]) + g["s"]

    assert check_gradient(loss, np.array([1.0, 2.0]))


def test_mixed_plain_and_traced_contributions_to_one_array():
    def outer(a):
        (g,) = gradient(lambda x: np.sum(x * a) + x[0] * 3.0 + x[1] ** 2, np.array([1.0, 2.0]))
        return np.sum(g**2)

    assert check_gradient(outer, np.array([0.5, -0.25]))


# ---- the family ------------------------------------------------------------------------------------------------------


def test_withgradient_passes_extra_results_through_without_tracers():
    got = withgradient(lambda x: (np.sum(x**2), {"double": x * 2}), np.array([1.0, 2.0]))
    assert got.val[0] == 5.0
    assert type(got.val[1]["double"]) is np.ndarray
    assert got.grad[0].tolist() == [2.0, 4.0]
    Result = namedtuple("Result", "div mul")
    got = withgradient(lambda x, y: Result(x / y, x * y), 3.0, 4.0)
    assert got.val == Result(0.75, 12.0)
    assert got.grad == (0.25, -0.1875)


def test_a_pullback_may_be_called_again_and_takes_structures():
    y, back = pullback(lambda x: {"a": x * 2, "b": (x**2, "text")}, np.array([1.0, 2.0]))
    assert y["b"][1] == "text"
    assert back({"a": np.ones(2), "b": None})[0].tolist() == [2.0, 2.0]
    assert back({"a": None, "b": (np.ones(2), None)})[0].tolist() == [2.0, 4.0]
    assert back({"a": np.ones(2), "b": None})[0].tolist() == [2.0, 2.0]


def test_a_pullback_does_not_hand_out_the_cotangent_it_was_given():
    _, back = pullback(lambda x: x + 0, np.ones(2))
    ct = np.array([1.0, 2.0])
    (g,) = back(ct)
    g += 1
    assert ct.tolist() == [1.0, 2.0]


def test_a_pullback_refuses_a_cotangent_of_another_shape():
    _, back = pullback(lambda x: x * 2, np.ones(2))
    with pytest.raises(ShapeError, match=r"the cotangent has the shape \(3,\), and its result \(2,\)"):
        back(np.ones(3))


@pytest.mark.parametrize(
    ("ct", "said"),
    [
        (1.0, "the result is a tuple with the parts 0, 1, and the cotangent has a float: 1.0"),
        (np.ones(2), "the cotangent has an array of shape"),
        ((1.0,), "the result is a tuple with the parts 0, 1, and the cotangent has the parts 0"),
        ({"a": 1.0}, "the cotangent has the parts a"),
        (("a", None), "a cotangent for a number or array cannot be a str: 'a'"),
    ],
)
def test_a_pullback_refuses_a_cotangent_of_another_structure(ct, said):
    _, back = pullback(lambda x: (x, x * 2), 3.0)
    with pytest.raises(ShapeError) as e:
        back(ct)
    assert said in str(e.value)
    assert back((1.0, None)) == (1.0,)


def test_a_hessian_of_a_structure_points_to_hvp():
    with pytest.raises(TypeError, match="taken at one number or array, and this is a dict") as e:
        hessian(lambda p: p["a"] ** 2, {"a": 2.0})
    assert "hvp(f, x, v)" in "".join(e.value.__notes__)


def test_a_constant_has_zero_second_derivatives_of_its_own_kind():
    assert hessian(lambda x: 5.0, 2.0) == 0.0
    assert type(hessian(lambda x: 5.0, 2.0)) is float
    assert hessian(lambda x: 5.0, np.ones(2, np.float32)).dtype == np.float32
    assert jacobian(lambda x: x[:0], np.ones(2, np.float32))[0].dtype == np.float32


def test_jacobians_have_the_shape_of_result_and_argument():
    W, x = np.arange(6.0).reshape(2, 3), np.array([1.0, 2.0, 3.0])
    dW, dx = jacobian(lambda W, x: W @ x, W, x)
    assert dW.shape == (2, 2, 3)
    np.testing.assert_array_equal(dx, W)
    (scalar,) = jacobian(lambda x: x**2, 3.0)
    assert scalar == 6.0
    (of_number,) = jacobian(lambda x: x * np.ones(3), 2.0)
    assert of_number.tolist() == [1.0, 1.0, 1.0]


def test_a_hessian_is_exact_and_symmetric():
    f = lambda x: np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
    H = hessian(f, np.array([1.0, 1.0]))
    assert H.tolist() == [[802.0, -400.0], [-400.0, 200.0]]
    assert hessian(lambda x: x**3, 2.0) == 12.0


def test_ignore_derivatives_cuts_the_path():
    assert gradient(lambda x: x * ignore_derivatives(x), 3.0) == (3.0,)
    assert gradient(lambda x: ignore_derivatives({"a": x})["a"] * 2.0, 3.0) == (None,)


def test_at_binds_the_name_to_the_gradient():
    @gradient.at(2.0)
    def slope(x):
        y = x * x
        return y * x

    assert slope == (12.0,)


# ---- complex numbers -------------------------------------------------------------------------------------------------


def test_a_complex_gradient_points_uphill():
    assert gradient(lambda z: abs(z) ** 2, 1 + 2j) == (2 + 4j,)
    assert gradient(lambda z: np.real(z**2), 1 + 2j) == (2 - 4j,)  # the conjugate of 2z
    assert gradient(abs, 0j) == (0,)


@pytest.mark.parametrize(
    "f",
    [
        lambda z: np.real(z * z * (1 + 2j)),
        lambda z: np.imag(np.exp(z) / (z + 3)),
        lambda z: np.abs(z) * np.angle(z),
        lambda z: np.real(np.conj(z) * z**3),
        lambda z: np.abs(np.sin(z) - np.sqrt(z)),
    ],
)
def test_complex_gradients_agree_with_finite_differences(f):
    assert check_gradient(lambda z: np.sum(f(z)), np.array([1 + 2j, 0.5 - 0.3j]))


def test_a_real_argument_of_a_complex_function_has_a_real_gradient():
    (g,) = gradient(lambda x: np.sum(np.abs(np.exp(1j * x) + 1) ** 2), np.array([0.5, 1.0]))
    assert g.dtype == np.float64
    assert check_gradient(lambda x: np.sum(np.abs(np.exp(1j * x) + 1) ** 2), np.array([0.5, 1.0]))


# ---- robustness ----------------------------------------------------------------------------------------------------


def test_a_tracer_that_escaped_is_refused():
    kept = []
    gradient(lambda x: kept.append(x) or x * 2, 1.0)
    with pytest.raises(EscapedTracerError, match="used after its gradient was finished"):
        kept[0] + 1


def test_an_exception_leaves_the_collector_as_it_was():
    assert gc.isenabled()
    with pytest.raises(RuntimeError):
        gradient(lambda x: (_ for _ in ()).throw(RuntimeError("mine")), 1.0)
    assert gc.isenabled()
    assert gradient(lambda x: x**2, 1.0) == (2.0,)


def test_threads_agree_with_one_another():
    x = np.linspace(0, 1, 50)
    want = gradient(lambda x: np.sum(np.sin(x) * x**2), x)[0]
    wrong = []

    def work():
        for _ in range(50):
            got = gradient(lambda x: np.sum(np.sin(x) * x**2), x)[0]
            if not np.array_equal(got, want) or hessian(lambda x: x**3, 2.0) != 12.0:
                wrong.append(got)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert wrong == []
    assert gc.isenabled()


def test_an_index_that_names_an_element_twice_counts_twice():
    assert gradient(lambda x: np.sum(x[(0, 0), (1, 1)]), np.ones((2, 2)))[0].tolist() == [[0.0, 2.0], [0.0, 0.0]]
    assert gradient(lambda x: np.sum(x[((0, 0, 1),)]), np.ones(3))[0].tolist() == [2.0, 1.0, 0.0]


def test_a_loop_of_a_hundred_thousand_steps_neither_recurses_nor_loses_anything():
    def f(x):
        for _ in range(50_000):
            x = x * 1.00001 + 0.5
        return x

    (g,) = gradient(f, 1.0)
    assert np.isclose(g, 1.00001**50_000)


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_operands_of_any_shapes_that_stretch(data):
    from hypothesis.extra.numpy import arrays, mutually_broadcastable_shapes

    shapes = data.draw(mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3)).input_shapes
    numbers = st.floats(0.5, 2.0)
    a, b = [data.draw(arrays(np.float64, shape, elements=numbers)) for shape in shapes]
    op = data.draw(st.sampled_from([np.add, np.subtract, np.multiply, np.divide, np.power, np.maximum, np.arctan2]))
    if op is np.maximum:
        b = b + 1e-3
    ga, gb = gradient(lambda a, b: np.sum(op(a, b) ** 2), a, b)
    assert ga.shape == a.shape
    assert gb.shape == b.shape
    assert check_gradient(lambda a, b: np.sum(op(a, b) ** 2), a, b, rtol=1e-3, atol=1e-4)


# ---- one operand, used again and again ------------------------------------------------------------------------------

KINDS = {
    "a float": 1.5,
    "an int": 2,
    "a NumPy float": np.float64(1.5),
    "a NumPy float32": np.float32(1.5),
    "an array without axes": np.array(1.5),
    "an array of one": np.array([1.5]),
}
DATA = np.linspace(0.0, 1.0, 2000)  # more than BIG


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "f",
    [
        lambda a: np.sum((a * DATA + a - 2 * DATA) ** 2),
        lambda a: np.sum(a * DATA) + np.sum(a * DATA**2) + np.sum(DATA / a),
        lambda a: np.sum(np.stack([a, a, a * a])),
        lambda a: sum([np.sum(a * DATA) * a for _ in range(3)]),
        lambda a: np.sum(np.where(DATA > 0.5, a, a * a)) + np.sum(np.maximum(a, DATA) * a),
    ],
)
def test_a_number_used_more_than_once_beside_arrays(f, kind):
    a = KINDS[kind]
    (g,) = gradient(lambda a: np.sum(f(a)), a)
    assert check_gradient(lambda a: np.sum(f(a)), a)
    assert np.shape(g) == np.shape(a)
    (inside,) = gradient(lambda p: np.sum(f(p["a"])), {"a": a})
    np.testing.assert_array_equal(inside["a"], g)
    assert check_gradient(lambda a: np.sum(gradient(lambda a: np.sum(f(a)), a)[0] ** 2), a)


@pytest.mark.parametrize("f", [np.square, lambda x: x**2, lambda x: x**3, np.arctan, np.sqrt, lambda x: x * x, np.prod])
def test_narrow_integers_do_not_overflow_on_the_way_back(f):
    (g,) = gradient(lambda x: np.sum(f(x)), np.array([100, 50], np.int8))
    (want,) = gradient(lambda x: np.sum(f(x)), np.array([100.0, 50.0]))
    np.testing.assert_allclose(g, want, rtol=1e-3)  # the way forward may be float16, as NumPy has it


# ---- numbers of every kind, twice ------------------------------------------------------------------------------------


def test_second_derivatives_at_whole_numbers_complex_numbers_and_fractions():
    slope = lambda f: lambda x: gradient(f, x)[0]
    assert gradient(slope(lambda x: 3 * x**2 + 2 * x + 1), 2) == (6.0,)
    assert hessian(lambda y: y * y, 3) == 2.0
    assert gradient(lambda d: gradient(lambda e: e["a"] * e["b"] * e["a"], d)[0]["a"], {"a": 2, "b": 3}) == (
        {"a": 6.0, "b": 4.0},
    )
    assert jvp(lambda w: w * w * w, 1 + 2j, 1 + 0j) == (-11 - 2j, -9 + 12j)
    assert gradient(slope(lambda y: y * y * y), Fraction(1, 3)) == (Fraction(2),)


@pytest.mark.parametrize("number", [2.0, np.float64(2.0), np.array(2.0), np.float32(2.0)], ids=repr)
@pytest.mark.parametrize("f", [np.mean, np.sum, np.linalg.norm, lambda x: np.reshape(x, ()).T])
def test_a_number_may_be_reduced_in_a_second_derivative(f, number):
    assert hessian(lambda x: f(x) ** 2, number) == pytest.approx(2.0)


def test_a_direction_has_a_derivative_of_the_kind_of_the_result():
    assert type(jvp(lambda x: np.mean(x * x), 2.0, 1.0)[1]) is np.float64


def test_a_number_of_numpy_may_be_indexed_beside_other_uses():
    assert gradient(lambda x: x * x + x[()], np.float64(3.0)) == (7.0,)
    assert gradient(lambda x: (lambda y: y * 2 + y[()])(np.sum(x)), np.ones(2))[0].tolist() == [3.0, 3.0]


def test_slopes_at_the_edge_are_infinite_in_second_derivatives_too():
    with np.errstate(divide="ignore"):
        found = [hessian(f, x) for f, x in ((np.log2, 0.0), (np.log10, 0.0), (np.log1p, -1.0), (np.arctanh, 1.0))]
    assert found == [-np.inf, -np.inf, -np.inf, np.inf]


def test_a_traced_number_times_a_list_is_refused():
    with pytest.raises(TypeError, match="beside a list") as caught:
        gradient(lambda n: sum(n * [1.0, 2.0]), 2)
    assert "np.array" in caught.value.__notes__[1]


# ---- a pullback that is kept -----------------------------------------------------------------------------------------


def test_a_kept_pullback_may_be_used_by_several_threads_at_once():
    _, back = pullback(lambda x: np.sum(np.sin(x) * x * x), np.arange(5.0))
    wanted = [back(float(k))[0] for k in range(8)]
    wrong = []

    def work(k):
        for _ in range(50):
            if not np.array_equal(back(float(k))[0], wanted[k]):
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_change_that_keeps_the_sums_of_an_array_is_noticed():
    x = np.array([0.0, 1.0, 1.0, 0.0])
    _, back = pullback(lambda x: x**2, x)
    x[:] = 1 - x
    with pytest.raises(MutationError):
        back(np.ones(4))


@pytest.mark.parametrize(
    ("value", "words"), [(3, "an int: 3"), (2.0, "a float: 2.0"), (np.array(2.0), "an ndarray: array(2.)")]
)
def test_a_value_is_described_with_its_article(value, words):
    from fluxrepl.ad.seeds import describe

    assert describe(value) == words


def test_a_function_of_an_array_of_traced_objects_says_how_to_join_them():
    def f(x):
        parts = np.empty(2, object)
        parts[0], parts[1] = x[0], x[1] ** 2
        return np.sum(np.exp(parts))

    with pytest.raises(TypeError, match="no callable exp method") as e:
        gradient(f, np.ones(2))
    assert e.value.__notes__[-1] == "Collect the values in a list and join them: np.exp(np.stack(values))."
