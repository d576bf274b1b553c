"""The record: a read-only structure with named fields. The gradient of an object or a layer is one.

Julia has named tuples for this, made on the spot: `(a = 1, b = 2)`. Python's named tuples need a class first, and
cannot have a field called `count`. A record is made on the spot, and prints as the document prints them.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np


class Record:
    """A read-only structure with named fields: the gradient of an object is one.

    Example:
        >>> g = record(a=1.0, b=None)
        >>> g
        (a=1.0, b=None)
        >>> g.a, g["b"], list(g)
        (1.0, None, ['a', 'b'])

    """

    __slots__ = ("_fields",)

    def __init__(self, fields: dict[str, Any]):
        object.__setattr__(self, "_fields", dict(fields))

    def __getattr__(self, name: str) -> Any:
        try:
            return object.__getattribute__(self, "_fields")[name]
        except KeyError:
            known = ", ".join(self._fields) or "none"
            raise AttributeError(f"this record has no field {name!r}; it has: {known}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a record is read-only: make a new one, record(**{{**dict(r.items()), {name!r}: ...}})")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a record is read-only: make a new one with the fields you want, record(a=r.a, b=r.b)")

    def __getitem__(self, name: str) -> Any:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __contains__(self, name: object) -> bool:
        return name in self._fields

    def keys(self):
        return self._fields.keys()

    def values(self):
        return self._fields.values()

    def items(self):
        return self._fields.items()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and same(self, other)

    __hash__ = None

    def __reduce__(self):
        return Record, (self._fields,)

    def __dir__(self):
        return [*self._fields, "items", "keys", "values"]

    def __repr__(self) -> str:
        return record_text(self)


def same(a: Any, b: Any) -> bool:
    """Are two contents equal, arrays by shape and elements?"""
    if isinstance(a, Record) and isinstance(b, Record):
        return list(a) == list(b) and all(same(a[name], b[name]) for name in a)
    if type(a) is type(b) and isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(same, a, b))
    if type(a) is type(b) and isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[name], b[name]) for name in a)
    return bool(np.array_equal(a, b)) if hasattr(a, "dtype") or hasattr(b, "dtype") else bool(a == b)


LARGE = 30  # numbers: an array with more shows its corners and its shape
WIDTH = 88  # columns: what is longer takes one line a part


def record_text(record: Record) -> str:
    """One line if it fits, else one line a field; big arrays show their corners and their shape."""
    with np.printoptions(threshold=LARGE, edgeitems=2):
        return text_of(record)


def text_of(value: Any) -> str:
    """The text of a value inside a record: records and containers laid out alike, anything else its `repr`."""
    if isinstance(value, Record):
        brackets, parts = "()", [f"{name}=" for name in value]
    elif type(value) is dict:
        brackets, parts = "{}", [f"{name!r}: " for name in value]
    elif type(value) in (tuple, list):
        brackets, parts = ("()" if type(value) is tuple else "[]"), [""] * len(value)
    else:
        text = repr(value)
        cut_short = isinstance(value, np.ndarray) and value.size > LARGE and "shape=" not in text
        return f"{text[:-1]}, shape={value.shape})" if cut_short else text
    contents = value if type(value) in (tuple, list) else value.values()
    parts = [name + indented(part, len(name)) for name, part in zip(parts, contents, strict=True)]
    line = ", ".join(parts) + ("," if type(value) is tuple and len(parts) == 1 else "")
    if len(line) + 2 <= WIDTH and "\n" not in line:
        return brackets[0] + line + brackets[1]
    rows = ["  " + part.replace("\n", "\n  ") + ",\n" for part in parts]
    return brackets[0] + "\n" + "".join(rows) + brackets[1]


def indented(value: Any, columns: int) -> str:
    """The lines of an array stay below one another, to the right of its name."""
    text = text_of(value)
    return text.replace("\n", "\n" + " " * columns) if text.startswith("array(") else text


def record(**fields: Any) -> Record:
    """Make a read-only structure with these named fields.

    Example:
        >>> record(a=np.array([2, 1]), b=np.array([2, 0]), c=np.tanh)
        (a=array([2, 1]), b=array([2, 0]), c=<ufunc 'tanh'>)

    Source: "Taking Gradients": Julia's named tuple `(a = ..., b = ...)`.
    """
    return Record(fields)
