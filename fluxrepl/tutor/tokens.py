"""An output as tokens: numbers, complex numbers, quoted strings, names, signs, white space, and the `...` of an author.

Each text is walked once, whatever stands in it: what a hostile lesson prints is cut up here too.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

WHOLE = r"[0-9]+(?:_[0-9]+)*"
REAL = rf"(?: {WHOLE}\.(?!\.\.)[0-9]* | \.[0-9]+ | {WHOLE} ) (?:[eE][+-]?[0-9]{{1,4}})?"
TOKEN = re.compile(
    rf"""
    (?P<dots>    \.\.\. )
  | (?P<complex> (?<![\w.)\]]) [+-]? (?: {REAL} [ ]* [+-] )? {REAL} j (?!\w) )
  | (?P<number>  (?<![\w.)\]]) [+-]? {REAL} (?! \w | \.[0-9] ) )
  | (?P<space>   \s+ )
  | (?P<name>    \w[\w\u0300-\u036f]* )  # with accents that are characters of their own
  | (?P<sign>    . )
    """,
    re.X | re.S,
)
STRING = {quote: re.compile(rf"{quote}(?:\\.|[^{quote}\\\n])*{quote}") for quote in "'\""}
PREFIX = "b"  # of bytes
NUMERIC = {"number", "complex"}
OPENING, CLOSING = "([{", ")]}"
OPENING_OF = dict(zip(CLOSING, OPENING, strict=True))
DEEPEST = 8  # brackets in which a set is still looked for


class Token(NamedTuple):
    """A piece of output: `start` is where it begins in its text.

    `free` marks white space beside a number, which it only aligns. `inside` marks what stands between two brackets,
    where white space says nothing at all.
    """

    kind: str
    text: str
    start: int
    free: bool = False
    inside: bool = False

    @property
    def end(self) -> int:
        """Where it ends in its text."""
        return self.start + len(self.text)


def walk(text: str) -> Iterator[Token]:
    """The tokens of a text, one by one; what is `inside` is not known yet."""
    before, space = "", None
    for kind, word, start in _pieces(text):
        if space is not None:
            yield Token("space", *space, free=before in NUMERIC or kind in NUMERIC)
            space = None
        if kind == "space":
            space = (word, start)
        else:
            yield Token(kind, word, start)
            before = kind
    if space is not None:
        yield Token("space", *space, free=before in NUMERIC)


def tokens(text: str) -> list[Token]:
    """The tokens of a text, with what is `inside` brackets marked; white space there is left out."""
    found = list(walk(text))
    partner = partners(found)
    depth = 0
    kept = []
    for at, token in enumerate(found):
        if not depth or token.kind != "space":
            kept.append(token._replace(inside=True) if depth else token)
        if at in partner:
            depth += 1 if partner[at] > at else -1
    return kept


def partners(found: list[Token]) -> dict[int, int]:
    """For each bracket that has a partner, where that is. One of the wrong shape, such as a smiley's, has none."""
    open_ones: list[int] = []
    partner: dict[int, int] = {}
    for at, token in enumerate(found):
        if token.kind != "sign":
            continue
        if token.text in OPENING:
            open_ones.append(at)
        elif open_ones and found[open_ones[-1]].text == OPENING_OF.get(token.text):
            start = open_ones.pop()
            partner[start], partner[at] = at, start
    return partner


def touching(left: Token, right: Token) -> bool:
    """Whether nothing stands between two tokens."""
    return left.end == right.start


def _pieces(text: str) -> Iterator[tuple[str, str, int]]:
    """Kind, text and place of each token. A quote without its partner is a sign, and so are those behind it in its
    line: they are not looked for twice."""
    place, size = 0, len(text)
    unpaired = {"'": -1, '"': -1}  # up to where no string begins with this quote
    while place < size:
        match = TOKEN.match(text, place)
        assert match
        kind, word = match.lastgroup or "", match.group()
        quote = place + (word == PREFIX)
        if quote < size and text[quote] in unpaired and (quote == place or kind == "name"):
            found = _string(text, quote, unpaired) if not (place and _is_word(text[place - 1])) else ""
            if found:
                kind, word = "string", text[place:quote] + found
        yield kind, word, place
        place += len(word)


def _string(text: str, place: int, unpaired: dict[str, int]) -> str:
    quote = text[place]
    if place < unpaired[quote]:
        return ""
    if match := STRING[quote].match(text, place):
        return match.group()
    end = text.find("\n", place)
    unpaired[quote] = end if end >= 0 else len(text)
    return ""


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def sorted_sets(found: list[Token]) -> list[Token]:
    """The same tokens, with the elements of each set (`{…}` without a colon) in the order of their texts."""
    found = list(found)
    partner = partners(found)
    depth, starts = 0, []
    for at, token in enumerate(found):
        if at in partner:
            depth += 1 if partner[at] > at else -1
            if token.text == "{" and depth <= DEEPEST:
                starts.append(at)
    for start in reversed(starts):  # inner ones first
        if elements := _elements(found, start + 1, partner[start], partner):
            elements.sort(key=lambda element: [token.text for token in element[:-1]])
            found[start + 1 : partner[start]] = [token for element in elements for token in element][:-1]
    return found


def _elements(found: list[Token], start: int, end: int, partner: dict[int, int]) -> list[list[Token]]:
    """What stands between two braces, cut behind each comma; nothing if it is a dict, or no Python."""
    elements: list[list[Token]] = [[]]
    at = start
    while at < end:
        token = found[at]
        if token.kind == "dots" or token.text == ":":
            return []
        last = max(at, partner.get(at, at))
        elements[-1] += found[at : last + 1]
        if token.text == ",":
            elements.append([])
        at = last + 1
    elements[-1].append(Token("sign", ",", found[end].start))
    return elements if all(len(element) > 1 for element in elements) else []
