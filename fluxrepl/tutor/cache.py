"""Remembers which lessons passed, so that a check runs only what may have changed.

A result is found again by everything that can change it: the text of the lesson, the options, fluxrepl's own sources,
Python, the machine, the environment and what is installed (`surroundings.py`), and what the lesson has read
(`reads.py`). Only passes are kept, and only where all of that is surely as it was when the check began. One small file
holds one result, with a digest of itself, written whole and renamed: checks that run at once do not disturb each other,
and a file that is not as it was written counts as none.
"""

import contextlib
import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any

from .footprint import Packages, digest, older, stamp, written_before
from .lint import Card
from .report import LessonReport
from .surroundings import environment, surroundings
from .writing import write_whole

VERSION = 2
LIMIT = 50_000  # results kept; about 1 KB each
DAY = 86_400.0
BROKEN = (
    *(OSError, ValueError, KeyError, IndexError, TypeError, AttributeError),
    *(RecursionError, OverflowError, MemoryError),
)  # what comes of reading an entry that is damaged
MARK = b"\xef\xbb\xbf"  # with which some editors begin UTF-8


class Cache:
    """The results of checks with these `options` (plain data) and in these surroundings."""

    def __init__(self, folder: Path, options: list[Any]):
        self.folder = folder / "check"
        self.began = time.time_ns()
        self.begin = json.dumps([VERSION, options, surroundings()]).encode()
        self.packages = Packages(self.folder / "packages")
        self.digests: dict[str, str] = {}
        self.kept = 0

    def find(self, path: Path, file: Path) -> tuple[LessonReport, Card] | None:
        """What `file` knows about the lesson at `path`; None if the lesson has to run."""
        try:
            entry = _entry(file.read_bytes())
            if not self._holds(entry):
                return None
            found = _report(path, entry), _card(path, entry["card"])
        except BROKEN:
            return None
        with contextlib.suppress(OSError):
            if time.time() - file.stat().st_mtime > DAY:
                os.utime(file)  # in use: the last to be dropped
        return found

    def _holds(self, entry: dict[str, Any]) -> bool:
        """Whether everything that the lesson read is as it was."""
        if entry["environment"] not in ("", environment()):
            return False
        for read, seen in entry["reads"].items():
            if read not in self.digests:
                self.digests[read] = digest(read)  # many lessons read the same
            if self.digests[read] != seen:
                return False
        return all(self.packages.content(package)[0] == seen for package, seen in entry["packages"].items())

    def keep(self, file: Path, report: LessonReport, card: Card, taken: list[dict[str, Any]]) -> None:
        """Remember a pass, unless the lesson did something that cannot be followed, or what it read is new.

        What was `taken` note of in each of its runs tells that.
        """
        reads = _merged(taken)
        if not report.passed or reads["reason"]:
            return
        try:
            found = self._unchanged(reads)
        except BROKEN:  # a process told nonsense
            return
        if found is None:
            return
        entry = {
            "title": report.title,
            "examples": report.examples,
            "exercises": report.exercises,
            "skipped": report.skipped,
            "units": report.units,
            "card": [card.id, card.id_line, card.requires, card.requires_line, card.links],
            "environment": environment() if reads["environment"] else "",
            **found,
        }
        text = json.dumps(entry)
        self.kept += write_whole(file, f"{_sum(text.encode())}\n{text}")  # if it cannot be written, it runs again

    def _unchanged(self, reads: dict[str, Any]) -> dict[str, Any] | None:
        """The digests of what was read; None if any of it may have changed since the check began."""
        digests = {}
        for path, seen in reads["files"].items():
            if not older(seen, self.began):
                return None
            digests[path] = digest(path)
            if stamp(path) != seen:
                return None
        for path, seen in reads["folders"].items():
            if digest(path) != seen:
                return None
            digests[path] = seen
        packages = {package: self.packages.content(package) for package in reads["packages"]}
        if not all(written_before(latest, self.began) for _, latest in packages.values()):
            return None
        return {"reads": digests, "packages": {package: content for package, (content, _) in packages.items()}}

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
        """Where the result of a lesson with the content `data` is kept; line ends are as the reader sees them."""
        made = hashlib.blake2b(self.begin, digest_size=20)
        made.update(data.removeprefix(MARK).replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        name = made.hexdigest()
        return self.folder / name[:2] / f"{name[2:]}.json"


def _merged(taken: list[dict[str, Any]]) -> dict[str, Any]:
    """What several runs of a lesson noted, as one; anything odd is a reason not to keep it."""
    made: dict[str, Any] = {"files": {}, "folders": {}, "packages": [], "environment": False, "reason": ""}
    try:
        for one in taken:
            for kind in ("files", "folders"):
                for path, seen in one[kind].items():
                    if made[kind].setdefault(path, seen) != seen:
                        made["reason"] = made["reason"] or "what it reads changed meanwhile"
            made["packages"] = sorted({*made["packages"], *one["packages"]})
            made["environment"] = bool(made["environment"] or one["environment"])
            made["reason"] = made["reason"] or str(one["reason"])
    except (KeyError, TypeError, AttributeError):
        made["reason"] = "what it read was not told"
    return made


def _sum(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _entry(data: bytes) -> dict[str, Any]:
    """What is in the file of an entry; `ValueError` if it is not as it was written."""
    told, _, text = data.partition(b"\n")
    if told != _sum(text).encode():
        raise ValueError("a damaged entry")
    entry: dict[str, Any] = json.loads(text)
    return entry


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
