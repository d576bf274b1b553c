"""What a learner has done: which steps, by what code, after how many attempts and hints, and when.

A step counts as done while its key and its content are what they were. How all this is kept is in `store.py`.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .folders import state_folder
from .lesson import Lesson, Step
from .store import Data, Store, as_number, upgraded

LONGEST_OUTPUT = 4000  # characters kept of what an accepted cell showed


class Progress:
    """Progress in all lessons. `Progress.load()` is the learner's own; `Progress()` is kept in memory only."""

    def __init__(self, path: Path | None = None):
        self.store = Store(path)

    @classmethod
    def load(cls) -> "Progress":
        """The progress of this user."""
        return cls(state_folder() / "progress.json")

    @classmethod
    def of_file(cls, path: Path) -> "Progress":
        """The progress in a file that is only read.

        Errors:
            ValueError: it cannot be read, or is no progress file of this version.
        """
        progress = cls()
        try:
            data = upgraded(json.loads(path.read_text("utf-8")))
        except OSError as error:
            raise ValueError(f"{path} cannot be read ({error.strerror})") from None
        except ValueError:
            data = None
        if data is None:
            raise ValueError(f"{path} is no progress file of this version of fluxrepl")
        progress.store.data = data
        return progress

    @property
    def path(self) -> Path | None:
        """Its file."""
        return self.store.path

    @property
    def warnings(self) -> list[str]:
        """What the learner should be told, once."""
        return self.store.warnings

    def refresh(self) -> None:
        """Take in what another session has done meanwhile."""
        self.store.refresh()

    # -- what was done

    def record(self, lesson: Lesson, step: Step) -> Data:
        """All that is known of a step: see `docs/learning.md`. Nothing, if its content is not what it was."""
        record = self.lesson(lesson.id).get("steps", {}).get(step.key, {})
        return record if record.get("digest") == step.digest else {}

    def lesson(self, identity: str) -> Data:
        """All that is known of a lesson."""
        return self.store.data["lessons"].get(identity, {})

    def identities(self) -> list[str]:
        """The ids of all lessons that something is known of."""
        return list(self.store.data["lessons"])

    def is_done(self, lesson: Lesson, step: Step) -> bool:
        """Whether the step is behind the learner: passed, skipped, or not to be run here."""
        return bool(self.state(lesson, step))

    def state(self, lesson: Lesson, step: Step) -> str:
        """`passed`, `skipped`, `missing` (what it needs was not there), or nothing."""
        return str(self.record(lesson, step).get("state", ""))

    def standing(self, lesson: Lesson, step: Step) -> str:
        """The state in one word: `open`, `done`, `shown` (done after a look at the answer), `skipped`, `missing`."""
        return standing_of(self.record(lesson, step))

    def source(self, lesson: Lesson, step: Step) -> str:
        """The code that was accepted there."""
        return str(self.record(lesson, step).get("source", ""))

    def count(self, lesson: Lesson) -> int:
        """How many steps are done."""
        return sum(self.is_done(lesson, step) for step in lesson.steps)

    def is_finished(self, lesson: Lesson) -> bool:
        """Whether every step is done."""
        return self.count(lesson) == len(lesson.steps)

    def place(self, lesson: Lesson) -> int:
        """The step to go on from: where the learner was, else the first that is not done."""
        at = self.lesson(lesson.id).get("at")
        for index, step in enumerate(lesson.steps):
            if step.key == at:
                return index
        return next((i for i, step in enumerate(lesson.steps) if not self.is_done(lesson, step)), 0)

    # -- what is done now

    def mark(self, lesson: Lesson, step: Step, state: str, source: str = "", **more: Any) -> None:
        """The step has this state now, by this code; `more` may be its `output` and its `random` state."""
        if len(more.get("output", "")) > LONGEST_OUTPUT:
            more["output"] = more["output"][:LONGEST_OUTPUT] + "\n…\n"
        more = {name: value for name, value in more.items() if value}

        def change(record: Data) -> None:
            for old in ("output", "random"):
                record.pop(old, None)
            record.update({"state": state, "source": source, "last": _now(), **more})

        self._change(lesson, step, change)

    def mark_shown(self, lesson: Lesson, step: Step) -> None:
        """The learner looked at the solution. Once the step is solved, that is no matter."""
        if self.state(lesson, step) != "passed":
            self._change(lesson, step, lambda record: record.update(shown=True))

    def note(self, lesson: Lesson, step: Step, *, attempts: int = 0, hints: int = 0, seconds: float = 0.0) -> None:
        """Attempts and time to add; `hints` is how many have been read."""

        def change(record: Data) -> None:
            record["attempts"] = as_number(record.get("attempts")) + attempts
            record["hints"] = max(as_number(record.get("hints")), hints)
            record["seconds"] = round(as_number(record.get("seconds")) + seconds, 1)

        self._change(lesson, step, change)

    def move(self, lesson: Lesson, step: Step) -> None:
        """The learner is at this step now."""
        with self.store.change() as data:
            data["lessons"].setdefault(lesson.id, {}).update(at=step.key, title=lesson.title, total=len(lesson.steps))

    def reset(self, lesson: Lesson | None = None, step: Step | None = None) -> Path | None:
        """Forget a step, a lesson, or everything; return the file that keeps what more than a step was."""
        with self.store.change() as data:
            lost = data["lessons"] if lesson is None else {lesson.id: self.lesson(lesson.id)}
            kept = self.store.copy() if step is None and any(one.get("steps") for one in lost.values()) else None
            if lesson is None:
                self.store.clear()
            elif step is None:
                data["lessons"].pop(lesson.id, None)
            else:
                data["lessons"].get(lesson.id, {}).get("steps", {}).pop(step.key, None)
        return kept

    def _change(self, lesson: Lesson, step: Step, change: Callable[[Data], None]) -> None:
        with self.store.change() as data:
            steps = data["lessons"].setdefault(lesson.id, {}).setdefault("steps", {})
            record = dict(self.record(lesson, step)) or {"first": _now()}
            change(record)
            steps[step.key] = {**record, "digest": step.digest}


def standing_of(record: Data) -> str:
    """The state of a step by what was noted of it: see `Progress.standing`."""
    state = str(record.get("state") or "open")
    return {"passed": "shown" if record.get("shown") else "done"}.get(state, state)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
