"""Whether an output is the one that was promised: numbers to the digits the author wrote, text exactly.

Both texts are cut into tokens (`tokens.py`), which are compared one by one; nothing is ever evaluated. What counts as
the same:

- a float may be rounded: `0.333` promises 0.33333333, not 0.334. A whole one (`2.0`, `2.`) promises exactly that,
  because that is how an exact value prints. Float noise (a relative 1e-9; 1e-6 beside the word `float32`) is allowed;
- an int is never a float, except in a complex number; `-0.0` is `0.0` unless the lesson says {signed_zero};
- spaces and line breaks inside brackets are free (NumPy pads its columns), as are spaces that align a number;
  elsewhere they count, except at line ends. Tabs are read as Python's doctest reads them, as spaces;
- the elements of a set come in any order: Python orders those of a set of texts anew in each process;
- `...` stands for any text, as in doctest.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any
from unicodedata import normalize

from .gaps import fits_with_gaps, text_fits_with_gaps
from .numerals import Rules, same_complex, same_number
from .tokens import Token, sorted_sets, tokens, walk

NOISE = {"float32": 1e-6, "complex64": 1e-6, "float16": 2e-3}  # how far two machines differ in the last digits printed

LONGEST = 60  # characters of a token that are quoted
LONGEST_LIST = 100_000  # characters of an output of which all tokens are held: for rounding beside a gap, and for sets

Place = tuple[int, int, int]  # line and column, counted from 1, and how many characters


@dataclass(frozen=True)
class Difference:
    """The first place where two outputs part: what was promised there, what came, and where in each of the two."""

    want: str
    got: str
    want_at: Place
    got_at: Place

    @property
    def line(self) -> int:
        """The line of the promise, counted from 1."""
        return self.want_at[0]

    def __str__(self) -> str:
        return f"line {self.line}: {self.want or 'the end'} was promised, {self.got or 'the end'} came"


def difference(want: str, got: str, rtol: float | None = None, signed_zero: bool = False) -> Difference | None:
    """Where `got` first differs from `want`, or `None` if it is what was promised."""
    want, got = _tidy(want), _tidy(got)
    if want == got:
        return None
    noise = max((size for word, size in NOISE.items() if word in want), default=1e-9)
    rules = Rules(noise if rtol is None else rtol, signed_zero)
    wants = tokens(want)
    short = len(got) <= LONGEST_LIST
    if "..." in want and (
        text_fits_with_gaps(want, got) or (short and fits_with_gaps(wants, tokens(got), rules, same))
    ):
        return None
    parted = _first_difference(wants, walk(got), rules)
    if parted and short and "{" in want and "{" in got:
        parted = _first_difference(sorted_sets(wants), sorted_sets(tokens(got)), rules)
    return _difference(want, got, *parted) if parted else None


def error_fits(want: str, error: dict[str, Any], rtol: float | None = None) -> bool:
    """Whether an error is the one wanted: `ValueError` alone (a base class will do), or with exactly its message.

    `error` is what `run.describe` tells of it. Its notes may be part of the wanted message, or be left out.
    """
    name, colon, message = want.partition(":")
    name = name.strip()
    if not colon:
        return name == error["full"] or name.rpartition(".")[2] in error["bases"]
    if name not in (error["name"], error["full"]):
        return False
    got = str(error["message"])
    return any(
        difference(message.strip(), text.strip(), rtol) is None for text in (got, "\n".join([got, *error["notes"]]))
    )


def same(want: Token, got: Token, rules: Rules) -> bool:
    """Whether one token is what another promises."""
    if want.kind != got.kind:
        return False
    if want.kind == "number":
        return same_number(want.text, got.text, rules)
    if want.kind == "complex":
        return same_complex(want.text, got.text, rules)
    aligned = want.free and got.free and want.text.count("\n") == got.text.count("\n")
    return want.text == got.text or aligned


Pair = tuple[Token | None, Token | None]


def _first_difference(wants: list[Token], gots: Iterable[Token], rules: Rules) -> Pair | None:
    """The first tokens that differ; where white space inside brackets says nothing, `wants` knows.

    `gots` is walked no further: a lesson may print without end.
    """
    rest: Iterator[Token] = iter(gots)
    for want in wants:
        got = next(rest, None)
        if want.inside and got is not None and got.kind == "space":
            got = next(rest, None)
        if got is None or not same(want, got, rules):
            return want, got
    more = next(rest, None)
    return (None, more) if more is not None else None


def _tidy(text: str) -> str:
    lines = (line.rstrip() for line in text.replace("\r\n", "\n").expandtabs().split("\n"))
    return "\n".join("" if line == "<BLANKLINE>" else line for line in lines).rstrip("\n")


def _difference(want: str, got: str, w: Token | None, g: Token | None) -> Difference:
    skip = 0
    if w and g and w.kind == g.kind and max(len(w.text), len(g.text)) > LONGEST:
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(w.text, g.text, strict=False))
        skip = sum(1 for _ in alike)  # of a long word or string only what differs is pointed at
    told = [_quoted(w, skip), _quoted(g, skip)]
    if w and g and len({normalize("NFC", words) for words in told}) == 1:  # é may be two characters
        told = [ascii(token.text[max(0, skip - 5) :][:LONGEST]) for token in (w, g)]
    return Difference(told[0], told[1], _place(want, w, skip), _place(got, g, skip))


def _place(text: str, token: Token | None, skip: int) -> Place:
    start = token.start + skip if token else len(text)
    if token and token.kind == "space" and "\n" in token.text:
        start += token.text.index("\n")
    line_start = text.rfind("\n", 0, start) + 1
    size = max(1, len(token.text.split("\n")[0]) - skip) if token else 1
    return text.count("\n", 0, start) + 1, start - line_start + 1, size


def _quoted(token: Token | None, skip: int) -> str:
    if token is None:
        return ""
    if token.kind == "space":
        spaces = len(token.text)
        return "a line break" if "\n" in token.text else "a space" if spaces == 1 else f"{spaces} spaces"
    if len(token.text) <= LONGEST:
        return f"`{token.text}`"
    start = max(0, skip - 10)
    piece = token.text[start : start + LONGEST]
    before, after = "…" if start else "", "…" if start + LONGEST < len(token.text) else ""
    return f"`{before}{piece}{after}`"
