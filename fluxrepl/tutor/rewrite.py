"""Changing a lesson's file by place, never by searching: everything outside of the edits keeps its bytes.

Line ends (also mixed ones), a byte order mark, a missing last newline: all stay as the author has them.
"""

import difflib
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .harmless import harmless
from .writing import replacing

END = re.compile(r"\r\n|\r|\n")
PATIENCE = 20.0  # seconds for git
STYLES = {"+": "green", "-": "red", "@": "cyan"}  # of the lines of a diff


class FileChanged(Exception):
    """Somebody else has written to the file since it was read."""


@dataclass(frozen=True)
class Edit:
    """What stands from `start` to `end` (offsets into the text) becomes `text`."""

    start: int
    end: int
    text: str


class Source:
    """The text of a file by lines, counted from 1 as everywhere; `line` gives one without its end."""

    def __init__(self, path: Path):
        self.path = path.resolve()  # a link stays a link: what it leads to is written
        self.data = self.path.read_bytes()
        self.text = self.data.decode("utf-8")
        ends = [match.span() for match in END.finditer(self.text)]
        self.starts = [0, *(end for _, end in ends)]
        self.stops = [*(start for start, _ in ends), len(self.text)]

    def line(self, number: int) -> str:
        """A line without its end."""
        return self.text[self.starts[number - 1] : self.stops[number - 1]]

    def lines_edit(self, first: int, count: int, rows: list[str]) -> Edit:
        """An edit that puts `rows` in the place of `count` lines; each ends as the one in whose place it comes.

        Where more come than there were, they end as the last of those, or as the line above.
        """
        ends = [self._end(number) for number in range(first, first + count)] or [self._end(first - 1)]
        ends += [ends[-1]] * len(rows)
        start, stop = self.starts[first - 1], self.starts[first - 1 + count]
        return Edit(start, stop, "".join(row + end for row, end in zip(rows, ends, strict=False)))

    def _end(self, number: int) -> str:
        end = END.match(self.text, self.stops[number - 1])
        return end.group() if end else "\n"

    def inline_edit(self, number: int, column: int, end: int, text: str) -> Edit:
        """An edit within a line, from column to column, counted from 0."""
        start = self.starts[number - 1]
        return Edit(start + column, start + end, text)

    def edited(self, edits: list[Edit]) -> str:
        """The text with the edits made."""
        parts, place = [], 0
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
            assert edit.start >= place, "two edits of one place"
            parts += [self.text[place : edit.start], edit.text]
            place = edit.end
        return "".join([*parts, self.text[place:]])

    def diff(self, text: str, name: str) -> str:
        """What would change, as a unified diff."""
        before, after = END.sub("\n", self.text), END.sub("\n", text)
        lines = difflib.unified_diff(_lines(before), _lines(after), name, name, lineterm="")
        return "".join(line + "\n" for line in lines)

    def write(self, text: str) -> None:
        """Put `text` into the file, whole or not at all; `FileChanged` if it is no longer the one that was read."""
        with replacing(self.path, sync=True) as file:
            file.write(text.encode("utf-8"))
            if self.path.read_bytes() != self.data:
                raise FileChanged(self.path)


def uncommitted(path: Path) -> str:
    """Why git could not give back what is in a file now; nothing where it could, or where git has no say."""
    path = path.resolve()
    command = ["git", "-C", str(path.parent), "status", "--porcelain=v1", "-z", "--", path.name]
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        ended = subprocess.run(
            command, capture_output=True, timeout=PATIENCE, check=False, env=environment, stdin=subprocess.DEVNULL
        )
    except FileNotFoundError:
        return ""  # no git
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"git does not say whether it has changes ({error})"
    if ended.returncode:
        words = ended.stderr.decode(errors="replace").strip().split("\n")[0]
        return "" if "not a git repository" in words else f"git does not say whether it has changes ({words})"
    if not ended.stdout:
        return ""
    return "it is not in git yet" if ended.stdout.startswith(b"??") else "it has changes that are not committed"


def styled(diff: str) -> Iterator[tuple[str, str]]:
    """The lines of a diff, fit to be shown, each with the colour or "bold" that it is drawn in; "" for none."""
    for line in diff.split("\n")[:-1]:
        yield harmless(line), "bold" if line.startswith(("+++ ", "--- ")) else STYLES.get(line[:1], "")


def _lines(text: str) -> list[str]:
    return text.split("\n")[: -1 if text.endswith("\n") else None]
