"""The tools that are compared: how each checks a folder of lessons, as a command in a process of its own."""

import importlib.util
import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Peer:
    """A tool: its command for a folder; what must be installed for it; and how many lessons it is given."""

    name: str
    command: list[str]
    needs: tuple[str, ...] = ()
    most: int | None = None  # lessons it can be given in reasonable time

    def missing(self) -> list[str]:
        """What is not installed."""
        return [name for name in self.needs if importlib.util.find_spec(name) is None]

    def command_for(self, folder: Path) -> list[str]:
        """The command that checks the lessons in `folder`."""
        return [word.replace("FOLDER", str(folder)) for word in self.command]

    def environment_for(self, folder: Path) -> dict[str, str]:
        """Its environment: a cache of its own beside the lessons."""
        return {**os.environ, "FLUXREPL_HOME": str(folder.with_name(f"home of {self.name}".replace("/", " ")))}


def _python(*words: str) -> list[str]:
    return [sys.executable, *words]


PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:fluxrepl", "--rootdir", "FOLDER", "-c", os.devnull)

PEERS = [
    Peer("stdlib doctest, one process, no isolation", _python("-m", "benchmarks.check.stock", "FOLDER")),
    Peer("pytest --doctest-glob", _python(*PYTEST, "--doctest-glob=*.md", "FOLDER"), ("pytest",)),
    Peer("pytest -n 2", _python(*PYTEST, "-n", "2", "--doctest-glob=*.md", "FOLDER"), ("pytest", "xdist")),
    Peer("Sybil", _python(*PYTEST, "-p", "benchmarks.check.sybil_plugin", "FOLDER"), ("pytest", "sybil")),
    Peer(
        "stdlib doctest, a process for each lesson",
        _python("-m", "benchmarks.check.stock", "--apart", "FOLDER"),
        most=100,
    ),
    Peer("fluxrepl check --trusted", _python("-m", "fluxrepl", "check", "-q", "--no-cache", "--trusted", "FOLDER")),
    Peer("fluxrepl check --no-cache", _python("-m", "fluxrepl", "check", "-q", "--no-cache", "FOLDER")),
    Peer("fluxrepl check -j 2 --no-cache", _python("-m", "fluxrepl", "check", "-q", "-j", "2", "--no-cache", "FOLDER")),
    Peer("fluxrepl check, nothing changed", _python("-m", "fluxrepl", "check", "-q", "FOLDER")),
]
MUST = {"fluxrepl check --trusted": 1.6, "fluxrepl check --no-cache": 4.7, "fluxrepl check, nothing changed": 0.8}
