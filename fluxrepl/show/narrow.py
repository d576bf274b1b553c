"""The table of an explanation in a window that is too narrow for it: nothing wraps in the middle of a number.

The learner's lines go first, from a column of their own to lines of their own; then arrays that are written out become
their shapes, the larger ones first; what is still too wide is cut.
"""

from typing import TYPE_CHECKING

from .explain import COLUMNS, GAP, HEAD, Line, cut, width_of, widths_of
from .values import SHORT

if TYPE_CHECKING:
    from .explain import Explanation

LEAST = 5  # characters that a column keeps
ELEMENTS = (SHORT, 3, 1)  # of an array that is written out


def narrowed(explanation: "Explanation", room: int) -> list[Line]:
    """The head of the table and its lines, with as much in them as there is room for."""
    tables = [_sources_apart([HEAD, *explanation.lines(elements)], room) for elements in ELEMENTS]
    fits = [table for table in tables if width_of(table) <= room]
    return fits[0] if fits else _cut(min(tables, key=width_of), room)


def _sources_apart(lines: list[Line], room: int) -> list[Line]:
    """The learner's lines above the steps that they asked for."""
    blank = ("",) * (len(COLUMNS) - 2)
    found = []
    for line in lines:
        *cells, source = line.cells
        if source and line.kind == "step":
            found.append(Line("source", (cut(f"# {source}", room), *blank)))
        found.append(line._replace(cells=tuple(cells)))
    return found


def _cut(lines: list[Line], room: int) -> list[Line]:
    """The widest columns cut, until all have room."""
    widths = widths_of(lines)
    while sum(widths) + GAP * (len(widths) - 1) > room and max(widths) > LEAST:
        widths[widths.index(max(widths))] -= 1
    return [
        line
        if line.kind in ("fold", "source")
        else line._replace(cells=tuple([cut(cell, width) for cell, width in zip(line.cells, widths, strict=True)]))
        for line in lines
    ]
