"""How far a learner is, as plain data for a teacher: `fluxrepl progress --json`. docs/learning.md explains each field.

Lessons of the course come first, in their order, also those not begun; then others that were played. What a learner
wrote is left out unless it is asked for.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from fluxrepl.version import __version__

from .course import Entry
from .lesson import Lesson, Step
from .progress import Progress, standing_of
from .store import Data, as_number
from .wording import label

FORMAT = "fluxrepl-progress"
VERSION = 1

WORDS = ("answer", "source", "output")  # of the learner's own, in the progress file


def standing(progress: Progress, course: Iterable[Entry], answers: bool = False) -> Data:
    """The whole report; with `answers`, the learner's code too."""
    lessons = [_of_lesson(progress, entry.lesson, entry.number, answers) for entry in course if entry.lesson]
    known = {lesson["id"] for lesson in lessons}
    lessons += [_of_stranger(progress, one, answers) for one in progress.identities() if one not in known]
    return {
        "format": FORMAT,
        "version": VERSION,
        "fluxrepl": __version__,
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "lessons": lessons,
    }


def _of_lesson(progress: Progress, lesson: Lesson, number: str, answers: bool) -> Data:
    steps = [_of_step(progress, lesson, step, place, answers) for place, step in enumerate(lesson.steps, 1)]
    at = next((step["key"] for step in steps if step["key"] == progress.lesson(lesson.id).get("at")), None)
    head = {"id": lesson.id, "number": number, "title": lesson.title, "in_course": True, "at": at}
    return {**head, **_summed(steps, len(steps)), "steps": steps}


def _of_step(progress: Progress, lesson: Lesson, step: Step, place: int, answers: bool) -> Data:
    record = progress.record(lesson, step)
    head = {"key": step.key, "number": place, "kind": step.kind, "title": label(step)}
    return {**head, **_noted(record, answers)}


def _of_stranger(progress: Progress, identity: str, answers: bool) -> Data:
    """A lesson that is not in the course: what was noted of it, without the steps that were never touched."""
    known = progress.lesson(identity)
    steps = [
        {"key": key, "number": None, "kind": None, "title": None, **_noted(record, answers)}
        for key, record in known.get("steps", {}).items()
    ]
    total = known.get("total") if isinstance(known.get("total"), int) else None
    head = {"id": identity, "number": None, "title": known.get("title"), "in_course": False, "at": known.get("at")}
    return {**head, **_summed(steps, total), "steps": steps}


def _noted(record: Data, answers: bool) -> Data:
    noted: dict[str, Any] = {"state": standing_of(record)}
    noted |= {name: as_number(record.get(name)) for name in ("attempts", "hints", "seconds")}
    noted |= {"first": record.get("first"), "last": record.get("last")}
    if answers:
        noted["answer"] = {name: record[name] for name in WORDS if isinstance(record.get(name), str)} or None
    return noted


def _summed(steps: list[Data], total: int | None) -> Data:
    states = [step["state"] for step in steps]
    times = sorted(time for step in steps for time in (step["first"], step["last"]) if isinstance(time, str))
    through = sum(state != "open" for state in states)
    return {
        "total": total,
        **{state: states.count(state) for state in ("done", "shown", "skipped", "missing")},
        "finished": total is not None and through >= total > 0,
        "attempts": sum(step["attempts"] for step in steps),
        "hints": sum(step["hints"] for step in steps),
        "seconds": round(sum(step["seconds"] for step in steps), 1),
        "first": times[0] if times else None,
        "last": times[-1] if times else None,
    }
