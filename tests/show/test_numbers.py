import math
import tracemalloc

import numpy as np
import pytest
from rules.foreign import Foreign

from fluxrepl.show import numbers
from fluxrepl.show.numbers import Looking, digits


def at(x, left=numbers.EXACT):
    return Looking(left).at(x)


def test_the_numbers_of_an_array():
    seen = at(np.array([[-1.0, 0.0], [3.0, 2.0]]))
    assert (seen.size, seen.zero, seen.low, seen.high, seen.mean) == (4, 1, -1.0, 3.0, 1.0)
    assert seen.norm == pytest.approx(math.sqrt(14))
    assert sum(seen.bins) == 4
    assert seen.bins[0] == seen.bins[-1] == 1
    assert seen.wrong() == []


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", "i1", "u8", "c16"])
def test_every_kind_of_number(kind):
    assert at(np.array([3, 4] * 10, kind)).norm == pytest.approx(math.sqrt(250))


def test_half_floats_do_not_overflow():
    assert at(np.full(10, 60000, np.float16)).norm == pytest.approx(60000 * math.sqrt(10))


def test_nan_and_infinity_are_counted_apart():
    seen = at(np.array([np.nan, np.inf, -np.inf, 5.0, 0.0]))
    assert (seen.nan, seen.inf, seen.finite, seen.low, seen.high) == (1, 2, 2, 0.0, 5.0)
    assert seen.wrong() == ["1 NaN", "2 Inf"]
    seen = at(np.array([np.nan, np.nan]))
    assert (seen.finite, seen.norm, seen.bins) == (0, 0.0, ())


@pytest.mark.parametrize("x", [np.zeros(0), np.array(["a"]), np.array([True]), np.array([None]), 3.0, None])
def test_what_holds_no_numbers_has_none(x):
    assert at(x) is None


def test_pieces_give_the_same_as_the_whole(monkeypatch):
    x = np.random.default_rng(0).normal(size=1000)
    x[17] = np.nan
    whole = at(x)
    monkeypatch.setattr(numbers, "PIECE", 64)
    split = at(x)
    assert split.bins == whole.bins
    assert split[:7] == whole[:7]
    assert split.norm == pytest.approx(whole.norm)


def test_past_the_budget_a_sample_stands_for_the_rest():
    looking = Looking(1000)
    assert not looking.at(np.ones(600)).sampled
    seen = looking.at(np.ones(100_000))
    assert seen.sampled
    assert seen.looked_at <= numbers.SAMPLE
    assert seen.norm == pytest.approx(math.sqrt(100_000))


def test_a_sample_of_what_does_not_lie_in_one_piece_copies_nothing_large():
    tracemalloc.start()
    seen = at(np.broadcast_to(np.array([[1.0], [3.0]]), (2, 20_000_000)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50_000_000
    assert (seen.low, seen.high, seen.sampled) == (1.0, 3.0, True)
    assert seen.mean == pytest.approx(2.0, abs=0.01)


@pytest.mark.parametrize("x", [np.ones(30), np.array([1.0, 1.0 + 1e-15] * 9), np.array([-1e308, 1e308])])
def test_there_are_no_bins_where_they_would_say_nothing(x):
    assert at(x).bins == ()


def test_what_cannot_become_numpys_is_looked_at_where_it_is():
    seen = at(Foreign(np.arange(10.0)))
    assert (seen.low, seen.high, sum(seen.bins)) == (0.0, 9.0, 10)


@pytest.mark.parametrize(
    ("x", "text"),
    [(0.01234, "0.0123"), (-2.0, "−2"), (-1.2e-7, "−1.2e-7"), (12345.0, "12345"), (1.5e9, "1.5e9"), (-0.0, "0")],
)
def test_digits_are_few(x, text):
    assert digits(x) == text
