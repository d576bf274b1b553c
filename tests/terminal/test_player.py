"""Lessons on the screen: a learner walks through them, and the words of each kind of message."""

import io
import re
import shutil
from pathlib import Path

import pytest

from fluxrepl.terminal import player
from fluxrepl.tutor.course import find_lesson, lessons
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.play import Message, walkthrough

LESSON = Path(__file__).with_name("lesson.md")


@pytest.fixture
def lesson(tmp_path):
    """A small lesson of our own."""
    return shutil.copy(LESSON, tmp_path / "adding-up.md")


def test_a_lesson_from_first_to_last_step(repl, lesson):
    screen = repl("learn", str(lesson))
    screen.until("Only to be read.")
    screen.until("Adding up  1/5")
    screen.ready()
    screen.press("enter")  # read: go on
    screen.until(lambda: screen.line_at_cursor().startswith("flux> 1 + 1"), "the example at the prompt")
    screen.press("enter")
    screen.until("\n2\n")
    screen.until(lambda: "plus(hidden, 2)" in screen.line_at_cursor())
    screen.press("enter")
    screen.until("\n42\n")
    screen.until(lambda: "pass  # TODO" in screen.line_at_cursor())
    screen.until("4/5")
    screen.until(":hint 2 left")
    screen.press(*["backspace"] * len("pass  # TODO"))
    screen.type("return x")
    screen.press("enter", "enter")
    screen.until("✗ twice(3) should be 6, and was 3")
    screen.enter(":hint")
    screen.until("Think of multiplying.")
    screen.until(":hint 1 left")
    screen.ready()
    screen.press("tab")  # brings back the attempt, not the starter
    screen.until(lambda: screen.line_at_cursor().rstrip().endswith("return x"))
    screen.press("ctrl-c")
    screen.enter(":reset step")
    screen.until(lambda: "pass  # TODO" in screen.line_at_cursor(), "the starter, not the attempt")
    screen.press(*["backspace"] * len("pass  # TODO"))
    screen.type("return x * 2")
    screen.press("enter", "enter")
    screen.until("✓ Solved.")
    screen.until("b  two")
    screen.enter("a")
    screen.until("✗ Not a.")
    screen.enter("b")
    screen.until("✓ Right.")
    screen.until("They are numbers, not words.")
    screen.until('That was "Adding up": 5 of 5 steps done')
    screen.enter("twice(21)")
    screen.until("\n42\nflux>")
    screen.enter(":quit")
    screen.until(lambda: "Adding up" not in screen.lines[-1], "the bar is gone")
    screen.enter("twice(4)")
    screen.until("\n8\nflux>")
    screen.enter("exit")
    assert screen.ends() == 0


def test_a_lesson_is_taken_up_where_it_was_left(repl, lesson):
    first = repl("learn", str(lesson))
    first.enter(":next")
    first.until(lambda: "flux> 1 + 1" in first.line_at_cursor())
    first.press("enter")
    first.until(lambda: "plus(hidden, 2)" in first.line_at_cursor())
    first.press("enter")
    first.until("4/5")
    first.press("ctrl-c")
    first.ready()
    first.press("ctrl-d")
    assert first.ends() == 0
    second = repl("learn", str(lesson))
    second.until("You are at step 4 of 5")
    second.until(lambda: "# TODO" in second.line_at_cursor())
    second.press("ctrl-c")
    second.enter("plus(1, hidden)")
    second.until("\n41\n")


def test_a_session_that_is_killed_loses_nothing_that_was_accepted(repl, lesson):
    first = repl("learn", str(lesson))
    first.enter(":next")
    first.until(lambda: "flux> 1 + 1" in first.line_at_cursor())
    first.press("enter")
    first.until("3/5")
    first.child.kill(9)
    first.ends()
    second = repl("learn", str(lesson))
    second.until("You are at step 3 of 5.")
    second.until("━━")
    second.until(lambda: "plus(hidden, 2)" in second.line_at_cursor())


def test_two_sessions_at_once_keep_each_others_progress(repl, lesson):
    one, two = repl("learn", str(lesson)), repl("learn", str(lesson))
    one.ready()
    two.ready()  # each at the beginning, before the other has done anything
    for screen, step in ((one, 2), (two, 3)):
        screen.enter(f":goto {step}")
        screen.until(f" {step}/5 ")
        screen.press("enter")
        screen.until(f" {step + 1}/5 ")
    one.until(lambda: "plus(hidden, 2)" in one.line_at_cursor())
    one.send(":list\r")
    one.until("✓  2  Numbers · 1 + 1")
    one.until("✓  3  Numbers · plus(hidden, 2)")


def test_anything_may_be_run_in_between(repl, lesson):
    screen = repl("learn", str(lesson))
    screen.enter("x = 5")
    screen.enter("x * 3")
    screen.until("\n15\nflux>")
    screen.enter("1/0")
    screen.until("ZeroDivisionError: division by zero")
    screen.until("1/5")
    screen.enter(":nxet")
    screen.until("Did you mean :next?")
    screen.ready()


def test_a_colon_on_the_offered_example_begins_a_command(repl, lesson):
    screen = repl("learn", str(lesson))
    screen.enter(":next")
    screen.until(lambda: "flux> 1 + 1" in screen.line_at_cursor())
    screen.send(":list")
    screen.until(lambda: screen.line_at_cursor().startswith("flux> :list"))
    screen.press("enter")
    screen.until("✓  1")
    screen.until(lambda: "Tab brings back: 1 + 1" in screen.line_at_cursor())
    screen.press("tab")
    screen.until(lambda: screen.line_at_cursor().rstrip() == "flux> 1 + 1")


def test_a_solution_is_shown_and_skip_runs_it(repl, lesson):
    screen = repl("learn", str(lesson))
    screen.enter(":goto 4")
    screen.until(lambda: "TODO" in screen.line_at_cursor())
    screen.send(":solution\r")
    screen.until("It is offered to you")
    screen.until(lambda: screen.line_at_cursor().rstrip() == "  ...     return 2 * x", "the solution at the prompt")
    screen.send(":skip\r")
    screen.until("flux> def twice(x):\n  ...     return 2 * x\n")
    screen.until("5/5")
    screen.enter("twice(8)")
    screen.until("\n16\nflux>")


READ_ONLY = """---
title: Not here
id: not-here
---

# Not here

```python {requires=nothing_of_this_name}
far_away = 1
```

Then:

```python
gradient(lambda p: p["w"] * p["x"], {"w": 3.0, "x": 2.0, "y": 4.0})[0]["w"]    # => 2.0
```
"""


def test_an_example_that_cannot_run_here_is_shown_and_enter_goes_on(repl, tmp_path):
    (tmp_path / "not-here.md").write_text(READ_ONLY)
    screen = repl("learn", "not-here.md")
    screen.until("    far_away = 1\n")
    screen.until("needs nothing_of_this_name, which is not installed: pip install")
    screen.until("Enter goes on")
    screen.ready()
    screen.press("enter")
    screen.until(lambda: screen.line_at_cursor().startswith("flux> gradient"))
    screen.until("Enter runs it")


def test_a_list_of_steps_keeps_to_the_width_of_the_screen(repl, tmp_path):
    (tmp_path / "not-here.md").write_text(READ_ONLY)
    screen = repl("learn", "not-here.md", columns=50)
    screen.enter(":list")
    screen.until('     2  Not here · gradient(lambda p: p["w"] * …\n')


def test_a_list_of_commands_goes_on_below_itself_and_a_colon_alone_is_help(repl):
    screen = repl(columns=60)
    screen.enter("%lesson help")
    screen.until(":lessons   the lessons, inside one too; :lessons word\n           searches\n")
    screen.enter(":")
    screen.until("Ctrl-R         search in earlier cells")


def test_after_the_last_lesson_the_course_is_complete(repl, home):
    from fluxrepl.tutor.progress import Progress

    progress = Progress(home / "fluxrepl" / "progress.json")
    *others, last = [entry.lesson for entry in lessons()]
    for lesson in others:
        for step in lesson.steps:
            progress.mark(lesson, step, "passed")
    for step in last.steps[:-1]:
        progress.mark(last, step, "passed")
    screen = repl("learn", str(last.path))
    screen.enter(":next")
    screen.until("The course is complete.")
    screen.until(lambda: ":learn" not in screen.lines[-1] and ":list shows the steps" in screen.lines[-1])


@pytest.mark.parametrize("command", [":solution", ":hint"])
def test_a_command_typed_over_an_untouched_starter_is_a_command(repl, command):
    screen = repl("learn", "00")
    screen.enter(":goto double")
    screen.until(lambda: screen.line_at_cursor().rstrip() == "  ...     ...", "the starter")
    screen.send(command)
    screen.until(lambda: screen.line_at_cursor().rstrip() == f"flux> {command}", "the command alone")
    screen.press("enter")
    if command == ":solution":
        screen.until(lambda: screen.line_at_cursor().rstrip() == "  ...     return 2 * x", "the solution, to be run")
        return
    screen.until("A function gives a value back")
    screen.ready()
    screen.press("tab")  # the starter is not lost
    screen.until(lambda: screen.line_at_cursor().rstrip() == "  ...     ...", "the starter again")


def test_a_solution_that_is_offered_runs_with_enter_and_counts_as_shown(repl, lesson):
    screen = repl("learn", str(lesson))
    screen.enter(":goto 4")
    screen.until(lambda: "TODO" in screen.line_at_cursor())
    screen.send(":solution\r")
    screen.until(lambda: screen.line_at_cursor().rstrip() == "  ...     return 2 * x", "the solution at the prompt")
    screen.press("enter")
    screen.until("✓ Solved.")
    screen.enter(":list")
    screen.until("◦  4  Exercise: twice")
    screen.until("◦ done after a look at the answer")


def test_undo_brings_the_names_and_the_step_back(repl, lesson):
    screen = repl("learn", str(lesson))
    screen.enter(":goto 3")
    screen.until(lambda: "plus(hidden, 2)" in screen.line_at_cursor())
    screen.press("enter")
    screen.until("4/5")
    screen.until(lambda: "TODO" in screen.line_at_cursor())
    screen.send(":undo\r")
    screen.until("Taken back: def plus(a, b):")
    screen.until("3/5")
    screen.until(lambda: "plus(hidden, 2)" in screen.line_at_cursor())
    screen.send(":quit\r")
    screen.enter("plus")
    screen.until("NameError: name 'plus' is not defined")


def test_a_recap_is_written_and_never_over_a_file_unasked(repl, lesson, tmp_path):
    screen = repl("learn", str(lesson))
    screen.enter(":goto 2")
    screen.until(lambda: "1 + 1" in screen.line_at_cursor())
    screen.press("enter")
    screen.until("3/5")
    screen.send(":recap\r")
    screen.until("Adding up: what I did")
    screen.enter(":recap mine.md")
    screen.until("mine.md has what you did: 1 of 5 steps.")
    assert "```python\n1 + 1\n```\n\n```text\n2\n```" in (tmp_path / "mine.md").read_text()
    (tmp_path / "mine.md").write_text("my own words")
    screen.enter(":recap mine.md")
    screen.until("mine.md is there already.")
    assert (tmp_path / "mine.md").read_text() == "my own words"
    screen.enter(":recap mine.md")
    screen.until(lambda: screen.screen.count("has what you did") == 2)
    assert "1 + 1" in (tmp_path / "mine.md").read_text()


def test_learn_opens_another_lesson_inside_the_repl(repl, lesson):
    screen = repl()
    screen.enter(f":learn {lesson.name}")
    screen.until("Only to be read.")
    screen.until("Adding up  1/5")


def test_a_lesson_that_does_not_exist_is_said_and_the_repl_lives(repl):
    screen = repl()
    screen.enter(":learn 77")
    screen.until("77")
    screen.enter("1 + 1")
    screen.until("\n2\nflux>")


def test_a_plain_terminal_gets_the_same_words(repl, lesson):
    screen = repl("learn", str(lesson), TERM="dumb")
    screen.until("Only to be read.")
    screen.enter(":next")
    screen.until("(Enter alone runs)\n1 + 1\nflux>")
    screen.enter("")
    screen.until("\n2\n")
    assert "\x1b" not in screen.raw


def test_a_lesson_is_walked_by_a_pipe(pipe, lesson):
    answers = "\n".join(answer for _, answer in walkthrough(read(lesson)))
    ran = pipe(answers + "\ntwice(50)\n", "learn", str(lesson))
    assert ran.returncode == 0, ran.stderr
    assert "flux> 1 + 1\n2\n" in ran.stdout
    assert "5 of 5 steps done" in ran.stdout
    assert ran.stdout.endswith("\n100\n")


@pytest.mark.parametrize("path", [entry.path for entry in lessons()], ids=lambda path: path.stem)
def test_every_lesson_of_the_course_is_walked_by_a_pipe(pipe, path):
    lesson = read(path)
    answers = "\n".join(answer for _, answer in walkthrough(lesson))
    ran = pipe(answers + "\n", "learn", str(path))
    assert f"{len(lesson.steps)} of {len(lesson.steps)} steps done" in " ".join(ran.stdout.split()), ran.stdout


def test_the_first_lesson_from_first_to_last_step_by_its_solutions(repl):
    lesson = read(find_lesson("01"))
    total = len(lesson.steps)
    screen = repl("learn", "01", rows=60)
    for number, (step, answer) in enumerate(walkthrough(lesson), 1):
        screen.until(lambda number=number: f" {number}/{total} " in screen.lines[-1], f"step {number}")
        if step.kind == "read":
            screen.ready()
            screen.press("enter")
        elif step.exercise is None and step.quiz is None:
            last = answer.split("\n")[-1]
            screen.until(lambda last=last: last[:40] in screen.line_at_cursor(), f"{last!r} at the prompt")
            screen.press("enter")
        else:
            screen.press("ctrl-c")
            screen.ready()
            screen.paste(answer)
            screen.press("enter")
    screen.until(f"{total} of {total} steps done")


# -- how messages look


@pytest.fixture
def shown(capsys):
    """What a message prints where there is no terminal."""

    def show(kind, text="", **more):
        player.show(Message(kind, text, **more))
        return capsys.readouterr().out

    return show


def test_a_miss_of_an_example_points_at_the_first_difference(shown):
    out = shown("miss", "Not the same.", want="array([1., 2.])\n", got="array([1., 3.])\n")
    rows = ["✗ Not the same.", "  wanted  array([1., 2.])", "     got  array([1., 3.])", "                     ^^"]
    assert out.splitlines() == rows


def test_differences_of_many_lines_stay_aligned(shown):
    out = shown("miss", "No.", want="[[1]\n [2]]", got="")
    assert out.splitlines() == ["✗ No.", "  wanted  [[1]", "           [2]]", "     got  (nothing)"]


def test_praise_is_one_line(shown):
    assert shown("praise", "Solved.") == "✓ Solved.\n"


def test_without_a_screen_lines_stay_whole(shown):
    words = "word " * 40 + "end"
    assert shown("note", words) == f"{words}\n"
    assert shown("error", f"{words}\n{words}") == f"! {words}\n{words}\n"


def test_square_brackets_are_not_markup(shown):
    assert shown("note", "use x[0] and [bold]") == "use x[0] and [bold]\n"
    assert shown("praise", "[red]") == "✓ [red]\n"
    assert shown("error", "no [b]\n[i] either") == "! no [b]\n[i] either\n"


def test_backticks_that_are_spoken_of_stay(repl, tmp_path):
    (tmp_path / "bad.md").write_text("---\ntitle: Bad\nid: bad\n---\n\n```pycon\n>>> 1\n1\n")
    screen = repl(columns=150)
    screen.enter(":learn bad.md")
    screen.until("write ``` on a line of its own")


def test_a_list_is_shown_without_backticks(shown):
    assert shown("list", ":goto   go to a step: `:goto 3`") == ":goto   go to a step: :goto 3\n"


def test_prose_has_headings_at_the_margin_and_code_indented(shown):
    out = shown("prose", "# Title\n\nSome *words*.\n\n```pycon\n>>> f(x)[0]\n1\n```\n")
    assert [line.rstrip() for line in out.strip().splitlines()] == [
        "Title", "", "Some words.", "", "    >>> f(x)[0]", "    1",
    ]  # fmt: skip


def test_a_choice_of_a_quiz_shows_its_letter_not_a_box(shown):
    out = shown("prose", "- [ ] a. one\n- [x] b. two\n")
    assert [line.strip() for line in out.strip().splitlines()] == ["• a  one", "• b  two"]


def test_the_lines_around_a_hint_are_of_what_the_screen_has(monkeypatch):
    plain = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", plain)
    player.show(Message("hint", "Look."))
    plain.seek(0)
    _, title, _, end = plain.read().splitlines()
    assert set(title.removeprefix("Hint ")) == set(end) == {"-"}


def test_code_of_a_solution_can_be_copied(shown):
    out = shown("solution", "Because.", source="def f(x):\n    return x\n")
    assert "      def f(x):\n          return x\n" in re.sub(r" +\n", "\n", out)
    assert "Because." in out


def test_an_example_is_printed_only_where_it_cannot_stand_at_the_prompt(capsys):
    player.show(Message("example", source="1 + 1\n"), prompted=True)
    assert capsys.readouterr().out == ""
    player.show(Message("example", source="1 + 1\n"), prompted=False)
    assert capsys.readouterr().out == "flux> 1 + 1\n"


def test_every_kind_of_message_can_be_drawn(shown):
    for kind in ("prose", "praise", "miss", "hint", "solution", "note", "list", "error", "finished"):
        assert "words" in shown(kind, "words")


def test_on_a_narrow_terminal_nothing_is_cut_in_the_middle(repl, lesson):
    screen = repl("learn", str(lesson), columns=44)
    screen.enter(":goto 3")
    screen.until(lambda: "plus(hidden, 2)" in screen.line_at_cursor())
    screen.until(lambda: screen.lines[-1] == " Adding up  3/5 ──────  Enter runs it")
    screen.press("ctrl-c")
    screen.until(lambda: screen.line_at_cursor().rstrip() == "flux> Tab brings back: def plus(a, b):")
    screen.until(lambda: screen.lines[-1] == " Adding up  3/5 ──────  Tab brings it back")


def test_without_colour_what_tab_brings_back_does_not_look_typed(repl, lesson):
    screen = repl("learn", str(lesson), NO_COLOR="1")
    screen.enter(":next")
    screen.until(lambda: "flux> 1 + 1" in screen.line_at_cursor())
    screen.press("ctrl-c")
    screen.until(lambda: screen.line_at_cursor().rstrip() == "flux> (Tab brings back: 1 + 1)")


def test_a_terminal_that_only_prints_breaks_prose_between_words(repl, lesson):
    screen = repl("learn", "00", TERM="dumb", columns=50)
    screen.until("A lesson is a page of text with code in it. You\ncan read it on")
    screen.ready()
    screen.press("ctrl-d")
    assert screen.ends() == 0
    assert screen.raw.endswith("\n")


def test_prose_ends_where_its_words_end(capsys):
    player.show(Message("prose", "# Title\n\nWords.\n\n```python\nx = 1\n```"))
    player.show(Message("hint", "Look."))
    lines = capsys.readouterr().out.split("\n")
    assert "    x = 1" in lines
    assert [line for line in lines if line != line.rstrip()] == []


def test_a_list_of_steps_that_is_longer_than_the_screen_shows_those_around_here():
    rows = [f"{'→' if number == 30 else ' '} ✓ {number:>2}  Step" for number in range(1, 49)]
    shown = player._around_here([*rows, "", "✓ done"], 21)
    assert len(shown) == 21
    assert shown[0] == "      … 21 above; :list word searches"
    assert rows[29] in shown
    assert shown[-3:] == ["      … 10 below", "", "✓ done"]
    assert player._around_here(rows, 48) == rows
    assert player._around_here(rows[:29], 21) == rows[:29]  # the learner is at none of these


def test_a_dumb_terminal_has_no_backticks(monkeypatch, capsys):
    monkeypatch.setenv("TERM", "dumb")
    player.show(Message("note", "`:hint` helps"))
    player.show(Message("error", "no; `:list` shows them"))
    assert capsys.readouterr().out == ":hint helps\n! no; :list shows them\n"


def test_code_in_a_lesson_breaks_between_words(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "40")
    player.show(Message("prose", "```python\nlosses = [mean_squared_error(model, batch) for batch in data]\n```"))
    lines = capsys.readouterr().out.strip("\n").split("\n")
    assert [line.strip() for line in lines] == ["losses = [mean_squared_error(model,", "batch) for batch in data]"]
    assert lines[1].startswith(" " * 8)
