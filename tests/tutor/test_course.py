"""Lessons are found by number, id, file name and path; a wrong name gets near ones."""

import pytest

from fluxrepl.tutor.course import find_course, find_lesson, lessons, next_unfinished, number_of
from fluxrepl.tutor.lesson import LessonError
from fluxrepl.tutor.progress import Progress

HEAD = "---\ntitle: {id}\nid: {id}\n---\n\n"


@pytest.fixture
def folder(write, tmp_path):
    for name, identity in (("00-start.md", "how-it-works"), ("01-slopes.md", "taking-gradients"), ("10-end.md", "end")):
        write(name, "Text.\n", HEAD.replace("{id}", identity))
    write("README.md", "not a lesson", "")
    return tmp_path


@pytest.mark.parametrize("name", ["01", "1", "taking-gradients", "01-slopes"])
def test_a_lesson_has_several_names(folder, name):
    assert find_lesson(name, folder).name == "01-slopes.md"


def test_zero_and_ten_are_numbers_too(folder):
    assert find_lesson("0", folder).name == "00-start.md"
    assert find_lesson("10", folder).name == "10-end.md"


def test_a_path_is_taken_as_it_is(folder):
    assert find_lesson(str(folder / "10-end.md")) == folder / "10-end.md"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gradients", "did you mean `taking-gradients`?"),
        ("02", "the course has 00, 01, 10"),
        ("nowhere/lesson.md", "no such lesson"),
    ],
)
def test_a_missing_lesson_is_told_with_near_ones(folder, name, said):
    with pytest.raises(LessonError) as raised:
        find_lesson(name, folder)
    assert said in str(raised.value)
    assert "`fluxrepl lessons` lists them" in str(raised.value)


def test_the_list_is_in_order_and_shows_broken_lessons(folder, write):
    write("05-broken.md", "no head", "")
    entries = lessons(folder)
    assert [entry.number for entry in entries] == ["00", "01", "05", "10"]
    assert [entry.lesson is None for entry in entries] == [False, False, True, False]
    assert "no front matter" in str(entries[2].error)


def test_the_next_lesson_is_the_first_unfinished_one(folder):
    progress = Progress()
    assert next_unfinished(progress, folder).name == "00-start.md"
    for entry in lessons(folder):
        for step in entry.lesson.steps:
            progress.mark(entry.lesson, step, "passed")
    assert next_unfinished(progress, folder).name == "00-start.md"
    progress.reset(lessons(folder)[1].lesson)
    assert next_unfinished(progress, folder).name == "01-slopes.md"


def test_a_folder_without_lessons_has_no_next_one(tmp_path):
    with pytest.raises(LessonError, match="no lessons here"):
        next_unfinished(Progress(), tmp_path)


def test_the_course_of_this_checkout_is_found_and_readable():
    entries = lessons()
    assert entries
    assert find_course() == entries[0].path.parent
    assert [entry.error for entry in entries if entry.error] == []
    assert number_of(entries[0].path) == "00"
