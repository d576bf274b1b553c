"""A value on one line, as one writes it in Python: `Chain(Dense(10, 5, relu), softmax)`.

What a structure looks like is its *form*: an opening, labelled parts, a closing. `summary.py` writes the same forms
on several lines, with the parameters counted.
"""

import reprlib
import types
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from fluxrepl.ad.record import Record
from fluxrepl.ad.refusals import name_of
from fluxrepl.ad.tracer import plain
from fluxrepl.ad.tree import OBJECT, is_array, kind_of

from .layer import has_own, options_of, short_text

# ---- forms: how a structure is written down --------------------------------------------------------------------------


class Form(NamedTuple):
    """A structure as it is written: `Chain(`, its parts, each after a label such as `name=`, and `)`."""

    opening: str
    parts: list[tuple[str, Any]]
    closing: str


FORMS: dict[type, Callable[[Any], Form]] = {}


def shown_as(cls: type) -> Callable[[Callable[[Any], Form]], Callable[[Any], Form]]:
    """Above a function that gives the form of a kind of layer, where it is not its fields by name."""

    def enter(form: Callable[[Any], Form]) -> Callable[[Any], Form]:
        FORMS[cls] = form
        return form

    return enter


def form_of(value: Any) -> Form | None:
    """How this structure is written; None for what has no parts, or a text of its own."""
    cls = type(value)
    kind = kind_of(value)
    if kind is None or cls in (types.FunctionType, partial):
        return None
    for base in cls.__mro__:
        if base in FORMS:
            return FORMS[base](value)
    if kind is OBJECT:
        own = has_own(cls, "__str__") and cls.__str__ is not short_text
        own = own or (options_of(cls) is None and has_own(cls, "__repr__"))
        return None if own else Form(f"{cls.__name__}(", labelled(kind.children(value)), ")")
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return Form(f"{cls.__name__}(", labelled(kind.children(value)), ")")
    if isinstance(value, dict):
        return Form("{", [(f"{name!r}: ", part) for name, part in value.items()], "}")
    if isinstance(value, Record):
        return Form("record(", labelled(dict(value.items())), ")")
    brackets = "()" if isinstance(value, tuple) else "[]"
    return Form(brackets[0], [("", part) for part in value], brackets[1])


def labelled(parts: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(f"{name}=", part) for name, part in parts.items()]


# ---- short -----------------------------------------------------------------------------------------------------------


def short(value: Any) -> str:
    """A value on one line: layers and functions as one writes them, large arrays by shape and dtype."""
    try:
        return _short(plain(value))
    except Exception as error:  # a broken __repr__ of the learner's must not hide the rest
        return f"<{type(value).__name__}: its text raised {type(error).__name__}>"


def _short(value: Any) -> str:
    if is_array(value) and np.ndim(value) > 0:
        return array_text(value)
    if form_of(value) is not None:
        return form_text(value)
    if isinstance(value, str | bytes):
        return reprlib.repr(value)
    if callable(value) and (kind_of(value) is not OBJECT):
        return function_text(value)
    text = str(value) if options_of(type(value)) else repr(value)
    return " ".join(text.split())


@reprlib.recursive_repr("...")
def form_text(value: Any) -> str:
    """A structure on one line; `...` where it comes back to itself."""
    form = form_of(value)
    if form is None:
        return f"{type(value).__name__}()"
    text = ", ".join([label + part_text(part) for label, part in form.parts])
    comma = "," if type(value) is tuple and len(value) == 1 else ""
    return form.opening + text + comma + form.closing


def part_text(part: Any) -> str:
    """A part of a structure on one line: of an object the arrays by shape, so that the lines of a Chain stay short."""
    if kind_of(part) is not OBJECT:
        return short(part)
    before = BY_SHAPE.set(True)
    try:
        return short(part)
    finally:
        BY_SHAPE.reset(before)


BY_SHAPE: ContextVar[bool] = ContextVar("BY_SHAPE", default=False)  # small arrays too
SMALL = 8  # elements up to which an array is written out


def array_text(x: Any) -> str:
    """A small array in full, on one line; a larger one as its dtype and shape: float32[5, 10]."""
    if x.size <= SMALL and isinstance(x, np.ndarray) and not BY_SHAPE.get():
        with np.printoptions(linewidth=1000):
            return " ".join(repr(x).split()).replace("[ ", "[")
    place = "" if isinstance(x, np.ndarray) else f" {type(x).__module__.split('.')[0]}"
    return f"{x.dtype}[{', '.join(map(str, x.shape))}]{place}"


def function_text(f: Any) -> str:
    """A function by the name that one writes: relu, np.exp."""
    if isinstance(f, partial):
        given = [short(a) for a in f.args] + [f"{name}={short(a)}" for name, a in f.keywords.items() if a is not None]
        return f"partial({', '.join([function_text(f.func), *given])})"
    if f is np.tanh:
        return "tanh"  # its name here is public
    if not hasattr(f, "__name__"):
        return " ".join(repr(f).split()) if has_own(type(f), "__repr__") else f"{type(f).__name__}()"
    return name_of(f)
