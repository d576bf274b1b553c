"""What must hold for layers, losses and optimisers of any shape, found by looking for one where it does not."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from fluxrepl import (
    Adam,
    Chain,
    Dense,
    Descent,
    ShapeError,
    crossentropy,
    f32,
    f64,
    gradient,
    identity,
    logitcrossentropy,
    mae,
    mse,
    relu,
    setup,
    softmax,
    trainables,
    update,
)

FEW = settings(max_examples=40, deadline=None, derandomize=True)
FLOATS = st.sampled_from([np.float16, np.float32, np.float64])
SIZE = st.integers(0, 4)


def numbers(shape, dtype=np.float64):
    width = np.dtype(dtype).itemsize * 8
    return hnp.arrays(dtype, shape, elements=st.floats(-4, 4, width=width))


# ---- Dense


@FEW
@given(st.data(), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3), SIZE, SIZE, FLOATS, st.booleans())
def test_a_dense_is_its_formula_for_any_shape(data, batch, n_in, n_out, dtype, has_bias):
    W, x = data.draw(numbers((n_out, n_in), dtype)), data.draw(numbers((*batch, n_in), dtype))
    b = data.draw(numbers((n_out,), dtype)) if has_bias else False
    y = Dense(W, b)(x)
    assert (y.shape, y.dtype) == ((*batch, n_out), dtype)
    want = np.einsum("oi,...i->...o", W.astype(float), x.astype(float)) + (b if has_bias else 0)
    assert np.allclose(y, want, rtol=1e-2 if dtype is np.float16 else 1e-5, atol=1e-1 if dtype is np.float16 else 1e-5)


@FEW
@given(st.data(), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3), SIZE, SIZE, FLOATS)
def test_its_gradient_has_the_shapes_and_dtypes_of_its_fields(data, batch, n_in, n_out, dtype):
    d = Dense(data.draw(numbers((n_out, n_in), dtype)), True, relu)
    x = data.draw(numbers((*batch, n_in), dtype))
    g, gx = gradient(lambda d, x: np.sum(d(x)), d, x)
    assert (g.weight.shape, g.bias.shape, gx.shape) == ((n_out, n_in), (n_out,), x.shape)
    assert {g.weight.dtype, g.bias.dtype, gx.dtype} == {np.dtype(dtype)}
    if dtype is np.float64:
        slope, axes = (d(x) > 0).astype(float), tuple(range(len(batch)))
        assert np.allclose(gx, slope @ d.weight)
        assert np.allclose(g.weight, np.tensordot(slope, x, (axes, axes)))
        assert np.allclose(g.bias, slope.sum(axis=axes))


# ---- Chain


@FEW
@given(st.integers(0, 5), st.slices(5), st.sampled_from(["places", "list", "names"]))
def test_a_chain_is_sliced_as_a_list(n, piece, form):
    fs = [lambda x, k=k: x + k for k in range(n)]
    if form == "names":
        m = Chain(**{f"f{k}": f for k, f in enumerate(fs)})
    else:
        m = Chain(fs) if form == "list" else Chain(*fs)
    assert list(m[piece]) == fs[piece]
    assert m[piece](0) == sum(range(n)[piece])


# ---- losses


@FEW
@given(
    st.data(),
    hnp.array_shapes(min_dims=0, max_dims=3, max_side=3),
    hnp.array_shapes(min_dims=0, max_dims=3, max_side=3),
)
@pytest.mark.parametrize(("loss", "each"), [(mse, np.square), (mae, np.abs)])
def test_a_loss_is_its_formula_or_an_error_and_never_stretches(loss, each, data, wanted, got):
    ŷ, y = data.draw(numbers(wanted)), data.draw(numbers(got))
    if got in (wanted, ()):
        assert np.isclose(loss(ŷ, y), np.mean(each(ŷ - y)))
        assert np.allclose(loss(ŷ, y, agg=identity), each(ŷ - y))
    else:
        with pytest.raises(ShapeError, match="of a prediction of shape"):
            loss(ŷ, y)


@FEW
@given(st.data(), hnp.array_shapes(min_dims=1, max_dims=3, min_side=2, max_side=4))
def test_both_crossentropies_agree(data, shape):
    scores, truth = data.draw(numbers(shape)), softmax(data.draw(numbers(shape)))
    assert np.isclose(logitcrossentropy(scores, truth), crossentropy(softmax(scores), truth, eps=0.0))
    g = gradient(lambda s: logitcrossentropy(s, truth), scores)[0]
    assert np.allclose(g, (softmax(scores) - truth) / max(scores[..., 0].size, 1))


# ---- models of any form

LEAF = hnp.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3).flatmap(numbers)
MODEL = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3),
        st.lists(inner, min_size=1, max_size=3).map(tuple),
        st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=3),
    ),
    max_leaves=5,
)


def mapped(f, node):
    if isinstance(node, dict):
        return {name: mapped(f, part) for name, part in node.items()}
    return type(node)([mapped(f, part) for part in node]) if isinstance(node, list | tuple) else f(node)


@FEW
@given(MODEL)
def test_descent_changes_every_array_of_any_model_by_its_gradient(model):
    before = [x.copy() for x in trainables(model)]
    update(setup(Descent(0.5), model), model, mapped(lambda x: np.full_like(x, 2.0), model))
    assert all(np.array_equal(new, old - 1.0) for new, old in zip(trainables(model), before, strict=True))


@FEW
@given(st.lists(numbers((3,)), min_size=1, max_size=6))
def test_adam_steps_each_number_as_if_it_were_alone(slopes):
    whole, parts = {"x": np.zeros(3)}, {"x": [np.zeros(1) for _ in range(3)]}
    states = setup(Adam(0.1), whole), setup(Adam(0.1), parts)
    for g in slopes:
        update(states[0], whole, {"x": g})
        update(states[1], parts, {"x": [g[:1], g[1:2], g[2:]]})
    assert np.array_equal(whole["x"], np.concatenate(parts["x"]))


@FEW
@given(MODEL)
def test_a_change_of_precision_there_and_back_keeps_shapes_and_structure(model):
    back = f64(f32(model))
    assert all(
        np.allclose(a, b) and a.shape == b.shape for a, b in zip(trainables(model), trainables(back), strict=True)
    )
    assert repr(mapped(np.shape, back)) == repr(mapped(np.shape, model))


def test_models_survive_copies_and_pickles_with_what_they_share():
    d = Dense(3, 3, np.tanh)
    m = Chain(body=Chain(d, relu, d), head=Dense(3, 2, bias=False))
    x = np.ones((2, 3), np.float32)
    for twin in (copy.deepcopy(m), pickle.loads(pickle.dumps(m))):
        assert np.array_equal(twin(x), m(x))
        assert repr(twin) == repr(m)
        assert len(trainables(twin)) == len(trainables(m)) == 3
        update(setup(Descent(1.0), twin), twin, gradient(lambda m: np.sum(m(x)), twin)[0])
        assert not np.array_equal(twin(x), m(x))
