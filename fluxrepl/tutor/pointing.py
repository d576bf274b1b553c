"""Want and got one above the other, with a mark under the first place where they part. For any screen: plain lines."""

from dataclasses import dataclass
from unicodedata import combining, east_asian_width

from .compare import Place, difference
from .harmless import harmless
from .promise import is_text
from .report import Finding

MOST_LINES = 40  # of each text; of a longer one, those around the place
WIDEST = 160  # columns; of a longer line, what is around the place


@dataclass(frozen=True)
class Line:
    """One line to show: `kind` is want, got, mark (it points at the line above) or note."""

    kind: str
    text: str


def of_finding(finding: Finding) -> list[Line]:
    """What a finding says of want and got; a mark where one text was promised and another came."""
    if not (finding.want or finding.got or finding.kind == "output"):
        return []
    lines = pointed(finding.want, finding.got, finding.want_at, finding.got_at)
    return lines if finding.want or finding.kind == "output" else [line for line in lines if line.kind != "want"]


def compared(want: str, got: str) -> list[Line]:
    """The lines about a want and a got of which nothing else is known, for a player's miss."""
    texts = want.strip() and got.strip() and is_text(want.strip())
    parted = difference(want, got) if texts else None
    return pointed(want, got, parted.want_at, parted.got_at) if parted else pointed(want, got)


def pointed(want: str, got: str, want_at: Place | None = None, got_at: Place | None = None) -> list[Line]:
    """The lines of both texts, with marks where they part.

    Example:
        >>> for line in pointed("[1, 2]", "[1, 3]", (1, 5, 1), (1, 5, 1)):
        ...     print(f"{line.kind:>4}  {line.text}")
        want  [1, 2]
         got  [1, 3]
        mark      ^

    """
    wanted = _text_lines("want", want, want_at)
    gotten = _text_lines("got", got, got_at)
    if len(wanted) == len(gotten) == 2 and wanted[1] == gotten[1]:
        del wanted[1]  # one mark does for both
    return [*wanted, *gotten]


def _text_lines(kind: str, text: str, at: Place | None) -> list[Line]:
    rows = text.rstrip("\n").split("\n")
    if not text.strip():
        return [Line(kind, "(nothing)")]
    place = min(at[0], len(rows)) - 1 if at else 0
    first = max(0, min(place - MOST_LINES // 2, len(rows) - MOST_LINES))
    shown = []
    if first:
        shown.append(Line("note", f"… {first} lines before"))
    for number, row in enumerate(rows[first : first + MOST_LINES], first):
        here = at if at and number == at[0] - 1 else None
        shown += _row(kind, row, here)
    if left := len(rows) - first - MOST_LINES:
        shown += [Line("note", f"… {left} more lines")] if left > 0 else []
    return shown


def _row(kind: str, row: str, at: Place | None) -> list[Line]:
    """A line, cut to what can be read, what would act on a terminal written out, and the mark below it."""
    row = row.expandtabs()
    start = at[1] - 1 if at else 0
    skip = max(0, start - WIDEST // 2) if len(row) > WIDEST else 0
    piece = row[skip : skip + WIDEST]
    before, after = "… " if skip else "", " …" if skip + WIDEST < len(row) else ""
    lines = [Line(kind, before + harmless(piece) + after)]
    if at:
        marked = row[start : start + at[2]][: skip + WIDEST - start]
        lines.append(
            Line("mark", " " * _width(before + harmless(row[skip:start])) + "^" * max(1, _width(harmless(marked))))
        )
    return lines


def _width(text: str) -> int:
    """The columns that a text takes on a screen."""
    return sum(0 if combining(sign) else 1 + (east_asian_width(sign) in "WF") for sign in text)
