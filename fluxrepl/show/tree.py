"""A structure of arrays, as a gradient is, in a notebook: a tree that opens and closes, with its numbers at a glance.

Each structure says how many numbers it holds and their norm; each array its dtype, shape, norm and histogram, and opens
on its numbers. `<details>` needs no script, and works with the keyboard. However large the structure, the tree is
bounded: `LINES` lines, of arrays that are large a sample.
"""

from collections.abc import Iterable
from html import escape
from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from fluxrepl.ad.record import Record
from fluxrepl.ad.tracer import plain
from fluxrepl.ad.tree import Kind, is_array, kind_of
from fluxrepl.nn.text import short

from .numbers import Looking, Numbers, digits
from .strokes import histogram

SHOWN = 40  # parts of one structure
LINES = 250  # of a tree
FEW = 30  # lines up to which all of a tree is open at first
OPEN = 2  # levels of a larger tree that are open at first
DEEPEST = 20  # levels of a tree that are written at all
SMALL = 8  # elements up to which an array is written out
SURVEYED = 2_000  # parts up to which the sums of structures are made
PRECISION = 4  # digits behind the point: what is written out has room in a line
LONGEST = 24  # characters for which a column makes room
LONGEST_NAME = 60  # characters of a name that are shown


class Sum(NamedTuple):
    """What the arrays in a structure hold together."""

    count: int = 0
    square: float = 0.0
    wrong: int = 0
    sampled: bool = False


class Tree:
    """The HTML of a structure: `.html`. A small one is open all the way down."""

    def __init__(self, value: Any):
        self.looking = Looking()
        self.looked: dict[int, Numbers | None] = {}
        self.sums: dict[int, Sum] = {}
        self.to_survey = SURVEYED
        self.survey(value, 0)
        self.left, self.open = LINES, DEEPEST
        self.html = self.line("", value, 0, True)
        if LINES - self.left > FEW:
            self.left, self.open = LINES, OPEN
            self.html = self.line("", value, 0, True)

    # ---- what is in it

    def numbers(self, array: Any) -> Numbers | None:
        """The numbers of an array, looked at once."""
        if id(array) not in self.looked:
            self.looked[id(array)] = self.looking.at(array)
        return self.looked[id(array)]

    def survey(self, value: Any, level: int) -> Sum:
        """The sum over a structure. Of a very large one none is made: `to_survey` is below zero then."""
        self.to_survey -= 1
        if self.to_survey < 0:
            return Sum()
        kind = structure_kind(value)
        if kind is None or level >= DEEPEST:
            return sum_of(self.numbers(plain(value)) if is_array(plain(value)) else None)
        if id(value) in self.sums:  # twice in it, or it contains itself
            return self.sums[id(value)]
        self.sums[id(value)] = total = Sum()
        for part in kind.children(value).values() if len(value) <= SURVEYED else ():
            more = self.survey(part, level + 1)
            total = Sum(*[a + b for a, b in zip(total[:3], more[:3], strict=True)], total.sampled or more.sampled)
        if len(value) > SURVEYED:
            self.to_survey = -1
        self.sums[id(value)] = total
        return total

    # ---- how it is written

    def line(self, name: str, value: Any, level: int, is_open: bool, rooms: tuple[int, int] = (0, 0)) -> str:
        self.left -= 1
        value = plain(value)
        label = name_span(name, rooms[0]) if name else ""
        kind = structure_kind(value)
        if kind is None or level >= DEEPEST:
            return self.leaf(label, value, rooms[1])
        parts = kind.children(value)
        summary = f"<summary>{label}{span('dim', kind_text(value, len(parts)))}{self.sum_text(value)}</summary>"
        inside = self.parts(value, parts, level)
        return f'<details{" open" if is_open else ""}>{summary}<div class="tree">{inside}</div></details>'

    def parts(self, value: Any, parts: dict[Any, Any], level: int) -> str:
        named = {place(value, name): part for name, part in list(parts.items())[:SHOWN]}
        about = [about_text(plain(part)) for part in named.values() if is_array(plain(part))]
        rooms = min(LONGEST, longest(named)), min(LONGEST, longest(about))
        is_open = len(parts) <= FEW and level + 1 < self.open
        lines = []
        for name, part in named.items():
            if self.left <= 0:
                break
            lines.append(self.line(name, part, level + 1, is_open, rooms))
        if len(parts) > len(lines):
            lines.append(f'<div class="leaf dim">… {len(parts) - len(lines):_} more</div>')
        return "".join(lines)

    def sum_text(self, value: Any) -> str:
        """The numbers of a structure, unless it is too large to count them."""
        total = self.sums.get(id(value), Sum())
        if self.to_survey < 0 or not total.count:
            return ""
        about = "≈ " if total.sampled else ""
        text = f"{total.count:_} number{'s' if total.count > 1 else ''}"
        if total.wrong < total.count:
            text += f", norm {about}{digits(sqrt(total.square))}"
        wrong = span("bad", f"{total.wrong:_} NaN or Inf") if total.wrong else ""
        return span("dim", text) + wrong

    def leaf(self, label: str, value: Any, room: int = 0) -> str:
        """One value: None dim, a small array written out, a large one as a line that opens."""
        if value is None:
            return f'<div class="leaf">{label}{span("dim", "None")}</div>'
        if not is_array(value) or np.ndim(value) == 0:
            return f'<div class="leaf">{label}<span>{escape(short(value)[:200])}</span></div>'
        about = span("dim", about_text(value), room)
        numbers = self.numbers(value)
        wrong = span("bad", ", ".join(numbers.wrong())) if numbers and numbers.wrong() else ""
        if value.size <= SMALL and isinstance(value, np.ndarray):
            return f'<div class="leaf">{label}{about}<span>{escape(one_line(value))}</span>{wrong}</div>'
        glance = f"<span>{histogram(numbers) or same(numbers)}</span>{norm(numbers)}" if numbers else ""
        inside = f'<div class="more">{facts(numbers) if numbers else ""}{preview(value)}</div>'
        return f"<details><summary>{label}{about}{glance}{wrong}</summary>{inside}</details>"


# ---- structures ------------------------------------------------------------------------------------------------------


def structure_kind(value: Any) -> Kind | None:
    """How to look into a structure; None for a leaf."""
    return kind_of(value) if isinstance(value, Record | tuple | list | dict) else None


def place(value: Any, name: Any) -> str:
    named = isinstance(value, Record) or hasattr(value, "_fields")
    return str(name) if named else f"[{name!r}]"


def kind_text(value: Any, parts: int) -> str:
    what = "record" if isinstance(value, Record) else type(value).__name__
    return f"{what} of {parts:_}"


def sum_of(numbers: Numbers | None) -> Sum:
    if numbers is None:
        return Sum()
    return Sum(numbers.size, numbers.norm**2, numbers.nan + numbers.inf, numbers.sampled)


# ---- arrays ----------------------------------------------------------------------------------------------------------


def span(style: str, text: str, room: int = 0) -> str:
    wide = f' style="min-width:{room}ch"' if room else ""
    return f'<span class="{style}"{wide}>{escape(text)}</span>'


def name_span(name: str, room: int) -> str:
    """A name; of a long one both ends, and all of it where the mouse rests on it."""
    if len(name) <= LONGEST_NAME:
        return span("name", name, room)
    half = LONGEST_NAME // 2
    return f'<span class="name" title="{escape(name)}">{escape(f"{name[: half - 1]}…{name[-half:]}")}</span>'


def longest(texts: Iterable[str]) -> int:
    return max([len(text) for text in texts], default=0)


def about_text(array: Any) -> str:
    return f"{array.dtype} {tuple(array.shape)}"


def one_line(array: np.ndarray) -> str:
    with np.printoptions(precision=PRECISION, linewidth=1000, legacy=False):
        return " ".join(np.array2string(array, separator=", ").split()).replace("[ ", "[")


def same(numbers: Numbers) -> str:
    """Where there is nothing to draw: all numbers are one."""
    return f"all {digits(numbers.low)}" if numbers.finite else ""


def norm(numbers: Numbers) -> str:
    return span("dim", f"norm {'≈ ' if numbers.sampled else ''}{digits(numbers.norm)}") if numbers.finite else ""


def facts(numbers: Numbers) -> str:
    """A sentence on the numbers of an array."""
    said = []
    if numbers.finite:
        said.append(f"{digits(numbers.low)} … {digits(numbers.high)}")
        spread = sqrt(max(0.0, numbers.square / numbers.finite - numbers.mean**2))
        said.append(f"mean {digits(numbers.mean)}, deviation {digits(spread)}")
    if numbers.zero:
        said.append(f"{numbers.zero:_} of {numbers.looked_at:_} are zero")
    if numbers.sampled:
        said.append(f"a sample of {numbers.looked_at:_} of {numbers.size:_} numbers")
    return f"<div>{escape(' · '.join(said))}</div>"


def preview(array: Any) -> str:
    """The numbers at the ends of an array. One on a GPU is not copied from there for that."""
    if not isinstance(array, np.ndarray):
        return f"<div>on {escape(type(array).__module__.split('.')[0])}: cpu(...) brings it here</div>"
    with np.printoptions(threshold=SMALL, edgeitems=2, precision=PRECISION, linewidth=100, legacy=False):
        text = np.array2string(array, separator=", ")
    return f"<pre>{escape(text[:2_000])}</pre>"
