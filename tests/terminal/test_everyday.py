"""What people do at a prompt all day, beside the cells of `test_repl.py`: help, pastes, interrupts, odd letters."""

import time

import pytest


def run_pasted(screen, text: str) -> None:
    """Paste a text and run it."""
    screen.ready()
    screen.paste(text)
    screen.until(text.strip().split("\n")[-1])
    screen.press("enter")


# -- help and sources


def test_two_question_marks_show_the_source(repl):
    screen = repl(rows=70)
    run_pasted(screen, "def half(x):\n    # of it\n    return x / 2\n")
    screen.enter("half??")
    screen.until("Source:")
    screen.until(lambda: screen.screen.count("    # of it") == 2)
    screen.enter("np.tanh?")
    screen.until("yperbolic tangent")


def test_the_source_of_a_function_of_several_lines_is_whole(repl):
    screen = repl()
    run_pasted(screen, "def f(x):\n    # why\n\n    return x\n")
    screen.enter("import inspect; print(inspect.getsource(f))")
    screen.until("\ndef f(x):\n    # why\n\n    return x\n\nflux>")


def test_the_menu_of_completions_tells_parameters_and_shapes(repl):
    screen = repl(columns=120)
    screen.enter("weights = np.ones((2, 3))")
    screen.enter("def weigh(apples, pears=2): return apples")
    screen.ready()
    screen.send("weigh")
    screen.press("tab")
    screen.until("(apples, pears=2)")
    screen.until("ndarray (2, 3) float64")


def test_what_a_call_would_give_is_completed_without_calling(repl):
    screen = repl()
    screen.enter("1")
    screen.ready()
    screen.send("Dense(3, 4).weig")
    screen.press("tab")
    screen.until(lambda: "flux> Dense(3, 4).weight" in screen.line_at_cursor())


@pytest.mark.parametrize("keys", [["\t\r"], ["\t", "\r"]])
@pytest.mark.parametrize(("typed", "completed", "shown"), [("7; np.inner1", "", "AttributeError"),
                                                           ("7; np.linspa", "ce", "function linspace")])  # fmt: skip
def test_enter_runs_what_tab_pressed_just_before_completes(repl, keys, typed, completed, shown):
    screen = repl()
    screen.enter("0")
    screen.until("\n0\nflux>")
    screen.ready()
    screen.type(typed)
    for key in keys:
        screen.send(key)
    screen.until(shown)
    screen.until(f"flux> {typed}{completed}\n")


def test_a_greek_letter_is_run_by_enter_at_once(repl):
    screen = repl()
    screen.ready()
    screen.send("[\\sigma\t\r]\r")
    screen.until("flux> [σ\n  ... ]\n[")


# -- interrupts and questions


@pytest.mark.parametrize(
    "busy",
    [
        "import time; print('be' 'gun'); time.sleep(60)",
        "import asyncio; print('be' 'gun'); await asyncio.sleep(60)",
        "a = np.ones(1500); print('be' 'gun')\nwhile True: a @ np.outer(a, a)",
        "input('be' 'gun')",
        "import threading; print('be' 'gun'); threading.Event().wait()",
    ],
    ids=["sleep", "await", "numpy", "input", "lock"],
)
def test_ctrl_c_interrupts_whatever_runs(repl, busy):
    screen = repl()
    run_pasted(screen, busy)
    screen.until("\nbegun")
    time.sleep(0.3)  # what is printed last comes a moment before the waiting
    screen.press("ctrl-c")
    screen.until("KeyboardInterrupt")
    screen.enter("'alive'")
    screen.until("\n'alive'\nflux>")


def test_an_interrupted_await_shows_the_line_that_waited(repl):
    screen = repl()
    run_pasted(screen, "import asyncio; print('be' 'gun'); await asyncio.sleep(60)")
    screen.until("\nbegun")
    time.sleep(0.3)
    screen.press("ctrl-c")
    screen.until("----> 1 import asyncio; print('be' 'gun'); await asyncio.sleep(60)")
    screen.until("\nKeyboardInterrupt\nflux>")


def test_a_password_is_asked_for_and_not_shown(repl):
    screen = repl()
    screen.enter("from getpass import getpass")
    screen.enter("secret = getpass('word: ')")
    screen.until("\nword:")
    screen.send("hidden\r")
    screen.enter("len(secret)")
    screen.until("\n6\nflux>")
    assert "hidden" not in screen.screen


def test_the_debugger_works_after_an_error(repl):
    screen = repl()
    run_pasted(screen, "def half(x):\n    found = x\n    return x / 0\n\nhalf(21)\n")
    screen.until("ZeroDivisionError: division by zero\nflux>")
    screen.enter("%debug")
    screen.until("ipdb>")
    screen.send("p found * 2\r")
    screen.until("\n42\n")
    screen.send("q\r")
    screen.enter("'alive'")
    screen.until("\n'alive'\nflux>")


# -- results


def test_a_semicolon_in_a_comment_or_a_string_silences_nothing(repl):
    screen = repl()
    screen.enter("1 + 1  # two;")
    screen.until("\n2\nflux>")
    screen.enter("'a;'")
    screen.until("\n'a;'\nflux>")


def test_earlier_results_have_names(repl):
    screen = repl()
    for cell in ("10", "20", "30"):
        screen.enter(cell)
    screen.enter("_, __, ___, _1, Out[2], In[3]")
    screen.until("\n(30, 20, 10, 10, 20, '30')\nflux>")


def test_a_print_without_a_line_end_keeps_its_line(repl):
    screen = repl()
    screen.enter("print('half a line', end='')")
    screen.until("\nhalf a line\nflux>")


def test_what_a_thread_prints_keeps_its_order_while_cells_run(repl):
    screen = repl(rows=200)
    run_pasted(
        screen,
        "import threading, time\n\ndef tell():\n    for i in range(100):\n        time.sleep(0.01)\n"
        "        print('line', i)\n\nthreading.Thread(target=tell).start()",
    )
    for number in range(6):
        screen.ready()
        screen.send(f"5{number}\r")
        screen.until(f"\n5{number}\n")
    screen.until("line 99\n")
    told = [line for line in screen.lines if line.startswith("line")]
    assert told == [f"line {i}" for i in range(100)]


def test_half_a_line_of_a_thread_waits_for_the_end_of_the_prompt(repl):
    screen = repl()
    screen.enter("import threading")
    screen.enter("threading.Timer(0.2, print, ['half'], {'end': '', 'flush': True}).start()")
    screen.ready()
    screen.type("'typed'")
    time.sleep(0.5)
    assert "half\n" not in screen.screen + "\n"
    screen.press("enter")
    screen.until("flux> 'typed'\nhalf'typed'\nflux>")


def test_an_error_in_a_thread_is_drawn_as_in_a_cell(repl):
    screen = repl()
    screen.enter("import threading, time")
    screen.enter("def work(): time.sleep(0.3); np.ones(3) @ np.ones(2)")
    screen.enter("threading.Thread(target=work).start()")
    screen.ready()
    screen.type("half typed")
    screen.until("Exception in thread Thread-")
    screen.until(lambda: "flux> half typed" in screen.line_at_cursor())
    assert "Cell In[2], line 1, in work\n" in screen.screen
    assert "threading.py" not in screen.screen


def test_many_prints_of_threads_stay_above_what_is_being_typed(repl):
    screen = repl()
    run_pasted(
        screen,
        "import threading, time\n\ndef tell():\n    for i in range(5):\n        time.sleep(0.1)\n"
        "        print('line', i)\n\nfor _ in range(2): threading.Thread(target=tell).start()",
    )
    screen.ready()
    screen.type("half typed")
    screen.until(lambda: screen.screen.count("line 4") == 2)
    screen.until(lambda: "flux> half typed" in screen.line_at_cursor())
    assert screen.lines[-1].startswith("flux> half typed") or "half typed" in screen.lines[-2]


# -- pastes


@pytest.mark.parametrize(
    ("pasted", "shown"),
    [
        ("In [1]: x = [1,\n   ...:      2]\n\nIn [2]: x\nOut[2]: [1, 2]\n\nIn [3]: len(x)\nOut[3]: 2\n", "[1, 2]\n2"),
        ("julia> x = 20\n20\n\njulia> x + 1\n21\n", "21"),
        ("text = '''\n>>> no prompt'''\ntext", r"'\n>>> no prompt'"),
        ("if True:\n\tx = 'tab'\n\n\tx += 's'\nx", "'tabs'"),
    ],
    ids=["ipython", "julia", "string", "tabs"],
)
def test_prompts_of_any_shell_can_be_pasted_and_those_in_strings_stay(repl, pasted, shown):
    screen = repl()
    screen.enter("1")
    screen.ready()
    screen.paste(pasted)
    screen.until(lambda: screen.line_at_cursor().strip().endswith(pasted.strip().split("\n")[-1].expandtabs()))
    screen.press("enter")
    screen.until(f"\n{shown}\nflux>")


# -- the screen


def test_the_cursor_stands_right_among_wide_and_combining_letters(repl):
    screen = repl()
    screen.ready()
    screen.send("x = '日本e\u0301'")
    screen.until(lambda: screen.column == len("flux> x = '") + 2 + 2 + 1 + 1)
    screen.press("home", "right", "right", "right", "right", "right", "right")
    screen.until(lambda: screen.column == len("flux> x = '") + 2)
    screen.press("backspace")
    screen.send("ab")
    screen.press("enter")
    screen.enter("[hex(ord(c)) for c in x]")
    screen.until("\n['0x61', '0x62', '0x672c', '0x65', '0x301']\nflux>")


def test_a_window_that_shrinks_and_grows_while_a_block_is_typed_keeps_it(repl):
    screen = repl(rows=30, columns=100)
    screen.enter("for i in range(3):")
    screen.type("print('row', i, 'of a rather long line that has to be broken when the window is narrow')")
    for rows, columns in ((12, 40), (40, 120), (24, 80)):
        screen.resize(rows, columns)
        screen.send(" ")
        screen.until(lambda: "narrow')" in screen.screen.replace("\n", ""))
    screen.press("enter", "enter")
    screen.until(lambda: screen.screen.replace("\n", "").count("row 2 of a rather long line") == 1)
    screen.ready()


def test_f4_switches_to_the_keys_of_vi_and_back(repl):
    screen = repl()
    screen.ready()
    screen.press("f4")
    screen.type("x = 12")
    screen.press("escape")
    screen.send("0rz")
    screen.until(lambda: "flux> z = 12" in screen.line_at_cursor())
    screen.send("A")
    screen.press("f4")
    screen.send("3")
    screen.press("enter")
    screen.enter("z")
    screen.until("\n123\nflux>")
