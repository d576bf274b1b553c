"""The lean executor shows what the shell would show."""

import builtins

import pytest

from fluxrepl.tutor.run import describe, run


@pytest.mark.parametrize(
    ("source", "output"),
    [
        ("1 + 1", "2\n"),
        ("x = 1", ""),
        ("x = 1\nx", "1\n"),
        ("x = 1; x", "1\n"),
        ("1;", ""),
        ("1;  # silent", ""),
        ("'a;'", "'a;'\n"),
        ("None", ""),
        ("print('a', end='')", "a"),
        ("print('a')\n3", "a\n3\n"),
        ("1\n2", "2\n"),
        ("for i in range(2): i", ""),
        ("def f():\n    return 1\nf()", "1\n"),
        ("", ""),
        ("# nothing", ""),
    ],
)
def test_what_a_source_shows(source, output):
    ran = run(source, {})
    assert (ran.output, ran.error) == (output, None)


@pytest.mark.parametrize("first", ["print('on')", "import asyncio; print(await asyncio.sleep(0))"])
@pytest.mark.parametrize(("last", "about"), [("print(7)", "7\n"), ("[print(1), 7][1]", "7\n"), ("None", "")])
def test_a_promise_is_about_the_last_statement_alone(first, last, about):
    assert run(f"{first}\n{last}", {}).last == about


def test_errors_keep_the_line_of_the_lesson():
    ran = run("def f():\n    return 1 / 0\nf()", {}, "lesson.md", 40)
    told = describe(ran.error, "lesson.md")
    assert (told["name"], told["message"], told["line"]) == ("ZeroDivisionError", "division by zero", 41)


def test_errors_are_not_shown_as_output():
    ran = run("print('before'); 1 / 0", {})
    assert (ran.output, type(ran.error)) == ("before\n", ZeroDivisionError)


def test_what_stderr_gets_is_kept_apart():
    ran = run("import sys; print('careful', file=sys.stderr)", {})
    assert (ran.output, ran.noise) == ("", "careful\n")


def test_streams_that_a_lesson_closes_still_tell_what_it_shows():
    source = (
        "import sys\nprint('a')\nsys.stdout.close()\nsys.stderr.close()\nprint('b')\nprint('c', file=sys.stderr)\n3"
    )
    ran = run(source, {})
    assert (ran.output, ran.noise, ran.error) == ("a\nb\n3\n", "c\n", None)


def test_flags_of_this_project_do_not_reach_the_lesson():
    namespace = {}
    run("from __future__ import annotations", namespace)
    run("def f(x: undefined): pass", namespace)
    assert "f" not in namespace


def test_output_without_end_is_cut_off():
    output = run("for i in range(300): print('x' * 10_000)", {}).output
    assert len(output) < 1_100_000
    assert output.endswith("[the rest was cut off]\n")


def test_an_error_with_notes_is_described_whole():
    ran = run("e = ValueError('bad')\ne.add_note('write good')\nraise e", {})
    assert describe(ran.error) == {
        "name": "ValueError",
        "full": "builtins.ValueError",
        "bases": ["ValueError", "Exception", "BaseException", "object"],
        "message": "bad",
        "notes": ["write good"],
        "line": 0,
    }


def test_the_last_value_is_underscore_for_the_lesson_and_for_nobody_else(monkeypatch):
    monkeypatch.delattr(builtins, "_", raising=False)  # doctest, in another test, leaves one
    namespace = {}
    assert run("6 * 7", namespace).output == "42\n"
    assert run("_ + 1", namespace).output == "43\n"
    assert not hasattr(builtins, "_"), "the shell of a player would not set its own any more"
