"""`fluxrepl progress`: a table for the learner, JSON for a teacher."""

import json
import os
import subprocess
import sys

import pytest

from fluxrepl.tutor.course import find_lesson
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.progress import Progress


@pytest.fixture
def fluxrepl(tmp_path):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "fluxrepl", "progress", *arguments],
            capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
            env={**os.environ, "FLUXREPL_HOME": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip

    return run


@pytest.fixture
def begun(tmp_path):
    lesson = read(find_lesson("01"))
    progress = Progress(tmp_path / "progress.json")
    progress.move(lesson, lesson.steps[1])
    for step in lesson.steps[:3]:
        progress.mark(lesson, step, "passed", "mine = 1")
    progress.mark(lesson, lesson.steps[3], "skipped")
    progress.note(lesson, lesson.steps[0], hints=1, seconds=240)
    return progress


def test_before_anything_is_done_it_says_how_to_begin(fluxrepl):
    assert fluxrepl().stdout == "Nothing has been done yet: `fluxrepl learn` begins.\n"


@pytest.mark.parametrize(("words", "shown"), [(["progress"], "\\u2713 01"), (["new", "ä.md"], "\\xe4.md is written")])
def test_a_screen_without_letters_for_a_sign_gets_an_escape(begun, tmp_path, words, shown):
    lesson = read(find_lesson("01"))
    for step in lesson.steps:
        begun.mark(lesson, step, "passed")
    ran = subprocess.run(
        [sys.executable, "-m", "fluxrepl", *words], capture_output=True, text=True, check=False, cwd=tmp_path,
        env={**os.environ, "FLUXREPL_HOME": str(tmp_path), "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    assert shown in ran.stdout


def test_a_line_for_each_lesson_that_was_begun(fluxrepl, begun):
    total = len(read(find_lesson("01")).steps)
    assert fluxrepl().stdout == f"  01  Taking gradients    4/{total} steps   1 skipped · 1 hint · 4 min\n"


def test_as_json_it_has_every_lesson_and_no_code(fluxrepl, begun):
    out = fluxrepl("--json").stdout
    report = json.loads(out)
    assert [lesson["number"] for lesson in report["lessons"]][:2] == ["00", "01"]
    assert (report["lessons"][1]["done"], report["lessons"][1]["skipped"]) == (3, 1)
    assert "mine = 1" not in out
    assert "mine = 1" in fluxrepl("--json", "--answers").stdout


def test_a_teacher_may_read_a_file_that_was_handed_in(fluxrepl, begun, tmp_path):
    handed_in = tmp_path / "ada.json"
    begun.path.rename(handed_in)
    before = handed_in.read_text()
    assert "  01  Taking gradients    4/" in fluxrepl("--file", str(handed_in)).stdout
    assert handed_in.read_text() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--answers",), "--answers goes with --json"),
        (("--file", "nowhere.json"), "nowhere.json cannot be read"),
        (("--file", __file__), "is no progress file"),
    ],
)
def test_what_cannot_be_done_is_told(fluxrepl, arguments, words):
    ran = fluxrepl(*arguments)
    assert ran.returncode == 2
    assert words in ran.stderr


def test_lessons_made_by_a_newer_fluxrepl_are_not_touched(fluxrepl, tmp_path):
    newer = '{"version": 99}'
    (tmp_path / "progress.json").write_text(newer)
    assert "was written by a newer fluxrepl" in fluxrepl("--json").stderr
    assert (tmp_path / "progress.json").read_text() == newer
