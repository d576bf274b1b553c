"""A model in a notebook: a table of its layers, with the parameters of each, of each part, and of all.

The rows are those of its text (`nn/summary.py`). A part that holds layers has its own sum; a bar shows which layer has
the most. Arrays that are shared count once in every sum, where the text says of each layer what it uses.
"""

from html import escape
from typing import Any

from fluxrepl.nn.summary import Row, rows

SHOWN = 40  # rows of a table
BAR = 60  # pixels of the longest bar


def layers_table(value: Any) -> str:
    """One row a layer, the total below."""
    made = rows(value)
    layers = [row for row in made if row.kind != "closing"]
    total = " ".join([row.comment.removeprefix("# ") for row in made if row.kind == "closing" and row.comment])
    sums = sums_of(made)
    most = max([count_of(row) for row in layers], default=0)
    body = "".join([layer_row(row, sums.get(k), most) for k, row in enumerate(layers[:SHOWN])])
    if len(layers) > SHOWN:
        body += f'<tr><td class="dim" colspan="4">… {len(layers) - SHOWN} more</td></tr>'
    foot = f'<tfoot><tr><td colspan="4">{escape(total)}</td></tr></tfoot>' if total else ""
    heads = '<th scope="col">layer</th><th scope="col" class="count">parameters</th><th></th><th></th>'
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody>{foot}</table>"


def count_of(row: Row) -> int:
    """The parameters that a row speaks of."""
    first = row.comment.removeprefix("# ").split(" ", 1)[0].rstrip(",")
    return int(first) if first.replace("_", "").isdigit() and row.kind == "part" else 0


def sums_of(made: list[Row]) -> dict[int, int]:
    """For each row that opens a part inside the model, by its place: the sum of what follows up to its closing.

    Where something is shared, sums would count it twice: then there are none, and the total alone is told.
    """
    if any(["shared" in flag for row in made for flag in row.flags]):
        return {}
    sums: dict[int, int] = {}
    opened: list[int] = []
    place = -1
    for row in made:
        if row.kind == "closing":
            if opened:
                opened.pop()
            continue
        place += 1
        for k in opened:
            sums[k] += count_of(row)
        if row.kind == "opening":
            opened.append(place)
            sums[place] = 0
    sums.pop(0, None)  # the model itself: the total says it
    return sums


def layer_row(row: Row, part_sum: int | None, most: int) -> str:
    name = f'<span class="name">{escape(row.label)}</span>' if row.label else ""
    text = row.text.rstrip("([{") if row.kind == "opening" else row.text
    count, _, rest = row.comment.removeprefix("# ").partition(", ")
    count = count.removesuffix("s").removesuffix(" parameter") if part_sum is None else f"{part_sum:_}"
    notes = ", ".join([escape(note) for note in (rest, *row.flags) if note])
    style = "bad" if any([flag.startswith("some") for flag in row.flags]) else "dim"
    indent = "&nbsp;" * row.indent  # not a style: GitHub and notebooks that are not trusted drop those
    bar = share(count_of(row), most)
    kind = ' class="sum"' if row.kind == "opening" and row.indent else ""
    return (
        f"<tr{kind}><td>{indent}{name}{escape(text)}</td>"
        f'<td class="count">{escape(count)}</td><td>{bar}</td><td class="{style}">{notes}</td></tr>'
    )


def share(count: int, most: int) -> str:
    """A bar beside a count: nothing that the number does not say, so nothing is read out."""
    if not count or not most:
        return ""
    wide = max(1.0, BAR * count / most)
    return (
        f'<svg width="{BAR}" height="9" aria-hidden="true"><path class="bars" fill="currentColor" '
        f'd="M0 0h{wide:.3g}v9h-{wide:.3g}z"/></svg>'
    )
