"""What tells that a file, a folder or an installed package is still the same.

A stamp (times, size, place on the disk) says that a file was not touched while a lesson ran; a digest of its content
says that it is the same as another day, or on another machine.
"""

import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path

NOTHING = ""  # the stamp of a file that is not there

MARGIN = 50_000_000  # ns by which the clock of a file system may be behind
COARSE = 2_000_000_000  # the same, where times are whole seconds
LARGEST = 64 << 20  # bytes: of a larger file in a package, the times tell


@cache
def site_folders() -> tuple[str, ...]:
    """Where packages are installed."""
    places = {os.path.abspath(path) for name in ("purelib", "platlib") if (path := sysconfig.get_path(name))}
    places |= {os.path.abspath(p) for p in sys.path if os.path.basename(p) in ("site-packages", "dist-packages")}
    return tuple(sorted(place + os.sep for place in places))


@cache
def python_folders() -> tuple[str, ...]:
    """Where Python, what is installed for it and fluxrepl stand: what is there is known in other ways."""
    places = {os.path.abspath(path) for name in ("stdlib", "platstdlib") if (path := sysconfig.get_path(name))}
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return tuple(sorted({*(place + os.sep for place in {*places, package}), *site_folders()}))


def own_folder(path: str) -> bool:
    """Whether `path` is neither Python's nor an installed package's."""
    return not (os.path.abspath(path) + os.sep).startswith(python_folders())


def source_of(path: str) -> str:
    """A module is read from its compiled file; it is the source that changes."""
    if path.endswith(".pyc"):
        import importlib.util

        try:
            return importlib.util.source_from_cache(path)
        except (ValueError, NotImplementedError):
            pass
    return path


def stamp(path: str) -> str:
    """What changes whenever a file is written or replaced."""
    try:
        about = os.stat(path)
    except (OSError, ValueError):
        return NOTHING
    return f"{about.st_mtime_ns} {about.st_ctime_ns} {about.st_size} {about.st_ino}"


def older(seen: str, began: int) -> bool:
    """Whether what has this stamp was written well before `began` (ns since 1970), or is not there."""
    return seen == NOTHING or written_before(max(map(int, seen.split()[:2])), began)


def written_before(latest: int, began: int) -> bool:
    """Whether a time of a file is surely before `began`; where times are whole seconds, by two of them."""
    return latest < began - (COARSE if latest % 1_000_000_000 == 0 else MARGIN)


def digest(path: str) -> str:
    """What a file contains; the same text as long as nothing changed."""
    try:
        if os.path.isdir(path):
            return folder_digest(path)
        with open(path, "rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except (OSError, ValueError):
        return "none"


def folder_digest(path: str) -> str:
    """Which names a folder has, and which of them are folders; of a zip file on the search path, the content."""
    try:
        with os.scandir(path) as entries:
            names = sorted(entry.name + os.sep * entry.is_dir() for entry in entries if entry.name != "__pycache__")
    except NotADirectoryError:
        return digest(path)
    except (OSError, ValueError):
        return "none"
    return hashlib.blake2b("\n".join(names).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


class Packages:
    """Installed packages by their content; what was found is kept in `file`, by the times and sizes of their files."""

    def __init__(self, file: Path):
        self.file = file
        self.found: dict[str, tuple[str, int]] = {}
        self.known: dict[str, str] | None = None

    def content(self, package: str) -> tuple[str, int]:
        """A digest of all that is in a package, and when something in it was written last."""
        if package not in self.found:
            files = list(_files(package))
            looks = hashlib.blake2b(repr((package, files)).encode("utf-8", "replace"), digest_size=16).hexdigest()
            known = self._load()
            if looks not in known:
                known[looks] = _content(package, files)
                self._save()
            self.found[package] = known[looks], max((max(times[1:]) for _, times in files), default=0)
        return self.found[package]

    def _load(self) -> dict[str, str]:
        if self.known is None:
            try:
                read = json.loads(self.file.read_bytes())
                self.known = {str(key): str(value) for key, value in read.items()}
            except (OSError, ValueError, TypeError, AttributeError, RecursionError, MemoryError):
                self.known = {}
        return self.known

    def _save(self) -> None:
        from .writing import write_whole

        known = self._load()
        write_whole(self.file, json.dumps(dict(list(known.items())[-500:])))


def _files(package: str) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """The files of a package, or the module in one file, with size and times."""
    pending = [package]
    while pending:
        place = pending.pop()
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except NotADirectoryError:
            about = os.stat(place)
            yield place, (about.st_size, about.st_mtime_ns, about.st_ctime_ns)
            continue
        except OSError:
            continue
        for entry in entries:
            if entry.name in ("__pycache__", "tests"):
                continue
            if entry.is_dir():
                pending.append(entry.path)
            else:
                about = entry.stat(follow_symlinks=False)
                yield entry.path, (about.st_size, about.st_mtime_ns, about.st_ctime_ns)


def _content(package: str, files: list[tuple[str, tuple[int, int, int]]]) -> str:
    made = hashlib.blake2b(digest_size=16)
    for path, times in files:
        content = repr(times) if times[0] > LARGEST else digest(path)
        made.update(f"{path[len(package) :]}\0{content}\n".encode("utf-8", "replace"))
    return made.hexdigest()
