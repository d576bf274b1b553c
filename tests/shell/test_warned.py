"""Warnings as a learner sees them: the words and their own line, no paths and no source of ours."""

import sys
import warnings

import pytest

from fluxrepl.nn import advice
from fluxrepl.shell.tracebacks import Paint
from fluxrepl.shell.warned import draw_warning

ZERO = "RuntimeWarning: divide by zero encountered in log"
ESCAPE = "SyntaxWarning" if sys.version_info >= (3, 12) else "DeprecationWarning"


def show(message, category, filename, lineno, file=None, line=None) -> None:
    """What Python does with a warning, and pytest does not."""
    sys.stderr.write(warnings.formatwarning(message, category, filename, lineno, line))


@pytest.fixture
def warned(shell, capsys, monkeypatch):
    """Run cells as in a real session, where pytest does not take the warnings away; return what stderr got."""
    monkeypatch.setattr(advice, "GIVEN", set())

    def warned(*cells: str) -> str:
        monkeypatch.setattr(warnings, "showwarning", show)  # here: pytest sets its own when the test begins
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            for cell in cells:
                shell.run(cell)
        return capsys.readouterr().err

    return warned


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("np.log(0.0)", f"{ZERO}\n  Cell In[1], line 1\n"),
        ("x = 1\nChain(np.log)(np.array([0.0]))", f"{ZERO}\n  Cell In[1], line 2\n"),
        ("import warnings\nwarnings.warn('two\\nlines')", "UserWarning: two\nlines\n  Cell In[1], line 2\n"),
        ("import warnings\nwarnings.warn('far', stacklevel=9)", "UserWarning: far\n  Cell In[1], line 2\n"),
        ("'\\d'", f"{ESCAPE}: invalid escape sequence '\\d'\n  Cell In[1], line 1\n"),
        ("def f():\n    return np.log(0.0)\n\n%timeit -n1 -r1 f()", f"{ZERO}\n  Cell In[1], line 2\n"),
        ("%timeit -n1 -r1 np.log(0.0)", f"{ZERO}\n  Cell In[1], line 1\n"),
    ],
)  # fmt: skip
def test_a_warning_is_its_words_and_the_learners_line(warned, cell, told):
    assert warned(cell) == told


def test_advice_is_a_note_at_the_learners_line(warned):
    first, *rest = warned("d = Dense(2, 1)\nd(np.ones(2))").splitlines()
    assert first == "Note: Dense(2, 1) has float32 weights, and got float64 numbers: they are converted"
    assert rest[-1] == "  Cell In[1], line 2"
    assert not any(".py" in line for line in rest)


def test_a_warning_comes_again_in_the_next_cell(warned):
    assert warned("np.log(0.0)", "np.log(0.0)").count("divide by zero") == 2


def test_a_warning_in_a_file_of_the_learners_names_the_file(warned, tmp_path, monkeypatch):
    (tmp_path / "their_own.py").write_text("import warnings\n\ndef f():\n    warnings.warn('theirs')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert warned("import their_own\ntheir_own.f()").endswith(f"  File {tmp_path / 'their_own.py'}, line 4\n")


def test_a_warning_without_a_line_of_theirs_is_its_words():
    told: list[str] = []
    namespace = {"__name__": "IPython", "draw": draw_warning, "told": told}
    exec("def run_code(*about):\n    told.append(draw(*about))", namespace)  # above it no line is the learner's
    namespace["run_code"]("words", UserWarning, advice.__file__, 3, Paint(False))
    assert told == ["UserWarning: words\n"]


def test_a_warning_is_yellow_and_its_place_dim():
    assert draw_warning("words", UserWarning, "/home/me.py", 3, Paint(True)) == (
        "\033[33mUserWarning\033[0m: words\n\033[2m  File /home/me.py, line 3\033[0m\n"
    )


def test_a_learner_may_draw_and_catch_warnings_as_ever(warned):
    caught = "with warnings.catch_warnings(record=True) as caught:\n    np.log(0.0)\nassert len(caught) == 1"
    assert warned(f"import warnings\n{caught}") == ""
    assert warned("warnings.formatwarning = lambda *args: 'mine'", "np.log(0.0)") == "mine"


def test_a_note_does_not_come_before_the_error_of_the_same_call_but_the_next_time(warned) -> None:
    wrong = "Chain(Chain(Dense(2, 3)), Dense(4, 1))(np.ones(2))"
    right = "x = 1\nChain(Chain(Dense(2, 3)), Dense(3, 1))(np.ones(2))"
    assert "Note" not in warned(wrong)
    told = warned(right)
    assert told.startswith("Note: Dense(2, 3) has float32 weights, and got float64 numbers")
    assert told.endswith("  Cell In[2], line 2\n")
    assert warned(right) == ""
