"""The signature bar, as it is drawn for half-typed text."""

import numpy as np

from fluxrepl import Chain, Dense
from fluxrepl.terminal.signature import signature_bar


def area(width, height=2, *rest, unit="m", **more):
    """A function with every kind of parameter."""


NAMES = {"area": area, "np": np, "Dense": Dense, "model": Chain(Dense(2, 3), np.tanh)}


def bar(text, width=100):
    return "".join(part for _, part in signature_bar(text, NAMES, width))


def current(text):
    return [part for style, part in signature_bar(text, NAMES, 100) if style == "class:signature.current"]


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
    assert bar("len(") == "len(obj, /)"
    assert bar("np.add(1, ").startswith("np.add(x1, x2")


def test_the_bar_is_one_line():
    assert len(bar("np.sum(", width=30)) < 30
    assert bar("np.sum(", width=30).endswith("…")


def test_what_is_no_function_or_unknown_has_no_bar():
    assert bar("np(") == ""
    assert bar("nothing_such(") == ""
    assert bar("np.nothing.such(") == ""


def test_the_marks_say_what_may_be_given_by_place_only_and_by_name_only():
    def f(a, /, b, *, c): ...

    def g(a, /): ...

    def drawn(text):
        return "".join(part for _, part in signature_bar(text, {"f": f, "g": g}, 80))

    assert (drawn("f("), drawn("g(")) == ("f(a, /, b, *, c)", "g(a, /)")
    assert "activation=identity, *, bias=True" in bar("Dense(3, 4, ")


def test_the_parameter_that_is_being_written_is_always_seen():
    shown = bar("np.sum(np.ones(3), where=", width=60)
    assert shown.startswith("np.sum(…, ")
    assert shown.endswith("where=<no value>)")
    assert len(shown) < 60
    assert bar("np.sum(np.ones(3), dtype=", width=60).startswith("np.sum(a, axis=None, dtype=None, ")


def test_methods_of_what_is_not_made_yet_and_instances_that_can_be_called_have_a_bar():
    assert bar('"abc".replace("a", ').startswith('"abc".replace(old, new, ')
    assert bar("np.array([1]).reshape(").startswith("np.array([1]).reshape(")
    assert bar("model[0](") == "model[0](x)"
    assert bar("Dense(3, 4)(") == "Dense(3, 4)(x)"
    assert bar("[3, 1].sort(") == "[3, 1].sort(*, key=None, reverse=False)"


def test_a_long_callee_is_shortened_from_its_beginning():
    assert bar("'a very long text, to be replaced'.strip(").startswith("…")
    assert ".strip(chars=None, /)" in bar("'a very long text, to be replaced'.strip(")
