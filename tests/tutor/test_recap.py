"""`:recap`: what a learner did, as a page or a notebook, and never over a file unasked."""

import json

import pytest

from fluxrepl.tutor import recap
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.play import walkthrough
from fluxrepl.tutor.progress import Progress

from .conftest import EXERCISE, QUIZ
from .test_play import Learner

BODY = """
<!-- fluxrepl:setup
hidden = 40
-->

## Sums

```pycon
>>> 1 + 1
2
>>> x = hidden + 2
>>> x / 0
Traceback (most recent call last):
    ...
ZeroDivisionError: division by zero

```

"""


@pytest.fixture
def lesson(write):
    return read(write("01.md", BODY + EXERCISE + "\n" + QUIZ))


@pytest.fixture
def learner(lesson):
    return Learner(lesson)


def test_it_has_the_learners_own_code_and_what_it_showed(learner, lesson):
    learner.types("1 +  1  # mine")
    learner.types("x = hidden + 2")
    learner.types("x / 0")
    text = recap.as_markdown(lesson, learner.play.progress)
    assert text.startswith("# A small lesson: what I did\n\n2 of 4 steps by ")
    assert (
        "## Sums\n\n```python\n1 +  1  # mine\n```\n\n```text\n2\n```\n\n```python\nx = hidden + 2\nx / 0\n```\n\n"
        in text
    )
    assert "```text\nZeroDivisionError: division by zero\n```" in text
    assert text.count("## Sums") == 1
    assert "double" not in text  # not done yet


def test_it_says_how_an_exercise_and_a_quiz_went(learner, lesson):
    for _, typed in list(walkthrough(lesson))[:2]:
        learner.types(typed)
    learner.types("def double(x):\n    return x * x")
    learner.types(":hint")
    learner.types("def double(x):\n    return x + x")
    learner.types("b")
    text = recap.as_markdown(lesson, learner.play.progress)
    assert "## Exercise: double\n\n*2 attempts, 1 hint.*\n\n```python\ndef double(x):\n    return x + x\n```" in text
    assert "x * x" not in text
    assert "Which is larger?" in text
    assert "My answer: **b** two" in text


def test_it_tells_what_was_skipped_or_shown(learner, lesson):
    for _, typed in list(walkthrough(lesson))[:2]:
        learner.types(typed)
    learner.types(":skip")
    learner.types(":solution")
    learner.types("b")
    text = recap.as_markdown(lesson, learner.play.progress)
    assert "*Skipped: this is the model answer.*" in text
    assert "*Done after a look at the answer.*" in text


def test_as_a_notebook_it_is_valid_and_has_the_outputs_and_the_setup(learner, lesson):
    import nbformat

    for _, typed in walkthrough(lesson):
        learner.types(typed)
    notebook = nbformat.reads(recap.as_notebook(lesson, learner.play.progress), as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.source for cell in code] == [
        "hidden = 40", "1 + 1", "x = hidden + 2\nx / 0", "def double(x):\n    return 2 * x",
    ]  # fmt: skip
    assert code[1].outputs[0].text == "2\n"
    assert notebook.metadata.kernelspec.display_name == "Flux (fluxrepl)"


def test_code_with_backticks_is_fenced_with_more(learner, lesson):
    learner.types("1 + 1  # ```")
    assert "````python\n1 + 1  # ```\n````" in recap.as_markdown(lesson, learner.play.progress)


def test_without_a_name_it_is_shown(learner):
    assert learner.types(":recap") == ["prose", "note"]


@pytest.mark.parametrize("name", ["mine.md", "mine.ipynb"])
def test_a_file_is_replaced_only_when_asked_twice_in_a_row(learner, tmp_path, name):
    path = tmp_path / name
    path.write_text("my own")
    assert "is there already" in learner.play.command("recap", str(path))[0].text
    learner.types(":list")
    assert "is there already" in learner.play.command("recap", str(path))[0].text
    assert path.read_text() == "my own"
    assert "has what you did" in learner.play.command("recap", str(path))[0].text
    assert path.read_text() != "my own"


@pytest.mark.parametrize(
    ("name", "words"), [("mine.pdf", "ends neither in .md nor in .ipynb"), ("no/such/folder/x.md", "cannot be written")]
)
def test_a_file_that_cannot_be_is_told(learner, tmp_path, name, words):
    assert learner.play.command("recap", str(tmp_path / name))[0].kind == "error"
    assert words in learner.play.command("recap", str(tmp_path / name))[0].text


def test_a_recap_of_another_day_is_whole(learner, lesson, tmp_path):
    progress = Progress(tmp_path / "progress.json")
    first = Learner(lesson, progress)
    first.enter()
    text = recap.as_markdown(lesson, Progress(tmp_path / "progress.json"))
    assert "```python\n1 + 1\n```\n\n```text\n2\n```" in text
    assert json.loads((tmp_path / "progress.json").read_text())["version"] == 2
