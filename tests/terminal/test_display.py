"""Values on the screen: the same characters as their `repr`, with colours or without."""

import io
import re
import sys

import numpy as np
import pytest

from fluxrepl.terminal import display


class Screen(io.StringIO):
    """A terminal that takes colours."""

    def isatty(self):
        return True


@pytest.fixture
def show(monkeypatch):
    """What is written for a value, on a screen with colours."""
    import fluxrepl.show.rich  # noqa: F401  (loaded behind the prompt)

    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def written(value, text=None, **more):
        screen = Screen()
        monkeypatch.setattr(sys, "stdout", screen)
        display.show_value(value, repr(value) if text is None else text, **more)
        return screen.getvalue()

    return written


def plain(text):
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def values():
    from fluxrepl import Chain, Dense, gradient, relu

    return [
        (14.0,),
        {"a": [1, None, True], "b": "text"},
        "one 'line'\n",
        np.arange(6.0).reshape(2, 3),
        np.zeros((200, 200)),
        list(range(300)),
        Dense(3, 4, relu),
        Chain(Dense(3, 4, relu), Dense(4, 2)),
        gradient(lambda p: p["w"] * p["x"], {"w": 3.0, "x": 2.0, "note": "[bold]no markup[/bold]"}),
        object,
        "\x1b[31m",
    ]


@pytest.mark.parametrize("value", values(), ids=lambda value: type(value).__name__)
def test_colours_change_no_character(show, value):
    assert plain(show(value)) == repr(value) + "\n"


def test_numbers_and_strings_are_coloured(show):
    assert "\x1b[" in show((1.5, "text"))


def test_without_colour_nothing_is_added(show, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert show((1.5, "text")) == "(1.5, 'text')\n"


def test_a_pipe_gets_no_colour(show):
    assert show((1.5, "text"), colour=False) == "(1.5, 'text')\n"


def test_a_view_that_fails_costs_the_colours_only(show, monkeypatch):
    import fluxrepl.show.rich

    def fails(value):
        raise RuntimeError("no view")

    monkeypatch.setattr(fluxrepl.show.rich, "view", fails)
    assert plain(show((1.5,))) == "(1.5,)\n"


def test_a_text_too_long_to_colour_is_shown_plain(show):
    assert show(object(), "1" * 100_000) == "1" * 100_000 + "\n"


def test_before_the_colours_have_loaded_a_value_is_shown_plain(show, monkeypatch):
    monkeypatch.delitem(sys.modules, "fluxrepl.show.rich")
    assert show((1.5,)) == "(1.5,)\n"


@pytest.mark.parametrize("no_color", [False, True])
def test_the_table_of_a_gradient_fits_the_window(show, monkeypatch, no_color):
    from fluxrepl import explain

    table = explain(lambda W: np.sum(W * W), np.ones((2, 2)))
    monkeypatch.setenv("COLUMNS", "50")
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    assert plain(show(table)) == table.text(50) + "\n" != repr(table) + "\n"
    monkeypatch.setenv("COLUMNS", "150")
    assert plain(show(table)) == repr(table) + "\n"


def test_in_a_file_the_table_is_whole(monkeypatch):
    from fluxrepl import explain

    table, file = explain(lambda W: np.sum(W * W), np.ones((2, 2))), io.StringIO()
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setattr(sys, "stdout", file)
    display.show_value(table, repr(table))
    assert file.getvalue() == repr(table) + "\n"
