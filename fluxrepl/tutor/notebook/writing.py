"""Cells as Markdown: the fences of code that was added or changed, with prompts and outputs where a block has them."""

import ast
import re
from typing import Any

from nbformat import NotebookNode

from .pieces import plain

TRACEBACK = "Traceback (most recent call last):"
COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def fence(info: str, body: str) -> str:
    """A fence of `body`, which ends in a line end; its ticks are longer than any in it."""
    longest = max((len(run) for run in re.findall(r"^\s*(`{3,})", body, re.M)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{info}\n{body}{ticks}\n"


def is_python(source: str) -> bool:
    """Whether a cell is Python, and not a magic, a `!command` or something half-written."""
    try:
        return bool(ast.parse(source).body)
    except (SyntaxError, ValueError):
        return False


def new_code(cell: NotebookNode) -> str:
    """A code cell that no lesson had: prompts and output if it has run and shows text, else a script."""
    if not cell.source.strip():
        return ""
    if not is_python(cell.source):
        return fence("text", f"{cell.source}\n")
    shown = shown_by(cell)
    if shown is None:
        return fence("python", f"{cell.source}\n")
    return fence("pycon", f"{prompted(cell.source)}{shown}\n")


def shown_by(cell: NotebookNode) -> str | None:
    """The output of a cell as doctest would have it; None if it has not run, or drew something."""
    text = ""
    for output in cell.get("outputs", ()):
        if output.output_type == "stream" and output.name == "stdout":
            text += output.text
        elif output.output_type == "execute_result":
            text += f"{output.data.get('text/plain', '')}\n"
        elif output.output_type == "error":
            message = COLOURS.sub("", str(output.evalue)).split("\n")[0]
            text += f"{TRACEBACK}\n    ...\n" + (f"{output.ename}: {message}\n" if message else f"{output.ename}\n")
        elif output.output_type == "display_data":
            return None
    if not text:
        return None
    rows = [row.rstrip() or "<BLANKLINE>" for row in COLOURS.sub("", text).rstrip("\n").split("\n")]
    return "\n".join(rows) + "\n"


def prompted(source: str) -> str:
    """Code with prompts: `>>>` before each statement and each comment of its own, `...` before what belongs to it.

    Example:
        >>> prompted("def f(x):\\n    return x\\nf(1)").splitlines()
        ['>>> def f(x):', '...     return x', '>>> f(1)']

    """
    starts: set[int] = set()
    inside: set[int] = set()
    for statement in ast.parse(source).body:
        first = min([statement.lineno, *(mark.lineno for mark in getattr(statement, "decorator_list", ()))])
        starts.add(first)
        inside.update(range(first + 1, (statement.end_lineno or first) + 1))
    rows = []
    for number, line in enumerate(source.rstrip("\n").split("\n"), 1):
        if number in inside and number not in starts:
            rows.append(f"... {line}".rstrip() if not line.strip() else f"... {line}")
        elif line.strip():
            rows.append(f">>> {line}")
    return "".join(f"{row}\n" for row in rows)


def new_cell(cell: NotebookNode) -> str:
    """The text of a cell that no lesson had."""
    if cell.cell_type == "code":
        text = new_code(cell)
    elif cell.cell_type == "markdown":
        text = cell.source.strip("\n")
    else:
        text = fence("text", f"{cell.source}\n") if cell.source.strip() else ""
    return f"{text.rstrip(chr(10))}\n\n" if text.strip() else ""


def changed_text(cell: NotebookNode, kept: dict[str, Any]) -> str:
    """Prose that was changed, with the blank lines that stood around it; of a summary, as a summary."""
    raw = plain(kept["raw"])
    source = cell.source.strip("\n")
    if not source.strip():
        return ""
    if kept["kind"] == "summary":
        return f"<details><summary>{source.strip('*')}</summary>\n\n"
    if kept["kind"] == "front":
        bounded = re.fullmatch(r"---[ \t]*\n.*\n---[ \t]*", source, re.S)
        source = source if bounded else f"---\n{source.strip('-').strip()}\n---"
    start = raw[: len(raw) - len(raw.lstrip("\ufeff\n"))]
    return start + source + raw[len(raw.rstrip("\n")) :]


def changed_chunk(cell: NotebookNode, kept: dict[str, Any]) -> str:
    """Code that was changed, as it stands between the opening and the closing of its block."""
    if kept["kind"] == "pycon":
        text = pycon_chunk(cell, kept)
    elif kept["kind"] == "setup" and plain(kept["raw"]).lstrip().startswith(">>>") and is_python(cell.source):
        text = prompted(cell.source)
    else:
        above, below = blank_lines(plain(kept["raw"]))
        text = above + cell.source.strip("\n") + "\n" + below
    indent = re.sub(r"[^\s>]", " ", re.match(r"[^`~<]*", kept["opening"])[0])  # type: ignore[index]
    return "".join(f"{indent}{row}".rstrip(" ") if not row.strip() else indent + row for row in text.splitlines(True))


def blank_lines(raw: str) -> tuple[str, str]:
    """The blank lines with which a text begins and ends.

    Example:
        >>> blank_lines("\\nx = 1\\n\\n\\n")
        ('\\n', '\\n\\n')

    """
    rows = raw.split("\n")[:-1]
    code = [number for number, row in enumerate(rows) if row.strip(" >")] or [0]
    return "\n" * code[0], "\n" * (len(rows) - code[-1] - 1)


def enclosed(parts: list[str]) -> str:
    """A block: its opening, code and closing; its ticks are made longer if some code has come to hold as many."""
    opening, *chunks, closing = parts
    body = "".join(chunks)
    ticks = re.match(r"[^`~<]*(`{3,})", opening)
    inside = max((len(run) for run in re.findall(r"^[ >]*(`{3,})", body, re.M)), default=0)
    if ticks and inside >= len(ticks[1]):
        longer = "`" * (inside + 1)
        opening = opening.replace(ticks[1], longer, 1)
        closing = longer.join(closing.rpartition(ticks[1])[::2])
    return opening + body + closing


def pycon_chunk(cell: NotebookNode, kept: dict[str, Any]) -> str:
    """The changed example of a pycon block: its new output if it has run, else the one that was promised."""
    code = prompted(cell.source)
    if directive := kept.get("directive"):
        code = f"{code.rstrip(chr(10))}  {directive}\n"
    shown = shown_by(cell)
    return code + (kept.get("expected", "") if shown is None else shown)
