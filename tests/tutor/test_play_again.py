"""Steps that are left behind: what is solved stays, what was skipped or could not run is told apart, `:undo`."""

import pytest

from fluxrepl.tutor import needs
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.progress import Progress

from .conftest import EXERCISE, QUIZ
from .test_play import Learner

EXAMPLES = "```pycon\n>>> x = 3\n>>> x\n3\n\n```\n\nMore.\n\n```pycon\n>>> y = x + 1\n>>> y\n4\n\n```\n\n"
LAMBDA = "double = lambda x: x + x"
MODEL = "def double(x):\n    return 2 * x\n"


@pytest.fixture
def lesson(write):
    return read(write("01.md", EXAMPLES + EXERCISE + "\n" + QUIZ))


@pytest.fixture
def learner(lesson):
    return Learner(lesson)


def record(learner, number):
    return learner.play.progress.record(learner.play.lesson, learner.play.lesson.steps[number - 1])


def standing(learner, number):
    return learner.play.progress.standing(learner.play.lesson, learner.play.lesson.steps[number - 1])


def solved(learner):
    learner.types(":goto 3")
    assert learner.types(LAMBDA)[0] == "praise"
    learner.types(":back")
    return learner


def test_skip_at_a_solved_exercise_keeps_its_state_and_its_code(learner):
    solved(learner)
    mine = learner.names["double"]
    assert learner.types(":skip")[0] == "prose"
    assert learner.play.index == 3
    assert learner.names["double"] is mine
    assert (standing(learner, 3), record(learner, 3)["source"]) == ("done", LAMBDA)


def test_skip_at_a_quiz_that_is_answered_keeps_it(learner):
    learner.types(":goto 4")
    learner.types("b")
    learner.types(":back")
    assert learner.types(":skip") == ["finished"]
    assert (standing(learner, 4), record(learner, 4)["answer"]) == ("done", "b")


def test_skip_in_a_lesson_that_is_played_again_runs_what_was_accepted(lesson):
    progress = Progress()
    first = Learner(lesson, progress)
    for text in (first.play.prefill, first.play.lesson.steps[1].source, LAMBDA, "b"):
        first.types(text)
    again = Learner(lesson, progress)
    assert again.play.is_repeated
    for _ in lesson.steps:
        again.types(":skip")
    assert again.play.finished
    assert (again.names["y"], again.names["double"](4)) == (4, 8)
    assert [standing(again, number) for number in (1, 2, 3, 4)] == ["done"] * 4
    assert record(again, 3)["source"] == LAMBDA


def test_skip_after_undo_runs_the_learners_own_code_again(learner):
    solved(learner)
    learner.types(":next")
    del learner.names["double"]
    learner.obey(learner.play.undone(2, LAMBDA))
    assert learner.play.index == 2
    assert learner.types(":skip")[0] == "run"
    assert learner.seen[0].source == LAMBDA
    assert standing(learner, 3) == "done"


def test_the_model_answer_does_not_replace_the_learners_own(learner):
    solved(learner)
    learner.types(":solution")
    assert learner.enter()[0] == "praise"
    assert (standing(learner, 3), record(learner, 3)["source"], record(learner, 3)["answer"]) == (
        "done",
        LAMBDA,
        LAMBDA,
    )


def test_another_answer_of_ones_own_does(learner):
    solved(learner)
    learner.types("def double(n):\n    return n * 2")
    assert record(learner, 3)["answer"] == "def double(n):\n    return n * 2"


def test_check_in_a_later_session_keeps_the_learners_code(lesson):
    progress = Progress()
    solved(Learner(lesson, progress)).types(":next")
    again = Learner(lesson, progress)
    again.types(":back")
    assert again.types(":check")[0] == "praise"
    assert record(again, 3)["source"] == LAMBDA


@pytest.mark.parametrize(("number", "answer"), [(3, MODEL), (4, "b")])
def test_who_skipped_has_seen_the_answer(learner, number, answer):
    learner.types(f":goto {number}")
    learner.types(":skip")
    assert standing(learner, number) == "skipped"
    learner.types(f":goto {number}")
    learner.types(answer)
    assert standing(learner, number) == "shown"


# What needs a library that is not here


@pytest.fixture
def lacking(write):
    body = "Draw.\n\n```python {requires=nothing_of_this_name}\nx = 1    # => 1\n```\n\nGo on.\n"
    return Learner(read(write("01.md", body)))


@pytest.mark.parametrize("command", [":next", ":skip"])
def test_a_step_that_cannot_run_here_has_a_state_of_its_own(lacking, command):
    lacking.types(command)
    assert (standing(lacking, 1), lacking.play.index) == ("missing", 1)
    lacking.types(":list")
    assert lacking.said().split("\n")[0].startswith("  –  1  ")
    assert "\n\n– not here: needs nothing_of_this_name, which is not installed: pip install" in lacking.said()
    lacking.types(":next")
    assert "2 of 2 steps done; 1 of them could not run here" in lacking.said()
    assert lacking.play.is_repeated is False
    assert lacking.play.progress.is_finished(lacking.play.lesson)


def test_it_is_done_once_it_could_run(lacking, monkeypatch):
    lacking.types(":next")
    monkeypatch.setattr(needs, "_missing", lambda name: "")
    lacking.types(":back")
    assert lacking.enter() == ["prose"]
    assert standing(lacking, 1) == "done"


def test_what_was_done_where_the_library_is_stays_done(lacking, monkeypatch):
    with monkeypatch.context() as installed:
        installed.setattr(needs, "_missing", lambda name: "")
        lacking.enter()
    lacking.types(":back")
    lacking.types(":next")
    assert standing(lacking, 1) == "done"


# `:undo`: the shell takes the cell back, `undone` says where the learner is then


def test_undoing_the_cell_that_led_on_leads_back(learner):
    source = learner.play.prefill
    learner.enter()
    assert [message.kind for message in learner.play.undone(0, source)] == ["prose", "example"]
    assert learner.play.index == 0


def test_undoing_the_last_cell_of_a_lesson_leads_back_from_its_end(write):
    learner = Learner(read(write("01.md", EXAMPLES)))
    learner.enter()
    source = learner.play.prefill
    learner.enter()
    assert learner.play.finished
    learner.play.undone(1, source)
    assert (learner.play.finished, learner.play.index) == (False, 1)


def test_undoing_a_cell_of_another_step_leaves_the_learner_in_place_and_says_where_it_ran(learner):
    source = learner.play.prefill
    learner.enter()
    learner.types(":goto 4")
    assert [message.text for message in learner.play.undone(0, source)] == ["It ran at step 1: `:goto 1` goes there."]
    assert learner.play.index == 3


def test_undoing_a_cell_from_before_next_leaves_the_learner_in_place(learner):
    learner.types("tried = 1")
    learner.types(":next")
    assert learner.play.undone(0, "tried = 1")[0].kind == "note"
    assert learner.play.index == 1


def test_undoing_a_cell_of_this_step_says_nothing_more(learner):
    learner.types("tried = 1")
    assert learner.play.undone(0, "tried = 1") == []


# The list


def test_the_list_tells_quizzes_apart_by_how_they_begin(write):
    shows = "### Quiz: what does this show?\n\nThink.\n\n```python {quiz=two}\nx = 1\nx + 1\n```\n\n"
    shows += (
        "<!-- fluxrepl:quiz two answer=2 -->\n\n### Quiz\n\n**How** many\n`x`?\n\n<!-- fluxrepl:quiz n answer=3 -->\n"
    )
    learner = Learner(read(write("01.md", QUIZ + "\n" + shows)))
    rows = learner.play.command("list")[0].text.split("\n")
    assert [row[8:] for row in rows] == [
        "Quiz · Which is larger?",
        "Quiz: what does this show? · x + 1",
        "Quiz · How many x?",
    ]
    learner.types(":goto larger")
    assert learner.play.index == 0
