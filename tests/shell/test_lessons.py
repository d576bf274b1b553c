"""A lesson played in a shell: who is told what, and what is done about it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from fluxrepl.tutor.play import Message

LESSON = """---
title: Adding
id: adding
objectives:
  - add two numbers
minutes: 1
---

# Adding

<!-- fluxrepl:setup
>>> hidden = 40

-->

Python adds:

```pycon
>>> 1 + 1
2

```

### Exercise: twice

Write `twice(x)`.

```python {starter=twice}
def twice(x):
    ...  # TODO
```

<details><summary>Hint</summary>

Multiply.

</details>

<details><summary>Solution</summary>

```python {solution=twice}
def twice(x):
    return 2 * x
```

</details>

<!-- fluxrepl:check twice
assert twice(3) == 6, "twice 3 is 6"
-->

<!-- fluxrepl:wrong twice says="twice 3 is 6"
def twice(x):
    return x
-->
"""


@dataclass
class FakePlay:
    """A lesson that says what it is told to say."""

    answers: dict[str, Any] = field(default_factory=dict)
    heard: list[Any] = field(default_factory=list)
    index: int = 0
    prefill: str = ""
    finished: bool = False
    quiz: str = ""

    def is_answer(self, text: str) -> bool:
        return bool(self.quiz) and text.strip() == self.quiz

    def free(self, source: str) -> set[str]:
        return set()

    def ran(self, outcome: Any, random: str = "") -> list[Message]:
        self.heard.append(outcome)
        return self._say("ran")

    def command(self, name: str, argument: str = "") -> list[Message]:
        self.heard.append((name, argument))
        return self._say(name)

    def _say(self, name: str) -> list[Message]:
        answer = self.answers.get(name, [])
        if isinstance(answer, BaseException):
            raise answer
        return answer


@pytest.fixture
def play(shell) -> FakePlay:
    shell.lessons.play = FakePlay()
    return shell.play


def test_the_lesson_hears_of_every_cell(shell, play: FakePlay) -> None:
    shell.run("print('a')\n1 + 1")
    shell.run("1/0")
    first, second = play.heard
    assert (first.source, first.output, first.error) == ("print('a')\n1 + 1", "a\n2\n", None)
    assert isinstance(second.error, ZeroDivisionError)


def test_what_it_says_is_shown_after_the_output(shell, play: FakePlay, capsys) -> None:
    play.answers["ran"] = [Message("praise", "Well done.")]
    shell.run("1 + 1")
    assert capsys.readouterr().out == "2\nWell done.\n"


def test_it_hears_the_code_of_a_transcript(shell, play: FakePlay) -> None:
    shell.run(">>> 1 + 1\n2\n")
    assert play.heard[0].source == "1 + 1\n"


def test_it_does_not_hear_of_blank_or_silent_cells(shell, play: FakePlay) -> None:
    shell.run("  ")
    shell.run_cell("1 + 1", silent=True)
    assert play.heard == []


def test_it_hears_once_of_a_cell_that_runs_another(shell, play: FakePlay) -> None:
    shell.run("r = get_ipython().run_cell('1')\n2")
    assert [outcome.output for outcome in play.heard] == ["1\n2\n"]


def test_a_command_goes_to_the_lesson_and_is_no_attempt(shell, play: FakePlay) -> None:
    shell.command(":hint")
    shell.run(":goto 3")
    shell.run("%lesson check")
    assert play.heard == [("hint", ""), ("goto", "3"), ("check", "")]
    shell.run("1")
    assert play.heard[-1].output == "1\n"


def test_in_a_lesson_help_and_suggestions_know_every_command_that_works_there(shell, play: FakePlay) -> None:
    shell.own_commands = {"edit": "open the editor"}
    shell.command(":lear")
    assert "Did you mean `:learn`?" in shell.words
    shell.command(":bogus")
    shell.command(":help")
    assert play.heard == []
    for name in ("next", "learn", "edit"):
        assert f"\n:{name} " in shell.words


def test_an_answer_to_a_quiz_is_not_run(shell, play: FakePlay) -> None:
    play.quiz = "b"
    assert shell.is_command("b")
    shell.command("b")
    shell.run("b")
    assert play.heard == [("answer", "b"), ("answer", "b")]
    assert not shell.is_command("c")


def test_setup_runs_unseen_and_unheard(shell, play: FakePlay, capsys) -> None:
    play.answers["next"] = [Message("setup", source="print('unseen')\nhidden = 40\nhidden"), Message("prose", "Look.")]
    shell.command(":next")
    assert capsys.readouterr().out == "Look.\n"
    assert shell.user_ns["hidden"] == 40
    assert play.heard == [("next", "")]


def test_an_error_in_setup_is_shown(shell, play: FakePlay, capsys) -> None:
    play.answers["next"] = [Message("setup", source="1/0"), Message("prose", "Look.")]
    shell.command(":next")
    shown = capsys.readouterr().out
    assert shown.count("ZeroDivisionError: division by zero") == 1
    assert shown.endswith("Look.\n")


def test_run_runs_as_typed_and_the_lesson_hears_of_it_once(shell, play: FakePlay, capsys) -> None:
    play.answers["skip"] = [Message("note", "before"), Message("run", source="20 + 1"), Message("note", "after")]
    play.answers["ran"] = [Message("praise", "heard")]
    shell.command(":skip")
    assert capsys.readouterr().out == "before\n21\nheard\nafter\n"
    assert [outcome.output for outcome in play.heard[1:]] == ["21\n"]
    assert shell.run("_").output == "21\n"


def test_run_within_a_cell_is_heard_of_once_too(shell, play: FakePlay) -> None:
    play.answers["skip"] = [Message("run", source="20 + 1")]
    shell.run(":skip")
    assert [getattr(heard, "output", heard) for heard in play.heard] == [("skip", ""), "21\n"]


def test_a_lesson_that_runs_for_ever_is_stopped(shell, play: FakePlay) -> None:
    play.answers["skip"] = play.answers["ran"] = [Message("run", source="1")]
    shell.command(":skip")
    assert len(play.heard) < 100


def test_quit_leaves_the_lesson_not_the_repl(shell, play: FakePlay) -> None:
    play.answers["quit"] = [Message("note", "Bye."), Message("quit")]
    shell.command(":quit")
    assert shell.play is None
    assert not shell.exit_now
    assert shell.words == "Bye."


@pytest.mark.parametrize("failure", [RuntimeError("broken"), KeyError("x"), AssertionError()])
def test_a_player_that_fails_never_breaks_the_shell(shell, play: FakePlay, failure: Exception) -> None:
    play.answers["ran"] = play.answers["next"] = failure
    assert shell.run("1 + 1").output == "2\n"
    shell.command(":next")
    shell.run(":next")
    assert shell.words.count("The lesson player failed") == 3
    assert shell.run("2").output == "2\n"


def test_an_interrupt_of_the_player_leaves_the_lesson_open(shell, play: FakePlay) -> None:
    play.answers["ran"] = KeyboardInterrupt()
    assert shell.run("1 + 1").output == "2\n"
    assert "Interrupted" in shell.words
    assert shell.play is play


def test_what_a_step_begins_with_is_offered_once(shell, play: FakePlay) -> None:
    offered = []
    shell.offer = offered.append
    play.prefill = "1 + 1"
    shell.command(":next")
    shell.command(":hint")
    play.index, play.prefill = 1, "2 + 2"
    shell.command(":next")
    assert offered == ["1 + 1", "2 + 2"]


@pytest.fixture
def lesson(tmp_path: Path) -> str:
    path = tmp_path / "01-adding.md"
    path.write_text(LESSON, encoding="utf-8")
    return str(path)


def test_a_lesson_is_played_to_its_end(shell, lesson: str, capsys) -> None:
    from fluxrepl.tutor.play import walkthrough

    assert shell.start_lesson(lesson)
    assert "Python adds" in shell.words
    for _, typed in walkthrough(shell.play.lesson):
        assert not shell.play.finished
        if shell.is_command(typed):
            shell.command(typed)
        else:
            shell.run(typed)
    assert shell.play.finished
    assert shell.user_ns["hidden"] == 40
    assert shell.user_ns["twice"](4) == 8
    assert any(message.kind == "praise" for message in shell.said)


def test_a_lesson_is_taken_up_where_it_was_left(shell, lesson: str) -> None:
    shell.start_lesson(lesson)
    shell.run("1 + 1")
    reached = shell.play.index
    assert reached > 0
    shell.lessons.play = shell.lessons.progress = None
    shell.run("%reset -f")
    assert shell.start_lesson(lesson)
    assert shell.play.index == reached
    assert shell.user_ns["hidden"] == 40


def test_in_a_notebook_the_cell_after_the_opening_one_counts(shell, lesson: str) -> None:
    shell.run_cell(f":learn {lesson}", store_history=True)
    shell.run_cell("1 + 1", store_history=True)
    assert shell.play.index == 1


def test_a_wrong_answer_gets_its_words_and_the_solution_passes(shell, lesson: str) -> None:
    shell.start_lesson(lesson)
    shell.run("1 + 1")
    shell.run("def twice(x):\n    return x")
    assert "twice 3 is 6" in shell.words
    shell.run("def twice(x):\n    return 2 * x")
    assert shell.play.finished


def test_an_answer_that_raises_is_told_with_its_line_and_the_call(shell, lesson: str) -> None:
    shell.start_lesson(lesson)
    shell.run("1 + 1")
    shell.run("def twice(x):\n    return x / 0")
    assert "division by zero\n  at your line 2: return x / 0\n  tried: twice(3)" in shell.words


def test_skip_runs_the_model_answer(shell, lesson: str) -> None:
    shell.start_lesson(lesson)
    shell.run("1 + 1")
    shell.command(":skip")
    assert shell.user_ns["twice"](2) == 4


@pytest.mark.parametrize("word", ["hint", "next", "list", "undo"])
def test_a_command_without_its_colon_is_told(shell, play: FakePlay, word: str) -> None:
    shell.run(word)
    assert f"The command is `:{word}`, with a colon: " in shell.words


def test_a_name_of_the_learners_is_no_command(shell, play: FakePlay) -> None:
    shell.run("hint = 3")
    shell.run("hint")
    assert shell.words == ""


def test_a_lesson_that_is_malformed_is_said_with_file_and_line(shell, tmp_path: Path) -> None:
    path = tmp_path / "bad.md"
    path.write_text("---\ntitle: Bad\nid: bad\n---\n\n```pycon {nonsense}\n>>> 1\n1\n\n```\n", encoding="utf-8")
    assert not shell.start_lesson(str(path))
    assert f"{path}:6" in shell.words
    assert shell.run("1").output == "1\n"
