"""Answers are judged in a copy of the namespace, with a time limit, in a fork or in this process."""

import linecache

import numpy as np
import pytest

from fluxrepl.tutor import judge as judging
from fluxrepl.tutor.judge import Verdict, judge
from fluxrepl.tutor.lesson import Example


@pytest.fixture(params=["fork", "here"], autouse=True)
def place(request, monkeypatch):
    """Both ways must agree."""
    if request.param == "here":
        monkeypatch.setattr(judging, "_can_fork", lambda: False)
    elif not judging._can_fork():
        pytest.skip("answers are judged in a fork on Linux only")
    return request.param


def checks(*sources):
    return [Example(source, 1) for source in sources]


def test_a_check_that_holds_passes():
    assert judge(checks("assert x == 3"), {"x": 3}) == Verdict(True)


def test_the_message_of_an_assert_is_what_is_told():
    assert judge(checks('assert x == 4, f"x is {x}"'), {"x": 3}) == Verdict(False, "x is 3")


def test_an_assert_without_a_message_tells_what_it_asserts():
    assert judge(checks("y = 1\nassert x == 4"), {"x": 3}) == Verdict(False, "this does not hold: x == 4")


def test_another_error_is_told_by_type_and_message():
    words = judge(checks("y = 1\nx + 'a'"), {"x": 3}).words
    assert words == "TypeError: unsupported operand type(s) for +: 'int' and 'str'\n  tried: x + 'a'"


def test_an_error_in_an_answer_is_told_with_its_line_and_the_call_that_was_tried():
    answer = "def half(x):\n    y = x\n    return y / 0\n"
    linecache.cache["<cell 7>"] = (len(answer), None, answer.splitlines(keepends=True), "<cell 7>")
    names = {"__name__": "__main__"}
    exec(compile(answer, "<cell 7>", "exec"), names)
    assert judge(checks('assert half(4) == 2, "no"'), names).words == (
        "ZeroDivisionError: division by zero\n  at your line 3: return y / 0\n  tried: half(4)"
    )


def test_an_answer_is_run_before_the_checks():
    assert judge(checks("assert f(1) == 2"), {}, "def f(x): return x + 1").passed
    assert judge(checks("assert f(1) == 2"), {}, "def f(x) return x").words.startswith("SyntaxError: ")


def test_exit_is_no_way_out():
    assert judge(checks("exit()"), {}) == Verdict(False, "it calls exit(), which ends Python")


def test_leaving_python_is_no_way_out(place):
    if place == "fork":
        assert "before it could be judged" in judge(checks("import os; os._exit(0)"), {}).words


def test_an_endless_check_is_stopped():
    words = judge(checks("while True: pass"), {}, seconds=0.3).words
    assert words == "it took longer than 0.3 seconds; is there a loop that never ends?"


def test_nothing_of_the_namespace_is_changed():
    names = {"x": 1, "data": [1, [2]], "table": {"a": 1}, "W": np.ones(3), "keys": {1}}
    source = "x = 2\nnew = 3\ndata[1].append(9)\ndata.clear()\ntable['b'] = 2\nW += 1\nkeys.clear()"
    assert judge(checks(source), names).passed
    assert (names["x"], names["data"], names["table"], names["keys"]) == (1, [1, [2]], {"a": 1}, {1})
    assert names["W"].tolist() == [1.0, 1.0, 1.0]
    assert "new" not in names


def test_a_function_that_sets_a_global_does_not_set_it_here():
    names = {}
    exec("def f():\n    global count\n    count = 1", names)
    assert judge(checks("f()"), names).passed
    assert "count" not in names


def test_what_an_answer_prints_is_not_seen(capfd):
    assert judge(checks("print('loud'); import os; os.write(2, b'') "), {}).passed
    assert capfd.readouterr() == ("", "")
