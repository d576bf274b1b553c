"""Long collections and texts on a screen: their first parts, and how many are left. What is printed stays whole.

    flux> list(range(1_000_000))
    [0, 1, 2, … 999_900 more]  # print(_) shows all
    flux> open("book.txt").read()
    'Chapter 1 … 990_000 more characters'  # print(_) shows all

Collections in collections share one budget, of parts and of characters: a few nested pairs can hold more parts than
any machine can write. A lesson compares the whole text (`whole_text`): only what is shown is cut.
"""

from itertools import islice
from typing import Any

from fluxrepl.nn.summary import holds_layers, text_of

MOST = 1000  # parts of one collection up to which all of them are shown: as many as of an array
SHOWN = 100  # of a longer one
PARTS = 10_000  # of a collection with all that are in it
CHARACTERS = 100_000  # that are shown
BEGINNING = 10_000  # characters of a longer text
DEEPEST = 100  # levels
WHOLE = 2_000_000  # parts up to which a text is ever written in full

ALL = "  # print(_) shows all"
NEVER = "  # too large or too deep to be written in full"

BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    dict: ("{", "}"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
}
NUMBERS = {int, float, bool, complex, type(None)}


def shown_text(value: Any) -> str:
    """The text of a value as a screen shows it."""
    if type(value) in (str, bytes) and len(value) > CHARACTERS:
        what = "characters" if type(value) is str else "bytes"
        beginning = repr(value[:BEGINNING])
        return f"{beginning[:-1]} … {len(value) - BEGINNING:_} more {what}{beginning[-1]}{ALL}"
    if type(value) not in BRACKETS:
        return text_of(value)
    if not is_long(value):
        text = text_of(value)
        if len(text) <= CHARACTERS or holds_layers(value):
            return text
    return Writer().text(value) + (ALL if _left(value, WHOLE, WHOLE, set()) >= 0 else NEVER)


def whole_text(value: Any, shown: str) -> str:
    """The text of a value of which this is shown."""
    return text_of(value) if type(value) in (*BRACKETS, str, bytes) and shown.endswith(ALL) else shown


def is_long(value: Any) -> bool:
    """Whether this is a list, tuple, dict or set of very many parts, or has one inside, or very many in all."""
    return type(value) in BRACKETS and _left(value, PARTS, MOST, set()) < 0


def _left(value: Any, budget: int, most: int, opened: set[int]) -> int:
    """What is left of a budget of parts after this collection; below 0 if it does not suffice. Nothing is written."""
    if len(value) > most or len(opened) >= DEEPEST:
        return -1
    opened.add(id(value))
    for part in _parts(value):
        budget -= 1
        if type(part) not in NUMBERS:
            if type(part) not in BRACKETS:
                budget -= _weight(part)
            elif id(part) not in opened:  # it may hold itself
                budget = _left(part, budget, most, opened)
        if budget < 0:
            break
    opened.discard(id(value))
    return budget


def _weight(part: Any) -> int:
    """How many numbers take about as much room as a part that is no collection."""
    if isinstance(part, str | bytes):
        return len(part) // 10
    size = getattr(part, "size", 0) if hasattr(type(part), "__array__") else 0
    return size if isinstance(size, int) and size <= MOST else 0  # NumPy itself cuts a longer one


class Writer:
    """Writes a collection until the budget is spent."""

    def __init__(self) -> None:
        self.parts = PARTS
        self.characters = CHARACTERS
        self.opened: set[int] = set()

    def text(self, value: Any) -> str:
        """One value; of a collection, as many parts as there is room for."""
        self.parts -= 1
        if type(value) not in BRACKETS or not value:
            return self.leaf(value)
        opening, closing = BRACKETS[type(value)]
        if id(value) in self.opened or len(self.opened) >= DEEPEST:
            return f"{opening}...{closing}"
        self.opened.add(id(value))
        texts = self.texts(value)
        self.opened.discard(id(value))
        if len(value) > len(texts):
            texts.append(f"… {len(value) - len(texts):_} more")
        comma = "," if type(value) is tuple and len(value) == 1 else ""
        return f"{opening}{', '.join(texts)}{comma}{closing}"

    def texts(self, value: Any) -> list[str]:
        """The texts of the first parts."""
        texts: list[str] = []
        few = SHOWN if len(value) > MOST else MOST
        for part in islice(value.items() if isinstance(value, dict) else value, few):
            if self.parts <= 0 or self.characters <= 0:
                break
            texts.append(f"{self.leaf(part[0])}: {self.text(part[1])}" if isinstance(value, dict) else self.text(part))
        return texts

    def leaf(self, value: Any) -> str:
        """What is no collection, or an empty one, or the key of a dict."""
        text = repr(value[: self.characters] if isinstance(value, str | bytes) else value)
        if len(text) > self.characters:
            text = text[: max(self.characters, 0)] + "…"
        self.parts -= _weight(value)
        self.characters -= len(text) + 2
        return text


def _parts(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value
