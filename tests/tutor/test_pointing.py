"""Want and got are shown with a mark under the first place where they part."""

import pytest

from fluxrepl.cli import main
from fluxrepl.tutor.pointing import compared


def drawn(want, got):
    return [f"{line.kind:>4} {line.text}" for line in compared(want, got)]


def test_one_mark_does_where_the_place_is_the_same():
    assert drawn("(14.0, 2.0)", "(14.0, 3.0)") == ["want (14.0, 2.0)", " got (14.0, 3.0)", "mark        ^^^"]


def test_each_text_has_its_mark_where_the_places_differ():
    assert drawn("[1., 2.]", "[ 1., 3.]") == ["want [1., 2.]", "mark      ^^", " got [ 1., 3.]", "mark       ^^"]


def test_rounded_numbers_are_no_difference():
    assert drawn("[0.33, 2.0]", "[0.333333, 3.0]")[-1] == "mark            ^^^"


def test_of_several_lines_the_right_one_is_marked():
    assert drawn("a\nb 1\nc", "a\nb 2\nc") == [
        *("want a", "want b 1", "mark   ^", "want c"),
        *(" got a", " got b 2", "mark   ^", " got c"),
    ]


def test_what_is_missing_is_marked_at_the_end():
    assert drawn("a b", "a")[-1] == "mark  ^"


def test_wide_and_combined_characters_are_counted_as_a_screen_counts_them():
    assert drawn("模型 é 1", "模型 é 2")[-1] == "mark        ^"
    assert drawn("e\u0301 1", "e\u0301 2")[-1] == "mark   ^"


def test_of_a_long_text_what_is_around_the_place_is_shown():
    want = "\n".join(f"row {number}" for number in range(100))
    lines = drawn(want, want.replace("row 70", "row x"))
    assert lines[0] == "note … 50 lines before"
    assert lines[-1] == "note … 10 more lines"
    assert len(lines) == 2 * 43
    assert lines[lines.index(" got row x") + 1] == "mark     ^"


def test_of_a_long_line_what_is_around_the_place_is_shown():
    lines = drawn("x " * 300 + "1 " + "y " * 300, "x " * 300 + "2 " + "y " * 300)
    want, got, mark = lines
    assert len(want) < 175
    assert want[5:].startswith("… ")
    assert got.endswith(" …")
    assert got[mark.index("^")] == "2"


def test_nothing_is_marked_where_one_is_empty_or_a_promise_is_no_text():
    assert drawn("1", "") == ["want 1", " got (nothing)"]
    assert drawn("_ > 3", "2") == ["want _ > 3", " got 2"]


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("```pycon\n>>> [1, 2]\n[1, 3]\n\n```", ["  want: [1, 3]", "  got:  [1, 2]", "            ^"]),
        ("```python\n(1, 2)  # => (1, 3)\n```", ["  want: (1, 3)", "  got:  (1, 2)", "            ^"]),
        ("```python\n2  # => _ > 3\n```", ["  want: _ > 3", "  got:  2"]),
        ("```pycon\n>>> 1 / 0\n\n```", ["    1 / 0", "  got:  ZeroDivisionError: division by zero"]),
        ("```pycon {signed_zero}\n>>> -0.0\n0.0\n\n```",
         ["  want: 0.0", "        ^^^", "  got:  -0.0", "        ^^^^"]),
        ("```pycon {rtol=0.1}\n>>> [1.05, 2.5]\n[1.0, 2.0]\n\n```",
         ["  want: [1.0, 2.0]", "              ^^^", "  got:  [1.05, 2.5]", "               ^^^"]),
        ("```pycon\n>>> 1 / 0\nTraceback (most recent call last):\n    ...\nZeroDivisionError: by zero\n\n```",
         ["  want: ZeroDivisionError: by zero", "                           ^^",
          "  got:  ZeroDivisionError: division by zero", "                           ^^^^^^^^"]),
    ],
)  # fmt: skip
def test_the_command_shows_it(write, capsys, code, shown):
    assert main(["check", "--no-cache", str(write("01.md", code + "\n"))]) == 1
    rows = capsys.readouterr().out.split("\n")[:-2]
    assert rows[-len(shown) :] == shown
