"""The signature bar: found from half-typed text, without running anything of the learner's."""

import numpy as np
import pytest

from fluxrepl.terminal.signature import call_at, look_up, signature_bar


def area(width, height=2, *rest, unit="m", **more):
    """A function with every kind of parameter."""


class Told:
    """An object whose attributes tell when they are read."""

    read = False

    @property
    def property(self):
        Told.read = True
        return area

    def method(self, x): ...


class Odd:
    def __getattr__(self, name):
        raise RuntimeError("somebody looked")


NAMES = {"area": area, "np": np, "told": Told(), "odd": Odd()}


def bar(text, width=100):
    return "".join(part for _, part in signature_bar(text, NAMES, width))


def current(text):
    return [part for style, part in signature_bar(text, NAMES, 100) if style == "class:signature.current"]


@pytest.mark.parametrize(
    ("text", "callee", "position"),
    [
        ("f(", "f", 0),
        ("f(1, ", "f", 1),
        ("f(g(1, 2), ", "f", 1),
        ("f(1, g(", "g", 0),
        ("f([1, 2, ", "f", 0),
        ("f({1: (2, 3), ", "f", 0),
        ("f(lambda x, y: x, ", "f", 1),
        ("f(lambda x, y", "f", 0),
        ("a.b.c(1, ", "a.b.c", 1),
        ("f('(', ", "f", 1),
        ("f(# (\n1, ", "f", 1),
        ("f('''\n(''', ", "f", 1),
        ("x = 1\nfor i in range(3):\n    f(i, 'half", "f", 1),
    ],
)
def test_the_open_call_and_the_argument_are_found(text, callee, position):
    found = call_at(text)
    assert (found.callee, found.position) == (callee, position)


@pytest.mark.parametrize("text", ["", "f", "f()", "(1, ", "[f, ", "x[(1", "f(1) + (", "''')("])
def test_outside_a_call_there_is_none(text):
    assert call_at(text) is None


def test_the_bar_shows_the_parameters():
    assert bar("area(") == "area(width, height=2, *rest, unit='m', **more)"


def test_the_bar_marks_the_parameter_that_is_being_written():
    assert current("area(") == ["width"]
    assert current("area(1, ") == ["height=2"]
    assert current("area(1, 2, 3, 4, ") == ["*rest"]
    assert current("area(unit=") == ["unit='m'"]
    assert current("area(other=") == ["**more"]


def test_a_definition_is_not_a_call():
    assert bar("def area(") == ""
    assert bar("class area(") == ""


def test_builtins_and_ufuncs_have_a_bar_too():
    assert bar("len(") == "len(obj)"
    assert bar("np.add(1, ").startswith("np.add(x1, x2")


def test_the_bar_is_one_line():
    assert len(bar("np.sum(", width=30)) < 30
    assert bar("np.sum(", width=30).endswith("…")


def test_what_is_no_function_or_unknown_has_no_bar():
    assert bar("np(") == ""
    assert bar("nothing_such(") == ""
    assert bar("np.nothing.such(") == ""


def test_looking_up_runs_no_code_of_the_learners():
    assert look_up("told.property", NAMES) is None
    assert not Told.read
    assert look_up("odd.anything", NAMES) is None
    assert look_up("told.method", NAMES) is not None
