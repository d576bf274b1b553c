"""From the rows of a tape to steps in words: rows with the same result are one operation."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import signature
from typing import Any

import numpy as np

from fluxrepl.ad.fit import fit
from fluxrepl.ad.rule import float_dtype, owner
from fluxrepl.ad.sums import Sum
from fluxrepl.ad.tracer import Tracer, plain, plain_all
from fluxrepl.ad.tree import is_array
from fluxrepl.nn import words as _nn_words  # noqa: F401  (the words of layers enter the table)
from fluxrepl.rules.words import slope
from fluxrepl.rules.written import Operation, written

from .noting import NotedRow, Place
from .values import kept, text_of_value

FOLLOWED = 200  # rows of a tape for which it is also worked out what each takes back


@dataclass(frozen=True)
class Step:
    """One operation: `name = written`, its value, its derivative in words, and the cotangent that arrived."""

    name: str
    written: str
    value: Any
    derivative: str
    cotangent: Any
    place: Place
    operands: tuple[str, ...]  # those that are traced, one for each row of the tape
    sent: tuple  # what goes back to each of them; empty on a long tape

    @property
    def line(self) -> int:
        """The number of the learner's line, in its file or cell."""
        return self.place.line

    @property
    def source(self) -> str:
        """The text of the learner's line."""
        return self.place.source


# ---- names of arguments ----------------------------------------------------------------------------------------------


def names_of_arguments(f: Callable, args: tuple) -> list[str]:
    """What `f` calls its arguments; x, or x1, x2, ... where that cannot be known."""
    try:
        form = signature(f)
        bound = form.bind(*args).arguments
    except (TypeError, ValueError):
        return ["x"] if len(args) == 1 else [f"x{k + 1}" for k in range(len(args))]
    names: list[str] = []
    for name, value in bound.items():
        several = form.parameters[name].kind is form.parameters[name].VAR_POSITIONAL
        names += [f"{name}[{k}]" for k in range(len(value))] if several else [name]
    return names


def named_leaves(names: list[str], traced: list) -> Iterator[tuple[str, Tracer]]:
    """Every tracer in the arguments, with its name as one writes it: `m.layers[0].weight`."""
    for name, part in zip(names, traced, strict=True):
        if type(part) is Tracer:
            yield name, part
        elif part is not None:
            inside = [name + spelled(part.node, key) for key in part.inside]
            yield from named_leaves(inside, list(part.inside.values()))


def spelled(node: Any, name: Any) -> str:
    """The way from a structure to one part of it, as one writes it in Python."""
    return f"[{name!r}]" if isinstance(node, dict) or not isinstance(name, str) else f".{name}"


# ---- steps -----------------------------------------------------------------------------------------------------------


class Telling:
    """Tells the rows of a tape, in order, once the walk is done; `names` has those of the leaves, by their id."""

    def __init__(self, names: dict[int, str], rows: tuple[NotedRow, ...]):
        self.names = dict(names)
        self.taken = set(names.values())
        self.groups: dict[int, list[NotedRow]] = {}
        for row in rows:
            self.groups.setdefault(id(row[0]), []).append(row)
        letter = next(c for c in "vwuts" if not any([n[:1] == c and n[1:].isdigit() for n in self.taken]))
        self.names.update({key: f"{letter}{k}" for k, key in enumerate(self.groups, 1)})
        self.followed = len(rows) <= FOLLOWED

    def steps(self) -> list[Step]:
        return [self.step(rows) for rows in self.groups.values()]

    def step(self, rows: list[NotedRow]) -> Step:
        """One operation, from its rows: one for each traced operand."""
        out = rows[0][0]
        op, places = self.operation(rows)
        return Step(
            name=op.result,
            written=written(op),
            value=kept(plain(out.value)),
            derivative=", ".join([derivative(op, k, row) for k, row in zip(places, rows, strict=True)]),
            cotangent=kept(plain(out.ct)),
            place=rows[0].place,
            operands=tuple([op.operands[k] for k in places]),
            sent=tuple([kept(sent_back(row)) for row in rows]) if self.followed else (),
        )

    def operation(self, rows: list[NotedRow]) -> tuple[Operation, list[int]]:
        """The call that these rows come from, in texts; and the place in it of the operand of each row."""
        out, pull, _, values = rows[0]
        result = self.names[id(out)]
        operands = [self.names[id(row[2])] for row in rows]
        fn, _ = owner(pull)
        if fn is None:  # recorded as a whole, as by rrule: its rows know nothing of its other arguments
            name = getattr(pull, "__name__", "?").removesuffix("_pullback")
            inside = tuple([plain(row[2].value) for row in rows])
            return Operation(name, result, tuple(operands), inside, {}), list(range(len(rows)))
        values = plain_all(values)
        texts = [self.constant(value, rows[0].names.get(k)) for k, value in enumerate(values)]
        places = [owner(row[1])[1] for row in rows]
        for k, name in zip(places, operands, strict=True):
            texts[k] = name
        return Operation(fn, result, tuple(texts), values, plain_all(getattr(pull, "keywords", {}))), places

    def constant(self, value: Any, name: str | None) -> str:
        """An operand that is not traced: an array by the name it has where it is used, anything else by value."""
        return name if name is not None and name not in self.taken else text_of_value(value, elements=3)


def derivative(op: Operation, k: int, row: NotedRow) -> str:
    """The local derivative in words; and where it is one number, or a few, these too."""
    out, pull, _, values = row
    words = slope(op, k, pull)
    y = plain(out.value)
    if "ct" in words or is_number(words) or np.size(y) > 4 or (np.ndim(y) and words in op.operands):
        return words
    one = np.ones_like(y, dtype=float_dtype(y.dtype)) if is_array(y) and y.ndim else 1 if isinstance(y, int) else 1.0
    factor = text_of_value(plain(pull(one, y, *plain_all(values))))
    return words if factor == words else f"{words} = {factor}"


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def sent_back(row: NotedRow) -> Any:
    """What one row takes back to its operand."""
    out, pull, operand, values = row
    if out.ct is None:
        return None
    value = plain(operand.value)
    arrived = Sum(value)
    arrived.add(pull(plain(out.ct), plain(out.value), *plain_all(values)))
    return fit(arrived.total(), value)
