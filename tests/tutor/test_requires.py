"""Which lessons a lesson may require: those beside it and those of the course, wherever it lies."""

from fluxrepl.tutor import course
from fluxrepl.tutor.check import check
from fluxrepl.tutor.lesson import read

NEEDS = "---\ntitle: x\nid: one-of-mine\nrequires: [{}]\n---\n\ntext\n"


def test_a_copied_lesson_may_require_lessons_of_the_course(write):
    first = next(entry.lesson for entry in course.lessons() if entry.lesson)
    assert check([write("mine.md", "", NEEDS.replace("{}", first.id))]).passed


def test_a_single_lesson_may_require_the_one_beside_it(write):
    beside = read(write("01.md", "text\n"))
    assert check([write("02.md", "", NEEDS.replace("{}", beside.id))]).passed
    far = write("far/02.md", "", NEEDS.replace("{}", beside.id))
    assert "which is no lesson here" in check([far]).lessons[0].findings[0].what
