import threading
import time

import numpy as np
import pytest

from fluxrepl.shell import display
from fluxrepl.shell.long import shown_text


@pytest.mark.parametrize(
    "cell",
    [
        "{'b': 1, 'a': [1] * 60}",
        "[list(range(40)), {3, 1, 2}]",
        "(np.array([1., 2.]), None)",
        "'text'",
        "b'bytes'",
        "object",
        "{}",
        "Dense(2, 3)",
        "record(a=np.array([2, 1]), c=None)",
    ],
)
def test_the_text_of_a_value_is_its_repr(shell, cell: str) -> None:
    outcome = shell.run(cell)
    assert outcome.output == repr(outcome.value) + "\n"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("np.float64(2)", "2.0"),
        ("np.float32(0.5)", "0.5"),
        ("np.int64(3)", "3"),
        ("np.True_", "True"),
        ("[np.float64(1)]", "[1.0]"),
        ("np.array([2., -0.])", "array([ 2., -0.])"),
    ],
)
def test_numpy_scalars_are_plain_numbers(shell, cell: str, text: str) -> None:
    assert shell.run(cell).output == text + "\n"


def test_print_options_of_the_learner_stay(shell) -> None:
    shell.run("np.set_printoptions(precision=2)")
    assert shell.run("np.array([1.23456])").output == "array([1.23])\n"
    shell.run("np.set_printoptions(precision=8, legacy=False)")
    assert shell.run("np.float64(2)").output == "np.float64(2.0)\n"
    shell.run("np.set_printoptions(legacy='1.25')")


def test_a_new_thread_prints_plain_numbers_too() -> None:
    texts = []

    def work() -> None:
        display.plain_numbers()
        texts.append(repr(np.float64(2)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert texts == ["2.0"]


def test_none_shows_nothing(shell) -> None:
    assert shell.run("None").output == ""


def test_a_repr_that_fails_is_an_error_at_the_learners_line_and_the_shell_lives(shell, capsys) -> None:
    outcome = shell.run("class Bad:\n    def __repr__(self):\n        raise ValueError('no repr')\nBad()")
    shown = capsys.readouterr().out
    assert type(outcome.error) is ValueError
    assert outcome.output == ""
    assert "----> 3         raise ValueError('no repr')" in shown
    assert "ValueError: no repr" in shown
    assert shell.run("1").output == "1\n"


def test_html_is_ours_then_the_values_own_then_none(monkeypatch) -> None:
    from fluxrepl.show import html

    class Table:
        def _repr_html_(self) -> str:
            return "<table></table>"

    monkeypatch.setattr(html, "view", lambda value: "<b>ours</b>" if value == 1 else None)
    assert display.html_view(1) == "<b>ours</b>"
    assert display.html_view(Table()) == "<table></table>"
    assert display.html_view(Table) is None
    assert display.html_view(2) is None


def test_a_view_that_fails_costs_nothing_but_the_view(monkeypatch) -> None:
    from fluxrepl.show import html

    def fail(value: object) -> str:
        raise RuntimeError("broken view")

    monkeypatch.setattr(html, "view", fail)
    assert display.html_view(1) is None


def test_a_screen_without_sigma_shows_an_escape(shell, monkeypatch) -> None:
    import io
    import sys

    screen = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", screen)
    shell.show_result("σ", "'σ'")
    screen.flush()
    assert screen.buffer.getvalue() == b"'\\u03c3'\n"


LAYERS = """\
[
  Dense(10, 5, relu),                   # 55 parameters
  Dense(5, 2),                          # 12 parameters
  softmax,
]
"""


def test_a_list_of_layers_is_one_text_in_shell_and_checker(shell, capsys) -> None:
    from fluxrepl.tutor.run import run

    source = "[Dense(10, 5, relu), Dense(5, 2), softmax]"
    assert shell.run(source).output == LAYERS
    assert capsys.readouterr().out == LAYERS
    assert run(source, shell.user_ns).output == LAYERS


def test_a_very_long_list_is_cut_on_the_screen_and_whole_for_the_lesson(shell, capsys) -> None:
    outcome = shell.run("list(range(1_000_000))")
    shown = capsys.readouterr().out
    assert shown.startswith("[0, 1, 2, ")
    assert shown.endswith(" 99, … 999_900 more]  # print(_) shows all\n")
    assert outcome.output == repr(list(range(1_000_000))) + "\n"
    shell.run("print(_)")
    assert capsys.readouterr().out == outcome.output


def test_a_very_long_text_is_cut_on_the_screen_and_whole_for_the_lesson(shell, capsys) -> None:
    outcome = shell.run("'σ' * 1_000_000")
    assert capsys.readouterr().out == f"'{'σ' * 10_000} … 990_000 more characters'  # print(_) shows all\n"
    assert outcome.output == repr("σ" * 1_000_000) + "\n"
    newlines = r"\n" * 10_000
    assert shown_text(b"\n" * 100_001) == f"b'{newlines} … 90_001 more bytes'  # print(_) shows all"
    assert shown_text("a" * 100_000) == repr("a" * 100_000)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ([1] * 1000, repr([1] * 1000)),
        ([1] * 1001, f"[{'1, ' * 100}… 901 more]"),
        ((1,) * 1001, f"({'1, ' * 100}… 901 more)"),
        ({k: [0] for k in range(2000)}, f"{{{''.join(f'{k}: [0], ' for k in range(100))}… 1_900 more}}"),
        (set(range(2000)), f"{{{''.join(f'{k}, ' for k in range(100))}… 1_900 more}}"),
        (frozenset(range(2000)), f"frozenset({{{''.join(f'{k}, ' for k in range(100))}… 1_900 more}})"),
        (([1] * 1001,), f"([{'1, ' * 100}… 901 more],)"),
        ("a" * 2000, repr("a" * 2000)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_only_collections_of_more_than_a_thousand_parts_are_cut(value: object, shown: str) -> None:
    assert shown_text(value).removesuffix("  # print(_) shows all") == shown


def test_a_list_that_holds_itself_is_shown() -> None:
    circle: list[object] = [1] * 1001
    circle[0] = circle
    assert len(shown_text(circle)) < 10_000


def pairs(levels: int) -> object:
    value: object = np.ones(3)
    for _ in range(levels):
        value = (value, value)
    return value


@pytest.mark.parametrize(
    "value",
    [
        pairs(40),
        pairs(500),
        [[0.1234567890123456] * 1000] * 500,
        [np.linspace(0, 1, 900)] * 900,
        ["word" * 100_000, "word" * 100_000],
        {"a": [{"b": [list(range(900))] * 900}] * 900},
    ],
    ids=["2^40 arrays", "500 levels", "rows", "arrays", "texts", "dicts"],
)
def test_collections_in_collections_are_cut_to_a_budget_in_no_time(value: object) -> None:
    begun = time.perf_counter()
    text = shown_text(value)
    assert time.perf_counter() - begun < 5
    assert len(text) < 250_000
    assert "…" in text or "..." in text
    assert "  # " in text[-60:]


def test_what_can_never_be_written_is_not_written_for_a_lesson_either(shell) -> None:
    source = "x = np.ones(3)\nfor i in range(40):\n    x = (x, x)\nx"
    assert shell.run(source).output.endswith("# too large or too deep to be written in full\n")
    assert shell.run("[[0.5] * 1000] * 500").output == repr([[0.5] * 1000] * 500) + "\n"


@pytest.mark.parametrize("value", [pairs(5), [[1.5] * 100] * 50, {"a": {"b": ({1, 2}, [], ())}}, ["word"] * 900])
def test_short_ones_stay_as_python_writes_them(value: object) -> None:
    assert shown_text(value) == repr(value)


def test_a_short_list_that_holds_itself_is_as_python_writes_it() -> None:
    circle: list[object] = [1]
    circle.append({"again": circle})
    assert shown_text(circle) == "[1, {'again': [...]}]"
