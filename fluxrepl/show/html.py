"""Layers, gradients and explanations in a notebook: tables, and a tree of the gradient that opens and closes.

Plain HTML without scripts. Colours are those of JupyterLab's theme, by its CSS variables, and what is around it
elsewhere: so light and dark both work. Everything that comes from a value is escaped.
"""

from html import escape
from typing import Any

import numpy as np

from fluxrepl.ad.record import Record
from fluxrepl.ad.tracer import plain
from fluxrepl.ad.tree import is_array, kind_of
from fluxrepl.nn.summary import Row, rows
from fluxrepl.nn.text import short

from .kinds import is_explanation, is_layer, is_structure

STYLE = """<style>
.fluxrepl { font-family: var(--jp-code-font-family, monospace); font-size: var(--jp-code-font-size, 13px);
  color: var(--jp-content-font-color1, inherit); line-height: 1.5; text-align: left; }
.fluxrepl table { border-collapse: collapse; margin: 0; }
.fluxrepl th, .fluxrepl td { border: 0; padding: 1px 12px 1px 0; text-align: left !important; white-space: pre; }
.fluxrepl td.count, .fluxrepl th.count { text-align: right !important; }
.fluxrepl thead th { font-weight: normal; color: var(--jp-content-font-color2, inherit); opacity: 0.7;
  border-bottom: 1px solid var(--jp-border-color2, currentColor); }
.fluxrepl tfoot td { border-top: 1px solid var(--jp-border-color2, currentColor); }
.fluxrepl .dim { color: var(--jp-content-font-color2, inherit); opacity: 0.6; }
.fluxrepl .name { color: var(--jp-info-color1, inherit); }
.fluxrepl .cotangent { color: var(--jp-success-color1, inherit); font-weight: bold; }
.fluxrepl tr.dim .cotangent, .fluxrepl tr.dim .name { color: inherit; font-weight: normal; }
.fluxrepl .bad { color: var(--jp-error-color1, inherit); font-weight: bold; }
.fluxrepl .tree { padding-left: 1.4em; }
.fluxrepl summary { cursor: pointer; }
</style>"""

SHOWN = 40  # parts of one structure, or rows of one table
LINES = 400  # lines of a tree
FEW = 30  # lines up to which all of a tree is open at first
OPEN = 2  # levels of a larger tree that are open at first
DEEPEST = 20  # levels of a tree that are written at all
SMALL = 8  # elements up to which an array is written out


def view(value: Any) -> str | None:
    """The HTML of a layer, an explanation or a structure of arrays; None for anything else."""
    try:
        if is_layer(value):
            return box(table(rows(value)))
        if is_explanation(value):
            return box(steps_table(value))
        return box(Tree(value).html) if is_structure(value) else None
    except Exception:  # a part that surprises: the text, which is always there, must do
        return None


def box(inside: str) -> str:
    return f'{STYLE}<div class="fluxrepl">{inside}</div>'


# ---- layers ----------------------------------------------------------------------------------------------------------


def table(made: list[Row]) -> str:
    """One row a layer with its parameters at the right; the total below."""
    layers = [row for row in made if row.kind != "closing"]
    total = " ".join([row.comment.removeprefix("# ") for row in made if row.kind == "closing" and row.comment])
    left_out = len(layers) - SHOWN
    body = "".join([layer_row(row) for row in layers[:SHOWN]])
    if left_out > 0:
        body += f'<tr><td class="dim" colspan="3">… {left_out} more</td></tr>'
    foot = f'<tfoot><tr><td colspan="3">{escape(total)}</td></tr></tfoot>' if total else ""
    head = '<thead><tr><th>layer</th><th class="count">parameters</th><th></th></tr></thead>'
    return f"<table>{head}<tbody>{body}</tbody>{foot}</table>"


def layer_row(row: Row) -> str:
    name = f'<span class="name">{escape(row.label)}</span>' if row.label else ""
    text = row.text.rstrip("([{") if row.kind == "opening" else row.text
    count, _, rest = row.comment.removeprefix("# ").partition(", ")
    count = count.removesuffix("s").removesuffix(" parameter")
    notes = ", ".join([escape(note) for note in (rest, *row.flags) if note])
    style = "bad" if any([flag.startswith("some") for flag in row.flags]) else "dim"
    indent = "&nbsp;" * row.indent  # not a style: GitHub and notebooks that are not trusted drop those
    return (
        f"<tr><td>{indent}{name}{escape(text)}</td>"
        f'<td class="count">{escape(count)}</td><td class="{style}">{notes}</td></tr>'
    )


# ---- explanations ----------------------------------------------------------------------------------------------------


def steps_table(explanation: Any) -> str:
    """One row a step; what no path leads from to the result is dim."""
    from .explain import COLUMNS

    head = "".join([f"<th>{name}</th>" for name in COLUMNS])
    body = "".join([step_row(line) for line in explanation.lines()])
    remarks = "".join([f'<tr><td colspan="{len(COLUMNS)}">{escape(text)}</td></tr>' for text in explanation.remarks()])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}{remarks}</tbody></table>"


def step_row(line: Any) -> str:
    first = "name" if line.kind == "leaf" else "dim" if line.kind == "fold" else ""
    cells = zip(line.cells, (first, "", "", "cotangent", "dim"), strict=True)
    inside = "".join([f'<td class="{style}">{escape(cell)}</td>' for cell, style in cells])
    return f'<tr class="{"" if line.active else "dim"}">{inside}</tr>'


# ---- gradients -------------------------------------------------------------------------------------------------------


class Tree:
    """A structure as a list that opens and closes. A small one is open all the way down."""

    def __init__(self, value: Any):
        self.left = LINES
        self.open = DEEPEST
        self.html = self.lines("", value, 0, True)
        if LINES - self.left > FEW:
            self.left, self.open = LINES, OPEN
            self.html = self.lines("", value, 0, True)

    def lines(self, name: str, value: Any, level: int, is_open: bool) -> str:
        self.left -= 1
        label = f'<span class="name">{escape(name)}</span> ' if name else ""
        parts = parts_of(value)
        if parts is None or level >= DEEPEST:
            return f"<div>{label}{leaf(value)}</div>"
        few = len(parts) <= FEW
        inside = ""
        for shown, (part_name, part) in enumerate(parts.items()):
            if shown == SHOWN or self.left <= 0:
                inside += f'<div class="dim">… {len(parts) - shown} more</div>'
                break
            inside += self.lines(str(part_name), part, level + 1, few and level + 1 < self.open)
        summary = f'<summary>{label}<span class="dim">{escape(kind_text(value, len(parts)))}</span></summary>'
        return f'<details{" open" if is_open else ""}>{summary}<div class="tree">{inside}</div></details>'


def parts_of(value: Any) -> dict[Any, Any] | None:
    """The parts of a structure by name or place; None for a leaf."""
    if not isinstance(value, Record | tuple | list | dict):
        return None
    kind = kind_of(value)
    return None if kind is None else {_place(value, name): part for name, part in kind.children(value).items()}


def _place(value: Any, name: Any) -> str:
    named = isinstance(value, Record) or hasattr(value, "_fields")
    return str(name) if named else f"[{name!r}]"


def kind_text(value: Any, parts: int) -> str:
    what = "record" if isinstance(value, Record) else type(value).__name__
    return f"{what} of {parts}"


def leaf(value: Any) -> str:
    """One value: None dim, an array by dtype and shape, with its numbers if they are few."""
    value = plain(value)
    if value is None:
        return '<span class="dim">None</span>'
    if not is_array(value) or np.ndim(value) == 0:
        return escape(short(value)[:200])
    about = f'<span class="dim">{escape(str(value.dtype))} {escape(str(value.shape))}</span>'
    if value.size > SMALL or not isinstance(value, np.ndarray):
        return about
    with np.printoptions(linewidth=1000):
        return f"{escape(' '.join(np.array2string(value, separator=', ').split()))} {about}"
