"""Which call is the cursor in, how far are its arguments, and what is being called? Read from half-typed text."""

import io
import keyword
import tokenize
from dataclasses import dataclass, field
from functools import lru_cache

VALUES = (tokenize.NAME, tokenize.STRING, tokenize.NUMBER)


@dataclass
class Bracket:
    """An open bracket left of the cursor: what stands before it, and how far its arguments are."""

    opens: str
    callee: str  # as written: `np.sum`, `m[0]`, `Dense(3, 4)`; "" where nothing is called
    position: int = 0
    keyword: str = ""
    in_lambda: bool = False
    begins: int = field(default=0, repr=False)  # where in the text the value begins that the bracket belongs to


def call_at(text: str) -> Bracket | None:
    """The innermost call that is open at the end of `text`.

    Example:
        >>> call_at("gradient(lambda x, y: x*y, 2.0, ")
        Bracket(opens='(', callee='gradient', position=2, keyword='', in_lambda=False)

    """
    stack, _ = _read(text)
    return next((bracket for bracket in reversed(stack) if bracket.opens == "(" and bracket.callee), None)


@lru_cache(maxsize=4)  # a menu asks the same for each of its lines
def value_before_dot(text: str) -> str:
    """The value that `text` ends with and a dot behind it, as written; "" if there is none.

    Example:
        >>> value_before_dot("x = 1 + m[0]."), value_before_dot("2 + (1)."), value_before_dot("x")
        ('m[0]', '(1)', '')

    """
    begins = _read(text)[1] if text.endswith(".") else None
    return "" if begins is None else text[begins:-1].strip()


def _read(text: str) -> tuple[list[Bracket], int | None]:
    """The brackets that are open at the end of the text, and where the value begins that the text ends with."""
    lines = text.splitlines(keepends=True)
    offsets = [sum(map(len, lines[:row])) for row in range(len(lines) + 1)]
    stack: list[Bracket] = []
    begins: int | None = None
    before = ""
    for token in _tokens(text):
        word, start = token.string, offsets[min(token.start[0] - 1, len(lines))] + token.start[1]
        if token.type in (tokenize.ENDMARKER, tokenize.NEWLINE) and start >= len(text):
            break
        is_bracket = token.type == tokenize.OP and word in "()[]{}"
        if is_bracket and word in "([{":
            callee = "" if begins is None else text[begins:start].strip()
            stack.append(Bracket(word, callee, begins=start if begins is None else begins))
            begins = None
        elif is_bracket:
            begins = stack.pop().begins if stack else None
        else:
            if stack:
                _argument(stack[-1], word, "" if begins is None else text[begins:start].strip())
            begins = _begins(token, before, begins, start)
        before = word
    return stack, begins


def _begins(token: tokenize.TokenInfo, before: str, begins: int | None, start: int) -> int | None:
    """Where the value begins that this token ends, or goes on with; what `def` and `class` name is no value."""
    if token.string == ".":
        return begins
    if token.type == tokenize.NAME and before == ".":
        return begins
    if token.type not in VALUES or before in ("def", "class"):
        return None
    return None if token.type == tokenize.NAME and keyword.iskeyword(token.string) else start


def _argument(bracket: Bracket, word: str, name: str) -> None:
    if word == "lambda":
        bracket.in_lambda = True
    elif word == ":":
        bracket.in_lambda = False
    elif word == "," and not bracket.in_lambda:
        bracket.position += 1
        bracket.keyword = ""
    elif word == "=" and not bracket.in_lambda:
        bracket.keyword = name


def _tokens(text: str) -> list[tokenize.TokenInfo]:
    tokens = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            tokens.append(token)
    except (tokenize.TokenError, SyntaxError):
        pass  # the text is half-typed: what came before is what there is
    return tokens
