import pytest

from fluxrepl.shell.commands import COMMANDS, IN_LESSONS, commands_now, split_command
from fluxrepl.tutor import play


@pytest.mark.parametrize(
    ("source", "command"),
    [
        (":next", ("next", "")),
        ("  :goto 3 \n", ("goto", "3")),
        (":list two words", ("list", "two words")),
        (":solution don't", ("solution", "don't")),
        (":?", ("help", "")),
        (":", ("help", "")),
        (":q", ("quit", "")),
        (":list:", ("list", ":")),
        ("x = 1", None),
        ("x[1:2]", None),
        ("lambda: 3", None),
        (":3", None),
        ("", None),
    ],
)
def test_a_command_is_told_from_python(source: str, command: tuple[str, str] | None) -> None:
    assert split_command(source) == command


def test_commands_now_are_the_lessons_and_the_shells() -> None:
    assert set(commands_now()) == set(play.COMMANDS) | set(IN_LESSONS) | set(COMMANDS)
    assert all(commands_now().values())


def rewritten(shell, source: str) -> str:
    return shell.transform_cell(source)


def test_a_command_is_rewritten_to_the_magic(shell) -> None:
    assert rewritten(shell, ":goto 3") == "get_ipython().run_line_magic('lesson', 'goto 3')\n"


def test_a_command_among_code_is_rewritten_too(shell) -> None:
    cell = "x = 1\n:solution don't\ny = 2\n"
    assert rewritten(shell, cell) == "x = 1\nget_ipython().run_line_magic('lesson', \"solution don't\")\ny = 2\n"


@pytest.mark.parametrize(
    "source", ["x[\n:3]\n", "'''\n:next\n'''\n", "{'a'\n:1}\n", "def f():\n    return (lambda\n:3)\n"]
)
def test_a_colon_inside_brackets_or_strings_is_python(shell, source: str) -> None:
    assert rewritten(shell, source) == source


def test_without_a_lesson_a_command_says_what_to_do(shell) -> None:
    shell.command(":hint")
    assert shell.words == "`:hint` belongs to a lesson, and none is open. `:learn 01` opens the first."


def test_an_unknown_command_gets_a_suggestion(shell) -> None:
    shell.command(":hnit")
    assert shell.words == "There is no command `:hnit`. Did you mean `:hint`? `:help` lists them."
    assert shell.said[0].kind == "error"


def test_help_lists_every_command_in_a_lesson_and_without_one_those_that_need_none(shell) -> None:
    shell.command(":help")
    assert [line.split()[0] for line in shell.words.split("\n")] == [f":{name}" for name in COMMANDS]
    assert not IN_LESSONS.keys() & COMMANDS.keys()
    shell.command(":learn 00")
    shell.said.clear()
    shell.command(":help")
    for name in commands_now():
        assert f":{name}" in shell.words


def test_quit_outside_a_lesson_leaves_the_repl(shell) -> None:
    shell.command(":quit")
    assert shell.exit_now


def test_list_shows_the_course(shell) -> None:
    shell.command(":list")
    assert "01" in shell.words
    assert "`:learn 01`" in shell.words


def test_lessons_tells_how_far_each_is_inside_a_lesson_too(shell) -> None:
    shell.command(":learn 00")
    shell.command(":next")
    shell.said.clear()
    shell.command(":lessons works")
    assert shell.words.startswith("  00  How a lesson works")
    assert "1 of " in shell.words


def test_list_with_a_word_searches(shell) -> None:
    shell.command(":list qqzz")
    assert shell.words == "No lesson has 'qqzz' in its title."


def test_a_lesson_that_is_missing_is_said_with_what_there_is(shell) -> None:
    assert not shell.start_lesson("no-such-lesson")
    assert shell.said[0].kind == "error"
    assert "no such lesson" in shell.words
    assert shell.play is None


def test_the_magic_is_the_command(shell) -> None:
    shell.run("%lesson hint")
    assert "none is open" in shell.words
    shell.run("%lesson")
    assert ":learn" in shell.words


def test_commands_complete_on_tab(shell) -> None:
    from .test_completion import completions

    assert completions(shell, ":so") == ["solution"]
    assert completions(shell, "%lesson so") == ["solution"]
    assert set(completions(shell, ":")) == set(commands_now())
    assert completions(shell, ":zzz") == []


def test_what_follows_a_command_completes_on_tab(shell) -> None:
    from .test_completion import completions

    assert completions(shell, ":learn 0")[:2] == ["00", "01"]
    assert completions(shell, "%lesson config theme d") == ["theme dark", "theme default"]
    shell.start_lesson("00")
    assert set(completions(shell, ":goto ")) == {str(number) for number in range(1, 17)}


def test_in_a_lesson_a_command_is_explained_as_it_is_there(shell) -> None:
    shell.command(":help")
    assert "inside one its steps" in shell.words
    assert ":goto" not in shell.words
    shell.start_lesson("00")
    shell.command(":help")
    listed = shell.said[-1].text
    assert ":list      the steps, with a tick for each one done" in listed
    assert listed.index(":next") < listed.index(":lessons")


def test_every_command_is_explained_on_the_learners_page() -> None:
    from pathlib import Path

    page = (Path(__file__).parents[2] / "docs" / "learning.md").read_text(encoding="utf-8")
    assert [name for name in commands_now() if f"`:{name}" not in page] == []
