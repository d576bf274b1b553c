"""The colours of a value in the terminal: the same characters as its `repr`, so that a lesson promises both.

Layers: names bold, counts grey, and what is wrong with the numbers in red. Gradients: the names of fields blue,
numbers yellow, None dim. Explanations: cotangents green, steps that lead nowhere dim. Only the sixteen colours of the
learner's own theme are used.
"""

from typing import Any

from fluxrepl.nn.summary import rows, text_of

from .kinds import is_explanation, is_layer, is_structure

NUMBER = r"(?<![\w.])[-+]?(\d[\d_]*\.?\d*(e[-+]?\d+)?|nan\b|inf\b)"
NAME = r"\b(?!dtype=|shape=)\w+(?==)"
FLAGS = {"all zero": "cyan", "shared": "cyan", "partly shared": "cyan", "some NaN": "bold red", "some Inf": "bold red"}
LONGEST = 100_000  # characters that are coloured; more would keep one waiting


def view(value: Any, room: int | None = None) -> Any:
    """A rich text of a layer, a structure of arrays or an explanation, in so much room; None for anything else."""
    if is_layer(value):
        return layer_view(value)
    if is_explanation(value):
        return explanation_view(value, room)
    return structure_view(value) if is_structure(value) else None


def layer_view(value: Any) -> Any:
    """The long text of a layer, row by row."""
    from rich.text import Text

    text = Text(no_wrap=True)
    for number, row in enumerate(rows(value)):
        text.append(("\n" if number else "") + " " * row.indent)
        text.append(row.label, "blue")
        name, bracket, rest = row.text.partition("(")
        text.append(name, "bold" if bracket else "")
        text.append(painted(bracket + rest))
        text.append(row.end + row.space())
        text.append(row.comment, "bright_black")
        for flag in row.flags:
            text.append(f"  ({flag})", FLAGS[flag])
    return text


CELLS = ("", "", "", "bold green", "bright_black")  # step, value, derivative, cotangent, source


def explanation_view(value: Any, room: int | None) -> Any:
    """The table of an explanation; what no path leads from to the result is dim."""
    from rich.text import Text

    from .explain import GAP, padded, widths_of

    text = Text(no_wrap=True)
    lines = value.fitted(room)
    widths = widths_of(lines)
    for line in lines:
        start = len(text)
        text.append("".join(padded(line.cells, widths)).rstrip() + "\n", "" if line.active else "dim")
        if line.kind == "leaf":
            text.stylize("blue", start, start + len(line.cells[0]))
        elif line.kind != "step":
            text.stylize("bright_black", start)
            continue
        for width, style, cell in zip(widths, CELLS, line.cells, strict=False):
            if style and cell and line.active:
                text.stylize(style, start, start + len(cell))
            start += width + GAP
    text.append("\n".join(value.remarks()))
    text.rstrip()
    return text


def structure_view(value: Any) -> Any:
    """The text of a gradient, its names, numbers and Nones told apart."""
    try:
        text = text_of(value)
    except Exception:  # a part whose __repr__ is broken: whoever prints the value will say so
        return None
    return painted(text) if len(text) <= LONGEST else None


def painted(source: str) -> Any:
    from rich.text import Text

    text = Text(source, no_wrap=True)
    text.highlight_regex(NUMBER, "yellow")
    text.highlight_regex(NAME, "blue")
    text.highlight_regex(r"\b(None|False|True)\b", "dim")
    return text
