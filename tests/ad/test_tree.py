"""Structures: taken apart, put together again, never changed; records are read-only and print well."""

import copy
import enum
import pickle
from collections import OrderedDict, defaultdict, namedtuple

import numpy as np
import pytest

from fluxrepl import record
from fluxrepl.ad.tree import is_numeric, leaves, map_leaves


class Colour(enum.Enum):
    RED = 1


class Layer:
    def __init__(self):
        self.W, self.name = np.ones(2), "layer"


def double(leaf):
    return leaf * 2 if is_numeric(leaf) else leaf


def test_leaves_come_in_order_with_their_paths():
    tree = {"a": [1, (2.0, "x")], "b": record(c=None)}
    assert list(leaves(tree)) == [(("a", 0), 1), (("a", 1, 0), 2.0), (("a", 1, 1), "x"), (("b", "c"), None)]
    assert list(leaves(3.0)) == [((), 3.0)]


def test_a_mapped_structure_keeps_its_types():
    Pair = namedtuple("Pair", "a b")
    tree = [Pair(1, "s"), OrderedDict(z=2), defaultdict(list, k=3), record(r=4)]
    got = map_leaves(double, tree)
    assert got == [Pair(2, "s"), OrderedDict(z=4), {"k": 6}, record(r=8)]
    assert [type(part) for part in got] == [type(part) for part in tree]
    assert got[2]["missing"] == []


def test_an_object_is_copied_and_the_original_stays():
    old = Layer()
    new = map_leaves(double, old)
    assert type(new) is Layer
    assert new.W.tolist() == [2.0, 2.0]
    assert old.W.tolist() == [1.0, 1.0]
    assert new.name is old.name


def test_where_nothing_changed_the_very_same_object_comes_back():
    tree = {"a": [1, 2], "b": Layer()}
    assert map_leaves(lambda leaf: leaf, tree) is tree
    changed = map_leaves(lambda leaf: 5 if leaf is tree["a"][0] else leaf, tree)
    assert changed["b"] is tree["b"]


@pytest.mark.parametrize("leaf", [Colour.RED, "s", b"s", len, np.tanh, Layer, np, 3, None, np.random.default_rng(0)])
def test_what_is_not_a_structure_is_a_leaf(leaf):
    assert list(leaves(leaf)) == [((), leaf)]


def test_numbers_count_and_bools_do_not():
    assert all(map(is_numeric, [1, 1.0, 1j, np.float32(1), np.ones(2), np.array([1])]))
    assert not any(map(is_numeric, [True, np.bool_(True), np.array([True]), "1", None, np.array(["a"])]))


def test_a_record_reads_like_an_object_and_like_a_dict():
    r = record(a=1.0, b=None)
    assert (r.a, r["b"], list(r), len(r), "a" in r) == (1.0, None, ["a", "b"], 2, True)
    assert dict(r.items()) == {"a": 1.0, "b": None}
    assert r == record(a=1.0, b=None)
    assert r != record(a=2.0, b=None)
    assert pickle.loads(pickle.dumps(r)) == copy.deepcopy(r) == r
    assert "a" in dir(r)


def test_a_record_is_read_only_and_says_how_to_make_another():
    r = record(a=1.0)
    with pytest.raises(AttributeError, match="a record is read-only: make a new one"):
        r.a = 2.0
    with pytest.raises(AttributeError, match="this record has no field 'b'; it has: a"):
        r.b
    assert r.a == 1.0


def test_a_short_record_prints_on_one_line():
    r = record(a=np.array([2, 1]), b=np.array([2, 0]), c=np.tanh)
    assert repr(r) == "(a=array([2, 1]), b=array([2, 0]), c=<ufunc 'tanh'>)"
    assert repr(record()) == "()"


def test_a_long_record_prints_aligned_and_stays_short():
    r = record(weight=np.zeros((100, 100)), bias=None, inner=record(W=np.array([[1.0, 2.0], [3.0, 4.0]])))
    assert (
        repr(r)
        == """\
(
  weight=array([[0., 0., ..., 0., 0.],
                [0., 0., ..., 0., 0.],
                ...,
                [0., 0., ..., 0., 0.],
                [0., 0., ..., 0., 0.]], shape=(100, 100)),
  bias=None,
  inner=(
    W=array([[1., 2.],
             [3., 4.]]),
  ),
)"""
    )


def test_a_record_with_a_field_named_like_a_method_still_reads():
    r = record(items=1.0, keys=2.0)
    assert r["items"] == 1.0
    assert list(r) == ["items", "keys"]


def test_records_are_equal_where_their_arrays_are():
    assert record(W=np.ones(2)) == record(W=np.ones(2))
    assert record(W=np.ones(2)) != record(W=np.zeros(2))
    assert record(W=np.ones(2)) != record(W=np.ones(3))
