"""Comparing where the author wrote `...`: what stands between the gaps must come in order, the rest is free."""

from collections.abc import Callable

from .numerals import Rules
from .tokens import CLOSING, OPENING, Token, partners, touching

Same = Callable[[Token, Token, Rules], bool]


def fits_with_gaps(wants: list[Token], gots: list[Token], rules: Rules, same: Same) -> bool:
    """Whether the tokens between the `...` of `wants` come in `gots`, in order, the first and last at the ends."""
    first, *others = pieces(wants)
    if not others:
        return False  # the gap is in a string
    *middle, last = others

    def fits(piece: list[Token], at: int) -> bool:
        return all(_fits(w, g, rules, same) for w, g in zip(piece, gots[at : at + len(piece)], strict=True))

    start, end = len(first), len(gots) - len(last)
    if start > end or not fits(first, 0) or not fits(last, end):
        return False
    for piece in middle:
        at = next((at for at in range(start, end - len(piece) + 1) if fits(piece, at)), None)
        if at is None:
            return False
        start = at + len(piece)
    return True


def text_fits_with_gaps(want: str, got: str) -> bool:
    """The same on the bare texts, for a `...` inside a word or a string: `<function f at 0x...>`, `'abc...'`."""
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


def pieces(wants: list[Token]) -> list[list[Token]]:
    """What stands between the gaps, without the white space beside them. What touches a gap is part of a word."""
    found: list[list[Token]] = [[]]
    for at, token in enumerate(wants):
        before = wants[at - 1] if at else None
        after = wants[at + 1] if at + 1 < len(wants) else None
        beside = [other for other in (before, after) if other and other.kind == "dots"]
        if token.kind == "dots":
            found.append([])
        elif not beside:
            found[-1].append(token)
        elif token.kind != "space":
            found[-1].append(_cut(token, before, after))
    return [_tightened(piece) for piece in found]


def _tightened(piece: list[Token]) -> list[Token]:
    """A piece without the white space inside brackets of which a gap holds the other half."""
    whole = partners(piece)
    halves = {at for at, token in enumerate(piece) if token.kind == "sign" and at not in whole}
    opened = min((at for at in halves if piece[at].text in OPENING), default=len(piece))
    closed = max((at for at in halves if piece[at].text in CLOSING), default=-1)
    return [token for at, token in enumerate(piece) if token.kind != "space" or closed < at < opened]


def _cut(token: Token, before: Token | None, after: Token | None) -> Token:
    """A token beside a gap; where nothing parts them, its kind tells on which side it goes on."""
    if token.kind == "sign":
        return token
    if after and after.kind == "dots" and touching(token, after):
        return Token("begins", token.text, token.start)
    if before and before.kind == "dots" and touching(before, token):
        return Token("ends", token.text, token.start)
    return token


def _fits(want: Token, got: Token, rules: Rules, same: Same) -> bool:
    if want.kind == "begins":
        return got.text.startswith(want.text)
    if want.kind == "ends":
        return got.text.endswith(want.text)
    return same(want, got, rules)
