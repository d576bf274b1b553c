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
