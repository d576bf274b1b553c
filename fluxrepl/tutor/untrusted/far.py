"""Two processes that call each other's functions: the judge, who holds the checks, and an answer, who holds no secret.

A check such as `assert mse(W, b) == 1.0` runs with the judge; `mse` is there a stand-in (`Remote`) that asks the
process of the answer to compute. Numbers come back as numbers, and are compared with the judge: an answer that gives
back something that claims to equal everything has not given a number. The other way, a function of the check may be
called from the answer (`slope(lambda x: x**2, 3.0)`), and arithmetic on what it got goes back to where the thing is.

What the answer may ask of the judge is a short list: call a function it was handed, compute with a number that is being
traced, use the fields of an object that the check made.
"""

import builtins
from collections.abc import Callable
from typing import Any

import numpy as np

from .allowed import ARITHMETIC, COMPARISONS, READ, check_field, may_leave, numpy_function
from .values import decode, encode

Message = dict[str, Any]

DEEPEST = 40  # calls within calls


# An answer does not raise these in a check as what they are: it would speak for the check, or end a loop of it early.
NEVER = (AssertionError, StopIteration, StopAsyncIteration)


class Gone(Exception):
    """The other side has ended."""


class FarError(Exception):
    """An error of the other side whose class is not one of Python's own."""


class Peer:
    """One side of the conversation. `exchange` sends a message and gives the next that comes, or None at the end."""

    def __init__(self, exchange: Callable[[Message], Message | None], guarded: bool):
        self.exchange, self.guarded = exchange, guarded
        self.given: list[Any] = []  # what the other side may speak of, by its place here
        self.taken: dict[int, Remote] = {}
        self.depth = 0  # how many calls of the other side are being answered

    def ask(self, what: str, *parts: Any, **named: Any) -> Any:
        """Have the other side do something, and answer what it asks meanwhile."""
        arrays = [part for part in parts if isinstance(part, np.ndarray)]
        told = [encode(part, self._give) for part in parts]
        answer = self.exchange({"ask": what, "parts": told, "named": encode(named, self._give)})
        while answer is not None and "ask" in answer:
            answer = self.exchange(self.answer(answer))
        if answer is None:
            raise Gone
        if "error" in answer:
            raise _error(answer["error"])
        for place, changed in answer.get("changed", ()):  # what the call did to arrays that it was given
            new = decode(changed, self._take)
            if isinstance(new, np.ndarray) and new.shape == arrays[place].shape and arrays[place].flags.writeable:
                arrays[place][...] = new
        return decode(answer.get("value"), self._take)

    def answer(self, asked: Message) -> Message:
        """Do what the other side asks, and say what came."""
        self.depth += 1
        try:
            if self.depth > DEEPEST:
                raise RecursionError("too many calls within calls")
            parts = [decode(part, self._take) for part in asked["parts"]]
            named = decode(asked["named"], self._take)
            arrays = [part for part in parts if isinstance(part, np.ndarray)]
            kept = [array.copy() for array in arrays]
            value = encode(self.do(str(asked["ask"]), parts, named), self._give)
            pairs = enumerate(zip(arrays, kept, strict=True))
            changed = [[at, encode(now, self._give)] for at, (now, was) in pairs if now.tobytes() != was.tobytes()]
            return {"value": value, "changed": changed}
        except Exception as error:
            return {"error": describe(error)}
        finally:
            self.depth -= 1

    def do(self, what: str, parts: list[Any], named: dict[str, Any]) -> Any:
        """One thing that is asked for; the judge does only what is harmless."""
        first, *rest = parts
        if what == "call":
            if self.guarded and not callable(first):
                raise TypeError("not a function")
            return first(*rest, **named)
        if what in ARITHMETIC or what in COMPARISONS:
            return {**ARITHMETIC, **COMPARISONS}[what](first, *rest)
        if what in READ:
            return READ[what](first)
        if what == "numpy":
            return numpy_function(str(first))(*rest, **named)
        if what in ("get", "set"):
            name = str(rest[0])
            if self.guarded:
                check_field(first, name)
            return getattr(first, name) if what == "get" else setattr(first, name, rest[1])
        if what == "isinstance":
            return isinstance(first, rest[0])
        raise ValueError(f"nobody knows how to {what}")

    def _give(self, value: Any) -> list[Any]:
        if isinstance(value, Remote):
            return ["yours", value._far_number, ""]
        for number, known in enumerate(self.given):
            if known is value:
                return ["mine", number, type(value).__name__]
        if self.guarded and not may_leave(value):
            raise TypeError(f"a {type(value).__name__} does not leave the check")
        self.given.append(value)
        return ["mine", len(self.given) - 1, type(value).__name__]

    def _take(self, whose: str, number: int, about: str) -> Any:
        if whose == "yours":
            return self.given[number]
        if number not in self.taken:
            self.taken[number] = Remote(self, number, about)
        return self.taken[number]


class Remote:
    """Stands for something of the other process."""

    def __init__(self, peer: Peer, number: int, about: str):
        vars(self).update(_far_peer=peer, _far_number=number, _far_about=about)

    def __call__(self, *parts: Any, **named: Any) -> Any:
        return self._far_peer.ask("call", self, *parts, **named)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._far_peer.ask("get", self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._far_peer.ask("set", self, name, value)

    def __len__(self) -> int:
        return self._far_peer.ask("len", self)

    def __iter__(self) -> Any:
        return iter(self._far_peer.ask("iter", self))

    def __getitem__(self, key: Any) -> Any:
        return self._far_peer.ask("getitem", self, key)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Remote) or self._far_peer.depth or not self._far_peer.guarded:
            return self is other
        raise TypeError(f"expected a value to compare, and got a {self._far_about}")

    __hash__ = object.__hash__

    def __instancecheck__(self, thing: Any) -> bool:
        return isinstance(thing, Remote) and self._far_peer.ask("isinstance", thing, self) is True

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<a {self._far_about}>"

    def __array_ufunc__(self, ufunc: Any, method: str, *parts: Any, **named: Any) -> Any:
        if method != "__call__":
            return NotImplemented
        return self._compute("numpy", ufunc.__name__, *parts, **named)

    def __array_function__(self, function: Any, types: Any, parts: Any, named: Any) -> Any:
        return self._compute("numpy", function.__name__, *parts, **named)

    def _compute(self, what: str, *parts: Any, **named: Any) -> Any:
        """Arithmetic is done where the thing is; but not for a check, which wants numbers to judge."""
        peer = self._far_peer
        if peer.guarded and not peer.depth:
            raise TypeError(f"expected numbers, and got a {self._far_about}")
        return peer.ask(what, *parts, **named)


def _forward(name: str, swapped: bool) -> Callable[..., Any]:
    def operate(self: Remote, *others: Any) -> Any:
        return self._compute(name, *others, self) if swapped else self._compute(name, self, *others)

    return operate


for _name in ARITHMETIC.keys() - {"getitem"}:
    setattr(Remote, f"__{_name}__", _forward(_name, swapped=False))
    setattr(Remote, f"__r{_name}__", _forward(_name, swapped=True))
for _name in COMPARISONS:
    setattr(Remote, f"__{_name}__", _forward(_name, swapped=False))
Remote.__float__ = _forward("float", swapped=False)  # type: ignore[attr-defined]


def describe(error: BaseException) -> dict[str, Any]:
    """An error as data."""
    try:
        words = str(error)
    except Exception:
        words = ""
    return {"name": type(error).__name__[:100], "words": words[:10_000]}


def _error(told: Any) -> Exception:
    name, words = (str(told.get(part, "")) for part in ("name", "words")) if isinstance(told, dict) else ("", "")
    kind = getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, Exception) and kind not in NEVER:
        try:
            return kind(words)
        except TypeError:
            pass
    return type(name, (FarError,), {})(words) if name.isidentifier() else FarError(words)
