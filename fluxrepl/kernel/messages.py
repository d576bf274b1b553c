"""What a lesson says, as Markdown for a notebook."""

import re
from typing import Any

from fluxrepl.tutor.pointing import compared
from fluxrepl.tutor.wording import fenced, unticked

from .paint import WIDTH, NotebookPaint

SIGNS = {"praise": "✓", "miss": "✗", "error": "!"}


def as_markdown(message: Any) -> str:
    """Return one message as Markdown.

    An example too, though the next cell has it where a front puts it there: not every front does (VS Code).
    """
    if message.kind in SIGNS:
        return "\n\n".join([f"{SIGNS[message.kind]} {_escape(message.text)}", *_difference(message)])
    if message.kind in ("note", "list"):
        return fenced(_wrapped(unticked(message.text)), "text") if "\n" in message.text else _escape(message.text)
    parts = [message.text, fenced(message.source, "python") if message.source else ""]
    if message.kind == "hint":
        parts[0] = f"**{f'Hint {message.title}'.rstrip()}.** {message.text}"
    elif message.kind == "solution":
        parts.insert(0, "**Solution**")
    return "\n\n".join(part for part in parts if part.strip())


def as_text(message: Any) -> str:
    """Return one message as plain text."""
    parts = [message.text, message.source, _compared(message)]
    return "\n".join(part for part in parts if part)


def _difference(message: Any) -> list[str]:
    return [fenced(text, "text")] if (text := _compared(message)) else []


def _compared(message: Any) -> str:
    """Want and got, one above the other, with a mark where they part; nothing where there is neither."""
    if not (message.want or message.got):
        return ""
    labels = {"want": "wanted", "got": "   got"}  # each once, at the first of its lines
    return "\n".join(f"{labels.pop(line.kind, ''):<6}  {line.text}" for line in compared(message.want, message.got))


def _wrapped(text: str) -> str:
    """Lines that are broken between words: JupyterLab breaks those in a fence anywhere."""
    return NotebookPaint(colours=False, width=WIDTH).wrap(text)


def _escape(text: str) -> str:
    """Keep plain words plain: what stands in backticks stays code, the rest means nothing to Markdown."""
    parts = re.split(r"(`[^`\n]*`)", text)
    escaped = [part if part.startswith("`") else re.sub(r"([\\*_<>\[\]#$|~])", r"\\\1", part) for part in parts]
    return "".join(escaped).replace("\n", "  \n")
