"""Whether an output is the one that was promised: numbers to the digits the author wrote, text exactly.

Both texts are cut into tokens (numbers, quoted strings, names, signs, white space) and compared one by one; nothing is
ever evaluated. What counts as the same:

- a float may be rounded: `0.333` promises 0.33333333, not 0.334. A whole one (`2.0`, `2.`) promises exactly that,
  because that is how an exact value prints. Float noise (a relative 1e-9; 1e-6 beside the word `float32`) is allowed;
- an int is never a float, `-0.0` is `0.0` unless the lesson says {signed_zero};
- spaces and line breaks inside brackets are free (NumPy pads its columns), as are spaces that pad a number;
  elsewhere they count, except at line ends;
- `...` stands for any text, as in doctest.
"""

import math
import re
from dataclasses import dataclass
from typing import Any

TOKEN = re.compile(
    r"""
    (?P<dots>   \.\.\. )
  | (?P<number> (?<![\w.)\]]) [+-]?
                (?: \d[\d_]*\.(?!\.\.)\d* | \.\d+ | \d[\d_]* ) (?:[eE][+-]?\d+)? (?! (?!j\b)\w | \.\d ) )
  | (?P<string> (?<!\w) (?: '(?:\\.|[^'\\\n])*' | "(?:\\.|[^"\\\n])*" ) )
  | (?P<space>  \s+ )
  | (?P<name>   \w+ )
  | (?P<sign>   . )
    """,
    re.X | re.S,
)

NOISE = {"float32": 1e-6, "complex64": 1e-6, "float16": 2e-3}  # how far two machines differ in the last digits printed
TINY = 1e-12  # what a promised zero may be off


@dataclass(frozen=True)
class Token:
    """A piece of output: `start` is where it begins in its text."""

    kind: str
    text: str
    start: int
    free: bool = False  # white space that says nothing: inside brackets


@dataclass(frozen=True)
class Difference:
    """The first place where two outputs part; `line` counts from 1 within them."""

    want: str
    got: str
    line: int

    def __str__(self) -> str:
        return f"line {self.line}: {self.want or 'the end'} was promised, {self.got or 'the end'} came"


@dataclass(frozen=True)
class Rules:
    """What an author may loosen or tighten."""

    rtol: float
    signed_zero: bool


def difference(want: str, got: str, rtol: float | None = None, signed_zero: bool = False) -> Difference | None:
    """Where `got` first differs from `want`, or `None` if it is what was promised."""
    want, got = _tidy(want), _tidy(got)
    if want == got:
        return None
    noise = max((size for word, size in NOISE.items() if word in want), default=1e-9)
    rules = Rules(noise if rtol is None else rtol, signed_zero)
    wants, gots = tokens(want), tokens(got)
    if "..." in want and (_fits_with_gaps(wants, gots, rules) or _text_fits_with_gaps(want, got)):
        return None
    for w, g in zip(wants, gots, strict=False):
        if not _same(w, g, rules):
            return _difference(want, got, w, g)
    if len(wants) == len(gots):
        return None
    shorter = min(len(wants), len(gots))
    return _difference(want, got, *(side[shorter] if shorter < len(side) else None for side in (wants, gots)))


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


def tokens(text: str) -> list[Token]:
    """The tokens of a text; white space that does not matter is left out or marked free."""
    found: list[Token] = []
    depth = 0
    for match in TOKEN.finditer(text):
        kind, word = match.lastgroup or "", match.group()
        if kind == "sign":
            depth = max(0, depth + (word in "([{") - (word in ")]}"))
        if kind == "space" and depth:
            continue
        found.append(Token(kind, word, match.start()))
    return [_relaxed(found, i) for i in range(len(found))]


def _relaxed(found: list[Token], i: int) -> Token:
    """Spaces beside a number only align it: a rounded one is shorter."""
    token = found[i]
    beside = [found[j].kind for j in (i - 1, i + 1) if 0 <= j < len(found)]
    if token.kind == "space" and "\n" not in token.text and "number" in beside:
        return Token("space", token.text, token.start, free=True)
    return token


def _tidy(text: str) -> str:
    lines = (line.rstrip() for line in text.replace("\r\n", "\n").split("\n"))
    return "\n".join("" if line == "<BLANKLINE>" else line for line in lines).rstrip("\n")


def _same(want: Token, got: Token, rules: Rules) -> bool:
    if want.kind != got.kind:
        return False
    if want.kind == "number":
        return _same_number(want.text, got.text, rules)
    return want.text == got.text or (want.free and got.free)


def _same_number(want: str, got: str, rules: Rules) -> bool:
    if _is_float(want) != _is_float(got):
        return False
    if not _is_float(want):
        return int(want) == int(got)
    w, g = float(want), float(got)
    if w == g:
        return w != 0 or not rules.signed_zero or math.copysign(1, w) == math.copysign(1, g)
    if w == 0:
        return abs(g) <= TINY
    if math.isinf(w) or math.isinf(g):
        return False
    rounding = 0.5 * 10.0 ** -_decimals(want) if _is_rounded(want, got) else 0.0
    return abs(w - g) <= max(rounding * (1 + 1e-9), rules.rtol * abs(w))


def _is_float(number: str) -> bool:
    return any(sign in number for sign in ".eE")


def _is_rounded(want: str, got: str) -> bool:
    """Whether the author left digits out: fewer decimals than came, and not a whole number as it prints."""
    fraction = re.split("[eE]", want)[0].partition(".")[2]
    return fraction not in ("", "0") and _decimals(want) < _decimals(got)


def _decimals(number: str) -> int:
    """How many decimal places the number shows: 2 for `0.25`, 6 for `1.5e-05`."""
    mantissa, _, exponent = number.lower().partition("e")
    return len(mantissa.partition(".")[2]) - int(exponent or 0)


def _fits_with_gaps(wants: list[Token], gots: list[Token], rules: Rules) -> bool:
    """Whether the tokens between the `...` of `wants` come in `gots`, in order, the first and last at the ends."""
    pieces: list[list[Token]] = [[]]
    for token in wants:
        if token.kind == "dots":
            pieces.append([])
        else:
            pieces[-1].append(token)
    first, *middle, last = ([token for token in piece if token.kind != "space"] for piece in pieces)
    rest = [token for token in gots if token.kind != "space"]

    def fits(piece: list[Token], at: int) -> bool:
        return all(_same(w, g, rules) for w, g in zip(piece, rest[at : at + len(piece)], strict=True))

    start, end = len(first), len(rest) - len(last)
    if start > end or not fits(first, 0) or not fits(last, end):
        return False
    for piece in middle:
        places = (at for at in range(start, end - len(piece) + 1) if fits(piece, at))
        at = next(places, None)
        if at is None:
            return False
        start = at + len(piece)
    return True


def _text_fits_with_gaps(want: str, got: str) -> bool:
    """The same on the bare texts, for a `...` inside a word: `<function f at 0x...>`."""
    first, *middle, last = want.split("...")
    start, end = len(first), len(got) - len(last)
    if start > end or not got.startswith(first) or not got.endswith(last):
        return False
    for piece in middle:
        at = got.find(piece, start, end)
        if at < 0:
            return False
        start = at + len(piece)
    return True


def _difference(want: str, got: str, w: Token | None, g: Token | None) -> Difference:
    line = want[: w.start].count("\n") if w else want.count("\n")
    return Difference(_quoted(w), _quoted(g), line + 1)


def _quoted(token: Token | None) -> str:
    if token is None:
        return ""
    if token.kind == "space":
        return "a line break" if "\n" in token.text else f"{len(token.text)} spaces"
    return f"`{token.text}`"
