"""The colours of everything that is drawn in a terminal: six hues and a grey, in three palettes.

`terminal` is the sixteen colours of the learner's own terminal, and what notebooks get; `light` and `dark` are chosen
to be read on white and on black (a test computes their contrast). They are numbers of the 256-colour table, which
every terminal of today has. `NO_COLOR` (https://no-color.org) and `TERM=dumb` turn colour off.
"""

import os
from itertools import groupby
from typing import Any, TextIO

TERMINAL = {"red": 1, "green": 2, "yellow": 3, "blue": 4, "magenta": 5, "cyan": 6, "grey": 8}
LIGHT = {"red": 124, "green": 22, "yellow": 94, "blue": 25, "magenta": 90, "cyan": 23, "grey": 242}
DARK = {"red": 210, "green": 114, "yellow": 179, "blue": 111, "magenta": 176, "cyan": 80, "grey": 246}
PALETTES = {"terminal": TERMINAL, "light": LIGHT, "dark": DARK}

PLAIN = "\033[0m"
CUBE = (0, 95, 135, 175, 215, 255)  # levels of the 256-colour table

_used = ["terminal"]


def colourful(stream: TextIO | None) -> bool:
    """True if colour may be written to the stream: a terminal that can, and a learner who did not say no."""
    if stream is None or os.environ.get("NO_COLOR") or is_dumb():
        return False
    return stream.isatty()


def is_dumb() -> bool:
    """True on a terminal that can only print line after line (Emacs' `M-x shell`, some editors' panes)."""
    return os.environ.get("TERM", "").lower() in ("dumb", "unknown")


def use(name: str) -> None:
    """Draw with this palette from now on."""
    _used[0] = name


def in_use() -> str:
    """The name of the palette that is drawn with."""
    return _used[0]


def code(style: str) -> str:
    """The escape code of a style such as "red" or "bold red"; "" for none."""
    *bold, hue = style.split() or [""]
    number = PALETTES[in_use()].get(hue)
    if number is None:
        return ""
    if in_use() != "terminal":
        colour = f"38;5;{number}"
    elif hue == "grey":
        colour = "2"  # faint: the bright black of many a palette cannot be seen
    else:
        colour = str(30 + number)
    return f"\033[{'1;' if bold else ''}{colour}m"


def rgb(number: int) -> tuple[int, int, int]:
    """Red, green and blue of a colour of the 256-colour table, 16 to 255.

    Example:
        >>> rgb(124), rgb(242)
        ((175, 0, 0), (108, 108, 108))

    """
    if number >= 232:
        level = 8 + 10 * (number - 232)
        return level, level, level
    number -= 16
    return CUBE[number // 36], CUBE[number // 6 % 6], CUBE[number % 6]


def hexadecimal(hue: str) -> str:
    """A hue of a palette other than `terminal`, as `#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*rgb(PALETTES[in_use()][hue]))


def painted_code(text: str) -> str:
    """Python source, or a `repr`, with escape codes in it; the characters stay the same."""
    from pygments.lexers.python import PythonLexer

    tokens = PythonLexer(stripnl=False, ensurenl=False).get_tokens(text)
    parts = groupby(tokens, key=lambda token: _style_of(token[0]))
    return "".join(_painted("".join(piece for _, piece in tokens), code(style)) for style, tokens in parts)


def _painted(text: str, start: str) -> str:
    """Each line by itself: a line of a traceback is cut out of its file."""
    return "\n".join(f"{start}{line}{PLAIN}" if line and start else line for line in text.split("\n"))


def _style_of(token: Any) -> str:
    """The style of a token of Python: that of the nearest kind in the table."""
    while token is not None:
        if str(token) in CODE:
            return CODE[str(token)]
        token = token.parent
    return ""


CODE = {  # a kind of token in Python source (also those below it) → its hue
    "Token.Comment": "grey",
    "Token.Keyword": "magenta",
    "Token.Keyword.Constant": "cyan",
    "Token.Literal.Number": "yellow",
    "Token.Literal.String": "green",
    "Token.Name.Builtin": "cyan",
    "Token.Name.Class": "blue",
    "Token.Name.Decorator": "blue",
    "Token.Name.Exception": "red",
    "Token.Name.Function": "blue",
    "Token.Operator.Word": "magenta",
}
