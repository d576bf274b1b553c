"""What is done to a notebook in JupyterLab is done to the lesson, and to nothing else in it."""

import copy
import difflib
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from fluxrepl.tutor.check import check
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.notebook.export import export
from fluxrepl.tutor.notebook.files import import_file, problems_in
from fluxrepl.tutor.notebook.importing import NotReadable, import_text
from fluxrepl.tutor.notebook.writing import prompted

from .conftest import EXERCISE, HEAD, QUIZ

BODY = f"""\
First words.

```pycon
>>> x = 2
>>> x
2
>>> x + 1
3

```

More words.

```python {{rtol=1e-3}}
y = x * 2
y    # => 4
```

{EXERCISE}
{QUIZ}
The end.
"""


@pytest.fixture
def lesson(write):
    """A lesson, its text and its notebook, as a dict: `edit(do)` does something to the cells and imports them."""
    path = write("01.md", BODY)
    text = path.read_text()
    notebook = export(read(path), text)

    def edit(do) -> list[str]:
        """The changed lines of the lesson, with - and +, after `do(cells)`."""
        changed = copy.deepcopy(notebook)
        do(changed.cells)
        changed = nbformat.reads(nbformat.writes(changed), as_version=4)
        found = import_text(changed)
        edit.text = found
        rows = difflib.unified_diff(text.split("\n"), found.split("\n"), lineterm="", n=0)
        return [row for row in rows if not row.startswith(("---", "+++", "@@"))]

    return edit


def find(cells, words: str):
    (found,) = [cell for cell in cells if words in cell.source]
    return found


def test_a_changed_word_changes_its_line(lesson):
    def do(cells):
        cell = find(cells, "More words.")
        cell.source = cell.source.replace("More", "Other")

    assert lesson(do) == ["-More words.", "+Other words."]


def test_changed_code_is_changed_inside_its_fence(lesson):
    def do(cells):
        cell = find(cells, "y = x * 2")
        cell.source = cell.source.replace("2", "3").replace("4", "6")

    assert lesson(do) == ["-y = x * 2", "-y    # => 4", "+y = x * 3", "+y    # => 6"]


def test_a_changed_piece_of_a_script_leaves_the_others_as_they_are(write):
    path = write("01.md", "```python\n\nx = 1   # => 1\n\n\ny = 2\ny  # => 2\n\nz=3\n```\n")
    notebook = export(read(path), path.read_text())
    find(notebook.cells, "y = 2").source = "y = 3\ny  # => 3"
    assert import_text(notebook).endswith("```python\n\nx = 1   # => 1\n\n\ny = 3\ny  # => 3\n\nz=3\n```\n")


def test_a_changed_example_keeps_its_promise_until_it_has_run(lesson):
    def do(cells):
        find(cells, "x + 1").source = "x + 2"

    assert lesson(do) == ["->>> x + 1", "+>>> x + 2"]


def test_a_changed_example_that_has_run_promises_what_it_gave(lesson):
    def do(cells):
        cell = find(cells, "x + 1")
        cell.source = "def f():\n    return x + 2\nf()"
        cell.outputs = [new_output("execute_result", {"text/plain": "4"}, execution_count=3)]

    assert lesson(do) == [
        "->>> x + 1", "-3", "+>>> def f():", "+...     return x + 2", "+>>> f()", "+4",
    ]  # fmt: skip


def test_running_the_notebook_changes_nothing(lesson):
    def do(cells):
        for cell in cells:
            if cell.cell_type == "code":
                cell.execution_count = 7
                cell.outputs = [new_output("stream", name="stdout", text="something else\n")]

    assert lesson(do) == []


def test_a_deleted_example_is_gone_and_its_neighbours_stay(lesson):
    assert lesson(lambda cells: cells.remove(find(cells, "x + 1"))) == ["->>> x + 1", "-3"]


def test_a_deleted_block_is_gone_with_its_fence(lesson):
    def do(cells):
        cells.remove(find(cells, "y = x * 2"))

    assert sorted(lesson(do)) == ["-", "-```", "-```python {rtol=1e-3}", "-y    # => 4", "-y = x * 2"]


def test_new_cells_become_text_and_fences(lesson):
    def do(cells):
        at = cells.index(find(cells, "y = x * 2"))
        shown = new_output("execute_result", {"text/plain": "array([1.,\n\n 2.])"}, execution_count=1)
        cells[at:at] = [
            new_markdown_cell("New words."),
            new_code_cell("z = 1"),
            new_code_cell("z", outputs=[shown]),
            new_code_cell("%timeit z"),
            new_code_cell(""),
            new_raw_cell("raw"),
        ]

    assert "\n".join(row[1:] for row in lesson(do)).strip() == (
        "New words.\n\n```python\nz = 1\n```\n\n```pycon\n>>> z\narray([1.,\n<BLANKLINE>\n 2.])\n\n```\n\n"
        "```text\n%timeit z\n```\n\n```text\nraw\n```"
    )


def test_a_new_cell_between_two_examples_of_one_block_parts_it(lesson):
    def do(cells):
        cells.insert(cells.index(find(cells, "x + 1")), new_markdown_cell("Between."))

    lesson(do)
    assert ">>> x\n2\n\n```\n\nBetween.\n\n```pycon\n>>> x + 1\n3\n\n```\n" in lesson.text


def test_moved_cells_move(lesson):
    def do(cells):
        cell = find(cells, "y = x * 2")
        cells.remove(cell)
        cells.append(cell)

    lesson(do)
    assert lesson.text.endswith("The end.\n\n```python {rtol=1e-3}\ny = x * 2\ny    # => 4\n```\n")


def test_an_exercise_keeps_what_judges_it_when_its_solution_is_deleted_or_merged(lesson):
    def do(cells):
        hints = find(cells, "<summary>Hint</summary>")
        above = cells[cells.index(hints) + 1]
        cells.remove(hints)
        above.source = hints.source + "\n\n" + above.source

    lesson(do)
    assert lesson.text.count("<!-- fluxrepl:check double") == 1
    assert lesson.text.count("<!-- fluxrepl:wrong double") == 1


def test_a_deleted_exercise_takes_its_judges_along(lesson, tmp_path):
    def do(cells):
        for words in ("### Exercise", "def double(x):\n    return ___", "<summary>Hint</summary>"):
            cells.remove(find(cells, words))

    lesson(do)
    assert "fluxrepl:check" not in lesson.text
    assert "fluxrepl:quiz" in lesson.text
    assert problems_in(lesson.text, tmp_path / "x.md") == []


def test_a_copied_text_is_there_twice_and_hidden_text_once(lesson):
    def do(cells):
        cells.append(copy.deepcopy(find(cells, "<summary>Hint</summary>")))
        cells[-1].id = "copied"

    lesson(do)
    assert lesson.text.count("`2 * x`") == 2
    assert lesson.text.count("<!-- fluxrepl:check double") == 1


def test_a_cell_whose_kind_was_changed_is_what_it_is_now(lesson):
    def do(cells):
        cells[cells.index(find(cells, "y = x * 2"))] = new_markdown_cell(
            "y is x times 2", metadata=find(cells, "y = x * 2").metadata
        )

    assert lesson(do)[-1] == "+y is x times 2"


def test_a_starter_and_a_setup_that_were_changed_stay_what_they_are(write):
    setup = "<!-- fluxrepl:setup\n>>> import math\n>>> def f():\n...     return 1\n\n-->\n\n"
    path = write("01.md", setup + EXERCISE)
    notebook = export(read(path), path.read_text())
    find(notebook.cells, "import math").source += "\ny = 1"
    starter = find(notebook.cells, "return ___")
    starter.source = starter.source.replace("___", "...")
    text = import_text(notebook)
    assert "<!-- fluxrepl:setup\n>>> import math\n>>> def f():\n...     return 1\n>>> y = 1\n\n-->" in text
    assert "```python {starter=double}\ndef double(x):\n    return ...\n```" in text


def test_windows_line_ends_are_kept_in_what_is_changed():
    text = (HEAD.format(id="x") + "one\n\n```pycon\n>>> 1\n1\n\n```\n").replace("\n", "\r\n")
    notebook = export(read_from(text), text)
    notebook.cells[1].source += "\n\ntwo"
    notebook.cells[2].source = "1 + 0"
    notebook.cells.append(new_code_cell("3"))
    found = import_text(notebook)
    assert found.replace("\r\n", "\n").endswith("one\n\ntwo\n\n```pycon\n>>> 1 + 0\n1\n\n```\n\n```python\n3\n```\n")
    assert "\n" not in found.replace("\r\n", "")


def read_from(text: str):
    from fluxrepl.tutor.lesson import Lesson

    return Lesson("x", "X", None, text=text)


def test_a_changed_head_is_the_head_and_a_lost_one_is_made_again(lesson):
    def rename(cells):
        cells[0].source = cells[0].source.replace("A small lesson", "A large one")
        cells.insert(0, cells.pop(3))

    lesson(rename)
    assert lesson.text.startswith("---\ntitle: A large one\nid: lesson-01\n---\n")
    lesson(lambda cells: cells.pop(0))
    assert lesson.text.startswith("---\ntitle: A small lesson\nid: lesson-01\n---\n\n# A small lesson\n")


def test_code_with_ticks_in_it_gets_a_longer_fence(lesson):
    def do(cells):
        find(cells, "y = x * 2").source = 'y = """\n```\n"""'

    lesson(do)
    assert '````python {rtol=1e-3}\ny = """\n```\n"""\n````\n' in lesson.text


def test_a_directive_of_doctest_is_not_lost(write):
    path = write("01.md", "```pycon\n>>> object()  # doctest: +ELLIPSIS\n<object object at 0x...>\n\n```\n")
    notebook = export(read(path), path.read_text())
    notebook.cells[-1].source = "x = object()\nx"
    assert ">>> x = object()\n>>> x  # doctest: +ELLIPSIS\n<object object at 0x...>\n" in import_text(notebook)


def test_any_notebook_becomes_a_plain_lesson(tmp_path):
    shown = new_output("execute_result", {"text/plain": "3"}, execution_count=1)
    failed = new_output(
        "error", ename="ZeroDivisionError", evalue="division by zero", traceback=["\x1b[31mlong\x1b[0m"]
    )
    drawn = new_output("display_data", {"image/png": "…"})
    cells = [
        new_markdown_cell("# My notes: σ"),
        new_code_cell("x = 1"),
        new_code_cell("# a comment\nx + 2", outputs=[shown]),
        new_code_cell("1 / 0", outputs=[failed]),
        new_code_cell("draw = 1", outputs=[drawn]),
        new_code_cell("!ls"),
    ]
    (tmp_path / "x.ipynb").write_text(nbformat.writes(new_notebook(cells=cells)), encoding="utf-8")
    text, notes = import_file(tmp_path / "x.ipynb")
    assert text.startswith("---\ntitle: 'My notes: σ'\nid: my-notes\n---\n\n# My notes: σ\n\n```python\nx = 1\n```\n\n")
    assert "plain lesson" in notes[0]
    (tmp_path / "x.md").write_text(text, encoding="utf-8")
    assert check([tmp_path / "x.md"]).passed


def test_a_notebook_without_a_heading_is_named_after_its_file(tmp_path):
    (tmp_path / "2nd try.ipynb").write_text(nbformat.writes(new_notebook(cells=[new_code_cell("1")])))
    text, _ = import_file(tmp_path / "2nd try.ipynb")
    assert text == "---\ntitle: 2nd try\nid: 2nd-try\n---\n\n# 2nd try\n\n```python\n1\n```\n"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "is no notebook"), ("[1, 2]", "is no notebook"),
        ('{"cells": 1}', "is no notebook"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {"fluxrepl": {"format": 9}}, "cells": []}', "newer flux"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_refused(tmp_path, content, why):
    (tmp_path / "x.ipynb").write_text(content)
    with pytest.raises(NotReadable, match=why):
        import_file(tmp_path / "x.ipynb")


def test_metadata_that_somebody_broke_is_not_trusted(lesson):
    def do(cells):
        find(cells, "y = x * 2").metadata.fluxrepl = json.loads('{"kind": "python"}')

    assert [row for row in lesson(do) if "```" in row] == ["-```python {rtol=1e-3}", "+```python"]


@pytest.mark.parametrize(
    ("source", "want"),
    [
        ("x", ">>> x\n"),
        ("x = 1\n\n\ny = 2", ">>> x = 1\n>>> y = 2\n"),
        ("@a\nclass A:\n    b = 1\n\n    c = 2\nA", ">>> @a\n... class A:\n...     b = 1\n...\n...     c = 2\n>>> A\n"),
        ("# why\nx = (1,\n     2)\nx", ">>> # why\n>>> x = (1,\n...      2)\n>>> x\n"),
        ("if x:\n    1\nelse:\n    2", ">>> if x:\n...     1\n... else:\n...     2\n"),
        ('x = """a\n\nb"""', '>>> x = """a\n...\n... b"""\n'),
        ("def f():\n    # in\n    pass\n# out\nf()", ">>> def f():\n...     # in\n...     pass\n>>> # out\n>>> f()\n"),
    ],
)  # fmt: skip
def test_code_gets_prompts(source, want):
    assert prompted(source) == want
