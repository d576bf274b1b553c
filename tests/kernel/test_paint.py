"""Errors in a notebook: bold where the terminal has colours, and broken between words."""

import html
import re

import pytest
from nbconvert import HTMLExporter
from nbformat import v4

from fluxrepl.kernel.paint import WIDTH, NotebookPaint

from .conftest import Kernel


def test_weight_stands_for_colour() -> None:
    paint = NotebookPaint(True, WIDTH)
    assert paint("bold red", "ValueError") == "\033[1mValueError\033[0m"
    assert paint("cyan", "Cell In[1]") == "Cell In[1]"
    assert paint("red", "-" * 75) == "-" * 75
    assert paint.code("def f(): pass") == "def f(): pass"
    assert NotebookPaint(False)("bold red", "ValueError") == "ValueError"
    assert paint.within("  | ").width == WIDTH - 4


def drawn(kernel: Kernel, cell: str) -> str:
    (content,) = [content for kind, content in kernel.run(cell).messages if kind == "error"]
    return "\n".join(content["traceback"])


@pytest.mark.parametrize("cell", ["x = 3 3", "eval('3 3')"])
def test_a_syntax_error_is_readable_on_any_paper(kernel: Kernel, cell: str) -> None:
    text = drawn(kernel, cell)
    assert set(re.findall(r"\x1b\[[\d;]*m", text)) == {"\x1b[1m", "\x1b[0m"}
    assert " 3 3\n" in text
    assert "\x1b[1m^\x1b[0m\n\x1b[1mSyntaxError\x1b[0m: invalid syntax" in text


def test_an_exit_is_readable_on_any_paper_and_tells_of_no_key_that_a_notebook_lacks(kernel: Kernel) -> None:
    ran = kernel.run("import sys\nsys.exit('enough')")
    (content,) = [content for kind, content in ran.messages if kind == "error"]
    assert content["traceback"][-1] == "\x1b[1mSystemExit\x1b[0m: enough"
    assert not any("Ctrl-D" in str(content) for _, content in ran.messages)


def test_an_error_is_readable_on_any_paper(kernel: Kernel) -> None:
    text = drawn(kernel, "def half(x):\n    return x.nothing / 2\nhalf(1.0)")
    assert set(re.findall(r"\x1b\[[\d;]*m", text)) == {"\x1b[1m", "\x1b[0m"}
    assert "\x1b[1mAttributeError\x1b[0m" in text
    assert "\x1b[1m----> 2\x1b[0m     return x.nothing / 2\n" + 19 * " " + "\x1b[1m^^^^^^^^^\x1b[0m" in text


@pytest.mark.parametrize("cell", ["Chain(Dense(3, 4, relu), Dense(5, 2))(np.ones(3))", "gradient(np.sin, np.ones(3))"])
def test_its_words_are_broken_between_words(kernel: Kernel, cell: str) -> None:
    lines = re.sub(r"\x1b\[[\d;]*m", "", drawn(kernel, cell)).splitlines()
    assert all(len(line) <= WIDTH for line in lines if not line.startswith("---->"))


def test_a_page_of_nbconvert_keeps_fold_mark_and_notes(kernel: Kernel) -> None:
    ran = kernel.run("def many(x):\n    return x * 2\ngradient(many, np.array([1.0, 2.0])) + 1")
    (content,) = [content for kind, content in ran.messages if kind == "error"]
    shown = v4.new_output("error", **content)
    page, _ = HTMLExporter().from_notebook_node(v4.new_notebook(cells=[v4.new_code_cell("", outputs=[shown])]))
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    assert "----> 3 gradient(many, np.array([1.0, 2.0])) + 1\n" + 8 * " " + 36 * "^" + "\n" in text
    assert "… 2 frames inside fluxrepl\n" in text
    assert "NotScalarError: a gradient needs one real number" in text
    assert "Make one number of it: np.sum(y), np.mean(y)." in text
    assert '<span class="ansi-bold">NotScalarError</span>' in page


def test_a_shape_error_in_a_chain_names_the_layer_and_the_shapes_that_flowed(kernel: Kernel) -> None:
    ran = kernel.run("model = Chain(Dense(3, 4, relu), Dense(5, 2))\nmodel(np.ones((7, 3), 'f'))")
    assert ran.reply["ename"] == "ShapeError"
    assert "----> 2 model(np.ones((7, 3), 'f'))" in ran.traceback
    assert re.search(r"… \d frames inside fluxrepl", ran.traceback)
    said = " ".join(ran.traceback.split())
    assert "Dense(5, 2) takes 5 numbers on the last axis, and got 4" in said
    assert "In layer 1 of the Chain, Dense(5, 2); shapes on the way there: (7, 3) → (7, 4)" in said
