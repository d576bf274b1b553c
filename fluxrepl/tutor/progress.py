"""What a learner has done, kept in one JSON file under the user's state folder.

A step counts as done while its key and its content are what they were. Each change is made to what the file holds at
that moment and written whole to a new file that replaces it, so that a crash loses nothing. Where the system has file
locks (`fcntl`: not on Windows), a second session loses nothing either; elsewhere two that write in the same
millisecond may lose one change.
"""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from platformdirs import user_state_path

from .lesson import Lesson, Step

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

VERSION = 1

Data = dict[str, Any]


class Progress:
    """Progress in all lessons. `Progress.load()` is the learner's own; `Progress()` is kept in memory only.

    `warnings` is what the learner should be told, once: a file set aside, a folder that cannot be written.
    """

    def __init__(self, path: Path | None = None):
        self.path = path
        self.warnings: list[str] = []
        self._data: Data = _nothing()
        self._writable = path is not None
        self._refresh()

    @classmethod
    def load(cls) -> "Progress":
        """The progress of this user: in FLUXREPL_HOME if that is set, else in the user's state folder."""
        home = os.environ.get("FLUXREPL_HOME")
        return cls((Path(home) if home else user_state_path("fluxrepl", appauthor=False)) / "progress.json")

    def is_done(self, lesson: Lesson, step: Step) -> bool:
        """Whether the step was passed, or skipped."""
        return bool(self.state(lesson, step))

    def state(self, lesson: Lesson, step: Step) -> str:
        """`passed`, `skipped`, or nothing."""
        return str(self._record(lesson, step).get("state", ""))

    def was_shown(self, lesson: Lesson, step: Step) -> bool:
        """Whether the learner looked at the solution."""
        return bool(self._record(lesson, step).get("shown"))

    def source(self, lesson: Lesson, step: Step) -> str:
        """The code that was accepted there."""
        return str(self._record(lesson, step).get("source", ""))

    def count(self, lesson: Lesson) -> int:
        """How many steps are done."""
        return sum(self.is_done(lesson, step) for step in lesson.steps)

    def is_finished(self, lesson: Lesson) -> bool:
        """Whether every step is done."""
        return self.count(lesson) == len(lesson.steps)

    def place(self, lesson: Lesson) -> int:
        """The step to go on from: where the learner was, else the first that is not done."""
        at = self._lesson(lesson.id).get("at")
        for index, step in enumerate(lesson.steps):
            if step.key == at:
                return index
        return next((i for i, step in enumerate(lesson.steps) if not self.is_done(lesson, step)), 0)

    def mark(self, lesson: Lesson, step: Step, state: str, source: str = "") -> None:
        """The step is done: `passed` or `skipped`, by this code."""
        self._change(lesson, step, state=state, source=source)

    def mark_shown(self, lesson: Lesson, step: Step) -> None:
        """The learner looked at the solution."""
        self._change(lesson, step, shown=True)

    def move(self, lesson: Lesson, step: Step) -> None:
        """The learner is at this step now."""
        with self._locked():
            self._refresh()
            self._data["lessons"].setdefault(lesson.id, {})["at"] = step.key
            self._save()

    def reset(self, lesson: Lesson | None = None, step: Step | None = None) -> Path | None:
        """Forget a step, a lesson, or everything; return the file that keeps what more than a step was."""
        with self._locked():
            self._refresh()
            kept = self._copy() if step is None else None
            if lesson is None:
                self._data = _nothing()
            elif step is None:
                self._data["lessons"].pop(lesson.id, None)
            else:
                self._lesson(lesson.id).get("steps", {}).pop(step.key, None)
            self._save()
        return kept

    def _change(self, lesson: Lesson, step: Step, **fields: Any) -> None:
        with self._locked():
            self._refresh()
            steps = self._data["lessons"].setdefault(lesson.id, {}).setdefault("steps", {})
            steps[step.key] = {**self._record(lesson, step), **fields, "digest": step.digest}
            self._save()

    def _lesson(self, identity: str) -> Data:
        return self._data["lessons"].get(identity, {})

    def _record(self, lesson: Lesson, step: Step) -> Data:
        record = self._lesson(lesson.id).get("steps", {}).get(step.key, {})
        return record if record.get("digest") == step.digest else {}

    def _refresh(self) -> None:
        """Take in what the file says now: another session may have written it."""
        if self.path is None or not self._writable:
            return
        try:
            data = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return
        except OSError as error:
            self._give_up(f"cannot be read ({error.strerror})")
        except ValueError:
            self._set_aside("could not be read")
        else:
            if isinstance(data, dict) and isinstance(data.get("version"), int) and data["version"] > VERSION:
                self._set_aside("was written by a newer fluxrepl")
            elif not _is_valid(data):
                self._set_aside("could not be read")
            else:
                self._data = data

    def _set_aside(self, why: str) -> None:
        """Keep a file that cannot be used under another name, and say so."""
        assert self.path is not None
        kept = _free(self.path)
        try:
            os.replace(self.path, kept)
        except OSError as error:
            self._give_up(f"{why} and cannot be set aside ({error.strerror})")
        else:
            self.warnings.append(f"{self.path} {why}; it is kept as {kept.name}, and a new one begins")

    def _copy(self) -> Path | None:
        """Keep the file as it is under another name; None where there is none, or no place for it."""
        if self.path is None or not self._writable or not self.path.exists():
            return None
        kept = _free(self.path)
        try:
            shutil.copy2(self.path, kept)
        except OSError:
            return None
        return kept

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """While one session reads, changes and writes the file, the others wait. Without `fcntl`: as if alone."""
        if self.path is None or not self._writable or fcntl is None:
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
        if self.path is None or not self._writable:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".progress-", dir=self.path.parent)
            try:
                with open(handle, "w", encoding="utf-8") as file:
                    json.dump(self._data, file, indent=1)
                os.replace(name, self.path)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(name)
                raise
        except OSError as error:
            self._give_up(f"cannot be written ({error.strerror})")

    def _give_up(self, why: str) -> None:
        """Work on in memory, and say so once."""
        self._writable = False
        self.warnings.append(f"{self.path} {why}: progress is kept until you quit")


def _free(path: Path) -> Path:
    """A name beside the file that is not taken: `progress.json.bak`, then `.bak2` and so on."""
    kept = path.with_name(path.name + ".bak")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}.bak{number}")
    return kept


def _nothing() -> Data:
    return {"version": VERSION, "lessons": {}}


def _is_valid(data: Any) -> bool:
    if not isinstance(data, dict) or data.get("version") != VERSION or not isinstance(data.get("lessons"), dict):
        return False
    return all(
        isinstance(lesson, dict)
        and isinstance(lesson.get("steps", {}), dict)
        and all(isinstance(record, dict) for record in lesson.get("steps", {}).values())
        for lesson in data["lessons"].values()
    )
