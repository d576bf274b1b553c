"""The call that the cursor is in, found from half-typed text."""

import pytest

from fluxrepl.terminal.calls import call_at


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
        ("m[0](1, ", "m[0]", 1),
        ("Dense(3, 4)(", "Dense(3, 4)", 0),
        ("x = 'abc'.replace('a', ", "'abc'.replace", 1),
        ("y = [1, 2].index(", "[1, 2].index", 0),
        ("é = 1\nf(é).real.g(", "f(é).real.g", 0),
        ("x = 1\nfor i in range(3):\n    f(i, 'half", "f", 1),
    ],
)
def test_the_open_call_and_the_argument_are_found(text, callee, position):
    found = call_at(text)
    assert (found.callee, found.position) == (callee, position)


@pytest.mark.parametrize("text", ["", "f", "f()", "(1, ", "[f, ", "x[(1", "f(1) + (", "return (", "x in (", "''')("])
def test_outside_a_call_there_is_none(text):
    assert call_at(text) is None
