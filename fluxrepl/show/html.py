"""Layers, gradients, explanations and trainings in a notebook: tables, trees and curves beside their text.

Plain HTML without scripts, with the colours of the notebook's theme (`theme.py`). Everything that comes from a value is
escaped.
"""

from html import escape
from typing import Any

from .kinds import is_explanation, is_layer, is_losses, is_structure
from .layers import layers_table
from .theme import box
from .tree import Tree

DRAWN = 30  # steps up to which an explanation comes with its picture


def view(value: Any) -> str | None:
    """The HTML of a layer, an explanation, a training or a structure of arrays; None for anything else."""
    try:
        if is_layer(value):
            return box(layers_table(value), "layers and their parameters")
        if is_explanation(value):
            return box(steps_table(value) + picture(value), "the steps of a gradient")
        if is_losses(value):
            return None if value.drawn else box(losses_view(value), "a training")
        return box(Tree(value).html, "a structure of arrays") if is_structure(value) else None
    except Exception:  # a part that surprises: the text, which is always there, must do
        return None


def losses_view(losses: Any) -> str:
    from .strokes import curve

    return f"<div>{escape(repr(losses))}</div>{curve(losses)}"


def steps_table(explanation: Any) -> str:
    """One row a step; what no path leads from to the result is dim."""
    from .explain import COLUMNS

    head = "".join([f'<th scope="col">{name}</th>' for name in COLUMNS])
    body = "".join([step_row(line) for line in explanation.lines()])
    remarks = "".join([f'<tr><td colspan="{len(COLUMNS)}">{escape(text)}</td></tr>' for text in explanation.remarks()])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}{remarks}</tbody></table>"


def step_row(line: Any) -> str:
    first = "name" if line.kind == "leaf" else "dim" if line.kind == "fold" else ""
    cells = zip(line.cells, (first, "", "", "cotangent", "dim"), strict=True)
    inside = "".join([f'<td class="{style}">{escape(cell)}</td>' for cell, style in cells])
    return f'<tr class="{"" if line.active else "dim"}">{inside}</tr>'


def picture(explanation: Any) -> str:
    """The graph below the table, to be opened; none where it is too large, or what draws it is missing."""
    if not 0 < len(explanation.steps) <= DRAWN:
        return ""
    try:
        svg = explanation.graph().svg
    except (ImportError, ValueError):
        return ""
    return f'<details><summary class="dim">picture</summary><div class="graph">{svg}</div></details>'
