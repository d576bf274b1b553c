"""A front matter for a notebook that has none: its title, and an id made of it."""

import re
import unicodedata

import yaml
from nbformat import NotebookNode

HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*[ \t]*$", re.M)
NOTEBOOK_ID = re.compile(r"[^a-z0-9]+")


def front_matter(notebook: NotebookNode, name: str) -> str:
    """The head of the lesson in `notebook`, with a title line if no cell has one; `name` where nothing names it."""
    ours = notebook.metadata.get("fluxrepl") or {}
    heading = next((found[1] for cell in _markdown(notebook) if (found := HEADING.search(cell.source))), "")
    title = str(ours.get("title") or notebook.metadata.get("title") or heading or name)
    head = {"title": title, "id": str(ours.get("id") or slug(title) or slug(name) or "my-lesson")}
    text = f"---\n{yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=1000)}---\n\n"
    return text if heading else f"{text}# {title}\n\n"


def slug(words: str) -> str:
    """A plain name made of words: small letters, digits and single `-`.

    Example:
        >>> slug("Élan: the 2nd part!")
        'elan-the-2nd-part'

    """
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return NOTEBOOK_ID.sub("-", plain.lower()).strip("-")


def _markdown(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]
