"""`# =>` promises: what must hold of a value when its exact text is not known.

    # => array shape (2, 5)     an array (or anything with a shape) of that shape
    # => ~0.5 ± 0.05            a number that near
    # => _ < before             any expression about the value `_`
    # => (2,)                   else: the text that the value shows, compared as outputs are
"""

import ast
import re
from typing import Any

from .compare import difference

SHAPE = re.compile(r"array shape\s*(\(.*\))")
NEAR = re.compile(r"~?\s*(\S+)\s*(?:±|\+/?-)\s*(\S+)")
ABOUT = re.compile(r"\b_\b")


def fault(text: str) -> str:
    """What is wrong with the wording of a promise; nothing if it can be judged."""
    if not text:
        return "a promise without words; write what must hold: a value, `array shape (2, 5)`, `~0.5 ± 0.05`, `_ > 0`"
    if text.startswith("array shape"):
        match = SHAPE.fullmatch(text)
        return "" if match and _shape(match[1]) is not None else "write the shape as a tuple: `array shape (2, 5)`"
    if match := NEAR.fullmatch(text):
        return "" if _number(match[1]) is not None and _number(match[2]) is not None else "write `~0.5 ± 0.05`"
    if text.startswith("~"):
        return f"say how near the number must be: `{text} ± 0.1`"
    if ABOUT.search(text):
        try:
            ast.parse(text, mode="eval")
        except SyntaxError as error:
            return f"not an expression about `_` ({error.msg})"
    return ""


def needs_value(text: str) -> bool:
    """Whether the promise is about the value itself rather than the text it shows."""
    return bool(SHAPE.fullmatch(text) or NEAR.fullmatch(text) or ABOUT.search(text))


def broken(text: str, value: Any, namespace: dict[str, Any]) -> str:
    """How `value` breaks a promise about values; nothing where it is kept."""
    if match := SHAPE.fullmatch(text):
        shape = getattr(value, "shape", None)
        return "" if shape is not None and tuple(shape) == _shape(match[1]) else _got(value, shape)
    if match := NEAR.fullmatch(text):
        middle, slack = _number(match[1]), _number(match[2])
        assert middle is not None and slack is not None
        try:
            near = bool(abs(value - middle) <= slack)  # false for nan
        except (TypeError, ValueError):
            near = False
        return "" if near else _got(value)
    kept = eval(text, {**namespace, "_": value})
    return "" if kept else _got(value)


def broken_text(text: str, shown: str, rtol: float | None = None, signed_zero: bool = False) -> str:
    """How the text that a value shows breaks a promise that is its literal text; nothing where it is kept."""
    return "" if difference(text, shown, rtol, signed_zero) is None else (shown.rstrip() or "nothing")


def _got(value: Any, shape: Any = None) -> str:
    text = repr(value)
    text = text if len(text) <= 200 else text[:200] + " …"
    return f"shape {tuple(shape)}" if shape is not None else text


def _shape(text: str) -> tuple[int, ...] | None:
    try:
        shape = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return None
    return shape if isinstance(shape, tuple) and all(type(size) is int for size in shape) else None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
