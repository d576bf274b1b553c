"""`explain`: the tape of a gradient as a table that one can read, values from the top down, cotangents from below.

It records and walks exactly as `gradient` does, with the same rules and the same walk; only the tape is one that notes
the learner's lines (`noting.py`), and its rows are kept instead of dropped, to be told in words (`telling.py`).
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from fluxrepl.ad.ends import collect, finished, run, strip
from fluxrepl.ad.seeds import start
from fluxrepl.ad.tape import walk
from fluxrepl.ad.tracer import plain
from fluxrepl.ad.tree import map_leaves

from .noting import NotingTape
from .telling import Step, Telling, named_leaves, names_of_arguments
from .values import SHORT, kept, text_of_value
from .why import why


class Leaf(NamedTuple):
    """A number or array among the arguments, by name, with the gradient that arrived at it."""

    name: str
    value: Any
    cotangent: Any


class Line(NamedTuple):
    """One line of the table: its kind, and its cells as text."""

    kind: str  # "head", "leaf", "step", "fold"; "source" where the table is narrow
    cells: tuple[str, ...]
    active: bool = True


COLUMNS = ("step", "value", "derivative", "cotangent", "source")
HEAD = Line("head", COLUMNS)
GAP = 2  # characters between two columns
ENDS = 12  # operations that a large table shows at each end
MOST = 2 * ENDS + 6  # operations up to which a table is whole


class Explanation:
    """What `explain` answers: it prints as a table, and `.steps`, `.graph()` and `.why(name)` tell more."""

    def __init__(self, value: Any, grad: tuple, leaves: list[Leaf], steps: list[Step], result: str, arguments: dict):
        self.value = value
        self.grad = grad
        self.leaves = leaves
        self.steps = steps
        self.result = result  # the name of the step or leaf that is the result; "" if nothing traced is
        self.arguments = arguments

    def graph(self) -> Any:
        """A picture of the steps: values forward, cotangents back. A notebook shows it; `.save(path)` keeps it.

        Errors: ImportError where the libraries that draw it are missing: `pip install 'fluxrepl[graph]'`.
        """
        from .graph import draw

        return draw(self)

    def why(self, name: str) -> str:
        """Why the gradient of this argument is what it is, None above all.

        Example:
            >>> explain(lambda x, y: x + 0 * len(str(y)), 1.0, 2.0).why("y")
            y has no gradient: no operation that a gradient flows through used it.
            Comparisons, len, shapes, argmax and ignore_derivatives give plain values: no path leads through them.
        """
        return why(self, name)

    def lines(self, elements: int = SHORT) -> list[Line]:
        """The lines of the table, arrays of so many elements written out; a large table is folded in the middle."""
        found = folded([leaf_line(leaf, elements) for leaf in self.leaves], "arguments")
        return found + folded(list(step_lines(self.steps, elements)), "steps")

    def fitted(self, room: int | None) -> list[Line]:
        """The head of the table and its lines, for a window of so many characters; None: as wide as they are."""
        lines = [HEAD, *self.lines()]
        if room is None or width_of(lines) <= room:
            return lines
        from .narrow import narrowed

        return narrowed(self, room)

    def text(self, room: int | None = None) -> str:
        """The table as text, and what is said below it."""
        lines = self.fitted(room)
        widths = widths_of(lines)
        return "\n".join(["".join(padded(line.cells, widths)).rstrip() for line in lines] + self.remarks())

    def __repr__(self) -> str:
        return self.text()

    def remarks(self) -> list[str]:
        """What is said below the table: of a result to which no path leads."""
        if self.result:
            return []
        return [f"The result, {text_of_value(self.value)}, does not depend on the arguments."]

    def _repr_html_(self) -> str | None:
        from .html import view

        return view(self)


def widths_of(lines: list[Line]) -> list[int]:
    """How many characters each column takes; lines without columns aside."""
    rows = [line.cells for line in lines if line.kind not in ("fold", "source")]
    return [max([len(cell) for cell in column]) for column in zip(*rows, strict=True)]


def width_of(lines: list[Line]) -> int:
    """How many characters the table takes."""
    widths = widths_of(lines)
    return sum(widths) + GAP * (len(widths) - 1)


def padded(cells: tuple[str, ...], widths: list[int]) -> list[str]:
    """The cells of a line, each with the space up to the next."""
    return [cell.ljust(n + GAP) for cell, n in zip(cells, widths, strict=True)]


def leaf_line(leaf: Leaf, elements: int) -> Line:
    value, cotangent = [text_of_value(each, elements) for each in (leaf.value, leaf.cotangent)]
    return Line("leaf", (leaf.name, value, "", cotangent, ""), leaf.cotangent is not None)


def step_lines(steps: list[Step], elements: int) -> Iterator[Line]:
    """Each source line is shown beside the first of its steps."""
    widest, before = max([len(step.name) for step in steps], default=0), None
    for step in steps:
        text = "" if step.place == before else step.source or (f"line {step.line}" if step.line else "")
        before = step.place
        made = cut(f"{step.name.ljust(widest)} = {step.written}", 60)
        value, cotangent = [text_of_value(each, elements) for each in (step.value, step.cotangent)]
        yield Line("step", (made, value, step.derivative, cotangent, cut(text, 44)), step.cotangent is not None)


def cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def folded(lines: list[Line], what: str) -> list[Line]:
    if len(lines) <= MOST:
        return lines
    more = Line("fold", (f"… {len(lines) - 2 * ENDS} more {what}", "", "", "", ""))
    return [*lines[:ENDS], more, *lines[-ENDS:]]


# ---- making one ------------------------------------------------------------------------------------------------------


def explain(f: Callable, *args: Any) -> Explanation:
    """The gradient of `f` at these arguments, step by step: what was recorded, and what came back.

    One row an operation: how it is written, its value, its local derivative in words, the cotangent that arrived at
    it, and the line of yours that asked for it. Arguments come first, with their gradients as cotangents. Read values
    down, then cotangents up: each is the cotangent below, times the derivative, summed over the steps that use it.

    Errors: those of `gradient`.

    Example:
        >>> def f(x):
        ...     return 3*x**2 + 2*x + 1
        >>> explain(f, 2)
        step          value  derivative  cotangent  source
        x             2                  14.0
        v1 = x ** 2   4      2·x = 4     3.0        return 3*x**2 + 2*x + 1
        v2 = 3 * v1   12     3           1.0
        v3 = 2 * x    4      2           1.0
        v4 = v2 + v3  16     1, 1        1.0
        v5 = v4 + 1   17     1           1.0

    Source: "Taking Gradients"; the tape is that of `fluxrepl/ad/tape.py`.
    """
    args = tuple([map_leaves(plain, a) for a in args])
    with NotingTape() as tape:
        traced, loss = run(f, args, tape)
        start(loss, tape)
        rows: Any = tuple(tape)
        walk(reversed(rows))
        names = names_of_arguments(f, args)
        inputs = [(name, leaf) for name, leaf in named_leaves(names, traced)]
        telling = Telling({id(leaf): name for name, leaf in inputs}, rows)
        return Explanation(
            value=map_leaves(plain, strip(loss, tape)),
            grad=tuple([map_leaves(plain, g) for g in collect(traced)]),
            leaves=[Leaf(name, kept(plain(leaf.value)), plain(finished(leaf, set()))) for name, leaf in inputs],
            steps=telling.steps(),
            result=telling.names.get(id(loss), ""),
            arguments=dict(zip(names, args, strict=True)),
        )
