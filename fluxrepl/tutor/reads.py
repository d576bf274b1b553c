"""What a lesson reads besides its own text: files, folders and packages, noticed while it runs.

The cache needs it: a lesson that passed has to run again when something it read has changed. Python's audit hook tells
of what is opened and listed, finders beside Python's own of where modules were looked for, and the code itself
(`asking.py`) of what no hook tells. What cannot be followed is noted as a reason never to keep the result.
"""

import contextlib
import os
import sys
from collections.abc import Iterable
from functools import cache
from types import CodeType
from typing import Any

from .asking import asked
from .footprint import NOTHING, folder_digest, own_folder, python_folders, site_folders, source_of, stamp
from .out_of_sight import OUT_OF_SIGHT, READ_BY_THEMSELVES, STARTING

FOLDERS = ("os.listdir", "os.scandir")
HEARD = frozenset([*OUT_OF_SIGHT, *FOLDERS, "exec", "open", "import", "ctypes.dlopen"])
HARMLESS_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/dev/tty")
HERE = os.path.dirname(os.path.abspath(__file__))
FORKING = os.path.join(HERE, "fork.py")  # answers to exercises are judged there
LOOKING = os.path.join(HERE, "footprint.py")


current: "Reads | None" = None  # of the lesson that runs in this process


class Reads:
    """Notes what is read from `watch()` on; `known` folders (Python's own, the lesson's) are of no interest."""

    def __init__(self, known: tuple[str, ...]):
        self.known = known
        self.sites = site_folders()
        self.paths: dict[str, str] = {}  # as each was just before it was opened
        self.listed: dict[str, str] = {}
        self.searched: dict[str, str] = {}  # folders where modules were looked for
        self.imported: set[str] = set()  # names of modules, whether they were found or not
        self.packages: set[str] = set()
        self.made: set[str] = set()  # by the lesson itself
        self.own_modules = self.environment = False
        self.reason = ""
        self.process, self.copies = os.getpid(), 0  # copies of which nothing was heard yet

    def begin_with(self, other: "Reads") -> None:
        """Begin where another is."""
        self.paths, self.searched = dict(other.paths), dict(other.searched)
        self.packages, self.own_modules, self.reason = set(other.packages), other.own_modules, other.reason

    def watch(self) -> None:
        """Begin. There is no end but that of the process."""
        sys.meta_path.insert(0, _Before(self))
        sys.meta_path.append(_Behind(self))
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event not in HEARD:
            return  # before all else: `sys._getframe` is an event, too
        by = _caller()
        if by == LOOKING:
            return
        if event == "exec":
            if isinstance(args[0], CodeType):
                self._look_into(args[0])
        elif event == "open":
            self._opened(args[0], args[1], args[2], by)
        elif event == "import":
            if isinstance(args[1], str):  # a compiled one, of which no "open" tells
                self._note(os.path.abspath(args[1]))
        elif event in FOLDERS:
            if not by.startswith("<frozen importlib"):
                self._list(args[0] if args[0] is not None else ".")
        elif event == "ctypes.dlopen":
            if args[0]:
                self._give_up("it loads a library")
        elif event == "os.fork" and by == FORKING:
            self.copies += 1
        else:
            self._give_up(OUT_OF_SIGHT[event])

    def _give_up(self, reason: str) -> None:
        self.reason = self.reason or reason

    def _look_into(self, code: CodeType) -> None:
        if code.co_filename.startswith(("<frozen", *python_folders())):
            return
        about_files, about_environment = asked(code)
        self.environment |= about_environment
        if about_files:
            self._give_up(f"it asks with {about_files}")

    def _opened(self, path: Any, mode: Any, flags: Any, by: str) -> None:
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if not isinstance(path, str) or not isinstance(flags, int):
            return
        if mode is None and not os.path.isabs(path) and os.path.basename(by) != "shutil.py":
            self._give_up("it opens files beside a folder that may be any")  # `dir_fd` is not told
        with contextlib.suppress(OSError):  # no current folder
            path = os.path.abspath(path)
        if path.startswith("/proc/") and "psutil" in by:
            return  # it looks around when it is imported, as Matplotlib does by way of IPython
        if flags & os.O_ACCMODE == os.O_RDONLY:
            self._note(path)
        elif not by.startswith("<frozen importlib"):
            self._opened_for_writing(path, flags)

    def _opened_for_writing(self, path: str, flags: int) -> None:
        is_there = stamp(path) != NOTHING
        if not is_there or flags & os.O_ACCMODE != os.O_WRONLY or flags & (os.O_EXCL | os.O_APPEND):
            self._note(path)
        if not is_there:
            self.made.add(path)

    def _note(self, path: str) -> None:
        if path in self.made or path in HARMLESS_DEVICES or (path + os.sep).startswith(self.known):
            return
        if path.startswith(("/proc/", "/sys/")) or (path.startswith("/dev/") and not path.startswith("/dev/shm/")):
            self._give_up("it reads the state of the system")
            return
        for site in self.sites:
            if path.startswith(site):
                self.packages.add(site + path[len(site) :].split(os.sep)[0])
                return
        if path.startswith(python_folders()):
            return
        path = source_of(path)
        self.own_modules |= path.endswith((".py", ".so", ".pyd", ".pyc"))
        self.paths.setdefault(path, stamp(path))

    def _list(self, path: Any) -> None:
        if isinstance(path, int):  # how it was opened is noted
            return
        with contextlib.suppress(OSError):
            path = os.path.abspath(os.fsdecode(path))
        if (path + os.sep).startswith(self.known):
            return
        if path.startswith(("/proc", "/sys", "/dev")):
            self._give_up("it reads the state of the system")
        self.listed.setdefault(path, folder_digest(path))

    def looks_for(self, name: str, places: Any) -> None:
        """A module is about to be looked for: remember what there is to be found."""
        self.imported.add(name)
        tail = name.rpartition(".")[2]
        for place in list(sys.path if places is None else places):
            if not isinstance(place, str):
                continue
            place = os.path.abspath(place)
            if (place + os.sep).startswith(self.known):
                continue
            if not own_folder(place) and (place + os.sep) not in self.sites:
                continue
            if place not in self.searched:
                self.searched[place] = folder_digest(place)
            inside = os.path.join(place, tail)
            if own_folder(place) and inside not in self.searched and os.path.isdir(inside):
                self.searched[inside] = folder_digest(inside)

    def look_at(self, names: Iterable[str]) -> None:
        """Note where modules of these names come from, those that are loaded."""
        for name in names:
            if (module := sys.modules.get(name)) is None:
                continue
            file, spec = getattr(module, "__file__", None), getattr(module, "__spec__", None)
            if name in READ_BY_THEMSELVES or STARTING in name:
                self._give_up(f"{name} may read files of which Python hears nothing")
            if isinstance(file, str):
                self._note(os.path.abspath(file))
            elif spec is not None and getattr(spec, "submodule_search_locations", None):
                for place in list(spec.submodule_search_locations):
                    if isinstance(place, str) and own_folder(place):
                        self.own_modules = True
                        self.searched.setdefault(place, folder_digest(place))

    def take(self) -> dict[str, Any]:
        """What was noted, as plain data."""
        self.look_at(self.imported.copy())
        if self.copies and os.getpid() == self.process:
            self._give_up("an answer ended before it told what it read")
        return {
            "files": self.paths,
            "folders": {**(self.searched if self.own_modules else {}), **self.listed},
            "packages": sorted(self.packages),
            "environment": self.environment,
            "reason": self.reason,
        }

    def add(self, taken: dict[str, Any]) -> None:
        """Add what another process has noted."""
        self.copies -= 1
        for mine, theirs in ((self.paths, taken["files"]), (self.listed, taken["folders"])):
            for path, seen in theirs.items():
                mine.setdefault(path, seen)
        self.packages |= set(taken["packages"])
        self.environment |= taken["environment"]
        self.reason = self.reason or taken["reason"]


def _caller() -> str:
    """The file of the code that did what the hook hears of; that has no frame when Python ends."""
    try:
        return sys._getframe(2).f_code.co_filename
    except ValueError:
        return ""


class _Before:
    """A finder that finds nothing: it is asked first for every module that is not loaded."""

    def __init__(self, reads: Reads):
        self.reads = reads

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """Note where the module is looked for."""
        self.reads.looks_for(name, path)


class _Behind(_Before):
    """The last to be asked: nobody has found the module, which may be there another time."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """Note that where it was looked for matters."""
        self.reads.own_modules = True


@cache
def loaded() -> Reads:
    """What there is to note of the modules that are loaded by now, once: each lesson begins with it.

    In a copy of a warm process, looking at all of them again takes 3 ms: it writes to the pages of each.
    """
    for name in [name for name in sys.modules.copy() if STARTING in name]:
        del sys.modules[name]  # it is loaded again if a lesson starts a process
    found = Reads(())
    found.look_at(sys.modules.copy().keys() - {"__main__"})
    return found


def watch() -> Reads:
    """Note from now on what this process reads, outside of Python's folders and the current one."""
    global current  # noqa: PLW0603  # a hook cannot be taken back: there is one in a process
    current = Reads((os.getcwd() + os.sep,))
    current.begin_with(loaded())
    current.watch()
    return current
