"""`fluxrepl learn --replay`: lessons play themselves, in a real terminal and in a pipe."""

import shutil
from pathlib import Path

import pytest

from fluxrepl.tutor.course import lessons

LESSON = Path(__file__).with_name("lesson.md")


@pytest.fixture
def lesson(tmp_path):
    return shutil.copy(LESSON, tmp_path / "adding-up.md")


def test_every_lesson_of_the_course_plays_itself_in_a_terminal(repl, home):
    screen = repl("learn", "--replay", "all")
    assert screen.ends() == 0, screen.screen
    for entry in lessons():
        assert f"✓ {entry.lesson.title}: {len(entry.lesson.steps)} steps" in screen.screen
    assert not (home / "fluxrepl").exists()  # nothing of it is kept


def test_the_learner_sees_what_they_would_see(repl, lesson):
    screen = repl("learn", "--replay", str(lesson), rows=90)
    assert screen.ends() == 0
    for words in (
        "Only to be read.\n\nflux>\n",
        "flux> 1 + 1\n2\n",
        "flux> def twice(x):\n  ...     return 2 * x\n✓ Solved.",
        "flux> b\n✓ Right.",
        "✓ Adding up: 5 steps",
    ):
        assert words in screen.screen
    assert " 3/5 " in screen.raw  # the bar


def test_in_a_pipe_the_same_words_come_plain(pipe, lesson):
    ran = pipe("", "learn", "--replay", str(lesson))
    assert ran.returncode == 0, ran.stderr
    assert "flux> 1 + 1\n2\n" in ran.stdout
    assert "flux> def twice(x):\n  ...     return 2 * x\n✓ Solved." in ran.stdout
    assert "✓ Adding up: 5 steps" in ran.stdout
    assert "\x1b" not in ran.stdout


def test_a_step_may_wait(pipe, lesson):
    text = Path(lesson).read_text()
    Path(lesson).write_text(text.replace(">>> 1 + 1\n2", ">>> import asyncio\n>>> await asyncio.sleep(0, 2)\n2"))
    ran = pipe("", "learn", "--replay", str(lesson))
    assert "await asyncio.sleep(0, 2)\n2\n" in ran.stdout
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_what_a_command_or_a_magic_shows_is_compared(pipe, lesson):
    text = Path(lesson).read_text()
    step = ">>> !echo {1 + 1}\n2\n>>> x = !echo two\n>>> x\n['two']\n>>> %precision 3\n'%.3f'"
    Path(lesson).write_text(text.replace(">>> 1 + 1\n2", step))
    ran = pipe("", "learn", "--replay", str(lesson))
    assert "!echo {1 + 1}\n2\n" in ran.stdout
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (">>> 1 + 1\n2", ">>> 1 + 1\n3", "step 2 of 5"),
        ("return 2 * x", "return 3 * x", "step 4 of 5"),
        ("plus(hidden, 2)\n42", "raise SystemExit\n42", "ended the session"),
    ],
)
def test_a_step_that_does_not_go_on_is_told_and_the_status_is_1(pipe, lesson, old, new, told):
    text = Path(lesson).read_text()
    assert old in text
    Path(lesson).write_text(text.replace(old, new))
    ran = pipe("", "learn", "--replay", str(lesson))
    assert ran.returncode == 1
    last = ran.stdout.strip().splitlines()[-1]
    assert last.startswith("✗ Adding up: step")
    assert told in last
    assert "adding-up.md:" in last


def test_a_step_that_does_not_go_on_in_a_terminal_is_told_too(repl, lesson):
    Path(lesson).write_text(Path(lesson).read_text().replace(">>> 1 + 1\n2", ">>> 1 + 1\n3"))
    screen = repl("learn", "--replay", str(lesson))
    assert screen.ends() == 1
    assert 'step 2 of 5 ("Numbers", adding-up.md:' in screen.screen


def test_a_lesson_that_is_not_there_is_wrong_usage(pipe):
    ran = pipe("", "learn", "--replay", "77")
    assert ran.returncode == 2
    assert "no such lesson" in ran.stderr
