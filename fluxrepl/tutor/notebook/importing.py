"""A notebook as the text of a lesson.

In a notebook that was exported, each cell remembers the text it came from: as long as its digest matches, that text is
emitted as it was. A changed cell is written anew inside its own fence, a new one gets a fence, a deleted one takes its
text along; where cells have other neighbours than before, a blank line keeps them apart. Any other notebook becomes a
plain lesson.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from .cells import FORMAT, cell_type, digest
from .heads import front_matter
from .hidden import Hidden
from .pieces import plain
from .writing import changed_chunk, changed_text, enclosed, is_python, new_cell

Kept = dict[str, Any]


class NotReadable(ValueError):
    """A notebook that this version cannot make a lesson of."""


@dataclass(frozen=True)
class Written:
    """A piece of the lesson's text, and what its first and last cell remember."""

    text: str
    first: Kept | None = None
    last: Kept | None = None

    def follows(self, other: "Written") -> bool:
        """Whether `other` stood right before this in the lesson that was exported, so that nothing need part them."""
        if self.first is None or other.last is None:
            return False
        is_whole = self.first["part"] == 0 and other.last["part"] + 1 == other.last.get("parts", 1)
        return is_whole and self.first.get("behind") == other.last["block"]


def is_ours(notebook: NotebookNode) -> bool:
    """Whether `fluxrepl export` made this notebook."""
    return isinstance(notebook.metadata.get("fluxrepl"), dict)


def import_text(notebook: NotebookNode, name: str = "my-lesson") -> str:
    """The text of the lesson in `notebook`; `name` is for one that nothing names. `NotReadable` if it is too new."""
    ours = notebook.metadata.get("fluxrepl") or {}
    if ours.get("format", FORMAT) != FORMAT:
        raise NotReadable("it was exported by a newer fluxrepl; update this one: pip install --upgrade fluxrepl")
    return Importer(notebook, name).text()


class Importer:
    """Makes the text of one notebook."""

    def __init__(self, notebook: NotebookNode, name: str):
        self.notebook, self.name = notebook, name
        ours = notebook.metadata.get("fluxrepl") or {}
        self.newline = str(ours.get("newline", "\n"))
        # The head stands first, wherever it has been moved to.
        self.cells = sorted(notebook.cells, key=lambda cell: _kind(cell) != "front")
        self.hidden = Hidden(ours.get("hidden") or {}, [kept for cell in self.cells if (kept := _kept(cell))])

    def text(self) -> str:
        """The whole lesson."""
        pieces = [self._run(run) if kept else Written(self._ends(new_cell(run[0]))) for kept, run in _runs(self.cells)]
        if not self.cells or _kind(self.cells[0]) != "front":
            pieces.insert(0, Written(self._ends(front_matter(self.notebook, self.name))))
        return self._joined([piece for piece in pieces if piece.text])

    def _run(self, run: list[NotebookNode]) -> Written:
        """The text of cells that belong to one piece of the lesson."""
        kepts = [kept for cell in run if (kept := _kept(cell))]
        pairs = list(zip(run, kepts, strict=True))
        first = kepts[0]
        if first["kind"] in ("text", "front", "summary"):
            text = "".join(k["raw"] if _same(cell, k) else self._ends(changed_text(cell, k)) for cell, k in pairs)
        else:
            chunks = [k["raw"] if _same(cell, k) else self._ends(changed_chunk(cell, k)) for cell, k in pairs]
            parts = [first["opening"], *chunks, first["closing"]]
            text = "".join(parts) if all(_same(cell, k) for cell, k in pairs) else enclosed(parts)
        return Written(text + "".join(self.hidden.behind(kept) for kept in kepts), first, kepts[-1])

    def _joined(self, pieces: list[Written]) -> str:
        """One text; a blank line stands between pieces that were not neighbours before."""
        found = ""
        before: Written | None = None
        for piece in pieces:
            if before is not None and not piece.follows(before):
                found += "" if plain(found).endswith("\n\n") else self.newline
                found += "" if plain(found).endswith("\n\n") else self.newline
            found += piece.text
            before = piece
        if before is not None and not (before.last and before.last.get("is_last")):
            found = found.rstrip("\r\n") + self.newline
        return found

    def _ends(self, text: str) -> str:
        """Text written anew gets the line ends of the lesson."""
        return text if self.newline == "\n" else plain(text).replace("\n", self.newline)


def _kept(cell: NotebookNode) -> Kept | None:
    """What a cell remembers, if that is of use: it is still a cell of its kind, with code if it had code."""
    kept = cell.metadata.get("fluxrepl")
    if not isinstance(kept, dict) or not {"kind", "block", "part", "raw", "digest"} <= kept.keys():
        return None
    if cell.cell_type != cell_type(kept["kind"]):
        return None
    if kept["kind"] in ("pycon", "python", "quiz") and not _same(cell, kept) and not is_python(cell.source):
        return None  # emptied, or a magic now: no block of a lesson
    return kept


def _kind(cell: NotebookNode) -> str:
    kept = _kept(cell)
    return str(kept["kind"]) if kept else ""


def _same(cell: NotebookNode, kept: Kept) -> bool:
    return bool(kept["digest"] == digest(cell.cell_type, cell.source))


def _runs(cells: list[NotebookNode]) -> Iterator[tuple[Kept | None, list[NotebookNode]]]:
    """Cells one by one, but those of one block of examples that stand together as one."""
    run: list[NotebookNode] = []
    for cell in cells:
        before, kept = _kept(run[-1]) if run else None, _kept(cell)
        together = before and kept and kept["kind"] in ("pycon", "python") and before["block"] == kept["block"]
        if run and not together:
            yield before, run
            run = []
        run.append(cell)
    if run:
        yield _kept(run[-1]), run
