"""A lesson becomes a notebook and comes back byte by byte."""

import contextlib
from pathlib import Path

import nbformat
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fluxrepl.tutor.course import find_course, lesson_files
from fluxrepl.tutor.lesson import Lesson, read
from fluxrepl.tutor.notebook.export import export
from fluxrepl.tutor.notebook.files import as_notebook, import_file, write
from fluxrepl.tutor.notebook.importing import import_text
from fluxrepl.tutor.notebook.pieces import cut, plain
from fluxrepl.tutor.problem import LessonError, Problems
from fluxrepl.tutor.reader import Reader

from .conftest import EXERCISE, HEAD, QUIZ
from .test_reader import ASKED

COURSE = lesson_files(find_course())
BOX = "<details><summary>Why?</summary>\n\nBecause:\n\n```pycon\n>>> 1 + 1\n2\n\n```\n\nSo.\n\n</details>\n"
SETUP = "<!-- fluxrepl:setup\n>>> import math\n>>> x = 1\n\n-->\n"

# What lessons are made of, and what they are not made of but may hold.
PARTS = [
    "Some text.\n", "Zwei Zeilen:\nσ, 数, 🙂 and `code`.\n", "## A heading\n", "Setext\n------\n", "- one\n- two\n",
    "- in a list\n\n  ```pycon\n  >>> 1\n  1\n\n  ```\n\n  more of it\n", "> ```python\n> 1\n> ```\n",
    "```pycon\n>>> x = 1\n>>> x\n1\n>>> def f():\n...     return 2\n>>> f()\n2\n\n```\n", "```pycon\n>>> x = 1\n```\n",
    "```pycon {rtol=1e-3 group=g}\n>>> 1/3  # doctest: +ELLIPSIS\n0.33...\n>>> 1/0\n"
    "Traceback (most recent call last):\n    ...\nZeroDivisionError: division by zero\n\n```\n",
    "```python\nx = 2\n\nx    # => 2\n```\n", "````python {raises=ValueError}\nraise ValueError('''```''')\n````\n",
    "```python {norun}\nread(this)\n```\n", "~~~python\n1\n~~~\n",
    "```pycon\n>>> print('> ```pycon')\n> ```pycon\n\n```\n", "```text\n>>> not run\n```\n", "    indented code\n",
    "<!-- a comment -->\n", "<!-- fluxrepl:setup\nimport os\n\nos\n-->\n", SETUP, EXERCISE, QUIZ, ASKED, BOX,
    "| a | b |\n|---|---|\n| 1 | 2 |\n", "![a picture](figures/loss.png)\n", "\u2028odd\u2028 line ends\x0b\x0c\n",
    "***\n", "<div>\nhtml\n</div>\n", "Trailing spaces.   \nAnd a hard break.\\\nHere.\n",
]  # fmt: skip


def through_a_file(notebook) -> nbformat.NotebookNode:
    nbformat.validate(notebook)
    return nbformat.reads(nbformat.writes(notebook), as_version=4)


def there_and_back(text: str, outputs: bool = False) -> str:
    lesson = Lesson("a-lesson", "A lesson", None)
    return import_text(through_a_file(export(lesson, text, outputs)))


@pytest.mark.parametrize("outputs", [False, True], ids=["bare", "with outputs"])
@pytest.mark.parametrize("path", COURSE, ids=lambda path: path.stem)
def test_a_lesson_of_the_course_comes_back_byte_by_byte(path, outputs, tmp_path):
    write(as_notebook(read(path), outputs), tmp_path / "x.ipynb")
    text, notes = import_file(tmp_path / "x.ipynb")
    assert text.encode() == path.read_bytes()
    assert notes == []


@pytest.mark.parametrize("part", PARTS, ids=range(len(PARTS)))
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_every_part_of_a_lesson_comes_back(part, newline):
    text = (HEAD.format(id="x") + part + "\nThe end.").replace("\n", newline)
    assert there_and_back(text) == text


@settings(max_examples=150, deadline=None)
@given(
    parts=st.lists(st.tuples(st.sampled_from(PARTS), st.sampled_from(["", "\n", "\n\n\n", " \n"])), max_size=8),
    newline=st.sampled_from(["\n", "\r\n"]),
    begin=st.sampled_from(["", "\ufeff"]),
    end=st.sampled_from(["", "\n", "no line end"]),
)
def test_any_lesson_comes_back(parts, newline, begin, end):
    body = "".join(part + blank for part, blank in parts) + end
    text = begin + (HEAD.format(id="x") + body).replace("\n", newline)
    assert there_and_back(text) == text


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*"".join(PARTS).split("\n"), "\r", "```", "-->", "<details>", "</details>"])))
@example(["```pycon", "  >>> 1", "Some text."])
def test_a_text_of_any_lines_is_cut_without_loss(lines):
    text = HEAD.format(id="x") + "\n".join(lines)
    try:
        pieces = cut(text)
    except ValueError:  # prompts that doctest cannot read: then it is no lesson
        problems = Problems(Path("x.md"))
        with contextlib.suppress(LessonError):
            Reader(problems.path, plain(text), problems).lesson()
        assert any(problem.what == "a prompt is not laid out right" for problem in problems.found)
        return
    found = "".join(p.opening + "".join(c.raw for c in p.chunks) + p.closing for p in pieces)
    assert found == text


def test_mixed_line_ends_come_back():
    text = HEAD.format(id="x").replace("\n", "\r\n") + "one\ntwo\r\n\n```python\n1\r\n```\n"
    assert there_and_back(text) == text


def cells(write, body: str, outputs: bool = False) -> list:
    path = write("01.md", body)
    return through_a_file(export(read(path), path.read_text(), outputs)).cells


def test_the_kernel_is_set_and_nothing_has_been_run(write):
    path = write("01.md", EXERCISE)
    notebook = export(read(path), path.read_text())
    assert notebook.metadata.kernelspec == {"name": "fluxrepl", "display_name": "Flux (fluxrepl)", "language": "python"}
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert all(
        cell.outputs == [] and cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code"
    )


def test_prompts_become_cells_up_to_each_output(write):
    body = "```pycon\n>>> x = 1\n>>> x  # doctest: +ELLIPSIS\n1\n>>> def f():\n...     return 2\n>>> f()\n2\n\n```\n"
    code = [cell for cell in cells(write, body) if cell.cell_type == "code"]
    assert [cell.source for cell in code] == ["x = 1\nx", "def f():\n    return 2\nf()"]
    assert [cell.metadata.fluxrepl.expected for cell in code] == ["1\n", "2\n"]


def test_a_script_becomes_cells_up_to_each_promise(write):
    body = "```python\nimport math\n\nx = 2  # => 2\n\nx + 1\n# => 3\nx\n# the end\n```\n"
    code = [cell.source for cell in cells(write, body) if cell.cell_type == "code"]
    assert code == ["import math\n\nx = 2  # => 2", "x + 1\n# => 3", "x\n# the end"]


def test_outputs_stand_below_their_cells_if_asked_for(write):
    body = """
        ```pycon
        >>> 1 + 1
        2
        >>> print("a")
        a
        >>> 1 / 0
        Traceback (most recent call last):
            ...
        ZeroDivisionError: division by zero

        ```
        """
    value, printed, raised = [cell.outputs[0] for cell in cells(write, body, outputs=True) if cell.cell_type == "code"]
    assert (value.output_type, value.data) == ("execute_result", {"text/plain": "2"})
    assert (printed.name, printed.text) == ("stdout", "a\n")
    assert (raised.ename, raised.evalue) == ("ZeroDivisionError", "division by zero")


def test_an_exercise_is_a_cell_with_its_starter_and_folded_hints(write):
    found = cells(write, EXERCISE)
    (starter,) = [cell for cell in found if cell.cell_type == "code"]
    assert starter.source == "def double(x):\n    return ___"
    assert "exercise" in starter.metadata.tags
    below = found[found.index(starter) + 1]
    assert below.source.count("<details><summary>Hint</summary>") == 2
    assert "<details><summary>Solution</summary>" in below.source


def test_what_judges_an_exercise_is_in_no_cell(write):
    path = write("01.md", EXERCISE)
    notebook = export(read(path), path.read_text())
    assert not any("fluxrepl:" in cell.source for cell in notebook.cells)
    (kept,) = [text for text in notebook.metadata.fluxrepl.hidden.values() if "fluxrepl:check double" in text]
    assert "fluxrepl:wrong double" in kept


def test_setup_is_a_cell_that_runs_and_is_folded_away(write):
    (setup,) = [cell for cell in cells(write, SETUP + "\ntext\n") if cell.cell_type == "code"]
    assert setup.source == "import math\nx = 1"
    assert "fluxrepl-setup" in setup.metadata.tags
    assert setup.metadata.jupyter.source_hidden


def test_cells_that_may_fail_do_not_stop_those_below(write):
    body = "```python {raises=ValueError}\nraise ValueError\n```\n\n```python {requires=cupy}\nimport cupy\n```\n\n"
    code = [cell for cell in cells(write, body + "```python\n1\n```\n") if cell.cell_type == "code"]
    assert ["raises-exception" in cell.metadata.get("tags", []) for cell in code] == [True, True, False]


def test_code_that_is_only_read_stays_in_the_text(write):
    _, text = cells(write, "Read:\n\n```python {norun}\nx = 1\n```\n")
    assert text.source.endswith("Read:\n\n```python {norun}\nx = 1\n```")


def test_a_box_with_code_in_it_is_opened(write):
    found = cells(write, BOX)
    assert [cell.source for cell in found[2:]] == ["**Why?**", "Because:", "1 + 1", "So."]


def test_code_that_a_quiz_asks_about_runs_in_a_cell_above_the_answer(write):
    found = cells(write, ASKED)
    sources = [cell.source for cell in found]
    at = sources.index("x = [1, 2]\nprint(x)\nlen(x)")
    assert found[at].cell_type == "code"
    assert "<summary>Answer</summary>" in sources[at + 1]


def test_ids_stay_when_something_is_put_above(write):
    body = "```pycon\n>>> 1\n1\n\n```\n\n```pycon\n>>> 1\n1\n\n```\n"
    before = [cell.id for cell in cells(write, body) if cell.cell_type == "code"]
    after = [cell.id for cell in cells(write, "New text.\n\n```python\n2\n```\n\n" + body)]
    assert len(set(after)) == len(after)
    assert after[-2:] == before
