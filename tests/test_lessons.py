"""The course keeps what it promises to a newcomer: every lesson has all its parts, in an order that helps."""

import re
import subprocess
import sys

import pytest

from fluxrepl.tutor.check import check
from fluxrepl.tutor.course import find_course, lesson_files
from fluxrepl.tutor.lesson import Lesson, read
from fluxrepl.tutor.needs import missing

COURSE = [read(path) for path in lesson_files(find_course())]
each_lesson = pytest.mark.parametrize("lesson", COURSE, ids=lambda lesson: lesson.id)
FIGURE = re.compile(r"^!\[(?P<words>[^\]]*)\]\((?P<file>[^)]+)\)$", re.M)


def prose(lesson: Lesson) -> list[str]:
    """The lines of a lesson that are neither code nor hidden nor head."""
    text = re.sub(r"^---\n.*?^---\n|^```.*?^```$|^<!--.*?-->$", "", lesson.text, flags=re.S | re.M)
    return text.split("\n")


@each_lesson
def test_a_lesson_says_what_for_and_how_long(lesson):
    assert len(lesson.objectives) >= 3
    assert lesson.minutes
    assert lesson.text.count(f"\n# {lesson.title}\n") == 1


@each_lesson
def test_a_lesson_has_exercises_with_hints_that_escalate_and_wrong_answers(lesson):
    assert len(lesson.exercises) >= 2
    for exercise in lesson.exercises:
        assert len(exercise.hints) >= 2, exercise.name
        assert len(set(exercise.hints)) == len(exercise.hints), exercise.name
        assert len(exercise.wrongs) >= 2, exercise.name


@each_lesson
def test_a_lesson_has_a_quiz_of_more_than_one_kind(lesson):
    kinds = [step.quiz.kind for step in lesson.steps if step.quiz]
    assert "choice" in kinds
    assert len(set(kinds)) > 1
    assert all(step.quiz.explanation for step in lesson.steps if step.quiz)


@each_lesson
def test_a_lesson_says_what_trips_people_up(lesson):
    if lesson.id != "how-a-lesson-works":
        assert "\n## What trips people up\n" in lesson.text


@each_lesson
def test_every_number_that_a_quiz_wants_is_checked(lesson):
    wanted = [step.quiz.line for step in lesson.steps if step.quiz and step.quiz.kind == "number"]
    checked = [block.line for block in lesson.blocks if block.kind == "setup"]
    assert set(wanted) <= set(checked)


@each_lesson
def test_lines_are_short_enough_to_be_read(lesson):
    assert [line for line in prose(lesson) if len(line) > 100] == []


@each_lesson
def test_pictures_are_there_and_say_in_words_what_they_show(lesson):
    for match in FIGURE.finditer(lesson.text):
        assert len(match["words"]) > 20
        assert (lesson.path.parent / match["file"]).stat().st_size > 1000
    drawn = {block.options.figure for block in lesson.blocks if block.options.figure}
    assert drawn <= {match["file"] for match in FIGURE.finditer(lesson.text)}


@each_lesson
def test_the_prompts_of_a_lesson_run_under_stock_doctest(lesson):
    if missing("sklearn") and "sklearn" in lesson.text:
        pytest.skip("scikit-learn is not installed")
    command = [sys.executable, "-m", "doctest", str(lesson.path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout == ""


def test_every_lesson_can_be_reached_from_the_first_and_only_needs_earlier_ones():
    known: list[str] = []
    for lesson in COURSE:
        assert set(lesson.requires) <= set(known), lesson.id
        assert bool(lesson.requires) == bool(known), lesson.id
        known.append(lesson.id)


def test_the_list_of_lessons_names_them_all():
    page = (find_course() / "README.md").read_text("utf-8")
    assert [lesson.id for lesson in COURSE if f"[{lesson.title}]({lesson.path.name})" not in page] == []


def test_a_learner_builds_affine_dense_chain_and_a_training_loop():
    solutions = {exercise.name: exercise.solution for lesson in COURSE for exercise in lesson.exercises}
    examples = "".join(example.source for lesson in COURSE for example in lesson.examples())
    assert "class Affine:" in examples
    assert "class MyDense:" in solutions["my_dense"]
    assert "class MyChain:" in solutions["my_chain"]
    assert "def fit(" in solutions["fit"]
    assert "train(" not in solutions["fit"]


@pytest.mark.skipif(bool(missing("sklearn")), reason="scikit-learn is not installed")
def test_the_digits_are_read_with_more_than_95_percent_in_less_than_a_minute():
    (lesson,) = [lesson for lesson in COURSE if lesson.id == "training-a-model"]
    promised = [made.text for example in lesson.examples() for made in example.promises]
    assert "_ > 0.95" in promised
    (report,) = check([lesson.path]).lessons
    assert report.passed
    assert report.seconds < 60
    assert not report.skipped


WITHOUT_SKLEARN = """\
import importlib.util, sys
from fluxrepl.tutor.check import check

found = importlib.util.find_spec
importlib.util.find_spec = lambda name: None if name == "sklearn" else found(name)
(report,) = check(sys.argv[1:]).lessons
print(*report.findings, *sorted({reason for _, reason in report.skipped}), f"{report.exercises} exercises", sep="\\n")
"""


def test_without_scikit_learn_the_last_lesson_is_played_on_and_says_what_to_install():
    (lesson,) = [lesson for lesson in COURSE if lesson.id == "training-a-model"]
    assert "pip install scikit-learn" in " ".join(lesson.text.split())
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_SKLEARN, lesson.path], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "needs sklearn, which is not installed: pip install scikit-learn",
        f"{len(lesson.exercises)} exercises",
    ]


def test_the_readme_counts_the_lessons():
    words = {8: "Eight", 9: "Nine", 10: "Ten"}
    readme = (find_course().parent / "README.md").read_text("utf-8")
    assert f"[{words[len(COURSE)]} lessons](lessons/README.md)" in readme
    assert f"{words[len(COURSE)]} lessons on gradients" in (find_course() / "README.md").read_text("utf-8")
