"""A lesson is taken up again: quietly, with the same random numbers, in bounded time, and honestly."""

from pathlib import Path

import pytest

from fluxrepl.shell import resume as resuming

LESSON = """---
title: Dice
id: dice
---

# Dice

```python
import random
eyes = [random.randint(1, 6), int(np.random.randint(1, 7)), float(Dense(1, 1).weight[0, 0])]
eyes       # => _ == eyes
```

An error:

```pycon
>>> 1 / 0
Traceback (most recent call last):
    ...
ZeroDivisionError: division by zero

```

```python
import os
left = os.environ["OF_THAT_DAY"]
left       # => _ == "here"
```

```python
import time
rest = time.sleep(float(os.environ.get("NAP", 0)))
after = 1  # => 1
```

The end.

```python
5          # => 5
```
"""


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch) -> str:
    monkeypatch.setenv("OF_THAT_DAY", "here")
    path = tmp_path / "01-dice.md"
    path.write_text(LESSON, encoding="utf-8")
    return str(path)


def played_to_the_end(shell, lesson: str) -> None:
    shell.start_lesson(lesson)
    for _ in range(4):
        shell.run(shell.play.prefill)
    assert shell.play.prefill.startswith("5")
    shell.lessons.play = shell.lessons.progress = None
    shell.run("%reset -f")
    shell.said.clear()


def test_random_numbers_are_those_of_then(shell, lesson: str, capsys) -> None:
    shell.start_lesson(lesson)
    shell.run("np.random.rand()")  # not accepted, so it is not run again
    shell.run(shell.play.prefill)
    eyes = shell.user_ns["eyes"]
    shell.lessons.play = shell.lessons.progress = None
    shell.run("%reset -f")
    capsys.readouterr()
    assert shell.start_lesson(lesson)
    assert shell.user_ns["eyes"] == eyes
    assert "[" not in capsys.readouterr().out  # quietly


def test_an_error_that_was_the_point_of_a_step_is_no_failure(shell, lesson: str) -> None:
    played_to_the_end(shell, lesson)
    assert shell.start_lesson(lesson)
    assert "could not be run again" not in shell.words
    assert (shell.play.index, shell.user_ns["after"]) == (4, 1)


def test_what_fails_this_time_is_told_with_its_step(shell, lesson: str, monkeypatch) -> None:
    played_to_the_end(shell, lesson)
    monkeypatch.delenv("OF_THAT_DAY")
    assert shell.start_lesson(lesson)
    assert "What you ran at step 3 could not be run again: it failed this time." in shell.words
    assert "`:goto` leads there" in shell.words
    assert shell.user_ns["after"] == 1


def test_a_replay_that_takes_too_long_is_stopped_and_what_is_left_out_is_told(shell, lesson: str, monkeypatch) -> None:
    played_to_the_end(shell, lesson)
    monkeypatch.setenv("NAP", "30")
    monkeypatch.setattr(resuming.resume, "__defaults__", (1.0,))
    assert shell.start_lesson(lesson)
    assert "Running your earlier answers took over 1 s; step 4 is left out." in shell.words
    assert "after" not in shell.user_ns
    assert shell.play.index == 4


def test_noise_and_displays_of_then_are_not_shown_again(shell, tmp_path: Path, capfd) -> None:
    path = tmp_path / "02-loud.md"
    path.write_text(
        "---\ntitle: Loud\nid: loud\n---\n\n# Loud\n\n```python\nimport sys\n"
        "from IPython.display import display\nsys.stderr.write('loud')\ndisplay('loud')\n"
        "x = 1  # => 1\n```\n\n```python\n2  # => 2\n```\n"
    )
    shell.start_lesson(str(path))
    shell.run(shell.play.prefill)
    assert shell.play.index == 1
    shell.lessons.play = shell.lessons.progress = None
    shell.run("del x")
    capfd.readouterr()
    assert shell.start_lesson(str(path))
    shown = capfd.readouterr()
    assert "loud" not in shown.out + shown.err
    assert shell.user_ns["x"] == 1


def test_a_replay_that_takes_a_while_says_so(shell, lesson: str, monkeypatch, capsys) -> None:
    played_to_the_end(shell, lesson)
    monkeypatch.setenv("NAP", "0.5")
    monkeypatch.setattr(resuming, "PATIENCE", 0.1)
    capsys.readouterr()
    assert shell.start_lesson(lesson)
    assert "Running what you did before" in capsys.readouterr().out
    assert shell.user_ns["after"] == 1


def test_a_progress_file_with_odd_random_states_does_no_harm(shell, lesson: str) -> None:
    played_to_the_end(shell, lesson)
    path = Path(shell.lessons._progress().path)
    text = path.read_text()
    path.write_text(text.replace('\\"python\\": [', '\\"python\\": [7, '))
    shell.lessons.progress = None
    assert shell.start_lesson(lesson)
    assert shell.user_ns["after"] == 1
