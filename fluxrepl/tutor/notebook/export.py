"""A lesson as a notebook for the Flux kernel.

Prose becomes Markdown cells (hints and solutions stay folded in them), an example a code cell, an exercise a cell with
its starter. What a learner does not see has no cell: the text of checks and wrong answers is kept in the metadata.
"""

from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from ..lesson import Lesson
from .cells import FORMAT, Names, cell_type, memory, tags
from .hidden import key
from .pieces import Chunk, Piece, cut

KERNEL = {"name": "fluxrepl", "display_name": "Flux (fluxrepl)", "language": "python"}
LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python", "pygments_lexer": "ipython3"}
MAKE: dict[str, Any] = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}
HIDDEN = ("front", "setup")  # cells that are there, and folded away


def export(lesson: Lesson, text: str, outputs: bool = False) -> NotebookNode:
    """The notebook of `lesson`, whose file holds `text`, line ends and all; with the outputs it promises if asked."""
    cells: list[NotebookNode] = []
    names = Names()
    hidden: dict[str, str] = {}
    behind = None  # the block before
    for number, piece in enumerate(cut(text)):
        if not piece.chunks:  # no cell of its own: it goes with the cell before
            name = key(cells[-1].metadata.fluxrepl)
            hidden[name] = hidden.get(name, "") + piece.opening
            continue
        for part, chunk in enumerate(piece.chunks):
            kept = memory(piece, number, part) | {"behind": behind}
            cells.append(_cell(piece, chunk, names.name(piece, chunk), kept, outputs))
        behind = number
    cells[-1].metadata.fluxrepl.is_last = True
    ours = {"format": FORMAT, "id": lesson.id, "title": lesson.title, "newline": newline_of(text), "hidden": hidden}
    metadata = {"kernelspec": KERNEL, "language_info": LANGUAGE, "title": lesson.title, "fluxrepl": ours}
    return new_notebook(cells=cells, metadata=metadata)


def newline_of(text: str) -> str:
    """The line end of most lines."""
    dos = text.count("\r\n")
    counts = {"\n": text.count("\n") - dos, "\r\n": dos, "\r": text.count("\r") - dos}
    return max(counts, key=lambda end: counts[end])


def _cell(piece: Piece, chunk: Chunk, identity: str, kept: dict[str, Any], outputs: bool) -> NotebookNode:
    cell = MAKE[cell_type(piece.kind)](chunk.source, id=identity)
    cell.metadata.fluxrepl = NotebookNode(kept)
    if found := tags(piece, chunk):
        cell.metadata.tags = found
    if piece.kind in HIDDEN:
        cell.metadata.jupyter = {"source_hidden": True}
    if outputs and chunk.expected and cell.cell_type == "code":
        cell.outputs = [_output(chunk)]
    return cell


def _output(chunk: Chunk) -> NotebookNode:
    text = chunk.expected.replace("<BLANKLINE>", "").rstrip("\n")
    if chunk.raises:
        name, _, message = text.split("\n")[-1].partition(": ")
        return new_output("error", ename=name, evalue=message, traceback=text.split("\n"))
    if chunk.source.split("\n")[-1].startswith("print("):
        return new_output("stream", name="stdout", text=text + "\n")
    return new_output("execute_result", {"text/plain": text}, execution_count=None)
