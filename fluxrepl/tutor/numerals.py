"""Whether a number that came is the one promised, given both as they were written: to the digits of the promise."""

import math
import re
from dataclasses import dataclass

TINY = 1e-12  # what a promised zero may be off

PARTS = re.compile(r"(?P<real>.*?[^eE+\s-])??\s*(?P<imag>[+-]?[0-9.][0-9._]*(?:[eE][+-]?[0-9]+)?)j")


@dataclass(frozen=True)
class Rules:
    """What an author may loosen or tighten."""

    rtol: float
    signed_zero: bool


def same_number(want: str, got: str, rules: Rules) -> bool:
    """Whether `got` is the number `want`; an int is its text, and never a float."""
    if not is_float(want) or not is_float(got):
        return want == got
    return _same_float(want, got, rules)


def same_complex(want: str, got: str, rules: Rules) -> bool:
    """The same for complex numbers, whose parts show no point where they are whole: `1+2j` is as good as `1.+2.j`."""
    return all(_same_float(w, g, rules) for w, g in zip(_parts(want), _parts(got), strict=True))


def is_float(number: str) -> bool:
    """Whether a number as it is written is a float."""
    return any(sign in number for sign in ".eE")


def is_rounded(want: str, got: str) -> bool:
    """Whether the author left digits out: fewer decimals than came, and not a whole number as it prints."""
    fraction = re.split("[eE]", want)[0].partition(".")[2]
    return fraction not in ("", "0") and decimals(want) < decimals(got)


def decimals(number: str) -> int:
    """How many decimal places a number shows: 2 for `0.25`, 6 for `1.5e-05`."""
    mantissa, _, exponent = number.lower().partition("e")
    return len(mantissa.partition(".")[2]) - int(exponent or 0)


def _same_float(want: str, got: str, rules: Rules) -> bool:
    w, g = float(want), float(got)
    if w == g:
        return w != 0 or not rules.signed_zero or math.copysign(1, w) == math.copysign(1, g)
    if math.isinf(w) or math.isinf(g):
        return False
    rounding = float(f"0.5e{-decimals(want)}") if is_rounded(want, got) else 0.0
    if w == 0:
        return abs(g) <= max(rounding, TINY)
    return abs(w - g) <= max(rounding * (1 + 1e-9), rules.rtol * abs(w))


def _parts(number: str) -> tuple[str, str]:
    """The real and the imaginary part, as they are written."""
    if not number.endswith("j"):
        return number, "0"
    match = PARTS.fullmatch(number)
    assert match
    return match["real"] or "0", match["imag"].replace(" ", "")
