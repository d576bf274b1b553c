"""A promise anew: what a program shows now, written as the author writes: as rounded, with the same gaps."""

import re
from collections.abc import Callable
from decimal import Decimal

from .gaps import pieces
from .numerals import is_float
from .tokens import NUMERIC, REAL, Token, tokens, walk

Fits = Callable[[str], bool]

PART = re.compile(REAL, re.X)
DOTS = "..."


def renewed(want: str, got: str, fits: Fits) -> str | None:
    """A text that fits `got` and is as near to `want` as may be; `None` if there is none.

    Gaps (`...`) are the author's decision: where what came has no place for them, nobody but the author can choose.

    Example:
        >>> from fluxrepl.tutor.compare import difference
        >>> renewed("array([0.33, 0.67])", "array([0.14285714, 0.85714286])", lambda text: True)
        'array([0.14, 0.86])'

    """
    ways = (_beside_gaps,) if DOTS in want else (_word_by_word, _rounded, _as_it_came)
    candidates = (way(want, got) for way in ways)
    return next((text for text in candidates if text is not None and fits(text)), None)


def _as_it_came(want: str, got: str) -> str | None:
    return got


def _word_by_word(want: str, got: str) -> str | None:
    """Where only words and numbers have changed, and the author rounds: the author's layout, with new ones."""
    if not _places(want, got):
        return None
    wants = [token for token in walk(want) if token.kind != "space"]
    gots = [token for token in walk(got) if token.kind != "space"]
    if [token.kind for token in wants] != [token.kind for token in gots]:
        return None
    return _replaced(want, list(zip(wants, gots, strict=True)))


def _rounded(want: str, got: str) -> str | None:
    """What came, with numbers as short as the longest of the author's."""
    places = _places(want, got)
    if not places:
        return None
    text, place = [], 0
    for token in walk(got):
        if token.kind in NUMERIC:
            short = PART.sub(lambda part: _with_places(part.group(), places), token.text)
            text += [got[place : token.start], short]
            place = token.end
            blanks = len(got) - place - len(got[place:].lstrip(" "))
            if got[place + blanks : place + blanks + 1] in {",", "]"}:
                place += blanks  # NumPy fills short numbers up
    return "".join([*text, got[place:]])


def _beside_gaps(want: str, got: str) -> str | None:
    """What stands between the author's gaps, with the words that stand in its place now."""
    first, *others = pieces(tokens(want))
    if not others:
        return None
    *middle, last = others
    gots = tokens(got)
    pairs = _at(first, gots, 0)
    end = len(gots) - len(last)
    pairs_at_end = _at(last, gots, end)
    if pairs is None or pairs_at_end is None or end < len(first):
        return None
    place = len(first)
    for piece in middle:
        fitting = (at for at in range(place, end - len(piece) + 1) if _at(piece, gots, at, exactly=True) is not None)
        at = next(fitting, None)
        if at is None:
            return None
        place = at + len(piece)
    return _replaced(want, pairs + pairs_at_end)


def _at(piece: list[Token], gots: list[Token], at: int, exactly: bool = False) -> list[tuple[Token, Token]] | None:
    """The tokens of a piece beside those that came at a place; `None` if they are of other kinds."""
    beside = gots[at : at + len(piece)] if at >= 0 else []
    if len(beside) != len(piece):
        return None
    for want, got in zip(piece, beside, strict=True):
        cut = (want.kind == "begins" and got.text.startswith(want.text)) or (
            want.kind == "ends" and got.text.endswith(want.text)
        )
        if not cut and (want.kind != got.kind or (exactly and want.kind not in NUMERIC and want.text != got.text)):
            return None
    return [(w, g) for w, g in zip(piece, beside, strict=True) if w.kind not in ("begins", "ends", "space")]


def _replaced(want: str, pairs: list[tuple[Token, Token]]) -> str:
    """`want` with each of its tokens as the one beside it; numbers as the author rounds them."""
    text, place = [], 0
    for w, g in sorted(pairs, key=lambda pair: pair[0].start):
        new = g.text
        if w.kind in NUMERIC and g.kind in NUMERIC and w.text != g.text:
            new = _all_as_short(w.text, g.text)
        if w.kind == "number" and new == g.text and _equal(w.text, g.text):
            new = w.text
        text += [want[place : w.start], new]
        place = w.end
    return "".join([*text, want[place:]])


def _equal(want: str, got: str) -> bool:
    return is_float(want) and is_float(got) and float(want) == float(got)


def _all_as_short(want: str, got: str) -> str:
    return PART.sub(lambda part: _as_short(want, part.group()), got)


def _as_short(want: str, got: str) -> str:
    """A number to the digits that the author showed of another one."""
    places = max((len(_fraction(part)) for part in PART.findall(want)), default=0)
    return _with_places(got, places) if _fraction(want) not in ("", "0") else got


def _with_places(number: str, places: int) -> str:
    """A number with so many digits behind its point, if it shows more."""
    mantissa, exponent, power = number.lower().partition("e")
    if len(_fraction(number)) <= places or not places:
        return number
    return f"{Decimal(mantissa).quantize(Decimal(1).scaleb(-places))}{exponent}{power}"


def _places(want: str, got: str) -> int:
    """How many digits the author leaves behind a point; 0 where none were left out, or that cannot be told."""
    fractions = [_fraction(part) for part in _parts(want)]
    shown = [len(fraction) for fraction in fractions if fraction not in ("", "0", "5")]
    longest = max((len(_fraction(part)) for part in _parts(got)), default=0)
    return max(shown) if shown and max(shown) < longest else 0


def _parts(text: str) -> list[str]:
    return [part for token in walk(text) if token.kind in NUMERIC for part in PART.findall(token.text)]


def _fraction(number: str) -> str:
    return number.lower().partition("e")[0].partition(".")[2]
