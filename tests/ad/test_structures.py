"""A function may do to the structure that it is given what it likes: the gradient is that of what it was given."""

from collections import deque

import numpy as np
import pytest

from fluxrepl import gradient, hvp, jvp, pullback, record, withgradient


def doubles_an_item(d):
    d["x"] = d["x"] * 2
    return d["x"] ** 2


def test_an_item_that_is_written_over_keeps_its_gradient():
    assert gradient(doubles_an_item, {"x": 3.0}) == ({"x": 24.0},)
    assert withgradient(doubles_an_item, {"x": 3.0}).grad == ({"x": 24.0},)
    assert pullback(doubles_an_item, {"x": 3.0})[1](1.0) == ({"x": 24.0},)
    assert jvp(doubles_an_item, {"x": 3.0}, {"x": 1.0}) == (36.0, 24.0)
    assert hvp(doubles_an_item, {"x": 3.0}, {"x": 1.0}) == {"x": 8.0}


def test_the_argument_itself_stays_as_it_was():
    given = {"x": 3.0}
    gradient(doubles_an_item, given)
    assert given == {"x": 3.0}


def test_a_list_may_be_reversed_and_emptied():
    def reverses(v):
        v.reverse()
        return v[0] * 10 + v[1]

    def pops(v):
        last = v.pop()
        return last * last

    assert gradient(reverses, [2.0, 3.0]) == ([1.0, 10.0],)
    assert gradient(pops, [2.0, 3.0]) == ([None, 6.0],)


@pytest.mark.parametrize("put_instead", [5.0, None, np.ones(3), {"y": 1.0}])
def test_something_else_may_be_put_in_place(put_instead):
    def f(d):
        y = d["x"] ** 2
        d["x"] = put_instead
        return y

    assert gradient(f, {"x": 3.0}) == ({"x": 6.0},)


def test_parts_may_change_places():
    def f(d):
        y = d["x"] ** 2
        d["x"] = d["y"]
        return y * d["y"]

    assert gradient(f, {"x": 3.0, "y": 2.0}) == ({"x": 12.0, "y": 9.0},)


def test_running_statistics_of_an_object_have_the_gradient_of_what_they_were():
    class Normed:
        def __init__(self):
            self.w, self.mean = 2.0, 1.0

        def __call__(self, x):
            y = self.w * x + self.mean
            self.mean = 0.9 * self.mean + 0.1 * self.w * x
            return y * self.mean

    (g,) = gradient(lambda m: m(3.0), Normed())
    assert g.w == pytest.approx(6.6)
    assert g.mean == pytest.approx(7.8)


def test_a_captured_variable_that_is_rebound_keeps_its_gradient():
    def made():
        w = 3.0

        def f(x):
            nonlocal w
            y = w * x
            w = w * 0
            return y

        return f

    (g, _) = gradient(lambda f, x: f(x), made(), 2.0)
    assert g.w == 2.0


@pytest.mark.parametrize(
    "values",
    [
        {1.0, 2.0}, frozenset([1, 2]), {"a": 1.0}.values(), {1.0: "a"}.keys(), {"a": (1.0,)}.items(), iter([1.0]),
        (x for x in [1.0]), zip([1.0], [2.0], strict=True), map(abs, [1.0]), memoryview(np.ones(2)),
    ],
    ids=lambda values: type(values).__name__,
)  # fmt: skip
def test_numbers_without_a_place_to_trace_them_in_are_refused(values):
    for argument in (values, {"inside": [values]}):
        with pytest.raises(TypeError, match=f"with respect to a {type(values).__name__}") as e:
            gradient(lambda x: 1.0, argument)
        assert "list" in "".join(e.value.__notes__)


def test_text_files_and_callables_without_numbers_have_no_gradient(tmp_path):
    with open(tmp_path / "notes", "w+") as file:
        assert gradient(lambda *given: 1.0, {"a", "b"}, {"a": "b"}.items(), file, range(3), np.sin, None) == (None,) * 6


class Keeper:
    def __init__(self):
        self.w, self.history, self.by_name, self.nested = 2.0, [], {"loss": []}, ([], deque())
        self.labels = ["a"]

    def loss(self, x):
        y = self.w * x
        for kept in (self.history, self.by_name["loss"], *self.nested, self.labels):
            kept.append(y)
        self.by_name["last"] = y
        return y


def test_no_tracer_gets_into_a_container_of_the_original_that_was_empty():
    keeper = Keeper()
    assert gradient(lambda m, x: m.loss(x), keeper, 3.0) == (record(w=3.0, **dict.fromkeys(OTHERS)), 2.0)
    with pytest.raises(ZeroDivisionError):
        gradient(lambda m, x: m.loss(x) / (1 // 0), keeper, 3.0)
    assert (keeper.history, keeper.by_name, keeper.nested) == ([], {"loss": []}, ([], deque()))
    assert keeper.labels == ["a"]

    alone = []
    gradient(lambda x, kept: kept.append(x) or x, 3.0, alone)
    assert alone == []


OTHERS = ["history", "by_name", "nested", "labels"]


def test_a_list_without_numbers_that_contains_itself_is_handed_on():
    loop = ["text"]
    loop.append(loop)
    assert gradient(lambda d: d["x"] if d["loop"][1][0] == "text" else 0.0, {"x": 3.0, "loop": loop}) == (
        {"x": 1.0, "loop": None},
    )
