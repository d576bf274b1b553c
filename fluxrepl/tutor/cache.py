"""Remembers which lessons passed, so that a check runs only what may have changed.

A result is found again by everything that can change it: the text of the lesson, the options, fluxrepl's own sources,
Python, the machine and what is installed (`surroundings.py`), and the files that the lesson has read (`reads.py`). Only
passes are kept. One small file holds one result, written whole and renamed: checks that run at once do not disturb each
other, and a file that cannot be read counts as none.
"""

import contextlib
import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any

from .lint import Card
from .reads import digest
from .report import LessonReport
from .surroundings import environment, surroundings

VERSION = 1
LIMIT = 50_000  # results kept; about 1 KB each
DAY = 86_400.0


def cache_folder() -> Path:
    """The folder of this user: in FLUXREPL_HOME if that is set, else the system's place for caches."""
    if home := os.environ.get("FLUXREPL_HOME"):
        return Path(home) / "cache"
    from platformdirs import user_cache_path

    return user_cache_path("fluxrepl", appauthor=False)


class Cache:
    """The results of checks with these `options` (plain data) and in these surroundings."""

    def __init__(self, folder: Path, options: list[Any]):
        self.folder = folder / "check"
        self.begin = json.dumps([VERSION, options, surroundings()]).encode()
        self.kept = 0

    def find(self, path: Path, file: Path) -> tuple[LessonReport, Card] | None:
        """What `file` knows about the lesson at `path`; None if the lesson has to run."""
        try:
            entry = json.loads(file.read_bytes())
            if any(digest(read) != seen for read, seen in entry["reads"].items()):
                return None
            found = _report(path, entry), _card(path, entry["card"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        with contextlib.suppress(OSError):
            if time.time() - file.stat().st_mtime > DAY:
                os.utime(file)  # in use: the last to be dropped
        return found

    def keep(self, file: Path, report: LessonReport, card: Card, reads: dict[str, Any]) -> None:
        """Remember a pass, unless the lesson did something that cannot be followed."""
        if not report.passed or reads.get("reason") or not isinstance(reads.get("paths"), list):
            return
        entry = {
            "title": report.title,
            "examples": report.examples,
            "exercises": report.exercises,
            "skipped": report.skipped,
            "units": report.units,
            "card": [card.id, card.id_line, card.requires, card.requires_line, card.links],
            "reads": {path: digest(path) for path in reads["paths"]},
        }
        with contextlib.suppress(OSError):  # a full disk, a folder that cannot be written: it runs again next time
            self._write(file, json.dumps(entry))
            self.kept += 1

    def close(self) -> None:
        """Drop the oldest results, now and then."""
        marker = self.folder / "pruned"
        with contextlib.suppress(OSError):
            if self.kept and not (marker.exists() and time.time() - marker.stat().st_mtime < DAY):
                marker.touch()
                self.prune(LIMIT)

    def prune(self, limit: int) -> None:
        """Keep the `limit` results that were of use last."""
        files = []
        for file in self.folder.glob("*/*"):
            with contextlib.suppress(OSError):
                files.append((file.stat().st_mtime, file))
        for _, file in sorted(files, reverse=True)[limit:]:
            with contextlib.suppress(OSError):
                file.unlink()

    def file(self, data: bytes) -> Path:
        """Where the result of a lesson with the content `data` is kept."""
        made = hashlib.blake2b(self.begin, digest_size=20)
        made.update(data)
        if b"environ" in data or b"getenv" in data:
            made.update(environment())
        name = made.hexdigest()
        return self.folder / name[:2] / f"{name[2:]}.json"

    def _write(self, file: Path, text: str) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        import tempfile

        handle, name = tempfile.mkstemp(prefix=".new-", dir=file.parent)
        try:
            with open(handle, "w", encoding="utf-8") as opened:
                opened.write(text)
            os.replace(name, file)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise


def _report(path: Path, entry: dict[str, Any]) -> LessonReport:
    skipped = [(int(line), str(reason)) for line, reason in entry["skipped"]]
    units = [(int(line), str(title)) for line, title in entry["units"]]
    counted = int(entry["examples"]), int(entry["exercises"])
    return LessonReport(path, str(entry["title"]), [], *counted, skipped, 0.0, units, cached=True)


def _card(path: Path, fields: list[Any]) -> Card:
    identity, id_line, requires, requires_line, links = fields
    return Card(
        path, str(identity), int(id_line), tuple(requires), int(requires_line), tuple((t, int(n)) for t, n in links)
    )
