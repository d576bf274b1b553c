"""Steps that are only read, and what the player says when a lesson is over."""

import pytest

from fluxrepl.shell.cells import Outcome
from fluxrepl.tutor import course
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.play import Message, Play
from fluxrepl.tutor.progress import Progress

GPU = """
Where there is a GPU:

```python {requires=nothing_of_this_name}
x = 1    # => 1
```

```python
2    # => 2
```
"""
READ = "\nOnly to be read.\n"


@pytest.fixture
def played(write):
    """Play a lesson of this text."""

    def played(body: str, name: str = "01.md", progress: Progress | None = None) -> Play:
        return Play(read(write(name, body)), progress or Progress(), dict)

    return played


def test_an_example_that_cannot_run_is_shown_with_the_reason(played):
    here = played(GPU)
    messages = here.open()
    assert "Where there is a GPU:\n\n```python\nx = 1    # => 1\n```" in messages[0].text
    assert messages[-1].text == (
        "This example needs nothing_of_this_name, which is not installed: pip install nothing_of_this_name. "
        "So it is only shown; `:next` goes on."
    )
    assert "example" not in [message.kind for message in messages]
    assert here.prefill == ""
    assert here.is_read
    assert "nothing to do" in here.command("hint")[0].text


def test_from_an_example_that_cannot_run_next_goes_on_and_counts_it(played):
    here = played(GPU)
    here.open()
    here.command("next")
    assert here.done == 1
    assert not here.is_read
    assert here.prefill == "2    # => 2"


def test_words_fit_every_front(played):
    here = played("\n```python\n2    # => 2\n```\n")
    assert "Enter" not in here.command("hint")[0].text


def test_the_end_names_the_lesson_that_learn_opens(played, write, monkeypatch, tmp_path):
    for number in ("01", "02", "03"):
        write(f"{number}.md", READ, head="---\ntitle: Lesson {id}\nid: lesson-{id}\n---\n\n# Lesson\n\n")
    monkeypatch.setattr(course, "find_course", lambda: tmp_path)
    progress = Progress()
    lessons = {number: read(tmp_path / f"{number}.md") for number in ("01", "02", "03")}

    def finish(number: str) -> str:
        return Play(lessons[number], progress, dict).command("next")[-1].text

    assert 'That was "**Lesson 02**": 1 of 1 steps done' in finish("02")
    assert '`:learn` opens "Lesson 01".' in finish("03"), "it is the only one left"
    assert course.next_unfinished(progress, after=lessons["02"].path) == lessons["01"].path
    over = Play(lessons["01"], progress, dict)
    assert "The course is complete." in over.command("next")[-1].text
    assert over.next_title == ""


def test_learn_goes_on_behind_the_lesson_that_is_open(write, monkeypatch, tmp_path):
    for number in ("01", "02", "03"):
        write(f"{number}.md", READ)
    monkeypatch.setattr(course, "find_course", lambda: tmp_path)
    assert course.next_unfinished(Progress()).name == "01.md"
    assert course.next_unfinished(Progress(), after=tmp_path / "01.md").name == "02.md"
    assert course.next_unfinished(Progress(), after=tmp_path / "03.md").name == "01.md"
    assert course.next_unfinished(Progress(), after=tmp_path / "elsewhere" / "02.md").name == "01.md"


def test_a_lesson_that_is_over_has_nothing_to_hint_at(played):
    here = played(READ)
    here.open()
    here.command("next")
    assert here.finished
    assert here.command("hint") == [Message("hint", "There is nothing to do here: `:next` goes on.")]


def test_an_error_shows_what_the_example_promises(played):
    here = played("\n```python\nx = nowhere\n2    # => 2\n```\n")
    (miss,) = here.ran(Outcome(here.prefill, error=NameError("nowhere")))
    assert miss.text.startswith("The example raised NameError.")
    assert (miss.want, miss.got) == ("2", "NameError: nowhere")


@pytest.mark.parametrize(
    ("last", "printed", "value", "passes"),
    [("2 + 1", "on\n3\n", 3, True), ("print(3)", "on\n3\n", None, True), ("print(3)", "on\n4\n", None, False)],
)
def test_what_is_printed_before_a_promised_statement_does_not_count(played, last, printed, value, passes):
    here = played(f"\n```python\nprint('on')\n{last}    # => 3\n```\n")
    (message, *_) = here.ran(Outcome(here.prefill, printed, value=value))
    assert (message.kind != "miss") is passes


OUTPUT = """
What does this show?

```python {quiz=shown}
np.array([1, 2]) * 2
```

<!-- fluxrepl:quiz shown answer="array([2, 4])" -->
"""

NUMBER = "\nHow steep?\n\n<!-- fluxrepl:quiz steep answer=2.5 -->\n"


@pytest.mark.parametrize("text", ["array([2, 4])", "array([2,4])", "(1, 2)", "'a'", "[2. 4.]", "array([1, 4])"])
def test_what_something_shows_answers_a_quiz_that_asks_for_it(played, text):
    here = played(OUTPUT)
    here.open()
    assert here.is_answer(text)


@pytest.mark.parametrize("text", ["np.array([1, 2]) * 2", "x = 1", "print(3)", "x", "def f():\n    pass", "import os"])
def test_code_is_run_at_such_a_quiz_as_anywhere(write, text):
    here = Play(read(write("01.md", OUTPUT)), Progress(), lambda: {"np": None, "x": 1})
    here.open()
    assert not here.is_answer(text)


def test_a_wrong_text_is_a_miss_and_the_right_one_passes(played):
    here = played(OUTPUT)
    here.open()
    assert [message.kind for message in here.command("answer", "array([1, 4])")] == ["miss"]
    assert here.command("answer", "array([2, 4])")[0].kind == "praise"


def test_a_number_quiz_wants_a_number(played):
    here = played(NUMBER)
    here.open()
    assert here.is_answer("2.4")
    assert here.is_answer("7 / 3")
    assert not here.is_answer("5 / 2 + x")
    assert "is no number" in here.command("answer", "steep")[0].text
    assert here.command("answer", "2.4")[0].kind == "miss"
    assert here.command("answer", "5 / 2")[0].kind == "praise"


def test_an_empty_answer_is_told_what_to_type(played):
    here = played(NUMBER)
    here.open()
    assert here.command("answer")[0].text == "Type a number."


def test_a_list_shows_stressed_words_plainly(played):
    here = played(NUMBER + "\n**Sums that grow** are *not* `2 * x * y`.\n")
    assert here.command("list")[0].text.split("\n")[-1].endswith("Sums that grow are not 2 * x * y.")
