"""Input that nobody types: a pipe, a file, `-c CODE`. Run as a REPL would, without prompts and colours.

    echo 'gradient(lambda x: 3*x**2 + 2*x + 1, 2.0)' | fluxrepl

The text is cut into cells first. What is a whole script is cut by its syntax tree; what is not (commands,
magics, a statement with a mistake in it) is cut where a line starts at the margin and the text so far is complete.
"""

import ast
from collections.abc import Callable, Iterator
from typing import Any

# A line at the margin that begins with one of these continues the block above it.
CONTINUES = ("else", "elif", "except", "finally")


def read_all(stream: Any) -> str:
    """All of a pipe's text, whatever its line ends and its byte order mark."""
    if stream is None:  # closed by whoever started us
        return ""
    raw = stream.buffer.read() if hasattr(stream, "buffer") else stream.read().encode()
    return raw.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def cells(text: str, check_complete: Callable[[str], tuple[str, str]]) -> Iterator[str]:
    """The cells of a text, in order; joined again, they hold all of its code.

    Example:
        >>> list(cells("def f(x):\\n    y = x\\n\\n    return y\\nf(1); f(2)\\n", lambda source: ("complete", "")))
        ['def f(x):\\n    y = x\\n\\n    return y', 'f(1); f(2)']

    """
    from fluxrepl.shell.transcripts import is_transcript

    if is_transcript(text):
        yield text.rstrip("\n")
        return
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        yield from _cells_by_lines(text, check_complete)
    else:
        yield from _cells_by_tree(text, tree)


def _cells_by_tree(text: str, tree: ast.Module) -> Iterator[str]:
    lines = text.split("\n")
    first = last = 0
    for node in tree.body:
        start = min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", []))])
        if start > last and last:
            yield "\n".join(lines[first - 1 : last])
        if start > last:
            first = start
        last = max(last, node.end_lineno or start)
    if last:
        yield "\n".join(lines[first - 1 : last])


def _cells_by_lines(text: str, check_complete: Callable[[str], tuple[str, str]]) -> Iterator[str]:
    cell: list[str] = []
    for line in text.split("\n"):
        if cell and _starts_a_cell(line) and not _is_open("\n".join(cell), check_complete):
            yield "\n".join(cell).rstrip()
            cell = []
        if cell or line.strip():
            cell.append(line)
    if cell:
        yield "\n".join(cell).rstrip()


def _starts_a_cell(line: str) -> bool:
    if not line.strip() or line[0] in " \t)]}":
        return False
    words = line.replace(":", " ").split()
    return not words or words[0] not in CONTINUES or line.startswith(":")


def _is_open(source: str, check_complete: Callable[[str], tuple[str, str]]) -> bool:
    """True if the source lacks a bracket, a quote or the body of a block; a line of its own may be a command."""
    if source.lstrip().startswith(":"):
        return False
    return check_complete(source + "\n\n")[0] == "incomplete"
