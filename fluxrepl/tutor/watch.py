"""`fluxrepl check --watch`: on every save, checks what changed, and what depends on it through `requires`.

It waits for the file system's own news (the library watchfiles), and does nothing between them.
"""

import contextlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from .check import check
from .course import is_lesson
from .find import NothingToCheck, find
from .lint import Card, head_cards
from .report import LessonReport, Report
from .selection import part, select
from .settings import KINDS, Settings

QUIET = 80  # milliseconds without news after which a save is taken to be over: editors write in several steps
SWEEP = 5000  # milliseconds after which it looks by itself: some network folders tell no news

Stamp = tuple[int, int]  # when a file was written, and its size


@dataclass
class Round:
    """What came of one save: the lessons `changed`, those `gone`, the reports, and how all lessons stand now."""

    changed: list[Path] = field(default_factory=list)
    gone: list[Path] = field(default_factory=list)
    reports: list[LessonReport] = field(default_factory=list)
    seconds: float = 0.0
    standing: str = ""


class Watch:
    """Lessons that are checked again and again, and how each stood when it was checked last.

    It is made before the first check, so that what is saved during that check is not missed.
    """

    def __init__(self, paths: Sequence[str | Path], settings: Settings):
        self.paths = [Path(path) for path in paths]
        self.settings = settings
        self.reports: dict[Path, LessonReport] = {}
        self.stamps = _stamps(self._chosen())
        self.cards = self._cards(list(self.stamps))

    def begin(self, report: Report) -> None:
        """Note what the first check has found."""
        self.reports = {lesson.path: lesson for lesson in report.lessons}

    def again(self) -> Round | None:
        """Check what has changed since the last time; None if nothing has."""
        started = time.monotonic()
        stamps = _stamps(self._chosen())
        changed = [path for path, stamp in stamps.items() if self.stamps.get(path) != stamp]
        gone = [path for path in self.stamps if path not in stamps]
        self.stamps = stamps
        if not changed and not gone:
            return None
        before, self.cards = self.cards, self._cards(list(stamps))
        ids = {cards[path].id for cards in (before, self.cards) for path in (*changed, *gone) if path in cards}
        ids -= {""}
        cards = self.cards.values()
        wanted = [path for path in stamps if path in changed or depends(self.cards[path], ids, cards)]
        for path in gone:
            self.reports.pop(path, None)
        reports = self._check(wanted)
        self.reports.update({report.path: report for report in reports})
        return Round(changed, gone, reports, time.monotonic() - started, self._standing())

    def _check(self, wanted: list[Path]) -> list[LessonReport]:
        if not wanted:
            return []
        kinds = [word for word in self.settings.select if word in KINDS]
        settings = replace(self.settings, select=(*kinds, *map(str, wanted)), shard=(1, 1))
        try:
            return check(self._there(), settings).lessons
        except NothingToCheck:
            return []  # it went away just now: the next news will say so

    def _there(self) -> list[Path]:
        return [path for path in self.paths if path.exists()]

    def _chosen(self) -> list[Path]:
        """The lessons that there are now, as far as they were asked for."""
        try:
            found = find(self._there())
            return part(select(found, self.settings.select, self.settings.ignore), *self.settings.shard)
        except NothingToCheck:
            return []

    def _cards(self, files: list[Path]) -> dict[Path, Card]:
        known = {card.path: card for card in head_cards(files)}
        return {path: known.get(path, Card(path, "")) for path in files}

    def _standing(self) -> str:
        return Report(list(self.reports.values())).summary() if self.reports else "no lessons are left"


def depends(card: Card, ids: set[str], cards: Iterable[Card]) -> bool:
    """Whether a lesson requires one of these ids, itself or by way of others."""
    requires = {other.id: other.requires for other in cards}
    waiting, seen = list(card.requires), set()
    while waiting:
        name = waiting.pop()
        if name in ids:
            return True
        if name not in seen:
            seen.add(name)
            waiting += requires.get(name, ())
    return False


def saves(paths: Sequence[str | Path]) -> Iterator[None]:
    """Wait for saves among these files and folders: one `None` for each, and now and then one for none."""
    import watchfiles

    def matters(change: watchfiles.Change, name: str) -> bool:
        return is_lesson(Path(Path(name).name))

    places = [Path(path) for path in paths]
    folders = {(path if path.is_dir() else path.parent).resolve() for path in places}  # editors replace whole files
    deep = any(path.is_dir() for path in places)
    yield from (
        None
        for _ in watchfiles.watch(
            *folders, watch_filter=matters, step=QUIET, recursive=deep, rust_timeout=SWEEP, yield_on_timeout=True
        )
    )


def _stamps(files: Iterable[Path]) -> dict[Path, Stamp]:
    found = {}
    for path in files:
        with contextlib.suppress(OSError):  # it went away just now
            status = path.stat()
            found[path] = (status.st_mtime_ns, status.st_size)
    return found
