"""What a teacher gets: each lesson and step with its state, attempts, hints and times, and no code unless asked."""

import json

import pytest

from fluxrepl.tutor import course
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.play import walkthrough
from fluxrepl.tutor.progress import Progress
from fluxrepl.tutor.standing import standing

from .conftest import EXERCISE, QUIZ
from .test_play import Learner

BODY = "One.\n\n```pycon\n>>> secret = 1\n>>> secret\n1\n\n```\n\n" + EXERCISE + "\n" + QUIZ


@pytest.fixture
def lesson(write):
    return read(write("01.md", BODY))


@pytest.fixture
def entries(lesson, tmp_path):
    return course.lessons(tmp_path)


def of_step(report, number):
    return report["lessons"][0]["steps"][number - 1]


def test_a_lesson_that_was_not_begun_is_there_with_every_step_open(lesson, entries):
    report = standing(Progress(), entries)
    assert (report["format"], report["version"]) == ("fluxrepl-progress", 1)
    (only,) = report["lessons"]
    assert (only["id"], only["number"], only["total"], only["finished"], only["first"]) == (
        "lesson-01", "01", 3, False, None,
    )  # fmt: skip
    assert [step["state"] for step in only["steps"]] == ["open"] * 3
    assert [step["kind"] for step in only["steps"]] == ["example", "exercise", "quiz"]


def test_attempts_hints_and_states_are_counted(lesson, entries):
    progress = Progress()
    learner = Learner(lesson, progress)
    learner.enter()
    learner.types("def double(x):\n    return x * x")
    learner.types(":hint")
    learner.types(":hint")
    learner.types(":hint 1")
    learner.types(":solution")
    learner.types("def double(x):\n    return x + x")
    learner.types(":skip")
    report = standing(progress, entries)
    states = [step["state"] for step in report["lessons"][0]["steps"]]
    assert states == ["done", "shown", "skipped"]
    assert (of_step(report, 2)["attempts"], of_step(report, 2)["hints"]) == (2, 2)
    only = report["lessons"][0]
    assert (only["done"], only["shown"], only["skipped"], only["finished"]) == (1, 1, 1, True)
    assert only["hints"] == 2
    assert only["first"] <= only["last"]


def test_time_at_a_step_is_counted_but_not_a_night_away(lesson, entries, monkeypatch):
    from fluxrepl.tutor import play

    now = [0.0]
    monkeypatch.setattr(play.time, "monotonic", lambda: now[0])
    progress = Progress()
    learner = Learner(lesson, progress)
    now[0] = 12.0
    learner.enter()
    now[0] += 8 * 3600
    learner.types(":back")
    report = standing(progress, entries)
    assert (of_step(report, 1)["seconds"], of_step(report, 2)["seconds"]) == (12.0, 900.0)


def test_a_look_at_the_answer_of_a_step_that_is_done_changes_nothing(lesson, entries):
    progress = Progress()
    learner = Learner(lesson, progress)
    learner.enter()
    learner.types("def double(x):\n    return x + x")
    learner.types(":back")
    learner.types(":solution")
    assert of_step(standing(progress, entries), 2)["state"] == "done"


def test_code_is_in_it_only_when_asked_for(lesson, entries):
    progress = Progress()
    learner = Learner(lesson, progress)
    for _, text in walkthrough(lesson):
        learner.types(text)
    assert "return 2 * x" not in json.dumps(standing(progress, entries))
    report = standing(progress, entries, answers=True)
    assert of_step(report, 1)["answer"]["output"] == "1\n"
    assert of_step(report, 2)["answer"]["source"] == "def double(x):\n    return 2 * x"
    assert of_step(report, 3)["answer"]["answer"] == "b"


def test_a_lesson_that_is_not_in_the_course_comes_last(lesson, write, tmp_path):
    progress = Progress()
    Learner(lesson, progress).enter()
    (tmp_path / "course").mkdir()
    write("course/01.md", "Read.\n", head="---\ntitle: Ours\nid: ours\n---\n")
    report = standing(progress, course.lessons(tmp_path / "course"))
    assert [(one["id"], one["in_course"]) for one in report["lessons"]] == [("ours", True), ("lesson-01", False)]
    stranger = report["lessons"][1]
    assert (stranger["title"], stranger["total"], stranger["done"]) == ("A small lesson", 3, 1)


def test_a_file_with_odd_values_is_read_all_the_same(lesson, entries, tmp_path):
    path = tmp_path / "progress.json"
    step = lesson.steps[0]
    record = {"digest": step.digest, "state": "passed", "attempts": "many", "hints": None, "seconds": [], "first": 3}
    path.write_text(json.dumps({"version": 2, "lessons": {lesson.id: {"steps": {step.key: record}}}}))
    report = standing(Progress.of_file(path), entries)
    assert (of_step(report, 1)["state"], of_step(report, 1)["attempts"]) == ("done", 0)


def test_every_field_of_the_report_is_explained(lesson, entries):
    from pathlib import Path

    page = (Path(__file__).parents[2] / "docs" / "learning.md").read_text(encoding="utf-8")
    learner = Learner(lesson)
    learner.enter()
    report = standing(learner.play.progress, entries, answers=True)
    fields = {*report, *report["lessons"][0], *of_step(report, 1), *of_step(report, 1)["answer"]}
    assert sorted(field for field in fields if f"`{field}`" not in page) == []
