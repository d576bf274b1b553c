"""Settings in a real terminal: each does what it says, at once where it can."""

import pytest


@pytest.fixture
def settings(home):
    """Write the file of settings."""

    def write(text: str) -> None:
        (home / "fluxrepl").mkdir(exist_ok=True)
        (home / "fluxrepl" / "config.toml").write_text(text, encoding="utf-8")

    return write


def test_config_shows_and_sets_and_lasts(repl, home):
    first = repl(rows=60)
    first.enter(":config")
    first.until("confirm_exit")
    first.enter(":config confirm_exit true")
    first.until("confirm_exit = true")
    first.ready()
    first.press("ctrl-d")
    first.until("(Ctrl-D once more leaves)\nflux>")
    first.press("ctrl-d")
    assert first.ends() == 0
    second = repl()
    second.ready()
    second.press("ctrl-d")
    second.until("(Ctrl-D once more leaves)\nflux>")
    second.enter("1 + 1")
    second.until("\n2\nflux>")
    second.press("ctrl-d")
    second.until(lambda: second.screen.count("once more leaves") == 2)
    second.ready()
    second.press("ctrl-d")
    assert second.ends() == 0


def test_tab_completes_the_names_of_settings(repl):
    screen = repl()
    screen.enter("1")
    screen.ready()
    screen.send(":config sugg")
    screen.press("tab")
    screen.until(lambda: "flux> :config suggestions" in screen.line_at_cursor())


def test_editing_suggestions_and_signatures_change_at_once(repl):
    screen = repl()
    screen.enter("def area(width, height=2): return width * height")
    screen.ready()
    screen.send("area(")
    screen.until(lambda: screen.lines[-1].startswith("area(width, height=2)"))
    screen.press("ctrl-c")
    screen.enter(":config signatures off")
    screen.until("signatures = false")
    screen.enter(":config suggestions off")
    screen.until("suggestions = false")
    screen.ready()
    screen.send("area(3, 4")
    screen.until(lambda: screen.line_at_cursor() == f"{'flux> area(3, 4':<100}")
    assert "area(width" not in screen.lines[-1]
    screen.press("ctrl-c")
    screen.enter(":config editing vi")
    screen.until('editing = "vi"')
    screen.ready()
    screen.type("x = 12")
    screen.press("escape")
    screen.send("0rz")
    screen.until(lambda: "flux> z = 12" in screen.line_at_cursor())


def test_print_options_hold_from_the_first_cell_and_change_at_once(repl, settings):
    settings("[print]\nprecision = 3\n")
    screen = repl()
    screen.enter("np.array([1/3])")
    screen.until("\narray([0.333])\nflux>")
    screen.enter(":config print.precision 5")
    screen.until("print.precision = 5")
    screen.enter("np.array([1/3])")
    screen.until("\narray([0.33333])\nflux>")


def test_print_options_rest_while_a_lesson_is_open(repl, settings, tmp_path):
    head = "---\ntitle: A lesson\nid: a-lesson\nobjectives: [see]\nminutes: 1\n---\n\n# A lesson\n\n"
    example = "```pycon\n>>> np.array([1.0]) / 3\narray([0.33333333])\n\n```\n"
    (tmp_path / "lesson.md").write_text(head + example)
    settings("startup = ['x = 1']\n[print]\nprecision = 3\n")
    screen = repl()
    screen.enter("np.array([1/3]), np.float64(2.0)")
    screen.until("\n(array([0.333]), 2.0)\nflux>")
    screen.enter(":learn lesson.md")
    screen.until(lambda: "flux> np.array([1.0]) / 3" in screen.line_at_cursor())
    screen.press("enter")
    screen.until("\narray([0.33333333])\n")
    screen.until("Finished")
    screen.enter(":quit")
    screen.enter("np.array([2/3])")
    screen.until("\narray([0.667])\nflux>")


def test_startup_code_and_files_run_before_the_first_prompt(repl, settings, tmp_path):
    (tmp_path / "start.py").write_text("from_file = 20\n")
    settings(f"startup = ['import math', 'answer = from_file + 22']\nstartup_files = ['{tmp_path}/start.py']\n")
    screen = repl()
    screen.enter("answer, math.floor(2.5)")
    screen.until("\n(42, 2)\nflux>")


def test_what_is_wrong_in_startup_is_told_and_the_prompt_lives(repl, settings):
    settings("startup = ['1/0', 'x = 5']\nstartup_files = ['nowhere.py']\n")
    screen = repl()
    screen.enter("x")
    screen.until("\n5\nflux>")
    assert "Note: startup_files: there is no file nowhere.py." in screen.screen
    assert screen.screen.count("ZeroDivisionError: division by zero") == 1


def test_startup_is_for_the_prompt_only(pipe, settings):
    settings("startup = ['x = 5']\n[print]\nprecision = 2\n")
    ran = pipe("'x' in dir(), np.array([1/3])\n")
    assert ran.stdout == "(False, array([0.33333333]))\n"


def test_the_editor_that_is_set_opens(repl, settings, tmp_path):
    editor = tmp_path / "my editor"
    editor.write_text("#!/bin/sh\necho '555' > \"$1\"\n")
    editor.chmod(0o755)
    settings(f"editor = \"'{editor}'\"\n")
    screen = repl(EDITOR="false", VISUAL="false")
    screen.ready()
    screen.press("f2")
    screen.until("\n555\nflux>")


def test_a_mistake_in_the_file_is_told_once_and_costs_only_its_line(repl, settings):
    settings("them = 'dark'\nconfirm_exit = true\n")
    screen = repl()
    screen.until("line 1: there is no setting them; did you mean theme?")
    screen.ready()
    screen.press("ctrl-d")
    screen.until("once more leaves")
    screen.enter("'alive'")
    screen.until("\n'alive'\nflux>")
    assert screen.raw.count("there is no setting") == 1


def test_a_note_is_broken_between_words(repl, home):
    screen = repl(columns=40, FLUXREPL_EDITING="emacs-and-vi-together")
    screen.ready()
    first = next(number for number, line in enumerate(screen.lines) if line.startswith("Note: FLUXREPL_EDITING"))
    told = screen.lines[first : first + 4]
    assert "Note: FLUXREPL_EDITING: 'emacs-and-vi-together' is none of its words; write" in " ".join(told)


def test_a_damaged_file_is_set_aside_and_said_once(repl, pipe, settings, home):
    settings("this is no toml")
    screen = repl(columns=200)
    screen.until("It is kept as config.toml.bak, and the defaults are used.")
    screen.enter("1 + 1")
    screen.until("\n2\nflux>")
    assert screen.raw.count("is no TOML") == 1
    assert (home / "fluxrepl" / "config.toml.bak").read_text() == "this is no toml"
    settings("again none")
    assert pipe("1\n").stderr.count("is no TOML") == 1


def test_history_keeps_as_much_as_was_asked_for(repl, settings, home):
    settings("history_size = 4\n")
    path = home / "fluxrepl" / "history"
    path.write_text("".join(f"\n# then\n+'entry {i}'\n" for i in range(10)))
    screen = repl()
    screen.ready()
    screen.until(lambda: screen.press("up") or "'entry 6'" in screen.line_at_cursor())
    assert path.read_text().count("+'entry") == 4


def test_no_history_is_kept_where_none_is_wanted(repl, settings, home):
    settings("history_size = 0\n")
    screen = repl()
    screen.enter("'secret'")
    screen.until("\n'secret'\nflux>")
    screen.ready()
    screen.press("up")
    screen.until(lambda: "flux> 'secret'" in screen.line_at_cursor())
    screen.press("ctrl-c")
    screen.enter("exit")
    screen.ends()
    assert not (home / "fluxrepl" / "history").exists()
