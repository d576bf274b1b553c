"""Is the terminal's background light or dark? Asked for the theme `auto`, without making anybody wait.

The question (OSC 11, of xterm; nearly all know it) is written when the prompt has been drawn, and the answer comes
among the keys, whenever it comes: `Listener` takes it out of what prompt_toolkit reads, and the prompt changes its
colours. A terminal that never answers keeps its own sixteen colours. Some tell without being asked, in COLORFGBG.
"""

import os
import re
from collections.abc import Callable
from typing import Any

QUESTION = "\x1b]11;?\x1b\\"
COLOUR = r"rgba?:([0-9a-fA-F]+)/([0-9a-fA-F]+)/([0-9a-fA-F]+)"
ANSWER = re.compile(rf"\x1b\]11;(?:{COLOUR}[^\x07\x1b]*|[^\x07\x1b]*)(?:\x07|\x1b\\)")
BEGUN = re.compile(r"\x1b\](?:1(?:1(?:;[^\x07\x1b]*\x1b?)?)?)?\Z")  # of an answer that is not whole yet
LONGEST = 64  # characters of an answer: what is longer is none

# These print the question, or part of it, instead of answering.
MUTE = ("dumb", "unknown", "linux", "eterm", "vt", "cons", "sun", "emacs", "screen.linux")

LIGHT_COLOURS = {"7", "9", "10", "11", "12", "13", "14", "15"}  # of COLORFGBG, by number


def may_ask() -> bool:
    """Whether this terminal can be asked."""
    return not os.environ.get("TERM", "dumb").lower().startswith(MUTE)


def from_environment() -> str | None:
    """What COLORFGBG says: "foreground;background", as rxvt and Konsole set it."""
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    if not background.isdigit():
        return None
    return "light" if background in LIGHT_COLOURS else "dark"


def from_colour(red: str, green: str, blue: str) -> str:
    """Light or dark, of a colour in hexadecimal, one to four digits each.

    Example:
        >>> from_colour("ffff", "ffff", "dddd"), from_colour("1e", "1e", "1e")
        ('light', 'dark')

    """
    parts = [int(part, 16) / (16 ** len(part) - 1) for part in (red, green, blue)]
    return "light" if 0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2] > 0.5 else "dark"


class Listener:
    """Stands between the terminal and prompt_toolkit's parser of keys, and takes out the answer."""

    def __init__(self, feed: Callable[[str], Any], answered: Callable[[str], Any]) -> None:
        self._feed = feed
        self._answered = answered
        self._held = ""

    def __call__(self, data: str) -> None:
        """Pass keys on. A part of an answer is held back until the rest has come."""
        data, self._held = self._held + data, ""
        if "\x1b]" in data:
            data = ANSWER.sub(self._take, data)
            if (begun := BEGUN.search(data)) and len(begun[0]) < LONGEST:
                data, self._held = data[: begun.start()], begun[0]
        if data:
            self._feed(data)

    def _take(self, found: re.Match[str]) -> str:
        if found[1]:
            self._answered(from_colour(*found.groups()))
        return ""


def listen(terminal: Any, answered: Callable[[str], Any]) -> bool:
    """Listen on prompt_toolkit's input; False where there is no parser to stand before (Windows, tests)."""
    parser = getattr(terminal, "vt100_parser", None)
    if parser is None:
        return False
    parser.feed = Listener(parser.feed, answered)
    return True
