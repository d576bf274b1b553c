"""What the learner's names meant at one moment, and what was in it: so that a cell can be taken back.

Nothing is replaced by a copy: each list, dict, array or layer stays the object it is, and gets its contents back. So
two names for one list are two names for one list again, and a function that remembers it remembers the right one.

What cannot be copied is left as it is, and told: a generator has moved on, a file has been read, a GPU has its own
memory. So is what would take too long, or too much room.
"""

import random
import time
import types
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from fluxrepl.ad.kinds import fields_of

SECONDS = 0.25  # to look through all names
ROOM = 64 * 2**20  # bytes of arrays

SYSTEM = {"In", "Out", "exit", "quit", "get_ipython"}  # IPython's own names, beside those with an underscore

CODE = (type, types.ModuleType, types.BuiltinFunctionType, types.MethodType, np.ufunc, property)
FIXED = (int, float, complex, str, bytes, range, slice, type(None), type(...), np.generic, np.dtype, Fraction, *CODE)


class Kind(NamedTuple):
    """How the contents of one kind of object are kept, compared and put back; `parts` are looked into as well."""

    keep: Callable[[Any], Any]
    same: Callable[[Any, Any], bool]
    put: Callable[[Any, Any], None]
    parts: Callable[[Any], Any]


def _same_items(now: Any, before: Any) -> bool:
    return len(now) == len(before) and all(map(_is, now, before))


def _same_fields(now: Mapping[Any, Any], before: Mapping[Any, Any]) -> bool:
    return list(now) == list(before) and all(map(_is, now.values(), before.values()))


def _is(a: Any, b: Any) -> bool:
    return a is b


def _put_dict(target: dict[Any, Any], before: dict[Any, Any]) -> None:
    dict.clear(target)
    dict.update(target, before)


def _put_set(target: set[Any], before: set[Any]) -> None:
    set.clear(target)
    set.update(target, before)


def _put_deque(target: "deque[Any]", before: list[Any]) -> None:
    target.clear()
    target.extend(before)


def _put_fields(target: Any, before: dict[str, Any]) -> None:
    for name in fields_of(target).keys() - before.keys():
        object.__delattr__(target, name)
    for name, value in before.items():
        object.__setattr__(target, name, value)


def _same_array(now: np.ndarray, before: np.ndarray) -> bool:
    if now.shape != before.shape or now.dtype != before.dtype:
        return False
    if now.dtype == object:
        return _same_items(now.ravel().tolist(), before.ravel().tolist())
    return bool(np.all((now == before) | ((now != now) & (before != before))))


def _put_array(target: np.ndarray, before: np.ndarray) -> None:
    if target.shape != before.shape or target.dtype != before.dtype:
        raise ValueError("it has another shape now")
    target[...] = before


ARRAY = Kind(np.copy, _same_array, _put_array, lambda value: value.flat if value.dtype == object else ())
FIELDS = Kind(fields_of, lambda now, before: _same_fields(fields_of(now), before), _put_fields,
              lambda value: fields_of(value).values())  # fmt: skip
KINDS: list[tuple[type, Kind]] = [
    (list, Kind(list, _same_items, lambda target, before: list.__setitem__(target, slice(None), before), iter)),
    (dict, Kind(dict, _same_fields, _put_dict, lambda value: list(value.values()))),
    (set, Kind(set, lambda now, before: now == before, _put_set, iter)),
    (deque, Kind(list, _same_items, _put_deque, iter)),
    (bytearray, Kind(bytes, lambda now, before: now == before, lambda target, before: target.__init__(before), tuple)),
    (np.random.Generator, Kind(lambda g: g.bit_generator.state, lambda g, before: g.bit_generator.state == before,
                               lambda g, before: setattr(g.bit_generator, "state", before), lambda _: ())),
    (random.Random, Kind(lambda r: r.getstate(), lambda r, before: r.getstate() == before,
                         lambda r, before: r.setstate(before), lambda _: ())),
]  # fmt: skip


@dataclass(frozen=True)
class TakenBack:
    """What a restoring changed: names that are `gone`, names that are `back`, and why others could not be restored."""

    gone: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    lost: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.gone or self.back)


class Memento:
    """The learner's names and what is in them, at the moment when it is made."""

    def __init__(self, names: Mapping[str, Any], before: "Memento | None" = None):
        self.names = {name: value for name, value in names.items() if _is_the_learners(name)}
        self.lost: dict[str, str] = {}  # name → why what it means could not be kept
        self._kept: dict[int, tuple[Any, Kind, Any, str]] = {}  # id → object, its kind, its contents, its name
        self._before = before._kept if before else {}
        self.size = 0  # bytes of arrays that no memento before had
        self._room, self._until, self._count = ROOM, time.monotonic() + SECONDS, 0
        seen: set[int] = set()
        for name, value in self.names.items():
            self._look(name, value, seen)
        self._before = {}  # so that no chain of mementos is kept alive

    def restore(self, names: dict[str, Any], keep: "set[str] | None" = None, new: bool = True) -> TakenBack:
        """Put everything back; the names in `keep` go on meaning what they mean now, and new ones too, unless `new`."""
        keep = keep or set()
        done = TakenBack(lost=dict(self.lost))
        for name in [name for name in names if new and _is_the_learners(name) and name not in self.names]:
            if name not in keep:
                del names[name]
                done.gone.append(name)
        for name, value in self.names.items():
            if name not in keep and (name not in names or names[name] is not value):
                names[name] = value
                done.back.append(name)
        for value, kind, contents, name in self._kept.values():
            try:
                if not kind.same(value, contents):
                    kind.put(value, contents)
                    done.back.extend([name] * (name not in done.back))
            except Exception as error:  # a locked array, a class that guards its fields
                done.lost[name] = str(error) or type(error).__name__
        return done

    def _look(self, name: str, value: Any, seen: set[int]) -> None:
        """Keep what is in a value, and in its parts."""
        waiting = [value]
        while waiting:
            each = waiting.pop()
            if type(each) in (int, float, str, bool) or id(each) in seen:
                continue
            seen.add(id(each))
            self._count += 1
            if self._count % 256 == 0 and time.monotonic() > self._until:
                self.lost[name] = "too large to keep a copy"
                return
            if isinstance(each, FIXED):
                continue
            try:
                waiting += self._parts(name, each)
            except Exception as error:  # a class that computes its fields, and fails
                self.lost[name] = f"{type(each).__name__}: {error}"

    def _parts(self, name: str, value: Any) -> Iterator[Any]:
        if isinstance(value, tuple | frozenset):
            return iter(value)
        if isinstance(value, types.FunctionType):
            return iter(_captured(value))
        if isinstance(value, partial):
            return iter([value.func, value.args, value.keywords])
        kind = self._kind(name, value)
        if kind is None:
            return iter(())
        self._kept[id(value)] = (value, kind, self._contents(kind, value), name)
        parts = iter(kind.parts(value))
        return iter([*parts, getattr(value, "__dict__", None)]) if kind not in (ARRAY, FIELDS) else parts

    def _contents(self, kind: Kind, value: Any) -> Any:
        """The contents; those of an array that has not changed since the memento before are shared with it."""
        known = self._before.get(id(value))
        if known and known[0] is value and kind is ARRAY and value.dtype != object and kind.same(value, known[2]):
            return known[2]
        self.size += value.nbytes if kind is ARRAY else 0
        return kind.keep(value)

    def _kind(self, name: str, value: Any) -> Kind | None:
        for cls, kind in KINDS:
            if isinstance(value, cls):
                return kind
        if isinstance(value, np.ndarray):
            self._room -= value.nbytes
            if self._room < 0:
                self.lost[name] = "too large to keep a copy"
                return None
            return ARRAY if value.flags.writeable or value.base is not None else None
        module = type(value).__module__
        if module == "__main__" or module.startswith("fluxrepl.") or module == "types":
            if isinstance(value, Iterator) and not hasattr(value, "__dict__"):
                self.lost[name] = f"a {type(value).__name__}, which cannot be copied"
                return None
            return FIELDS
        if not _is_value(value):
            self.lost[name] = f"a {type(value).__name__}, which cannot be copied"
        return None


def _captured(function: types.FunctionType) -> list[Any]:
    """What a function of the learner's remembers: captured variables, defaults, attributes."""
    if function.__globals__.get("__name__") != "__main__":
        return []
    cells = [cell.cell_contents for cell in function.__closure__ or () if _is_filled(cell)]
    return [*cells, *(function.__defaults__ or ()), function.__kwdefaults__, function.__dict__]


def _is_filled(cell: Any) -> bool:
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True


def _is_value(value: Any) -> bool:
    """Whether an object of a library's is a value that never changes: a date, a path, a pattern, an error."""
    if isinstance(value, BaseException):
        return True
    frozen = ("datetime", "pathlib", "decimal", "re", "uuid", "enum", "functools", "operator", "typing")
    return type(value).__module__.partition(".")[0] in frozen


def _is_the_learners(name: str) -> bool:
    return not name.startswith("_") and name not in SYSTEM
