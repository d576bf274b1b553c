"""Promises: what stands behind `# =>` in a python block, and must hold of the value of that statement.

- `array shape (2, 5)`: an array (or anything with a shape) of that shape;
- `~0.5 ± 0.05`: a number that near;
- `_ < before`: any expression about the value `_`;
- anything else, such as `(2,)` or `None`: the text that the value shows, compared as outputs are.
"""

import ast
import math
import re
from functools import cache
from typing import Any

from .compare import difference

ARROW = re.compile(r"#\s*=>\s*")  # begins the comment of a promise
SHAPE = re.compile(r"array shape\s*(\(.*\))")
NEAR = re.compile(r"~?\s*(\S+)\s*(?:±|\+/?-)\s*(\S+)")
ABOUT = re.compile(r"\b_\b")

Fact = dict[str, Any]

_eval = eval  # bound now: a lesson may patch it


def is_text(text: str) -> bool:
    """Whether a promise is the text that the value shows, not a shape, a range or an expression about it."""
    return not (SHAPE.fullmatch(text) or NEAR.fullmatch(text) or _is_about(text))


def fault(text: str) -> str:
    """What is wrong with the wording of a promise; nothing if it can be judged."""
    if not text:
        return "a promise without words; write what must hold: a value, `array shape (2, 5)`, `~0.5 ± 0.05`, `_ > 0`"
    if text.startswith("array shape"):
        match = SHAPE.fullmatch(text)
        return "" if match and _shape(match[1]) is not None else "write the shape as a tuple: `array shape (2, 5)`"
    if match := NEAR.fullmatch(text):
        slack = _number(match[2])
        return "" if _number(match[1]) is not None and slack is not None and slack >= 0 else "write `~0.5 ± 0.05`"
    if text.startswith("~"):
        return f"say how near the number must be: `{text} ± 0.1`"
    if _is_about(text):
        try:
            ast.parse(text, mode="eval")
        except SyntaxError as error:
            return f"not an expression about `_` ({error.msg})"
        except (MemoryError, RecursionError):
            return "nested too deep for Python to parse"
    return ""


def asked(text: str) -> str:
    """What must be observed for the promise `text`, as a promise of the same form that does not tell what is promised.

    An expression about `_` is evaluated where the value is: it stays as it is.

    Example:
        >>> asked("array shape (2, 5)"), asked("~0.5 ± 0.05"), asked("_ < before"), asked("26")
        ('array shape ()', '~0 ± 0', '_ < before', '...')

    """
    if SHAPE.fullmatch(text):
        return "array shape ()"
    if NEAR.fullmatch(text):
        return "~0 ± 0"
    return text if _is_about(text) else "..."


def observe(text: str, value: Any, shown: str, namespace: dict[str, Any]) -> Fact:
    """What must be known about a value to judge the promise `text`: plain data, which can leave the process."""
    if SHAPE.fullmatch(text):
        shape = getattr(value, "shape", None)
        if not isinstance(shape, tuple):
            return {"shape": None, "got": f"not an array: {_kind_of(value)}{_short(value)}"}
        return {"shape": [int(size) for size in shape], "got": _short(value)}
    if NEAR.fullmatch(text):
        try:
            number = None if isinstance(value, str) else float(value)
        except (TypeError, ValueError):
            number = None
        return {"number": number, "got": _short(value)}
    if _is_about(text):
        try:
            return {"held": bool(_eval(text, {**namespace, "_": value})), "got": _short(value)}
        except Exception as error:
            return {"held": False, "got": f"{type(error).__name__}: {error}"}
    return {"shown": shown or ("None" if value is None else "")}  # at a prompt `None` shows nothing


def broken(text: str, fact: Fact, rtol: float | None = None, signed_zero: bool = False) -> str:
    """What came instead of what was promised; nothing where the promise is kept."""
    got = str(fact.get("got", "nothing"))
    if match := SHAPE.fullmatch(text):
        shape = fact.get("shape")
        if not isinstance(shape, list):
            return got
        return "" if tuple(shape) == _shape(match[1]) else f"array shape {tuple(shape)}"
    if match := NEAR.fullmatch(text):
        number, middle, slack = fact.get("number"), _number(match[1]), _number(match[2])
        if not isinstance(number, float) or middle is None or slack is None:
            return got
        return "" if abs(number - middle) <= slack else got
    if _is_about(text):
        return "" if fact.get("held") is True else got
    shown = str(fact.get("shown", ""))
    return "" if difference(text, shown, rtol, signed_zero) is None else (shown.rstrip() or "nothing")


def _short(value: Any) -> str:
    try:
        text = repr(value)
    except Exception as error:
        return f"<its repr raised {type(error).__name__}: {error}>"
    return text if len(text) <= 200 else text[:200] + " …"


def _kind_of(value: Any) -> str:
    return "" if value is None else f"{type(value).__name__} "


def _shape(text: str) -> tuple[int, ...] | None:
    try:
        shape = ast.literal_eval(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    return shape if isinstance(shape, tuple) and all(type(size) is int for size in shape) else None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


@cache
def _is_about(text: str) -> bool:
    """Whether a promise speaks of the value as `_`: as a name, not in a string or a word."""
    if not ABOUT.search(text):
        return False
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return True  # `fault` says what is wrong with it
    return any(isinstance(node, ast.Name) and node.id == "_" for node in ast.walk(tree))
