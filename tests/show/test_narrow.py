"""The table of `explain` in windows of different widths: nothing wraps in the middle of a number."""

import numpy as np
import pytest

from fluxrepl import explain
from fluxrepl.show.rich import view

x, y = np.array([1.0, 2.0]), np.array([2.0, 1.0])


def loss(W, b):
    distance = W @ x + b - y
    return np.sum(distance**2)


@pytest.fixture
def table():
    return explain(loss, np.ones((2, 2)), np.zeros(2))


def test_where_there_is_room_it_is_the_repr(table):
    assert table.text(110) == repr(table)
    assert max(len(line) for line in repr(table).split("\n")) <= 110


def test_at_80_columns_the_learners_lines_stand_above_their_steps(table):
    assert table.text(80) == (
        "step             value                 derivative           cotangent\n"
        "W                [[1., 1.], [1., 1.]]                       [[2., 4.], [4., 8.]]\n"
        "b                [0., 0.]                                   [2., 4.]\n"
        "# distance = W @ x + b - y\n"
        "v1 = W @ x       [3., 3.]              outer(ct, x)         [2., 4.]\n"
        "v2 = v1 + b      [3., 3.]              1, 1                 [2., 4.]\n"
        "v3 = v2 - y      [1., 2.]              1                    [2., 4.]\n"
        "# return np.sum(distance**2)\n"
        "v4 = v3 ** 2     [1., 4.]              2·v3 = [2., 4.]      [1., 1.]\n"
        "v5 = np.sum(v4)  5.0                   ct to every element  1.0"
    )


def test_with_less_room_the_larger_arrays_become_their_shapes(table):
    lines = table.text(70).split("\n")
    assert lines[1].split() == ["W", "float64[2,", "2]", "float64[2,", "2]"]
    assert lines[2].split() == ["b", "[0.,", "0.]", "[2.,", "4.]"]
    assert "…" not in table.text(70)


def test_with_still_less_the_widest_columns_are_cut(table):
    assert table.text(60).split("\n")[-1] == "v5 = np.sum(v…  5.0            ct to every e…  1.0"


@pytest.mark.parametrize("room", [120, 100, 80, 72, 60, 40, 26])
def test_no_line_is_wider_than_the_window(table, room):
    assert max(len(line) for line in table.text(room).split("\n")) <= room


@pytest.mark.parametrize("room", [None, 120, 80, 60, 20])
def test_in_colour_it_has_the_same_characters(table, room):
    assert view(table, room).plain == table.text(room)
    nothing = explain(lambda x: 3, 2.0)
    assert view(nothing, room).plain == nothing.text(room)


def test_many_steps_are_folded_in_a_narrow_window_too():
    def many(x):
        for _ in range(50):
            x = x * 1.5
        return x

    assert "… 26 more steps" in explain(many, 1.0).text(30)
