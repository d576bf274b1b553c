"""How long each lesson took last time: the longest begin first, so that no long one is left for the end."""

import contextlib
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .writing import write_whole

if TYPE_CHECKING:
    from .task import Task

LIMIT = 20_000  # lessons remembered


class Timings:
    """Seconds by path, in one file; without a folder, nothing is remembered."""

    def __init__(self, folder: Path | None):
        self.file = folder / "timings.json" if folder else None
        self.seconds = self._read()
        self.changed = False

    def _read(self) -> dict[str, float]:
        with contextlib.suppress(OSError, ValueError, OverflowError, RecursionError):
            data = json.loads(self.file.read_text("utf-8")) if self.file else None
            if isinstance(data, dict):
                return {path: float(seconds) for path, seconds in data.items() if isinstance(seconds, int | float)}
        return {}

    def longest_first(self, tasks: Sequence["Task"]) -> list["Task"]:
        """The tasks in the order in which to begin them; one that never ran may be long."""
        return sorted(tasks, key=lambda task: -self.seconds.get(_key(task.lesson.path), math.inf))

    def note(self, path: Path, seconds: float) -> None:
        """A lesson took so long."""
        self.seconds.pop(_key(path), None)
        self.seconds[_key(path)] = round(seconds, 4)
        self.changed = True

    def save(self) -> None:
        """Write what was noted, with what others have noted meanwhile."""
        if not self.file or not self.changed:
            return
        seconds = {**self._read(), **self.seconds}
        write_whole(self.file, json.dumps(dict(list(seconds.items())[-LIMIT:])))


def _key(path: Path) -> str:
    return str(path.absolute())
