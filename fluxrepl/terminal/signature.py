"""The signature bar: which call is the cursor in, and which of its parameters is being written?

Nothing of the learner's is called for it: names are looked up in the namespace, attributes only where that
runs no code (properties are left alone).
"""

import builtins
import inspect
import io
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

Fragments = list[tuple[str, str]]

DEFINED = "def "
STARS: dict[Any, str] = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}


@dataclass
class Bracket:
    """An open bracket left of the cursor: the dotted name before it, and how far its arguments are."""

    opens: str
    callee: str
    position: int = 0
    keyword: str = ""
    in_lambda: bool = False


def call_at(text: str) -> Bracket | None:
    """The innermost call that is open at the end of `text`.

    Example:
        >>> call_at("gradient(lambda x, y: x*y, 2.0, ")
        Bracket(opens='(', callee='gradient', position=2, keyword='', in_lambda=False)

    """
    stack: list[Bracket] = []
    name: list[str] = []  # the dotted name that ends at the current token
    for token in _tokens(text):
        word = token.string
        if word and word in "([{" and token.type == tokenize.OP:
            stack.append(Bracket(word, "".join(name)))
        elif word and word in ")]}" and token.type == tokenize.OP and stack:
            stack.pop()
        elif stack:
            _argument(stack[-1], word, name)
        name = _dotted(name, token)
    return next((bracket for bracket in reversed(stack) if bracket.opens == "(" and bracket.callee), None)


def _argument(bracket: Bracket, word: str, name: list[str]) -> None:
    if word == "lambda":
        bracket.in_lambda = True
    elif word == ":":
        bracket.in_lambda = False
    elif word == "," and not bracket.in_lambda:
        bracket.position += 1
        bracket.keyword = ""
    elif word == "=" and not bracket.in_lambda:
        bracket.keyword = "".join(name)


def _dotted(name: list[str], token: tokenize.TokenInfo) -> list[str]:
    """The dotted name that ends at this token. After `def` it is no call: `DEFINED` keeps it from being looked up."""
    if token.string in ("def", "class"):
        return [DEFINED]
    if token.type == tokenize.NAME and token.string != "lambda":
        return [*name, token.string] if name and name[-1] in (".", DEFINED) else [token.string]
    if token.string == "." and name and name[-1] != ".":
        return [*name, "."]
    return []


def _tokens(text: str) -> list[tokenize.TokenInfo]:
    tokens = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            tokens.append(token)
    except (tokenize.TokenError, SyntaxError):
        pass  # the text is half-typed: what came before is what there is
    return tokens


def look_up(dotted: str, names: Mapping[str, Any]) -> Any:
    """The object a dotted name stands for, or None; runs no code of the learner's."""
    first, *rest = dotted.split(".")
    found = names.get(first, getattr(builtins, first, None))
    for attribute in rest:
        if isinstance(found, ModuleType):
            found = getattr(found, attribute, None)
            continue
        static = inspect.getattr_static(found, attribute, None)
        if static is None or isinstance(static, property) or inspect.getattr_static(type(found), "__getattr__", None):
            return None
        found = getattr(found, attribute, None)
    return found


def signature_bar(text: str, names: Mapping[str, Any], width: int) -> Fragments:
    """The bar for the text left of the cursor: name and parameters, the current one marked; empty outside a call."""
    call = call_at(text)
    if call is None:
        return []
    callee = look_up(call.callee, names)
    if not callable(callee):
        return []
    try:
        parameters = list(inspect.signature(callee).parameters.values())
    except (ValueError, TypeError):
        return _from_docstring(call.callee, callee, width)
    return _cut([("class:signature.name", call.callee), *_parameters(parameters, call)], width)


def _parameters(parameters: list[inspect.Parameter], call: Bracket) -> Fragments:
    current = _current(parameters, call)
    fragments: Fragments = [("class:signature.rest", "(")]
    for index, parameter in enumerate(parameters):
        if index:
            fragments.append(("class:signature.rest", ", "))
        style = "class:signature.current" if parameter is current else "class:signature.rest"
        fragments.append((style, _short(parameter)))
    return [*fragments, ("class:signature.rest", ")")]


def _current(parameters: list[inspect.Parameter], call: Bracket) -> inspect.Parameter | None:
    if call.keyword:
        named = [parameter for parameter in parameters if parameter.name == call.keyword]
        return named[0] if named else next((p for p in parameters if p.kind == p.VAR_KEYWORD), None)
    for index, parameter in enumerate(parameters):
        if parameter.kind == parameter.VAR_POSITIONAL:
            return parameter
        if parameter.kind in (parameter.KEYWORD_ONLY, parameter.VAR_KEYWORD):
            return None
        if index == call.position:
            return parameter
    return None


def _short(parameter: inspect.Parameter) -> str:
    """A parameter without its annotation, its default cut short and functions by their name."""
    stars = STARS.get(parameter.kind, "")
    if parameter.default is parameter.empty:
        return stars + parameter.name
    default = parameter.default
    words = getattr(default, "__name__", None) if callable(default) else None
    try:
        words = words or repr(default)
    except Exception:
        words = "…"
    return f"{parameter.name}={words if len(words) <= 20 else words[:19] + '…'}"


def _from_docstring(name: str, callee: Any, width: int) -> Fragments:
    """NumPy's ufuncs and many builtins say their signature only in the first line of their docstring."""
    first = (getattr(callee, "__doc__", None) or "").strip().split("\n", 1)[0]
    head, bracket, rest = first.partition("(")
    if not bracket or not head or not head.replace("_", "").isalnum():
        return []
    return _cut([("class:signature.name", name), ("class:signature.rest", "(" + rest)], width)


def _cut(fragments: Fragments, width: int) -> Fragments:
    """The fragments cut to one line of the screen."""
    cut: Fragments = []
    left = width - 1
    for style, text in fragments:
        if len(text) > left:
            return [*cut, (style, text[: max(left - 1, 0)] + "…")]
        cut.append((style, text))
        left -= len(text)
    return cut
