"""What a lesson reads besides its own text: files and folders, noticed by Python's audit hook while it runs.

The cache needs it: a lesson that passed has to run again when a file it read has changed. What cannot be followed
(other programs, the network) is noted as a reason never to keep the result.
"""

import contextlib
import hashlib
import os
import sys
import sysconfig
from functools import cache
from typing import Any

OUT_OF_SIGHT = {
    "subprocess.Popen": "it starts a program",
    "os.system": "it starts a program",
    "os.exec": "it starts a program",
    "os.posix_spawn": "it starts a program",
    "os.startfile": "it starts a program",
    "socket.connect": "it uses the network",
    "socket.getaddrinfo": "it uses the network",
    "sqlite3.connect": "it opens a database",
}
FOLDERS = ("os.listdir", "os.scandir")


current: "Reads | None" = None  # of the lesson that runs in this process


class Reads:
    """Notes what is read from `watch()` on; `known` folders (Python's own, the lesson's) are of no interest."""

    def __init__(self, known: tuple[str, ...]):
        self.known = (*known, "/proc/", "/dev/", "/sys/")
        self.paths: set[str] = set()
        self.reason = ""

    def watch(self) -> None:
        """Begin. There is no end but that of the process."""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            self._note(args[0], args[2])
        elif event in FOLDERS:
            if not sys._getframe(1).f_code.co_filename.startswith("<frozen importlib"):
                self._note(args[0] if args[0] is not None else ".", 0)
        elif event in OUT_OF_SIGHT:
            self.reason = self.reason or OUT_OF_SIGHT[event]

    def _note(self, path: Any, flags: Any) -> None:
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, str) or not isinstance(flags, int) or (flags & os.O_ACCMODE) == os.O_WRONLY:
            return
        with contextlib.suppress(OSError):  # no current folder
            path = os.path.abspath(path)
        if not (path + os.sep).startswith(self.known):
            self.paths.add(path)

    def take(self) -> dict[str, Any]:
        """What was noted, as plain data."""
        return {"paths": sorted(_with_sources(self.paths)), "reason": self.reason}

    def add(self, taken: dict[str, Any]) -> None:
        """Add what another process has noted."""
        self.paths |= set(taken["paths"])
        self.reason = self.reason or taken["reason"]


def watch() -> Reads:
    """Note from now on what this process reads, outside of Python's folders and the current one."""
    global current  # noqa: PLW0603  # a hook cannot be taken back: there is one in a process
    current = Reads((*python_folders(), os.getcwd() + os.sep))
    current.watch()
    return current


@cache
def python_folders() -> tuple[str, ...]:
    """Where Python and what is installed for it stand: what is there is known by names and versions."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    places = {os.path.abspath(path) for name in names if (path := sysconfig.get_path(name))}
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return tuple(sorted(place + os.sep for place in {*places, package}))


def _with_sources(paths: set[str]) -> set[str]:
    """A module is read from its compiled file; it is the source that changes."""
    import importlib.util

    sources = set()
    for path in paths:
        if path.endswith(".pyc"):
            with contextlib.suppress(ValueError, NotImplementedError):
                path = importlib.util.source_from_cache(path)
        sources.add(path)
    return sources


def digest(path: str) -> str:
    """What a file contains, or which names a folder has; the same text as long as nothing changed."""
    try:
        if os.path.isdir(path):
            content = "\n".join(sorted(os.listdir(path))).encode("utf-8", "surrogateescape")
        else:
            with open(path, "rb") as file:
                content = file.read()
    except OSError:
        return "none"
    return hashlib.blake2b(content, digest_size=16).hexdigest()
