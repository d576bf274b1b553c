"""What a lesson says to a front: something to show, or something to do."""

from dataclasses import dataclass
from typing import Literal

MessageKind = Literal[
    "prose", "example", "praise", "miss", "hint", "solution", "note", "list", "error", "finished",
    "setup", "run", "quit",
]  # fmt: skip


@dataclass(frozen=True)
class Message:
    """Something to show, or to do (see the top of play.py).

    `text` is Markdown in "prose", "hint", "solution" and "finished", and plain in the others.

    `source` is code: of "example" (what will be at the prompt), "solution", "setup", "run".
    A "miss" of an example has `want` and `got` beside its words; a "hint" may have a `title`: which of how many.
    """

    kind: MessageKind
    text: str = ""
    source: str = ""
    want: str = ""
    got: str = ""
    title: str = ""
