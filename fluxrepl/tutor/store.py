"""The file that progress is kept in: one JSON text, read and written whole, so that no crash can halve it.

Each change is made to what the file holds at that moment, while a lock is held, and written to a new file that takes
the old one's place. So a session that is killed loses nothing that was accepted, and two sessions lose nothing of each
other. The lock is the system's (`fcntl`); where there is none (Windows), two that write in the same millisecond may
lose one change.

Versions: a file of an older fluxrepl is brought up to date. One of a newer fluxrepl is never touched: this one
keeps a file of its own beside it.
"""

import contextlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from .writing import PRIVATE, UNFINISHED, free_name, replacing

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

VERSION = 2
STALE = 3600.0  # seconds after which a half-written file belongs to a session that was killed

Data = dict[str, Any]


class Store:
    """Progress as data: `data["lessons"][id]`, in memory and, where there is a path, in its file.

    `warnings` is what the learner should be told, once: a file set aside, a folder that cannot be written.
    """

    def __init__(self, path: Path | None = None):
        self.path = path
        self.warnings: list[str] = []
        self.data = nothing()
        self.writable = path is not None
        self.refresh()
        self._sweep()

    @contextlib.contextmanager
    def change(self) -> Iterator[Data]:
        """Change the data: what the file holds now, which is written when the block ends."""
        with self._locked():
            self.refresh()
            yield self.data
            self._save()

    def clear(self) -> None:
        """Forget everything; to be called within `change`."""
        self.data = nothing()

    def refresh(self) -> None:
        """Take in what the file says now: another session may have written it."""
        if self.path is None or not self.writable:
            return
        try:
            data = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return
        except OSError as error:
            self._give_up(f"cannot be read ({error.strerror})")
        except (ValueError, RecursionError):
            self._set_aside()
        else:
            version = data.get("version") if isinstance(data, dict) else None
            if isinstance(version, int) and version > VERSION:
                self._step_aside()
            elif (known := upgraded(data)) is None:
                self._set_aside()
            else:
                self.data = known

    def copy(self) -> Path | None:
        """Keep the file as it is under another name; None where there is none, or no place for it."""
        if self.path is None or not self.writable or not self.path.exists():
            return None
        kept = free_name(self.path)
        try:
            shutil.copy2(self.path, kept)
        except OSError:
            return None
        return kept

    def _step_aside(self) -> None:
        """The file is a newer fluxrepl's: leave it as it is, and work in one of our own."""
        assert self.path is not None
        newer, self.path = self.path, self.path.with_name(f"{self.path.stem}-v{VERSION}{self.path.suffix}")
        self.warnings.append(
            f"{newer} was written by a newer fluxrepl, and is left as it is; this one keeps its own in {self.path.name}"
        )
        self.refresh()

    def _set_aside(self) -> None:
        """Keep a file that cannot be used under another name, and say so."""
        assert self.path is not None
        kept = free_name(self.path)
        try:
            os.replace(self.path, kept)
        except OSError as error:
            self._give_up(f"could not be read and cannot be set aside ({error.strerror})")
        else:
            self.warnings.append(f"{self.path} could not be read; it is kept as {kept.name}, and a new one begins")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """While one session reads, changes and writes the file, the others wait. Without `fcntl`: as if alone."""
        if self.path is None or not self.writable or fcntl is None:
            yield
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = open(self.path.with_name(f".{self.path.name}.lock"), "a")  # noqa: SIM115  # closed below
        except OSError:  # a folder that cannot be written: `_save` tells
            yield
            return
        with lock:
            with contextlib.suppress(OSError):  # some network folders know no locks
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _save(self) -> None:
        if self.path is None or not self.writable:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(self.path, PRIVATE, sync=True) as file:
                file.write(json.dumps(self.data, indent=1).encode())
        except OSError as error:
            self._give_up(f"cannot be written ({error.strerror})")

    def _sweep(self) -> None:
        """Remove what sessions that were killed while writing have left."""
        if self.path is None or not self.writable:
            return
        with contextlib.suppress(OSError):
            for left in self.path.parent.glob(f".{self.path.name}.*{UNFINISHED}"):
                if time.time() - left.stat().st_mtime > STALE:
                    left.unlink()

    def _give_up(self, why: str) -> None:
        """Work on in memory, and say so once."""
        self.writable = False
        self.warnings.append(f"{self.path} {why}: progress is kept until this session ends")


def as_number(value: Any) -> Any:
    """What a file says is a number: 0 if it is none."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def nothing() -> Data:
    """Progress before the first step."""
    return {"version": VERSION, "lessons": {}}


def upgraded(data: Any) -> Data | None:
    """The data of a file as this version has it, or None if they are none."""
    if not isinstance(data, dict):
        return None
    while isinstance(data.get("version"), int) and data["version"] in UPGRADES:
        data = UPGRADES[data["version"]](data)
    return data if _is_valid(data) else None


def _from_1(data: Data) -> Data:
    """Version 1 knew no attempts, hints and times: they are 0 and unknown, which is what a missing field means."""
    return {**data, "version": 2}


UPGRADES: dict[int, Callable[[Data], Data]] = {1: _from_1}  # from this version to the next


def _is_valid(data: Data) -> bool:
    if data.get("version") != VERSION or not isinstance(data.get("lessons"), dict):
        return False
    return all(
        isinstance(lesson, dict)
        and isinstance(lesson.get("steps", {}), dict)
        and all(isinstance(record, dict) for record in lesson.get("steps", {}).values())
        for lesson in data["lessons"].values()
    )
