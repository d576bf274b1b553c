"""`:edit` and F2: what is saved in the editor runs; what is not saved does not."""

import shutil
import stat
import time
from pathlib import Path

import pytest

from fluxrepl.terminal import editor

LESSON = Path(__file__).with_name("lesson.md")


@pytest.fixture
def lesson(tmp_path):
    return shutil.copy(LESSON, tmp_path / "adding-up.md")


@pytest.fixture
def script(tmp_path):
    """An editor made of shell commands, with the file as `$1`."""

    def make(commands: str, name: str = "editor") -> str:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{commands}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return make


def test_a_save_runs_and_is_judged_and_the_next_edit_begins_with_it(repl, lesson, script, tmp_path):
    seen = tmp_path / "seen"
    wrong = script(f'cat "$1" >> {seen}; printf "def twice(x):\\n    return x\\n" > "$1"')
    screen = repl("learn", str(lesson), EDITOR=wrong)
    screen.enter(":goto 4")
    screen.until(lambda: "TODO" in screen.line_at_cursor())
    screen.send(":edit\r")
    screen.until("flux> def twice(x):\n  ...     return x\n")
    screen.until("✗ twice(3) should be 6, and was 3")
    assert "TODO" in seen.read_text()
    screen.enter(":edit")
    screen.until(lambda: screen.screen.count("✗ twice(3)") == 2)
    assert seen.read_text().endswith("return x\n")


def test_what_stands_at_the_prompt_goes_to_the_editor_with_f2(repl, script, tmp_path):
    screen = repl(EDITOR=script('grep -q half "$1" && echo "6 * 7" > "$1"'))
    screen.ready()
    screen.type("half")
    screen.press("f2")
    screen.until("flux> 6 * 7\n42\n")
    screen.ready()


@pytest.mark.parametrize("editor", ["false", "no-such-editor", "'open"])
def test_what_stood_at_the_prompt_comes_back_where_nothing_was_saved(repl, editor):
    screen = repl(EDITOR=editor)
    screen.ready()
    screen.type("kept = 20")
    screen.press("f2")
    screen.until("Nothing was saved" if editor == "false" else "cannot be started")
    screen.until(lambda: "flux> kept = 20" in screen.line_at_cursor())
    screen.send("+ 1\r")
    screen.enter("kept")
    screen.until("\n21\nflux>")


def test_leaving_without_saving_runs_nothing(repl, lesson, script):
    screen = repl("learn", str(lesson), EDITOR=script("true"))
    screen.enter(":goto 4")
    screen.until(lambda: "TODO" in screen.line_at_cursor())
    screen.send(":edit\r")
    screen.until("Nothing was saved, so nothing is run.")
    screen.ready()


def test_an_editor_that_is_not_there_is_told(repl):
    screen = repl(EDITOR="no-such-editor")
    screen.enter("1")
    screen.enter(":edit")
    screen.until("The editor no-such-editor cannot be started")
    screen.enter("1 + 1")
    screen.until("\n2\n")


def test_a_solved_exercise_goes_on_to_the_next_step(repl, lesson, script):
    screen = repl("learn", str(lesson), EDITOR=script('printf "def twice(x):\\n    return 2 * x\\n" > "$1"'))
    screen.enter(":goto 4")
    screen.until(lambda: "TODO" in screen.line_at_cursor())
    screen.press("f2")
    screen.until("✓ Solved.")
    screen.until("5/5")


# The editor itself


def test_without_any_editor_the_words_say_how_to_set_one(monkeypatch):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.setattr(editor, "USUAL", ("no-such-editor",))
    with pytest.raises(editor.NoEditor, match=":config editor nano"):
        list(editor.saves("x"))


def test_an_editor_is_opened_and_not_the_question_which(monkeypatch):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name in ("sensible-editor", "vi") else None)
    assert editor._command() == ["vi"]


def test_visual_comes_before_editor_and_may_have_arguments(monkeypatch, script, tmp_path):
    monkeypatch.setenv("EDITOR", "no-such-editor")
    monkeypatch.setenv("VISUAL", f"{script('cp $2 $3; echo $1 > $3')} --wait {LESSON}")
    assert list(editor.saves("x")) == ["--wait"]


def test_an_editor_with_a_window_runs_each_save_while_it_is_open(monkeypatch, script):
    monkeypatch.setenv("VISUAL", script('echo 1 > "$1"; sleep 1; echo 2 > "$1"; sleep 1', name="gvim"))
    started = time.monotonic()
    found = [(text, time.monotonic() - started) for text in editor.saves("x")]
    assert [text for text, _ in found] == ["1", "2"]
    assert found[0][1] < found[1][1] - 0.5


def test_an_unchanged_save_is_a_save(monkeypatch, script):
    monkeypatch.setenv("VISUAL", script('cp "$1" "$1.new"; mv "$1.new" "$1"'))
    assert list(editor.saves("x = 1\n")) == ["x = 1"]
