"""The real REPL in a real terminal: what a learner types, and what they then see."""

import os
import shutil
import stat
import time

import pytest

from .driver import Terminal, learner

# -- cells


def test_a_session_from_the_prompt_to_the_exit(repl):
    screen = repl()
    screen.until("fluxrepl")
    screen.enter("f = lambda x: 3*x**2 + 2*x + 1")
    screen.enter("gradient(f, 2.0)")
    screen.until("\n(14.0,)\nflux>")
    screen.enter("exit")
    assert screen.ends() == 0


def test_a_definition_is_typed_with_automatic_indentation(repl):
    screen = repl()
    screen.enter("def f(x):")
    screen.until(lambda: screen.line_at_cursor().startswith("  ...     ") and screen.column == 10)
    screen.type("if x > 0:")
    screen.press("enter")
    screen.until(lambda: screen.column == 14)
    screen.type("return x**2")
    screen.press("enter")
    screen.until(lambda: screen.column == 10, "one step back after return")
    screen.press("enter")
    screen.enter("f(3)")
    screen.until("\n9\nflux>")


def test_a_block_ends_at_a_blank_line_not_before(repl):
    screen = repl()
    screen.enter("for i in range(2):")
    screen.type("print(i * 11)")
    screen.press("enter")
    screen.type("print(i * 13)")
    screen.press("enter", "enter")
    screen.until("\n0\n0\n11\n13\nflux>")


def test_an_open_bracket_goes_on_in_the_next_line(repl):
    screen = repl()
    screen.enter("sum([1,")
    screen.until(lambda: screen.line_at_cursor().startswith("  ..."))
    screen.type("2])")
    screen.press("enter")
    screen.until("\n3\nflux>")


def test_two_empty_lines_run_what_a_forgotten_bracket_would_keep_open(repl):
    screen = repl()
    screen.enter("def f(x")
    screen.until("( is open · two empty lines run it · Ctrl-C clears")
    screen.press("enter", "enter")
    screen.until("SyntaxError: ")
    screen.until(lambda: "is open" not in screen.lines[-1])
    screen.enter("'alive'")
    screen.until("\n'alive'\nflux>")


def test_empty_lines_in_a_string_are_text(repl):
    screen = repl()
    screen.enter("len('''a")
    screen.until('""" is open · Ctrl-C clears')
    screen.press("enter", "enter", "enter")
    screen.type("''')")
    screen.press("enter")
    screen.until("\n5\nflux>")


def test_alt_enter_opens_a_line_where_enter_would_run(repl):
    screen = repl()
    screen.ready()
    screen.type("a = 1")
    screen.press("alt-enter")
    screen.until(lambda: screen.line_at_cursor().startswith("  ..."))
    screen.type("a + 1")
    screen.press("enter")
    screen.until("\n2\nflux>")


def test_tab_and_backspace_move_by_indentation_steps(repl):
    screen = repl()
    screen.enter("if True:")
    screen.until(lambda: screen.column == 10)
    screen.press("tab")
    screen.until(lambda: screen.column == 14)
    screen.press("backspace")
    screen.until(lambda: screen.column == 10)
    screen.press("shift-tab")
    screen.until(lambda: screen.column == 6)


def test_an_error_shows_the_line_and_the_repl_lives_on(repl):
    screen = repl()
    screen.paste("def half(x):\n    return x / 0")
    screen.until("return x / 0")
    screen.press("enter")
    screen.enter("half(1)")
    screen.until("ZeroDivisionError: division by zero\nflux>")
    assert "return x / 0" in screen.screen.split("half(1)", 1)[1]
    screen.enter("'alive'")
    screen.until("\n'alive'\nflux>")


def test_a_syntax_error_is_marked(repl):
    screen = repl()
    screen.enter("y = = 2")
    screen.until("SyntaxError: invalid syntax")
    screen.ready()


def test_a_semicolon_silences_and_underscore_keeps_the_last_value(repl):
    screen = repl()
    screen.enter("41")
    screen.until("\n41\nflux>")
    screen.enter("_ + 1")
    screen.until("\n42\nflux>")
    screen.enter("'not shown';")
    screen.enter("_, Out[1]")
    screen.until("\nflux> 'not shown';\nflux> _, Out[1]\n(42, 41)\nflux>")


def test_help_magics_and_system_commands(repl):
    screen = repl(rows=70)
    screen.enter("!echo from the $0 shell | cut -c1-8")
    screen.until("\nfrom the\nflux>")
    screen.enter("%timeit -n1 -r1 pass")
    screen.until("loop each")
    screen.ready()
    screen.enter("len?")
    screen.until("Return the number of items in a container.")
    screen.ready()


@pytest.mark.skipif(shutil.which("less") is None, reason="long help is shown by less")
def test_help_that_is_longer_than_the_screen_says_how_it_is_left(repl):
    screen = repl(rows=24)
    screen.enter("np.sum?")
    screen.until(lambda: screen.lines[-1] == "q leaves, Space goes on")
    screen.send("q")
    screen.enter("'out again'")
    screen.until("\n'out again'\nflux>")


def test_top_level_await(repl):
    screen = repl()
    screen.enter("import asyncio")
    screen.enter("await asyncio.sleep(0.01, 'awake')")
    screen.until("\n'awake'\nflux>")


def test_input_asks_in_the_same_terminal(repl):
    screen = repl()
    screen.enter("name = input('who? ')")
    screen.until("\nwho?")
    screen.send("Ada\r")
    screen.enter("name")
    screen.until("\n'Ada'\nflux>")


def test_the_source_of_what_was_typed_can_be_read(repl):
    screen = repl()
    screen.enter("import inspect")
    screen.enter("twice = lambda x: 2 * x")
    screen.enter("inspect.getsource(twice)")
    screen.until("'twice = lambda x: 2 * x\\n'")


# -- interrupting


def test_ctrl_c_interrupts_a_busy_loop(repl):
    screen = repl()
    screen.enter('exec(\'print("be" + "gun")\\nwhile True: pass\')')
    screen.until("\nbegun")
    screen.press("ctrl-c")
    screen.until("KeyboardInterrupt")
    screen.enter("'alive'")
    screen.until("\n'alive'\nflux>")


def test_ctrl_c_clears_a_half_typed_line(repl):
    screen = repl()
    screen.ready()
    screen.type("x = (1, 2")
    screen.press("ctrl-c")
    screen.ready()
    assert "x = (1" not in screen.screen


def test_ctrl_c_on_an_empty_line_says_how_to_leave_and_ctrl_d_leaves(repl):
    screen = repl()
    screen.ready()
    screen.press("ctrl-c")
    screen.until("exit or Ctrl-D leaves)\nflux>")
    screen.ready()
    screen.press("ctrl-d")
    assert screen.ends() == 0


def test_the_exit_status_is_what_exit_was_given(repl):
    screen = repl()
    screen.enter("exit(7)")
    assert screen.ends() == 7


def test_system_exit_leaves_with_its_status(repl):
    screen = repl()
    screen.enter("raise SystemExit(5)")
    assert screen.ends() == 5


# -- history


def test_up_brings_back_a_whole_block_and_enter_runs_it_at_once(repl):
    screen = repl()
    screen.enter("for i in range(2):")
    screen.type("print(i + 70)")
    screen.press("enter", "enter")
    screen.until("\n70\n71\nflux>")
    screen.ready()
    screen.press("up")
    screen.until(lambda: screen.line_at_cursor().startswith("  ...     print(i + 70)"))
    screen.press("enter")
    screen.until(lambda: screen.screen.count("\n70\n71\nflux>") == 2)


def test_history_lasts_from_one_session_to_the_next(repl):
    first = repl()
    first.enter("remembered = 'across sessions'")
    first.enter("exit")
    assert first.ends() == 0
    second = repl()
    second.ready()
    second.until(lambda: second.press("up") or "remembered = 'across sessions'" in second.line_at_cursor())


def test_two_sessions_side_by_side_lose_nothing(repl):
    one, two = repl(), repl()
    one.enter("'said in one'")
    two.enter("'said in two'")
    one.enter("'again in one'")
    for session in (one, two):
        session.enter("exit")
        session.ends()
    third = repl()
    third.enter("print(open(__import__('os').environ['FLUXREPL_HOME'] + '/history').read())")
    third.until("+'again in one'")
    assert "+'said in one'" in third.screen
    assert "+'said in two'" in third.screen


def test_a_session_finds_what_one_beside_it_has_entered(repl):
    one, two = repl(), repl()
    two.enter("'said first'")
    one.enter("'said beside'")
    one.until("\n'said beside'\nflux>")
    two.enter("'said last'")
    two.ready()
    two.press("up")
    two.until(lambda: "'said last'" in two.line_at_cursor())
    two.press("ctrl-c")
    two.ready()
    two.press("ctrl-r")
    two.send("beside")
    two.until(lambda: "'said beside'" in two.screen)


def test_typing_then_up_finds_what_began_so(repl):
    screen = repl()
    screen.enter("alpha = 1")
    screen.enter("beta = 2")
    screen.ready()
    screen.type("al")
    screen.press("up")
    screen.until(lambda: "flux> alpha = 1" in screen.line_at_cursor())


def test_ctrl_r_searches_and_enter_ends_the_search(repl):
    screen = repl()
    screen.enter("'the needle'")
    screen.enter("'hay'")
    screen.ready()
    screen.press("ctrl-r")
    screen.until("search")
    screen.send("needle")
    screen.until("backward: needle")
    screen.press("enter")
    screen.until(lambda: "flux> 'the needle'" in screen.line_at_cursor())
    screen.press("enter")
    screen.until(lambda: screen.screen.count("\n'the needle'\n") == 2)


def test_history_is_suggested_and_right_takes_it(repl):
    screen = repl()
    screen.enter("suggested = 123")
    screen.ready()
    screen.send("sug")
    screen.until(lambda: "flux> suggested = 123" in screen.line_at_cursor())
    assert screen.column == len("flux> sug")
    screen.press("right")
    screen.until(lambda: screen.column == len("flux> suggested = 123"))


# -- completion and the signature bar


def test_tab_completes_names_of_the_live_namespace(repl):
    screen = repl()
    screen.enter("a_rather_long_name = 1")
    screen.ready()
    screen.send("a_rath")
    screen.press("tab")
    screen.until(lambda: "flux> a_rather_long_name" in screen.line_at_cursor())


def test_tab_offers_a_menu_and_enter_takes_the_choice(repl):
    screen = repl()
    screen.enter("apple_one = apple_two = 5")
    screen.ready()
    screen.send("apple")
    screen.press("tab")
    screen.until("apple_two  int 5")
    screen.press("tab", "tab")
    screen.until(lambda: "flux> apple_two" in screen.line_at_cursor())
    screen.press("enter")
    screen.press("enter")
    screen.until("\n5\nflux>")


def test_tab_works_in_the_first_second(repl):
    screen = repl()
    screen.send("gradi")
    screen.press("tab")
    screen.until(lambda: "flux> gradient" in screen.line_at_cursor())


def test_tab_completes_attributes(repl):
    screen = repl()
    screen.ready()
    screen.send("np.linalg.eigval")
    screen.press("tab")
    screen.until("eigvalsh")


def test_backslash_names_become_greek(repl):
    screen = repl()
    screen.ready()
    screen.type("\\sigma")
    screen.press("tab")
    screen.until(lambda: "flux> σ" in screen.line_at_cursor())


def test_tab_completes_commands(repl):
    screen = repl()
    screen.ready()
    screen.send(":lea")
    screen.press("tab")
    screen.until(lambda: "flux> :learn" in screen.line_at_cursor())


def test_a_bar_shows_the_signature_inside_a_call(repl):
    screen = repl()
    screen.enter("def area(width, height=2): return width * height")
    screen.ready()
    screen.send("area(3, ")
    screen.until(lambda: screen.lines[-1].startswith("area(width, height=2)"))
    screen.send("1)")
    screen.until(lambda: "area(width" not in screen.lines[-1])


# -- pasting


def test_a_pasted_function_with_blank_lines_runs_at_one_enter(repl):
    screen = repl()
    screen.ready()
    screen.paste("def f(x):\n\n    y = x + 1\n\n    return y")
    screen.until("return y")
    screen.press("enter")
    screen.enter("f(1)")
    screen.until("\n2\nflux>")


def test_a_paste_without_brackets_keeps_its_own_indentation(repl):
    screen = repl()
    screen.ready()
    screen.send("def f(x):\r    if x:\r        return 'yes'\r    return 'no'\r\rf(1), f(0)\r")
    screen.until("\n('yes', 'no')\nflux>")


def test_a_transcript_with_prompts_and_outputs_can_be_pasted(repl):
    screen = repl()
    screen.ready()
    screen.paste(">>> def f(x):\n...     return x + 1\n...\n>>> f(1)\n2\n>>> f(10)\n11\n")
    screen.until("f(10)")
    screen.press("enter")
    screen.until("\n2\n11\nflux>")


def test_a_screen_of_our_own_can_be_pasted_back(repl):
    screen = repl()
    screen.ready()
    screen.paste("flux> def f(x):\n  ...     return x * 2\nflux> f(4)\n8\n")
    screen.until("f(4)")
    screen.press("enter")
    screen.until("\n8\nflux>")


def test_a_thousand_pasted_lines_run_at_once(repl):
    screen = repl()
    screen.enter("1")
    screen.until("\n1\nflux>")
    began = time.monotonic()
    screen.paste("\n".join(f"line_{i} = {i}" for i in range(1000)) + "\n")
    screen.until("line_999 = 999")
    screen.press("enter")
    screen.enter("line_0 + line_999")
    screen.until("\n999\nflux>")
    assert time.monotonic() - began < 10  # about 1 s on an idle machine


# -- the screen


def test_prints_from_threads_stand_above_the_prompt(repl):
    screen = repl()
    screen.enter("import threading")
    screen.enter("threading.Timer(0.3, print, ['from a thread']).start()")
    screen.ready()
    screen.type("half typed")
    screen.until("\nfrom a thread\nflux> half typed")


def test_wide_and_combining_letters_keep_their_place(repl):
    screen = repl()
    screen.enter("s = '日本語 e\u0301 σ'")
    screen.enter("s")
    screen.until("\n'日本語 é σ'\nflux>")


def test_the_window_may_change_its_size(repl):
    screen = repl(rows=40, columns=100)
    screen.ready()
    screen.type("x = 'typed before the window changed'")
    screen.resize(20, 60)
    screen.press("enter")
    screen.enter("len(x)")
    screen.until("\n31\nflux>")


def test_the_editor_opens_and_its_text_runs(repl, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\necho 'def edited():' > \"$1\"\necho '    return 555' >> \"$1\"\n")
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    screen = repl(EDITOR=str(editor), VISUAL=str(editor))
    screen.ready()
    screen.press("f2")
    screen.until("return 555")  # and it has run
    screen.enter("edited()")
    screen.until("\n555\nflux>")
    screen.press("up", "up")  # it is in the history, as if it had been typed
    screen.until(lambda: screen.line_at_cursor().startswith("  ...     return 555"))
    screen.press("ctrl-c")
    screen.enter(":edit")
    screen.until(lambda: screen.screen.count("return 555") >= 2)
    screen.ready()


def test_f1_shows_the_keys_and_keeps_what_was_typed(repl):
    screen = repl(rows=60)
    screen.ready()
    screen.type("half typed")
    screen.press("f1")
    screen.until(lambda: "Ctrl-R" in screen.screen and "flux> half typed" in screen.line_at_cursor())


def test_vi_keys(repl):
    screen = repl(FLUXREPL_EDITING="vi")
    screen.ready()
    screen.type("x = 12")
    screen.press("escape")
    screen.send("0rz")
    screen.until(lambda: "flux> z = 12" in screen.line_at_cursor())
    screen.press("enter")
    screen.enter("z")
    screen.until("\n12\nflux>")


def test_after_ctrl_c_in_vi_navigation_a_line_begins_with_typing(repl):
    screen = repl(FLUXREPL_EDITING="vi")
    screen.ready()
    screen.type("abc")
    screen.press("escape")
    screen.until(lambda: screen.column == len("flux> ab"))  # vi steps back
    screen.press("ctrl-c")
    screen.enter("1 + 1")
    screen.until("\n2\nflux>")


def test_colours_are_used_and_no_color_turns_them_off(repl):
    coloured, plain = repl(), repl(NO_COLOR="1")
    for screen in (coloured, plain):
        screen.enter("'text', 1.5")
        screen.until("\n('text', 1.5)\nflux>")
        screen.enter("1/0")
        screen.until("ZeroDivisionError: division")
        screen.ready()
    coloured.enter("import sys, time")
    coloured.enter("while 'rich.console' not in sys.modules: time.sleep(0.01)")
    coloured.enter("'green', 2.5")
    coloured.until("\n('green', 2.5)\nflux>")
    assert "\x1b[32m'" in coloured.raw
    assert not _colours(plain.raw)


def _colours(raw):
    """The codes that choose a colour: 30 to 37, 38;5;n and the bright ones."""
    import re

    codes = {code for codes in re.findall(r"\x1b\[([\d;]*)m", raw) for code in codes.split(";")}
    return codes & {*map(str, range(30, 39)), *map(str, range(90, 98))}


def test_with_the_output_in_a_file_the_prompt_stays_on_the_screen(home, tmp_path):
    code = (
        "import os, sys\n"
        "os.dup2(os.open('out.txt', os.O_CREAT | os.O_WRONLY), 1)\n"
        "from fluxrepl.cli import main\n"
        "sys.exit(main([]))"
    )
    with Terminal(["-c", code], learner(home), cwd=str(tmp_path)) as screen:
        screen.enter("6 * 7")
        screen.enter("1/0")
        screen.until("ZeroDivisionError: division by zero\nflux>")
        screen.enter("exit")
        assert screen.ends() == 0
    assert (tmp_path / "out.txt").read_text() == "42\n"


def test_a_dumb_terminal_gets_plain_lines(repl):
    screen = repl(TERM="dumb")
    screen.ready()
    screen.enter("def f(x):")
    screen.until(lambda: screen.line_at_cursor().startswith("  ... "))
    screen.send("    return x + 1\n")
    screen.until("return x + 1\n  ...")  # Enter between two prompts would be echoed before the second
    screen.send("\n")
    screen.enter("f(1)")
    screen.until("\n2\nflux>")
    assert "\x1b" not in screen.raw
    screen.send("exit\n")
    assert screen.ends() == 0


def test_on_a_dumb_terminal_ctrl_c_ends_the_line(repl):
    screen = repl(TERM="dumb")
    screen.ready()
    screen.type("half")
    screen.press("ctrl-c")
    screen.until("flux> half^C\n(exit or Ctrl-D leaves)\nflux>")


def test_on_a_dumb_terminal_two_empty_lines_run_what_is_open(repl):
    screen = repl(TERM="dumb")
    screen.enter("def f(x")
    screen.until(lambda: screen.line_at_cursor().rstrip() == "  ...")
    screen.send("\n")
    screen.until("(( is open · an empty line more runs it · Ctrl-C clears)\n  ...")
    screen.send("\n")
    screen.until("SyntaxError: ")
    screen.enter("'alive'")
    screen.until("\n'alive'\nflux>")


def test_the_prompt_needs_neither_ipython_nor_numpy(home):
    import subprocess
    import sys

    code = (
        "import sys\n"
        "from fluxrepl.terminal.repl import Repl\n"
        "Repl()\n"
        "print(sorted({'IPython', 'numpy', 'rich', 'pygments', 'traitlets', 'jedi'} & set(sys.modules)))"
    )
    env = {**os.environ, "HOME": str(home), "TERM": "xterm"}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    assert ran.stdout == "[]\n"


def test_the_greeting_keeps_its_words_whole_on_a_narrow_terminal(repl):
    screen = repl(columns=50)
    screen.until(":learn starts the course · :help shows keys and\ncommands · exit or Ctrl-D leaves")
