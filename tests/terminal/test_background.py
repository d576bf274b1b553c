"""Asking the terminal for its background: the answer comes among the keys, whole or in parts, late or never."""

import time

import pytest

from fluxrepl.terminal.background import Listener, from_environment, may_ask

WHITE = "\x1b]11;rgb:ffff/ffff/ffff\x1b\\"
BLACK = "\x1b]11;rgb:0000/0000/0000\x07"


@pytest.fixture
def keyboard():
    """A listener, what it passed on, and what it heard."""
    keys: list[str] = []
    heard: list[str] = []
    return Listener(keys.append, heard.append), keys, heard


@pytest.mark.parametrize(
    ("answer", "background"),
    [
        (WHITE, "light"),
        (BLACK, "dark"),
        ("\x1b]11;rgb:1e/1e/1e\x07", "dark"),
        ("\x1b]11;rgb:fdfd/f6f6/e3e3\x1b\\", "light"),
        ("\x1b]11;rgba:0000/2b2b/3636/ffff\x1b\\", "dark"),
        ("\x1b]11;rgb:f/f/f\x1b\\", "light"),
    ],
)
def test_an_answer_is_heard_and_no_key(keyboard, answer, background):
    listener, keys, heard = keyboard
    listener(f"x ={answer} 1")
    assert (keys, heard) == (["x = 1"], [background])


def test_an_answer_in_parts_is_put_together(keyboard):
    listener, keys, heard = keyboard
    for part in ("a\x1b]", "11;rgb:ff", "ff/ffff/ffff\x1b", "\\b"):
        listener(part)
    assert ("".join(keys), heard) == ("ab", ["light"])


def test_an_answer_that_makes_no_sense_is_dropped(keyboard):
    listener, keys, heard = keyboard
    listener("a\x1b]11;unknown\x07b")
    assert (keys, heard) == (["ab"], [])


@pytest.mark.parametrize("typed", ["", "x", "\x1b", "\x1b[A", "\x1b[200~x = 1\x1b[201~", "\x1bOP", "]11;"])
def test_other_keys_come_through_at_once(keyboard, typed):
    listener, keys, heard = keyboard
    listener(typed)
    assert ("".join(keys), heard) == (typed, [])


def test_escape_and_a_bracket_wait_for_the_next_key_only(keyboard):
    listener, keys, _ = keyboard
    listener("\x1b]")
    listener("x")
    assert "".join(keys) == "\x1b]x"


@pytest.mark.parametrize(
    ("value", "background"), [("15;0", "dark"), ("0;15", "light"), ("0;default;7", "light"), ("x", None)]
)
def test_what_colorfgbg_says(monkeypatch, value, background):
    monkeypatch.setenv("COLORFGBG", value)
    assert from_environment() == background


@pytest.mark.parametrize(
    ("term", "asks"), [("xterm-256color", True), ("tmux", True), ("linux", False), ("dumb", False)]
)
def test_terminals_that_would_print_the_question_are_not_asked(monkeypatch, term, asks):
    monkeypatch.setenv("TERM", term)
    assert may_ask() is asks


# -- in a real terminal


def _green(screen) -> str:
    """The code of a string's green in the last result."""
    screen.enter("import threading, time")
    screen.enter("while 'fluxrepl-imports' in [t.name for t in threading.enumerate()]: time.sleep(0.01)")
    screen.ready()
    screen.raw = ""
    screen.enter("'green'")
    screen.until("\n'green'\nflux>")
    return next(
        (code for code in ("38;5;22m", "38;5;114m", "32m") if f"\x1b[{code}'green'\x1b[0m\r\n" in screen.raw), ""
    )


@pytest.mark.parametrize(("answer", "green"), [(WHITE, "38;5;22m"), (BLACK, "38;5;114m"), ("", "32m")])
def test_colours_follow_the_background(repl, answer, green):
    screen = repl(background=answer)
    assert _green(screen) == green
    assert "rgb" not in screen.screen


@pytest.mark.parametrize(("theme", "green"), [("light", "38;5;22m"), ("dark", "38;5;114m"), ("terminal", "32m")])
def test_a_theme_that_is_chosen_asks_nobody(repl, theme, green):
    screen = repl(FLUXREPL_THEME=theme, COLORFGBG="15;0")
    assert _green(screen) == green
    assert "]11;?" not in screen.raw


def test_colorfgbg_is_believed_where_nobody_answers(repl):
    assert _green(repl(COLORFGBG="0;15")) == "38;5;22m"


def test_an_answer_that_comes_late_spoils_nothing_that_was_typed(repl):
    screen = repl()
    screen.ready()
    screen.type("len('ab")
    screen.send(WHITE[:9])
    time.sleep(0.05)
    screen.send(WHITE[9:] + "c')")
    screen.until(lambda: "flux> len('abc')" in screen.line_at_cursor())
    screen.press("enter")
    screen.until("\n3\nflux>")


def test_without_colour_nobody_is_asked(repl):
    screen = repl(NO_COLOR="1", background=WHITE)
    screen.enter("1 + 1")
    screen.until("\n2\nflux>")
    assert "]11;?" not in screen.raw
