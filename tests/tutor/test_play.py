"""The player: what it shows, what passes, what is left in peace."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.play import COMMANDS, Play, walkthrough
from fluxrepl.tutor.progress import Progress
from fluxrepl.tutor.run import run

from .conftest import EXERCISE, QUIZ

WHOLE = Path(__file__).with_name("simple_models.md")

BODY = (
    """\
<!-- fluxrepl:setup
offset = 10
-->

Add.

```pycon
>>> x = 3
>>> x + offset
13
>>> y = x * 2

```

Random.

```python
import random
r = random.random()
r            # => 0 <= _ < 1
s = r + 1    # => _ > 1
```

An error.

```pycon
>>> x / 0
Traceback (most recent call last):
    ...
ZeroDivisionError: division by zero

```

## Only words

Read this.

"""
    + EXERCISE
    + "\n"
    + QUIZ
)


class Learner:
    """A front without a screen: runs code in a namespace and obeys messages."""

    def __init__(self, lesson, progress=None):
        self.names = {"__name__": "__main__"}
        self.seen = []
        self.left = False
        self.play = Play(lesson, progress or Progress(), lambda: self.names)
        for past in self.play.replay():
            assert past.may_fail or run(past.source, self.names).error is None
        self.obey(self.play.open())

    def types(self, text):
        """What a learner types, and the kinds of messages that come of it."""
        self.seen = []
        if text.startswith(":"):
            name, _, argument = text[1:].partition(" ")
            self.obey(self.play.command(name, argument))
        elif self.play.is_answer(text):
            self.obey(self.play.command("answer", text))
        else:
            self.runs(text)
        return [message.kind for message in self.seen]

    def enter(self):
        """Run what stands at the prompt."""
        return self.types(self.play.prefill)

    def runs(self, source):
        ran = run(source, self.names)
        ran.source = source
        self.obey(self.play.ran(ran))

    def obey(self, messages):
        for message in messages:
            self.seen.append(message)
            if message.kind == "setup":
                assert run(message.source, self.names).error is None
            elif message.kind == "run":
                self.runs(message.source)
            elif message.kind == "quit":
                self.left = True

    def said(self):
        return "\n".join(message.text for message in self.seen)


@pytest.fixture
def lesson(write):
    return read(write("01.md", BODY))


@pytest.fixture
def learner(lesson):
    return Learner(lesson)


def at(learner, words):
    learner.types(f":goto {words}")
    return learner


def test_a_lesson_is_played_from_first_to_last_by_its_solutions(lesson):
    learner = Learner(lesson)
    for step, text in walkthrough(lesson):
        assert learner.play.step is step
        learner.types(text)
    assert learner.play.finished
    assert [message.kind for message in learner.seen][-1] == "finished"
    assert f"{len(lesson.steps)} of {len(lesson.steps)} steps done" in learner.said()


def test_the_whole_example_of_the_format_is_played():
    with np.printoptions(legacy="1.25"):
        lesson = read(WHOLE)
        learner = Learner(lesson)
        for _, text in walkthrough(lesson):
            learner.types(text)
        assert learner.play.finished


def test_opening_runs_the_setup_and_shows_prose_and_example(learner):
    assert [message.kind for message in learner.seen] == ["setup", "prose", "example"]
    assert learner.seen[1].text == "# A small lesson\n\nAdd."
    assert learner.play.prefill == "x = 3\nx + offset"


def test_enter_runs_the_example_and_goes_on(learner):
    assert learner.enter() == ["example"]
    assert (learner.play.index, learner.play.prefill) == (1, "y = x * 2")
    assert learner.enter() == ["prose", "example"]
    assert learner.play.prefill.startswith("import random")


def test_other_layout_and_names_of_ones_own_pass_too(learner):
    assert learner.types("x=3; x+offset  # mine") == ["example"]


def test_exploring_is_left_in_peace(learner):
    for text in ("1 + 1", "z = 4", "offset", "print('hello')", "undefined", "def", "x"):
        assert learner.types(text) == []
    assert learner.play.index == 0


def test_an_attempt_that_shows_something_else_is_a_miss_with_both(learner):
    assert learner.types("x = 4\nx + offset") == ["miss"]
    assert (learner.seen[0].want, learner.seen[0].got) == ("13\n", "14\n")
    assert learner.types("x = 3") == []  # half of it: no comment
    assert learner.types("x + offset") == ["example"]


def test_a_name_that_is_missing_points_back(learner):
    at(learner, "4")
    learner.names.pop("x", None)
    assert learner.enter() == ["miss"]
    assert "`:back` goes there" in learner.said()


def test_promises_are_judged_in_the_learners_namespace(learner):
    at(learner, "3")
    assert learner.types("import random\nr = 2\nr") == ["miss"]
    assert (learner.seen[0].want, learner.seen[0].got) == ("0 <= _ < 1", "2")
    assert learner.types("import random\nr = 0.25\nr") == ["example"]
    assert learner.play.prefill == "s = r + 1    # => _ > 1"
    assert learner.types("s = r - 1") == ["miss"]
    assert learner.enter() == ["prose", "example"]


def test_an_expected_error_must_come(learner):
    learner.enter()
    at(learner, "5")
    assert learner.play.prefill == "x / 0"
    assert learner.types("x / 1") == []
    assert learner.enter() == ["prose"]


def test_a_section_of_words_waits_for_next(learner):
    at(learner, "only words")
    assert (learner.play.step.kind, learner.play.prefill) == ("read", "")
    assert learner.types("1 + 1") == []
    assert learner.types(":next")[0] == "prose"


# Exercises


def test_an_exercise_is_judged_by_what_it_does(learner):
    at(learner, "double")
    assert learner.play.prefill == "def double(x):\n    return ___"
    assert learner.types("double = lambda number: number + number")[0] == "praise"
    assert learner.play.step.kind == "quiz"


def test_a_wrong_answer_gets_the_words_of_the_check(learner):
    at(learner, "double")
    assert learner.types("def double(x):\n    return x * x") == ["miss"]
    assert learner.said() == "double(3) is 6, not 9"
    assert learner.types("def double(x):\n    return abs(2 * x)") == ["miss"]
    assert learner.said() == "this does not hold: double(-1) == -2"
    learner.types("def double(x):\n    return 2 * y")
    assert learner.seen[0].text == "NameError: name 'y' is not defined\n  tried: double(3)"


def test_trying_a_wrong_answer_out_is_no_new_miss(learner):
    at(learner, "double")
    learner.types("def double(x):\n    return x * x")
    assert learner.types("double(3)") == []
    assert learner.types("helper = 2") == []


def test_an_answer_in_two_pieces_is_replayed_whole(lesson):
    progress = Progress()
    learner = at(Learner(lesson, progress), "double")
    learner.types("two = 2")
    learner.types("def double(x):\n    return two * x")
    again = Learner(lesson, progress)
    assert again.names["double"](4) == 8


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def double(x):\n    return 2 * ___", "There is still a blank ___ to fill in."),
        ("def double(x):\n    return “2” * x", 'The character “ is not the one Python knows: write " instead.'),
        ("def double(x):\n    return 2 × x", "The character × is not the one Python knows: write * instead."),
        ("def double(x):\n    return −x", "The character − is not the one Python knows: write - instead."),
    ],
)
def test_slips_are_told_before_judging(learner, text, said):
    at(learner, "double")
    assert learner.types(text) == ["miss"]
    assert learner.said() == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 3\nx + offset × 1", "write * instead."),
        ("gradient(lambda x: x², 3)", "The character ² is not the one Python knows: write **2 instead."),
        ("x = 3\nx\u00a0+ offset", "The character a space that does not break is not"),
        ("print('three’)", "The character ’ is not the one Python knows: write ' instead."),
    ],
)
def test_a_character_from_a_pdf_is_told_at_an_example_too(learner, text, said):
    assert learner.types(text) == ["miss"]
    assert said in learner.said()


def test_another_syntax_error_is_left_to_python_whatever_stands_in_its_strings(learner):
    assert learner.types("x = ('a – b'") == []


def test_a_curly_quote_inside_a_string_is_no_slip(learner):
    at(learner, "double")
    assert learner.types("def double(x):\n    '“words”'\n    return 2 * x")[0] == "praise"


def test_a_judgement_changes_nothing_of_the_learners(learner):
    at(learner, "double")
    learner.names["data"] = [1, 2]
    learner.types("def double(x):\n    data.clear()\n    global changed\n    changed = True\n    return 2 * x")
    assert learner.play.step.kind == "quiz"
    assert learner.names["data"] == [1, 2]
    assert "changed" not in learner.names


def test_an_endless_answer_is_stopped(learner, monkeypatch):
    from fluxrepl.tutor import judge

    monkeypatch.setattr(judge, "SECONDS", 0.5)
    at(learner, "double")
    assert learner.types("def double(x):\n    while True: pass") == ["miss"]
    assert "took longer than" in learner.said()


def test_check_judges_what_stands(learner):
    at(learner, "double")
    assert learner.types(":check") == ["miss"]
    assert learner.said() == "Nothing was answered yet: `double` is not defined. Write it at the prompt first."
    learner.names["double"] = lambda x: 2 * x
    assert learner.types(":check")[0] == "praise"
    assert at(learner, "1").types(":check") == ["note"]


def test_hints_escalate_and_begin_again(learner):
    at(learner, "double")
    assert learner.play.hints_left == 2
    assert [learner.types(":hint"), learner.said()] == [["hint"], "Twice as much."]
    assert learner.play.hints_left == 1
    assert [learner.types(":hint"), learner.said()] == [["hint"], "`2 * x`"]
    assert learner.types(":hint") == ["note"]
    assert [learner.types(":hint"), learner.said()] == [["hint"], "Twice as much."]


def test_a_hint_is_offered_after_three_misses(learner):
    at(learner, "double")
    wrong = "def double(x):\n    return x * x"
    assert [learner.types(wrong) for _ in range(3)] == [["miss"], ["miss"], ["miss", "note"]]
    assert "`:hint` helps" in learner.said()


def test_the_solution_is_shown_and_remembered(lesson):
    progress = Progress()
    learner = at(Learner(lesson, progress), "double")
    assert learner.types(":solution") == ["solution", "note"]
    assert learner.seen[0].source == "def double(x):\n    return 2 * x\n"
    assert learner.seen[0].text == "It is short:"
    assert progress.record(lesson, learner.play.step)["shown"]
    assert not progress.is_done(lesson, learner.play.step)


def test_skip_runs_the_model_answer_and_goes_on(learner):
    at(learner, "double")
    assert learner.types(":skip")[:1] == ["run"]
    assert learner.names["double"](2) == 4
    assert learner.play.step.kind == "quiz"
    assert "» " in learner.play.command("list", "double")[0].text


def test_skip_on_an_example_runs_it(learner):
    assert learner.types(":skip") == ["run", "example"]
    assert learner.names["x"] == 3


# Quizzes


def test_a_quiz_is_answered_by_its_letter(learner):
    at(learner, "quiz")
    assert not learner.play.is_answer("c = 1")
    assert [learner.play.is_answer(text) for text in ("a", "b.", " b ", "b)", "B")] == [True] * 5
    assert learner.types("a") == ["miss"]
    assert learner.said() == "Not a. Try again."
    assert learner.types("b") == ["praise", "prose", "finished"]
    assert "**b.** Two is." in learner.said()


def test_a_quiz_takes_a_capital_for_its_letter(learner):
    at(learner, "quiz")
    assert learner.types("A") == ["miss"]
    assert learner.said() == "Not a. Try again."
    assert learner.types("B")[0] == "praise"


def test_a_letter_is_code_where_there_is_no_quiz(learner):
    assert not learner.play.is_answer("b")
    assert learner.types(":answer b") == ["note"]


def test_a_choice_that_is_none_is_told(learner):
    at(learner, "quiz")
    assert learner.types(":answer d") == ["error"]
    assert "Type one of the letters: a, b." in learner.said()


def test_a_quiz_can_be_skipped(learner):
    at(learner, "quiz")
    assert learner.types(":skip") == ["note", "finished"]
    assert "The answer was b." in learner.said()


def test_a_quiz_may_ask_for_a_number(write):
    learner = Learner(read(write("01.md", "What is pi, to two places?\n\n<!-- fluxrepl:quiz pi answer=3.14 -->\n")))
    assert learner.types(":answer 3.15") == ["miss"]
    assert learner.types(":answer 3.14159") == ["praise", "finished"]


# Walking about


def test_next_and_back_walk_and_say_what_is_left_undone(learner):
    assert learner.types(":next") == ["note", "example"]
    assert "Step 1 is left undone" in learner.said()
    assert learner.types(":back") == ["prose", "example"]
    assert learner.types(":back") == ["note"]


def test_walking_past_the_end_and_back(learner):
    at(learner, "quiz")
    assert "finished" in learner.types(":next")
    assert (learner.play.finished, learner.play.prefill) == (True, "")
    assert learner.types("1 + 1") == []
    assert "left undone: 1–8" in learner.play.command("next")[0].text
    learner.types(":back")
    assert not learner.play.finished


def test_goto_runs_the_setup_of_what_is_passed_over(write):
    body = "```pycon\n>>> 1\n1\n\n```\n\n<!-- fluxrepl:setup\nlate = 5\n-->\n\nMore.\n\n"
    body += "```pycon\n>>> late\n5\n>>> 2\n2\n\n```\n"
    learner = Learner(read(write("01.md", body)))
    assert learner.types(":goto 3") == ["note", "setup", "example"]
    assert learner.names["late"] == 5
    assert learner.types(":goto 2") == ["note", "prose", "example"]  # not twice


@pytest.mark.parametrize("where", ["-1", "0", "99", "nowhere", ""])
def test_goto_nowhere_says_so(learner, where):
    assert learner.types(f":goto {where}") == ["error"]
    assert "`:list` shows them" in learner.said()


def test_the_list_has_ticks_and_searches(learner):
    learner.enter()
    rows = learner.play.command("list")[0].text.split("\n")
    assert rows[0] == "  ✓  1  A small lesson · x + offset"
    assert rows[1].startswith("→    2  ")
    assert len(rows) == len(learner.play.lesson.steps)
    assert len(learner.play.command("list", "double")[0].text.split("\n")) == 1
    assert "no step mentions" in learner.play.command("list", "zebra")[0].text


def test_the_list_says_what_its_sign_for_skipped_steps_means(learner):
    assert "skipped" not in learner.play.command("list")[0].text
    learner.types(":skip")
    assert learner.play.command("list")[0].text.endswith("\n\n» skipped")


def test_closing_prose_below_a_quiz_is_listed_by_its_own_words(write):
    lesson = read(write("01.md", QUIZ + "\nThat is `all`\nthere is.\n\nMore.\n"))
    learner = Learner(lesson)
    rows = learner.play.command("list")[0].text.split("\n")
    assert [row[8:] for row in rows] == ["Quiz · Which is larger?", "That is all there is."]


def test_every_command_has_a_help_and_works_at_every_step(lesson):
    for index in range(len(lesson.steps)):
        for name in COMMANDS:
            learner = at(Learner(lesson), str(index + 1))
            assert learner.types(f":{name}")


def test_an_unknown_command_suggests(learner):
    assert learner.types(":hnit") == ["error"]
    assert learner.said() == "no command :hnit; did you mean `hint`?"


def test_quit_leaves(learner):
    assert learner.types(":quit") == ["note", "quit"]
    assert learner.left


def test_an_example_for_a_missing_library_can_only_be_read(write):
    body = "Text.\n\n```python {requires=no_such_library}\nimport no_such_library\n```\n"
    lesson = read(write("01.md", body))
    learner = Learner(lesson)
    assert [message.kind for message in learner.seen] == ["prose", "note"]
    assert learner.play.prefill == ""
    assert learner.types("1") == []
    assert [text for _, text in walkthrough(lesson)] == [":next"]
    assert learner.types(":next") == ["finished"]


# Progress


def test_a_lesson_is_taken_up_where_it_was_left(lesson):
    progress = Progress()
    first = Learner(lesson, progress)
    first.types("x = 3\nx + offset")
    first.types("y = x * 2")
    second = Learner(lesson, progress)
    assert second.play.index == 2
    assert (second.names["x"], second.names["y"], second.names["offset"]) == (3, 6, 10)
    assert [message.kind for message in second.seen] == ["note", "prose", "example"]
    assert re.search(r"You are at step 3 of \d+\. What you defined before was run again\.", second.said())


def test_a_finished_lesson_begins_again(lesson):
    progress = Progress()
    learner = Learner(lesson, progress)
    for _, text in walkthrough(lesson):
        learner.types(text)
    again = Learner(lesson, progress)
    assert again.play.index == 0
    assert "finished this lesson before" in again.said()


def test_reset_forgets_a_step_a_lesson_or_all(lesson):
    progress = Progress()
    learner = Learner(lesson, progress)
    learner.enter()
    learner.enter()
    learner.types(":back")
    assert learner.types(":reset step")[0] == "note"
    assert (progress.count(lesson), learner.play.index) == (1, 1)
    learner.types(":reset lesson")
    learner.types(":reset lesson")
    assert (progress.count(lesson), learner.play.index) == (0, 0)
    learner.enter()
    learner.types(":reset all yes")
    assert progress.count(lesson) == 0
    assert learner.types(":reset everything") == ["error"]


@pytest.mark.parametrize("what", ["lesson", "all"])
def test_reset_asks_first_and_keeps_a_copy(lesson, tmp_path, what):
    progress = Progress(tmp_path / "progress.json")
    learner = Learner(lesson, progress)
    learner.enter()
    for between in (":hint", "'other cell'"):
        assert learner.types(f":reset {what}") == ["note"]
        assert f"To do it, type `:reset {what}` once more." in learner.said()
        learner.types(between)
    assert progress.count(lesson) == 1
    learner.types(f":reset {what}")
    learner.types(f":reset {what}")
    assert progress.count(lesson) == 0
    assert f"is kept in {tmp_path / 'progress.json.bak'}" in learner.said()
    assert Progress(tmp_path / "progress.json.bak").count(lesson) == 1


def test_trouble_with_the_progress_file_is_told_once(lesson, tmp_path):
    home = tmp_path / "home"
    progress = Progress(home / "progress.json")
    learner = Learner(lesson, progress)
    shutil.rmtree(home)
    home.write_text("a file where the folder was")
    learner.enter()
    assert "progress is kept until this session ends" in learner.said()
    learner.enter()
    assert "progress is kept until this session ends" not in learner.said()
    assert progress.count(lesson) == 2
    learner.types(":quit")
    assert learner.said() == "The lesson is left; what you did is kept until this session ends.\n"


def test_a_toolbar_can_ask_how_far_it_is(learner):
    assert (learner.play.done, learner.play.hints_left) == (0, 0)
    learner.enter()
    assert learner.play.done == 1


# Hints, forgetting


def test_a_hint_says_which_of_how_many_it_is_and_can_be_read_again(learner):
    at(learner, "double")
    assert learner.types(":hint 2") == ["error"]
    assert learner.said() == "no hint 2 yet; `:hint` gives the next"
    learner.types(":hint")
    assert learner.seen[0].title == "1 of 2"
    learner.types(":hint")
    assert [learner.types(":hint 1"), learner.said()] == [["hint"], "Twice as much."]
    assert learner.play.hints_left == 0


def test_an_exercise_without_a_hint_says_so(write):
    learner = at(Learner(read(write("01.md", EXERCISE.replace("<summary>Hint", "<summary>Why")))), "double")
    assert learner.types(":hint") == ["note"]
    assert learner.said() == "This exercise has no hint; `:solution` shows an answer."


def test_hints_that_were_read_are_remembered_the_next_time(lesson):
    progress = Progress()
    learner = at(Learner(lesson, progress), "double")
    learner.types(":hint")
    again = Learner(lesson, progress)
    assert again.play.hints_left == 1
    again.types(":hint")
    assert again.said() == "`2 * x`"
    again.types(":hint 1")
    assert again.said() == "Twice as much."


def test_the_solution_is_offered_until_the_learner_goes_elsewhere(learner):
    at(learner, "double")
    learner.types(":solution")
    assert learner.play.prefill == "def double(x):\n    return 2 * x"
    learner.types(":show")
    assert "___" in learner.play.prefill


def test_forget_asks_and_then_drops_the_lesson_and_leaves(lesson):
    progress = Progress()
    learner = Learner(lesson, progress)
    learner.enter()
    assert learner.types(":forget") == ["note"]
    assert "once more" in learner.said()
    learner.types(":hint")
    assert learner.types(":forget") == ["note"]  # something else came between
    assert learner.types(":forget") == ["note", "quit"]
    assert (progress.count(lesson), progress.identities()) == (0, [])
    assert learner.left


@pytest.mark.parametrize(("word", "left"), [("n", False), ("no", False), ("Y", True), ("yes", True)])
def test_forget_may_be_answered_with_yes_or_no(lesson, word, left):
    learner = Learner(lesson)
    learner.enter()
    assert learner.types(word) == []  # nothing was asked: it is code
    learner.types(":forget")
    learner.types(word)
    assert learner.left == left
    assert left or learner.said() == "Nothing is forgotten."
    assert not learner.play.asked_twice


def test_an_exercise_as_it_came_is_no_try(learner):
    at(learner, "double")
    for source in (learner.play.prefill, learner.play.prefill + "\n\n"):
        assert learner.types(source) == ["note"]
    assert learner.said() == "This is still as it came: write your own in the place of the `___`."
    assert not learner.play.progress.record(learner.play.lesson, learner.play.step).get("attempts")


@pytest.mark.parametrize("typed", ["d", "maybe", "d)", "12 approx"])
def test_a_word_at_a_quiz_that_is_no_choice_is_no_error_of_python(learner, typed):
    at(learner, "quiz")
    assert learner.types(typed) == ["error"]
    assert learner.said().endswith("is no choice here. Type one of the letters: a, b.")


def test_words_at_a_quiz_for_a_number_are_no_error_of_python(write):
    learner = Learner(read(write("01.md", "What is pi, to two places?\n\n<!-- fluxrepl:quiz pi answer=3.14 -->\n")))
    assert learner.types("3 approx") == ["error"]
    assert "is no number; type one" in learner.said()


def test_a_list_finds_words_of_the_text_too(learner):
    rows = learner.play.command("list", "read this")[0].text
    assert "Only words" in rows
    assert len(rows.split("\n")) == 1


def test_a_step_passed_after_a_look_has_a_sign_of_its_own(learner):
    at(learner, "double")
    learner.types(":solution")
    learner.types("def double(x):\n    return x + x")
    rows = learner.play.command("list")[0].text
    assert "◦  7  Exercise: double" in rows
    assert rows.endswith("◦ done after a look at the answer")


def test_an_answer_under_another_name_is_told_the_name_that_is_asked_for(learner):
    at(learner, "double")
    assert learner.types("def twice(x):\n    return 2 * x") == ["miss"]
    assert learner.said() == "That does it, but it is called `twice`; the exercise asks for `double`."
    assert learner.types("def helper(x):\n    return x + 1") == []
    assert learner.types("double = twice")[0] == "praise"


def test_nothing_is_asked_where_nothing_would_be_lost(lesson, tmp_path):
    progress = Progress(tmp_path / "progress.json")
    learner = Learner(lesson, progress)
    assert "is forgotten" in learner.play.command("reset", "lesson")[0].text
    assert learner.types(":forget") == ["note", "quit"]
    assert [path.name for path in tmp_path.glob("*.bak*")] == []
