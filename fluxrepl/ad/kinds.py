"""The kinds of node in a structure: how each is taken apart, put together again, and written down as a gradient.

What is looked into: tuples, named tuples, lists, dicts, dataclasses and other objects with fields of their
own, `Record`s, and functions with captured variables. Anything else is a leaf.
"""

import copy
import enum
import numbers
import types
from collections import deque
from collections.abc import Callable
from functools import cache, partial
from typing import Any, NamedTuple

from .errors import teach
from .record import Record


class Kind(NamedTuple):
    """How one kind of structure is taken apart and put together again."""

    children: Callable[[Any], dict[Any, Any]]  # node → its parts, by name or number
    rebuild: Callable[[Any, dict[Any, Any]], Any]  # node, new parts → a node like it
    mirror: Callable[[Any, dict[Any, Any]], Any]  # node, gradients of its parts → its gradient


def _numbered(node) -> dict[Any, Any]:
    return dict(enumerate(node))


def _as_record(node, parts: dict[Any, Any]) -> Record:
    return Record(parts)


def _set_fields(node, parts: dict[Any, Any]):
    """A shallow copy of an object, without calling its `__init__`, with these fields in place of its own."""
    try:
        new = object.__new__(type(node))
    except TypeError:  # a class built on one of C keeps more than its fields
        new = copy.copy(node)
    if new is node:
        raise teach(
            TypeError(f"a {type(node).__name__} cannot be copied, so it cannot be rebuilt around new numbers"),
            "A gradient runs the function on a copy with a tracer in the place of each number.",
            "Pass the numbers themselves, or the object that it wraps.",
        )
    fields = {**fields_of(node), **parts}
    if slot_names(type(node)):
        for name, part in fields.items():
            object.__setattr__(new, name, part)
    else:
        new.__dict__.update(fields)
    return new


def fields_of(node) -> dict[str, Any]:
    """The fields of an object by name: its `__dict__` and its `__slots__`."""
    names = slot_names(type(node))
    if not names:
        return dict(getattr(node, "__dict__", ()))
    slots = {name: getattr(node, name) for name in names if hasattr(node, name)}
    return {**slots, **getattr(node, "__dict__", {})}


@cache
def slot_names(cls: type) -> tuple[str, ...]:
    names = [mangled(name, c) for c in cls.__mro__ for name in _names(c.__dict__.get("__slots__", ()))]
    return tuple([name for name in names if name not in ("__dict__", "__weakref__")])


def mangled(name: str, cls: type) -> str:
    """What Python makes of a private name: `__w` in class A is `_A__w`."""
    private = name.startswith("__") and not name.endswith("__")
    return f"_{cls.__name__.lstrip('_')}{name}" if private else name


def _names(slots) -> tuple[str, ...]:
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _captured(function) -> dict[str, Any]:
    if function.__closure__ is None:
        return {}
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return {name: cell.cell_contents for name, cell in cells if cell != types.CellType()}


def _with_captured(function, parts: dict[str, Any]):
    cells = zip(function.__code__.co_freevars, function.__closure__, strict=True)
    closure = tuple(types.CellType(parts[name]) if name in parts else cell for name, cell in cells)
    new = types.FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__, closure)
    new.__kwdefaults__ = function.__kwdefaults__
    new.__dict__.update(function.__dict__)
    return new


def _partial_parts(p: partial) -> dict[Any, Any]:
    return {"func": p.func, "args": p.args, "keywords": p.keywords}


KINDS: dict[type, Kind | None] = {
    tuple: Kind(_numbered, lambda node, parts: tuple(parts.values()), lambda node, parts: tuple(parts.values())),
    list: Kind(_numbered, lambda node, parts: list(parts.values()), lambda node, parts: list(parts.values())),
    dict: Kind(dict, lambda node, parts: dict(parts), lambda node, parts: dict(parts)),
    Record: Kind(lambda node: dict(node.items()), _as_record, _as_record),
    types.FunctionType: Kind(_captured, _with_captured, _as_record),
    types.MethodType: Kind(
        lambda m: {"__self__": m.__self__}, lambda m, p: types.MethodType(m.__func__, p["__self__"]), _as_record
    ),
    types.SimpleNamespace: Kind(lambda n: dict(vars(n)), lambda n, p: types.SimpleNamespace(**p), _as_record),
    types.MappingProxyType: Kind(dict, lambda n, p: types.MappingProxyType(p), lambda n, p: dict(p)),
    deque: Kind(_numbered, lambda d, p: deque(p.values(), d.maxlen), lambda d, p: list(p.values())),
    partial: Kind(_partial_parts, lambda node, p: partial(p["func"], *p["args"], **p["keywords"]), _as_record),
}
NAMED_TUPLE = Kind(
    lambda node: node._asdict(),
    lambda node, parts: tuple.__new__(type(node), parts.values()),
    lambda node, parts: tuple.__new__(type(node), parts.values()),
)
OBJECT = Kind(fields_of, _set_fields, _as_record)
OPAQUE = (numbers.Number, str, bytes, type, enum.Enum, types.ModuleType, BaseException)


def kind_of(node: Any) -> Kind | None:
    """How to look into this node; None for a leaf. Decided once for each type."""
    cls = type(node)
    try:
        return KINDS[cls]
    except KeyError:
        KINDS[cls] = kind = _kind_of_class(cls, node)
        return kind


def _kind_of_class(cls: type, node: Any) -> Kind | None:
    if issubclass(cls, OPAQUE) or hasattr(cls, "__array__"):
        return None
    if issubclass(cls, tuple) and hasattr(cls, "_fields") and hasattr(cls, "_asdict"):
        return NAMED_TUPLE
    for base in (tuple, list, dict):  # a class of one's own keeps its class; its gradient is the plain kind
        if issubclass(cls, base):
            plain = KINDS[base]
            return Kind(plain.children, _refilled, plain.mirror)
    written_in_python = bool(cls.__flags__ & (1 << 9))  # a heap type: not a class of C, whose insides are hidden
    has_fields = cls.__dictoffset__ != 0 or any(_names(c.__dict__.get("__slots__", ())) for c in cls.__mro__)
    return OBJECT if written_in_python and has_fields else None


def _refilled(node, parts):
    """A copy of a subclass of tuple, list or dict, attributes and all, with other contents."""
    if isinstance(node, tuple):
        new = tuple.__new__(type(node), parts.values())
        getattr(new, "__dict__", {}).update(getattr(node, "__dict__", {}))
        return new
    new = copy.copy(node)
    if isinstance(node, list):
        list.__setitem__(new, slice(None), parts.values())
    else:
        dict.update(new, parts)
    return new
