"""What a cell remembers of the text it came from, under `metadata.fluxrepl`; and how it is known to be unchanged."""

import hashlib
from collections import Counter
from typing import Any

from .pieces import Chunk, Piece

FORMAT = 1  # of the metadata; a newer one is refused
CODE = ("pycon", "python", "starter", "quiz", "setup")


def digest(kind: str, source: str) -> str:
    """The same as long as nobody changes a cell. What it gives when it runs does not count."""
    return hashlib.sha256(f"{kind}\n{source}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def memory(piece: Piece, number: int, part: int) -> dict[str, Any]:
    """What the cell of `piece.chunks[part]` remembers; `number` is the place of the piece in the text."""
    chunk = piece.chunks[part]
    kept: dict[str, Any] = {
        "kind": piece.kind,
        "block": number,
        "part": part,
        "raw": chunk.raw,
        "digest": digest(cell_type(piece.kind), chunk.source),
    }
    if piece.opening or piece.closing:
        kept |= {"opening": piece.opening, "closing": piece.closing, "parts": len(piece.chunks)}
    if chunk.expected:
        kept["expected"] = chunk.expected
    if chunk.directive:
        kept["directive"] = chunk.directive
    return kept


def cell_type(kind: str) -> str:
    """What kind of cell shows a piece of this kind."""
    return "code" if kind in CODE else "raw" if kind == "front" else "markdown"


def tags(piece: Piece, chunk: Chunk) -> list[str]:
    """Words that Jupyter and its tools know: a cell that may fail does not stop those below it."""
    may_fail = chunk.raises or piece.options.requires or piece.kind == "starter"
    named = {"setup": ["fluxrepl-setup", "hide-input"], "starter": ["exercise"], "front": ["fluxrepl-front-matter"]}
    return [*named.get(piece.kind, []), *(["raises-exception"] if may_fail else [])]


class Names:
    """Ids for cells that stay the same when the lesson is exported again, whatever was put above them."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    def name(self, piece: Piece, chunk: Chunk) -> str:
        """An id from what the cell shows."""
        found = f"{piece.kind}-{digest(piece.kind, chunk.source)[:8]}"
        self.taken[found] += 1
        return found if self.taken[found] == 1 else f"{found}-{self.taken[found]}"
