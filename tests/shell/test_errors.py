"""Tracebacks as a learner sees them."""

import pytest

from fluxrepl.shell import errors
from fluxrepl.shell.frames import LONGEST, Fold, read_traceback
from fluxrepl.shell.tracebacks import Paint, draw_error


def shown(shell, capsys, cell: str) -> str:
    shell.run(cell)
    return capsys.readouterr().out


def test_the_learners_lines_are_marked_down_to_the_expression(shell, capsys) -> None:
    text = shown(shell, capsys, "def f(x):\n    y = 2 * x\n    return y / 0\n\nf(3) + 1")
    assert "Cell In[1], line 5\n" in text
    assert "----> 5 f(3) + 1\n        ^^^^\n" in text
    assert "Cell In[1], line 3, in f\n" in text
    assert "      2     y = 2 * x\n----> 3     return y / 0\n                   ^^^^^\n" in text
    assert text.endswith("ZeroDivisionError: division by zero\n")


@pytest.mark.parametrize(
    ("lost", "cell", "says"),
    [
        ("gradient = 3", "gradient(lambda x: x, 1.0)", "`gradient` is now the int 3."),
        ("gradient = 3", "def f():\n    return gradient(abs, 1.0)\nf()", "`gradient` is now the int 3."),
        ("del np", "np.ones(3)", "`np` was deleted."),
        ("np = []", "np.ones(3)", "`np` is now a list."),
    ],
)
def test_an_error_over_a_lost_name_says_how_it_comes_back(shell, capsys, lost: str, cell: str, says: str) -> None:
    shell.run(lost)
    assert shown(shell, capsys, cell).endswith(f"\n{says} `from fluxrepl import *` brings fluxrepl's names back.\n")
    shell.run("from fluxrepl import *")
    assert shell.run(cell.replace("abs", "lambda x: x")).error is None


@pytest.mark.parametrize(
    "cell",
    [
        "3(4)",
        "undefined",
        "[].nothing",
        "gradient = 3\n'a'()",
        "Chain = len\nChain(1, 2)",
        "def f():\n    np\n    np = 1\nf()",
    ],
)
def test_other_errors_have_no_such_note(shell, capsys, cell: str) -> None:
    assert "brings fluxrepl's names back" not in shown(shell, capsys, cell)


def test_an_error_that_cannot_be_spoken_of_is_shown_all_the_same(shell, capsys) -> None:
    cell = "class Mute(TypeError):\n    def __str__(self):\n        raise RuntimeError\nraise Mute"
    assert "Mute" in shown(shell, capsys, cell)


def test_carets_count_characters_not_bytes(shell, capsys) -> None:
    assert "----> 1 'σσ' + (1 / 0)\n                ^^^^^\n" in shown(shell, capsys, "'σσ' + (1 / 0)")


def test_frames_inside_numpy_are_folded(shell, capsys) -> None:
    text = shown(shell, capsys, "np.linalg.inv(np.ones((2, 3)))")
    assert "inside numpy" in text
    assert "linalg.py" not in text
    assert "LinAlgError: " in text


def test_frames_inside_fluxrepl_are_folded_around_the_learners(shell, capsys) -> None:
    text = shown(shell, capsys, "def loss(x):\n    return x.nothing\ngradient(loss, 2.0)")
    before, _, after = text.partition("inside fluxrepl")
    assert "----> 3 gradient(loss, 2.0)" in before
    assert "----> 2     return x.nothing" in after
    assert "fluxrepl/" not in text


def test_the_shells_own_frames_are_not_even_folded(shell, capsys) -> None:
    assert "IPython" not in shown(shell, capsys, "1/0")


def test_neighbouring_folds_are_one(shell, capsys) -> None:
    text = shown(shell, capsys, "%timeit -n1 -r1 1/0")
    assert "frames inside IPython and timeit" in text
    assert text.count("…") == 1


def test_an_error_without_a_line_of_the_learners_says_where_it_was(shell, capsys) -> None:
    text = shown(shell, capsys, "%run no-such-file.py")
    assert "frames inside IPython" in text.partition("OSError: ")[0]


def test_notes_are_shown_whole(shell, capsys) -> None:
    text = shown(shell, capsys, "e = ValueError('a')\ne.add_note('one\\ntwo')\ne.add_note('three')\nraise e")
    assert text.endswith("ValueError: a\none\ntwo\nthree\n")


def test_our_errors_keep_their_teaching_notes(shell, capsys) -> None:
    outcome = shell.run("gradient(lambda x: x, np.array([1., 2.]))")
    text = capsys.readouterr().out
    assert type(outcome.error).__name__ == "NotScalarError"
    assert outcome.error.__notes__
    for note in outcome.error.__notes__:
        assert note in text


def test_a_cause_is_shown_before_what_it_caused(shell, capsys) -> None:
    text = shown(shell, capsys, "try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise ValueError('then') from e")
    assert text.index("----> 2     1/0") < text.index("direct cause") < text.index("ValueError: then")


def test_a_context_is_shown_and_from_none_hides_it(shell, capsys) -> None:
    assert "During handling" in shown(shell, capsys, "try:\n    1/0\nexcept ZeroDivisionError:\n    missing")
    assert "During handling" not in shown(
        shell, capsys, "try:\n    1/0\nexcept ZeroDivisionError:\n    raise KeyError(1) from None"
    )


def test_a_circle_of_causes_ends(shell, capsys) -> None:
    text = shown(shell, capsys, "a, b = ValueError('a'), ValueError('b')\na.__cause__, b.__cause__ = b, a\nraise a")
    assert text.count("ValueError: b\n") == 1


def test_a_long_chain_is_cut(shell, capsys) -> None:
    cell = "e = ValueError(0)\nfor i in range(1, 100):\n    n = ValueError(i)\n    n.__cause__ = e\n    e = n\nraise e"
    text = shown(shell, capsys, cell)
    assert "… 91 earlier exceptions" in text
    assert text.count("direct cause") == 8


def test_a_runaway_recursion_is_short_and_named(shell, capsys) -> None:
    text = shown(shell, capsys, "def again(n):\n    return again(n + 1)\nagain(0)")
    assert "again calls itself again and again" in text
    assert len(text.splitlines()) < 60
    assert "RecursionError" in text


def test_mutual_recursion_is_short_too(shell, capsys) -> None:
    text = shown(shell, capsys, "def f(n):\n    return g(n)\ndef g(n):\n    return f(n)\nf(0)")
    assert "frames more" in text
    assert len(text.splitlines()) < 60


def test_a_broken_str_is_said_and_the_outcome_can_be_printed(shell, capsys) -> None:
    outcome = shell.run(
        "class Broken(Exception):\n    def __str__(self):\n        raise KeyError('no')\nraise Broken()"
    )
    assert "Broken: <its __str__ failed>" in capsys.readouterr().out
    assert type(outcome.error).__name__ == "Broken"
    assert str(outcome.error) == "<its __str__ failed with KeyError>"
    assert shell.run("1").output == "1\n"


def test_strange_notes_do_no_harm(shell, capsys) -> None:
    text = shown(shell, capsys, "e = ValueError('a')\ne.__notes__ = 5\nraise e")
    assert text.endswith("ValueError: a\n5\n")


def test_a_group_shows_its_members(shell, capsys) -> None:
    text = shown(shell, capsys, "raise ExceptionGroup('many', [ValueError(1), ExceptionGroup('in', [TypeError(2)])])")
    assert "ExceptionGroup: many (2 sub-exceptions)" in text
    assert "  | ValueError: 1\n" in text
    assert "  |   | TypeError: 2\n" in text


@pytest.mark.parametrize(
    ("cell", "drawn"),
    [
        ("x = (1,\ny = 2", "  Cell In[1], line 1\n    x = (1,\n        ^\nSyntaxError: '(' was never closed\n"),
        ("x = 3 +", "  Cell In[1], line 1\n    x = 3 +\n           ^\nSyntaxError: invalid syntax\n"),
        ("if 1:\n    print 3", "  Cell In[1], line 2\n    print 3\n    ^^^^^^^\nSyntaxError: Missing"),
        ("f(a, b\nc = (1", "    f(a, b\n         ^\nSyntaxError: "),
        (
            "raise SyntaxError('said', ('a.py', 3, 200, 'abc', 4, -1))",
            "  File a.py, line 3\n    abc\n       ^\nSyntaxError: said\n",
        ),
        ("raise SyntaxError('said', ('a.py', 3, 0, 'abc'))", "  File a.py, line 3\n    abc\nSyntaxError: said\n"),
        ("raise SyntaxError('said', (None, 'odd', 'odd', 3))", "\n\nSyntaxError: said\n"),
        ("raise SyntaxError", "\n\nSyntaxError\n"),
        ("e = SyntaxError('said')\ne.add_note('and noted')\nraise e", "\n\nSyntaxError: said\nand noted\n"),
    ],
)
def test_a_syntax_error_marks_what_could_not_be_read(shell, capsys, cell: str, drawn: str) -> None:
    assert drawn in shown(shell, capsys, cell)


def test_the_way_to_a_syntax_error_is_the_learners(shell, capsys, tmp_path, monkeypatch) -> None:
    (tmp_path / "cannot_be_read.py").write_text("x = 1\ndef f(:\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    place = f"  File {tmp_path / 'cannot_be_read.py'}, line 2\n    def f(:\n          ^\nSyntaxError: "
    text = shown(shell, capsys, "def g():\n    import cannot_be_read\ng()")
    assert "Cell In[1], line 3\n" in text
    assert f"----> 2     import cannot_be_read\n      3 g()\n\n{place}" in text
    assert "interactiveshell.py" not in text


def test_syntax_errors_too_are_ipythons_in_its_modes(shell, capsys) -> None:
    shell.run("%xmode Plain")
    capsys.readouterr()
    assert "Cell In[2], line 1\n    x = = 1\n        ^\nSyntaxError: " in shown(shell, capsys, "x = = 1")


def test_an_error_in_the_learners_own_file_is_theirs(shell, capsys, tmp_path, monkeypatch) -> None:
    (tmp_path / "mine_own.py").write_text("def fail():\n    raise ValueError('in my file')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    text = shown(shell, capsys, "import mine_own\nmine_own.fail()")
    assert f"File {tmp_path / 'mine_own.py'}, line 2, in fail" in text
    assert "----> 2     raise ValueError('in my file')" in text


@pytest.mark.parametrize(
    ("cell", "near"),
    [
        ("gradeint", "'gradient'"),
        ("np.aray", "'array'"),
        ("'text'.uper()", "'upper'"),
        ("def f():\n    total = 1\n    return totl\nf()", "'total'"),
    ],
)
def test_a_misspelt_name_gets_a_suggestion(shell, capsys, cell: str, near: str) -> None:
    assert f"Did you mean: {near}?" in shown(shell, capsys, cell)


def test_a_name_like_nothing_gets_none(shell, capsys) -> None:
    assert "Did you mean" not in shown(shell, capsys, "qqzzxx")


def test_a_hostile_dir_costs_only_the_suggestion(shell, capsys) -> None:
    text = shown(shell, capsys, "class Odd:\n    def __dir__(self):\n        raise OSError\nOdd().nam")
    assert "AttributeError: 'Odd' object has no attribute 'nam'" in text


def test_other_modes_remain_ipythons(shell, capsys) -> None:
    shell.run("%xmode Minimal")
    capsys.readouterr()
    assert shown(shell, capsys, "1/0").strip() == "ZeroDivisionError: division by zero"
    shell.run("%xmode Context")
    capsys.readouterr()
    assert "----> 1 1/0" in shown(shell, capsys, "1/0")


def test_colours_are_there_when_asked_for(shell) -> None:
    shell.run("def f():\n    return 1/0")
    shell.InteractiveTB._theme_name = "linux"
    try:
        shell.user_ns["f"]()
    except ZeroDivisionError as error:
        text = "\n".join(shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__))
    assert "\033[1;31mZeroDivisionError\033[0m" in text


def test_an_interrupt_does_not_end_in_a_library(shell, capsys) -> None:
    text = shown(
        shell, capsys, "import json\nclass Stop:\n    def __repr__(self): raise KeyboardInterrupt\n[Stop()].__repr__()"
    )
    assert text.endswith("KeyboardInterrupt\n")


def test_a_short_traceback_loses_no_frame() -> None:
    def deep(n: int) -> None:
        if n:
            deep(n - 1)
        raise ValueError

    for depth, folded in ((LONGEST - 2, False), (LONGEST + 1, True)):
        with pytest.raises(ValueError) as caught:
            deep(depth)
        assert any(isinstance(item, Fold) for item in read_traceback(caught.tb)) is folded


def test_an_error_that_can_be_spoken_of_is_itself() -> None:
    error = ValueError("fine")
    assert errors.speakable(error) is error


def test_folds_stand_close_to_what_they_fold(shell, capsys) -> None:
    text = shown(shell, capsys, "def loss(x):\n    return x.nothing\ngradient(loss, 2.0)")
    assert "----> 3 gradient(loss, 2.0)\n… 2 frames inside fluxrepl\nCell In[1], line 2, in loss\n" in text
    assert "\n… 1 frame inside fluxrepl\nAttributeError: " in text


def test_on_a_screen_words_are_broken_between_words_and_code_stays_whole() -> None:
    error = ValueError("one word and another\n    code = stays(as_it, is_whatever)\n/a/path/that/is/too/long")
    error.add_note("See a note that is long")
    drawn = "\n".join(draw_error(error, None, Paint(False, 20))).split("\n")
    assert drawn == [
        "--------------------",
        "ValueError Traceback (most recent call last)",
        "ValueError: one word",
        "  and another",
        "    code = stays(as_it, is_whatever)",
        "/a/path/that/is/too/long",
        "See a note that is",
        "  long",
    ]


def test_the_members_of_a_group_are_broken_beside_their_margin() -> None:
    group = ExceptionGroup("many", [ValueError("a message of some length")])
    drawn = "\n".join(draw_error(group, None, Paint(False, 30))).split("\n")
    assert drawn[-2:] == ["  | ValueError: a message of", "  |   some length"]


def test_without_a_screen_a_line_stays_one(shell, capsys) -> None:
    text = shown(shell, capsys, "raise ValueError('word ' * 60)")
    assert "ValueError: " + "word " * 60 in text


def test_of_an_expression_over_several_lines_the_first_is_marked(shell, capsys):
    shell.run("y = 1 + np.linalg.inv(\n    np.zeros((2, 2))\n)")
    marked = "----> 1 y = 1 + np.linalg.inv(\n                ^^^^^^^^^^^^^^\n      2     np.zeros((2, 2))"
    assert marked in capsys.readouterr().out


def test_a_shape_error_in_a_chain_names_the_layer_and_the_shapes_on_the_way(shell, capsys):
    shell.run("model = Chain(Dense(10, 5, relu), Dense(4, 2), softmax)")
    shell.run("y = model(np.ones((3, 10), np.float32))")
    out = capsys.readouterr().out
    assert "----> 1 y = model(np.ones((3, 10), np.float32))\n            ^^^^^^^^^" in out
    assert "frames inside fluxrepl\n" in out
    assert "\nShapeError: Dense(4, 2) takes 4 numbers on the last axis, and got 5: the input's shape is (3, 5)\n" in out
    assert out.rstrip().endswith("In layer 1 of the Chain, Dense(4, 2); shapes on the way there: (3, 10) → (3, 5)")
