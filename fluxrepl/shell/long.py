"""Long collections on a screen: their first parts, and how many there are beside. What is printed stays whole.

    flux> list(range(1_000_000))
    [0, 1, 2, … 999_900 more]  # print(_) shows all

A lesson compares the whole text (`text_of`): only what is shown is cut.
"""

from itertools import islice
from typing import Any

from fluxrepl.nn.summary import text_of

MOST = 1000  # parts of a collection up to which all of them are shown: as many as of an array
SHOWN = 100  # of a longer one
DEEPEST = 4  # levels that are looked into

BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    dict: ("{", "}"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
}


def shown_text(value: Any) -> str:
    """The text of a value as a screen shows it."""
    return f"{_cut(value, DEEPEST)}  # print(_) shows all" if is_long(value) else text_of(value)


def is_long(value: Any, levels: int = DEEPEST) -> bool:
    """Whether this is a list, tuple, dict or set of very many parts, or has one inside."""
    if type(value) not in BRACKETS or levels == 0:
        return False
    if len(value) > MOST:
        return True
    return any(is_long(part, levels - 1) for part in _parts(value) if type(part) in BRACKETS)


def _cut(value: Any, levels: int) -> str:
    if not is_long(value, levels):
        return repr(value)
    opening, closing = BRACKETS[type(value)]
    few = SHOWN if len(value) > MOST else MOST
    texts = [_cut(part, levels - 1) for part in islice(_parts(value), few)]
    if isinstance(value, dict):
        texts = [f"{name!r}: {text}" for name, text in zip(value, texts, strict=False)]
    if len(value) > few:
        texts.append(f"… {len(value) - few:_} more")
    comma = "," if type(value) is tuple and len(value) == 1 else ""
    return f"{opening}{', '.join(texts)}{comma}{closing}"


def _parts(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value
