"""Text of a lesson that has no cell: checks, wrong answers, what says that a quiz is one, blank lines.

It is kept in the notebook's metadata under the block and part of the cell before it, and comes back behind that cell.
If the cell is gone, the check of an exercise that is still there comes back behind the nearest cell before it.
"""

import re
from pathlib import Path
from typing import Any

from ..options import parse_info
from ..problem import Problems

JUDGES = re.compile(r"<!--\s*fluxrepl:(?:check|wrong)\s+(?P<name>[\w.-]+)")


def key(kept: dict[str, Any]) -> str:
    """Under which name a notebook keeps the text behind a cell."""
    return f"{kept['block']}.{kept['part']}"


class Hidden:
    """The hidden text of one notebook, given what its cells remember, in order."""

    def __init__(self, texts: dict[str, str], kepts: list[dict[str, Any]]):
        self.texts = dict(texts)
        self.left = [key(kept) for kept in kepts]
        exercises = {_exercise(kept["opening"]) for kept in kepts if kept["kind"] == "starter"}
        for lost in [name for name in texts if name not in self.left]:
            text = self.texts.pop(lost)
            match = JUDGES.search(text)
            if match and match["name"] in exercises:
                before = filter(lambda name: _place(name) < _place(lost), self.left)
                nearest = max(before, key=_place, default=self.left[0])
                self.texts[nearest] = self.texts.get(nearest, "") + text

    def behind(self, kept: dict[str, Any]) -> str:
        """The text behind a cell; where a cell was copied, behind the last one."""
        name = key(kept)
        self.left.remove(name)
        return "" if name in self.left else self.texts.get(name, "")


def _place(name: str) -> tuple[int, ...]:
    return tuple(int(number) for number in name.split("."))


def _exercise(opening: str) -> str:
    """The name in ```python {starter=NAME}."""
    return parse_info(opening.lstrip(" >`~"), 0, Problems(Path()))[1].starter
