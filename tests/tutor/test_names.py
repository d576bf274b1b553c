"""Which names a source binds and reads."""

import pytest

from fluxrepl.tutor.names import bound, in_a_line, last_expression, read, same_code


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x = 1", {"x"}),
        ("x, (y, *z) = f()", {"x", "y", "z"}),
        ("x += 1", {"x"}),
        ("x: int = 1", {"x"}),
        ("W[0] = 1", {"W"}),
        ("model.layers[0].W = 1", {"model"}),
        ("def f(a): b = 1", {"f"}),
        ("class C:\n    field = 1", {"C"}),
        ("import os.path, numpy as np", {"os", "np"}),
        ("from a import b as c", {"c"}),
        ("from a import *", {"*"}),
        ("for i in range(3): s = i", {"i", "s"}),
        ("with open(p) as f: pass", {"f"}),
        ("try: pass\nexcept E as e: pass", {"e"}),
        ("(n := 3)", {"n"}),
        ("[i for i in range(3)]", set()),
        ("del x", {"x"}),
        ("f(1)", set()),
        ("def half(", set()),
        ("%timeit x", set()),
    ],
)
def test_bound_names(source, names):
    assert bound(source) == names


def test_read_names_are_those_of_functions_too_but_no_builtins():
    assert read("def f(x): return len(x) + W\nprint(f(y))") == {"x", "W", "f", "y"}


def test_the_same_code_may_look_different():
    assert same_code("f( 1,2 )  # one", "f(1, 2)")
    assert not same_code("f(1, 2)", "f(2, 1)")
    assert same_code("%who", "%who ")
    assert not same_code("%timeit f(1)", "%timeit g(1)")


def test_the_last_expression():
    assert last_expression("x = 1\nx + 1") == "x + 1"
    assert last_expression("x = 1") == ""
    assert last_expression("") == ""


@pytest.mark.parametrize(
    ("source", "first", "last"),
    [
        ("x = 1\nx  # one\n", "x = 1", "x"),
        ("[1, 2,\n 3]\n", "[1, 2, 3]", "[1, 2, 3]"),
        ("\nx = f(1,  # one\n      2)\n# => 7\n", "x = f(1, 2)", "x = f(1, 2)"),
        ("import os; os.getcwd()", "import os; os.getcwd()", "import os; os.getcwd()"),
        ("def f(x):\n    # why\n    return x\nf(3)", "def f(x): return x", "f(3)"),
        ("1 +\n", "1 +", "1 +"),
        ("# nothing", "", ""),
    ],
)
def test_a_statement_in_a_line(source, first, last):
    assert (in_a_line(source), in_a_line(source, last=True)) == (first, last)
