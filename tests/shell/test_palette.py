"""The colours: readable on their backgrounds, and never a change of the text."""

import re
from io import StringIO
from types import SimpleNamespace

import pytest

from fluxrepl.shell import palette

WHITE, PAPER, BLACK, SLATE = (255, 255, 255), (253, 246, 227), (0, 0, 0), (40, 44, 52)  # as terminals have them


@pytest.fixture(autouse=True)
def terminal_again():
    yield
    palette.use("terminal")


def luminance(colour) -> float:
    """Relative luminance, of WCAG 2."""
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("name", "background"), [("light", WHITE), ("light", PAPER), ("dark", BLACK), ("dark", SLATE)])
def test_every_hue_can_be_read_on_its_background(name, background):
    low = {hue: round(contrast(palette.rgb(n), background), 1) for hue, n in palette.PALETTES[name].items()}
    assert {hue: ratio for hue, ratio in low.items() if ratio < 4.5} == {}  # what WCAG asks of text


@pytest.mark.parametrize(
    ("variables", "colours"),
    [({}, True), ({"TERM": "dumb"}, False), ({"TERM": "unknown"}, False), ({"NO_COLOR": "1"}, False)],
)
def test_a_terminal_that_can_gets_colours_unless_the_learner_wants_none(monkeypatch, variables, colours):
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in {"TERM": "xterm", **variables}.items():
        monkeypatch.setenv(name, value)
    screen = SimpleNamespace(isatty=lambda: True)
    assert palette.colourful(screen) is colours
    assert not palette.colourful(StringIO())
    assert not palette.colourful(None)


def test_the_palettes_have_the_same_hues():
    assert set(palette.LIGHT) == set(palette.DARK) == set(palette.TERMINAL)


@pytest.mark.parametrize("name", palette.PALETTES)
@pytest.mark.parametrize(
    "text", ["def f(x):\n    return 'σ' + x  # why\n", "(1.0, None, 'a')", "", "\n\n", "'''a\nb'''", "f'{x}'"]
)
def test_colours_change_no_character_and_end_with_each_line(name, text):
    palette.use(name)
    painted = palette.painted_code(text)
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == text
    for line in painted.split("\n"):
        assert len(re.findall(r"\x1b\[[\d;]+m", line)) == 2 * line.count(palette.PLAIN)


def test_styles_are_codes_of_the_palette_in_use():
    assert (palette.code("red"), palette.code("bold red"), palette.code("grey")) == (
        "\x1b[31m",
        "\x1b[1;31m",
        "\x1b[2m",
    )
    palette.use("light")
    assert (palette.code("bold red"), palette.hexadecimal("red")) == ("\x1b[1;38;5;124m", "#af0000")
    assert palette.code("no hue") == palette.code("") == ""


def test_rich_and_the_prompt_take_the_same_hues():
    from fluxrepl.terminal.theme import choose, prompt_styles, rich_styles

    choose("auto", "light")
    assert prompt_styles()["prompt"] == "bold #005f00"
    assert rich_styles()["flux.praise"] == "bold color(22)"
    assert rich_styles()["bright_black"] == "color(242)"
    choose("auto")
    assert prompt_styles()["prompt"] == "bold ansigreen"
