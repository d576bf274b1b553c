"""The signature bar: the parameters of the call that the cursor is in, the one that is being written marked."""

import inspect
from collections.abc import Mapping
from typing import Any

from .calls import Bracket, call_at
from .peek import callable_of, peek

Fragments = list[tuple[str, str]]

WIDEST_NAME = 30
POSITIONAL_ONLY, KEYWORD_ONLY = inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.KEYWORD_ONLY
STARS: dict[Any, str] = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}


def signature_bar(text: str, names: Mapping[str, Any], width: int) -> Fragments:
    """The bar for the text left of the cursor: name and parameters, the current one marked; empty outside a call."""
    call = call_at(text)
    callee = callable_of(peek(call.callee, names)) if call is not None else None
    if call is None or callee is None:
        return []
    name = call.callee if len(call.callee) <= WIDEST_NAME else "…" + call.callee[1 - WIDEST_NAME :]
    try:
        parameters = list(inspect.signature(callee).parameters.values())
    except (ValueError, TypeError):
        return _from_docstring(name, callee, width)
    current = _current(parameters, call)
    return _line(name, _words(parameters), _short(current) if current else None, width)


def _words(parameters: list[inspect.Parameter]) -> list[str]:
    """The parameters as Python writes them, with the `/` and the `*` that say how they may be given."""
    kinds = [parameter.kind for parameter in parameters]
    words = [_short(parameter) for parameter in parameters]
    if KEYWORD_ONLY in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds:
        words.insert(kinds.index(KEYWORD_ONLY), "*")
    if POSITIONAL_ONLY in kinds:
        words.insert(kinds.count(POSITIONAL_ONLY), "/")  # they come first
    return words


def _line(name: str, words: list[str], current: str | None, width: int) -> Fragments:
    """The words in one line of the screen. Where the current one would not be seen, those before it give way."""
    at = words.index(current) if current in words else 0
    first = 0
    while first < at and len(f"{name}(…, {', '.join(words[first : at + 1])}, …") >= width:
        first += 1
    fragments: Fragments = [("class:signature.name", name), ("class:signature.rest", "(…, " if first else "(")]
    for number, word in enumerate(words[first:], first):
        if number > first:
            fragments.append(("class:signature.rest", ", "))
        fragments.append((f"class:signature.{'current' if word == current else 'rest'}", word))
    return _cut([*fragments, ("class:signature.rest", ")")], width)


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
