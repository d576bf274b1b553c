"""The long text of a layer, with its parameters counted.

    str(layer)    Dense(10, 5, relu)                      (`text.py`)
    repr(layer)   Dense(10, 5, relu)  # 55 parameters

Both are Python that builds the like; the counts are comments. A layer that holds others is long on several lines,
one a layer, and ends with a total. The text is first made as rows, so that the terminal can colour them and the
notebook make a table of them.
"""

import types
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from fluxrepl.ad.tracer import plain
from fluxrepl.ad.tree import OBJECT, is_array, kind_of, leaves

from .layer import long_text, options_of, parameters
from .text import form_of, part_text, short

TOP, NESTED, SUM = 20, 40, 10  # the columns of comments: after a single line, after a part, of a total on two lines


class Row(NamedTuple):
    """One line of the long text."""

    indent: int
    label: str  # name=, or nothing
    text: str
    end: str  # the comma after it
    comment: str = ""
    flags: tuple[str, ...] = ()
    column: int = NESTED
    kind: str = "part"  # part, opening, closing

    def line(self) -> str:
        return self.indent * " " + self.label + self.text + self.end + self.space() + self.remark()

    def space(self) -> str:
        """The blanks that bring the comment to its column, two at least."""
        if not self.comment and not self.flags:
            return ""
        written = self.indent + len(self.label) + len(self.text) + len(self.end)
        return " " * max(2, self.column - written)

    def remark(self) -> str:
        return self.comment + "".join([f"  ({flag})" for flag in self.flags])


def long(value: Any) -> str:
    """The long text of a layer: its rows, one a line."""
    return "\n".join([row.line() for row in rows(value)])


def text_of(value: Any) -> str:
    """The text of a value where it is displayed: in the shell, in a notebook, in `fluxrepl check`.

    It is the `repr`, but for a list, tuple or dict of layers: that is written as a Chain is, a part on a line with its
    parameters, since the `repr` of such a list has a comment in the middle.
    """
    if not holds_layers(value):
        return repr(value)
    return "\n".join([row.line() for row in _rows(Model(value), 0, "", value, "")])


def holds_layers(value: Any, levels: int = 4) -> bool:
    """Is this a list, tuple or dict with layers in it that are written in our manner?"""
    if type(value) not in (list, tuple, dict) or levels == 0:
        return False
    parts = list(value.values()) if type(value) is dict else value
    kinds = set(map(type, parts))
    if any([options_of(kind) is not None and kind.__repr__ is long_text for kind in kinds]):
        return True
    return not kinds.isdisjoint((list, tuple, dict)) and any([holds_layers(part, levels - 1) for part in parts])


def rows(value: Any) -> list[Row]:
    """The long text of a layer, row by row."""
    model = Model(value)
    if not expands(value):
        return [model.row(0, "", value, "", TOP)]
    made = list(_rows(model, 0, "", value, ""))
    return [*made[:-1], *closing(made[-1], model)]


def _rows(model: "Model", indent: int, label: str, value: Any, end: str, opened: tuple = ()) -> Iterator[Row]:
    form = form_of(value)
    if form is None or not expands(value) or id(value) in opened:
        yield model.row(indent, label, value, end)
        return
    yield Row(indent, label, form.opening, "", kind="opening")
    for name, part in form.parts:
        yield from _rows(model, indent + 2, name, part, ",", (*opened, id(value)))
    yield Row(indent, "", form.closing, end, kind="closing")


def expands(value: Any) -> bool:
    """Is this written on several lines: does it hold layers, and not only numbers, arrays and functions?"""
    options = options_of(type(value))
    form = form_of(value)
    if form is None or (options is not None and not options.expand):
        return False
    return any([holds_parts(part) for _, part in form.parts])


def holds_parts(part: Any, depth: int = 1) -> bool:
    """A layer, a function that has captured arrays, or a collection of more than numbers and arrays."""
    kind = kind_of(part)
    if kind is None:
        return False
    if type(part) in (types.FunctionType, partial):
        return bool(arrays_in(part))
    if kind is OBJECT or depth == 0:
        return True
    return any([holds_parts(inner, depth - 1) for inner in kind.children(part).values()])


class Model:
    """What is known of a whole model while its rows are made: its trainable arrays, and those already counted."""

    def __init__(self, value: Any):
        self.trainable = {id(x) for _, x in parameters(value)}
        self.arrays = arrays_in(value)
        self.seen: set[int] = set()
        self.shared = False

    def row(self, indent: int, label: str, value: Any, end: str, column: int = NESTED) -> Row:
        arrays = arrays_in(value)
        again = [key for key in arrays if key in self.seen]
        self.seen.update(arrays)
        flags = value_flags([x for key, x in arrays.items() if key in self.trainable])
        if again:
            self.shared = True
            flags = (*flags, "shared" if len(again) == len(arrays) else "partly shared")
        text = part_text(value) if indent else short(value)
        return Row(indent, label, text, end, self.comment(arrays, column), flags, column)

    def comment(self, arrays: dict[int, Any], column: int) -> str:
        trained, others = self.split(arrays)
        if not trained:
            return ""
        text = f"# {numbered(size(trained), 'parameter')}"
        return text if not others else f"{text}, plus {size(others):_}{' non-trainable' if column == TOP else ''}"

    def split(self, arrays: dict[int, Any]) -> tuple[list[Any], list[Any]]:
        """The trainable arrays among these, and the rest."""
        trained = [x for key, x in arrays.items() if key in self.trainable]
        return trained, [x for key, x in arrays.items() if key not in self.trainable]

    def total(self) -> list[str]:
        """The comment under a model that is written on several lines: one line, or two."""
        trained, others = self.split(self.arrays)
        if not trained:
            return []
        memory = bytes_text(sum([int(x.nbytes) for x in (*trained, *others)]))
        once = "; shared arrays count once." if self.shared else "."
        if not others:
            return [
                f"# Total: {numbered(len(trained), 'array')}, {numbered(size(trained), 'parameter')}, {memory}{once}"
            ]
        return [
            f"# Total: {numbered(len(trained), 'trainable array')}, {numbered(size(trained), 'parameter')},",
            f"# plus {len(others)} non-trainable, {numbered(size(others), 'parameter')}, {memory}{once}",
        ]


def closing(last: Row, model: Model) -> list[Row]:
    """The last row with the total beside it; what does not fit there goes below."""
    total = model.total()
    column = TOP if len(total) < 2 else SUM
    below = [Row(0, "", "", "", comment, column=column, kind="closing") for comment in total[1:]]
    return [last._replace(comment=total[0] if total else "", column=column), *below]


def arrays_in(value: Any) -> dict[int, Any]:
    """The arrays of numbers in a structure, each once."""
    return {id(x): plain(x) for _, x in leaves(value) if counts(plain(x))}


def counts(x: Any) -> bool:
    return is_array(x) and not isinstance(x, np.generic) and x.dtype.kind in "fciu"


def size(arrays: list[Any]) -> int:
    return sum([int(x.size) for x in arrays])


def numbered(n: int, noun: str) -> str:
    return f"{n:_} {noun}" if n == 1 else f"{n:_} {noun}s"


def bytes_text(n: int) -> str:
    """452 bytes, 6.211 MiB."""
    if n < 1024:
        return numbered(n, "byte")
    unit = min(int(np.log2(n)) // 10, 3)
    return f"{n / 1024**unit:.3f} {('', 'KiB', 'MiB', 'GiB')[unit]}"


def value_flags(arrays: list[Any]) -> tuple[str, ...]:
    """What one wants to know of the trainable arrays of a row at a glance."""
    arrays = [x for x in arrays if x.size]
    if not arrays:
        return ()
    if all([not x.any() for x in arrays]):
        return ("all zero",)
    if any([bool(np.isnan(x).any()) for x in arrays]):
        return ("some NaN",)
    return ("some Inf",) if any([bool(np.isinf(x).any()) for x in arrays]) else ()


def trainables(model: Any) -> list[Any]:
    """The arrays that training changes, in order, each once.

    Example:
        >>> [x.shape for x in trainables(Chain(Dense(10, 5, relu), Dense(5, 2)))]
        [(5, 10), (5,), (2, 5), (2,)]

    Source: Flux's `trainables`.
    """
    return list({id(x): x for _, x in parameters(model)}.values())
