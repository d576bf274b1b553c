"""Which frames of a traceback are the learner's, and the runs between them that are folded into one line.

The learner's frames are cells and files of their own. Folded are the standard library, installed packages and fluxrepl.
The shell's own frames at the outer end are dropped: every traceback would start with them.
"""

import linecache
import os
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import dropwhile, islice
from pathlib import Path
from types import FrameType, TracebackType

SHELL_PACKAGES = {"IPython", "ipykernel", "asyncio", "fluxrepl"}
LONGEST = 12  # with more frames than this (a runaway recursion) the middle is left out
KEPT = 3  # at each end
OURS = str(Path(__file__).parents[1]) + os.sep


@dataclass(frozen=True)
class Frame:
    """One frame of the learner's: where it stands, and the columns of the expression that was running."""

    filename: str
    function: str
    lineno: int
    columns: tuple[int, int] | None

    def line(self, number: int) -> str:
        """Return a line of its source, "" where there is none."""
        return linecache.getline(self.filename, number).rstrip("\n")


@dataclass(frozen=True)
class Fold:
    """Frames that are not shown: how many, and what they are."""

    count: int
    packages: tuple[str, ...] = ()
    about: str = ""

    def __str__(self) -> str:
        about = self.about or f"inside {' and '.join(self.packages)}"
        return f"… {self.count} {'frame' if self.count == 1 else 'frames'} {about}"

    def with_one(self, package: str) -> "Fold":
        """The same with one frame more."""
        known = package in self.packages
        return Fold(self.count + 1, self.packages if known else (*self.packages, package))


def read_traceback(tb: TracebackType | None) -> list[Frame | Fold]:
    """Return what to show of a traceback, outermost frame first."""
    levels = [(level, package_of(level.tb_frame)) for level in _levels(tb)]
    if any(package is None for _, package in levels):
        levels = list(dropwhile(lambda each: each[1] in SHELL_PACKAGES, levels))
    items: list[Frame | Fold] = []
    for level, package in levels:
        if package is None:
            items.append(_frame(level))
        elif items and isinstance(fold := items[-1], Fold):
            items[-1] = fold.with_one(package)
        else:
            items.append(Fold(1, (package,)))
    return _without_middle(items)


def _levels(tb: TracebackType | None) -> Iterator[TracebackType]:
    while tb is not None:
        yield tb
        tb = tb.tb_next


def package_of(frame: FrameType) -> str | None:
    """Name the package that a frame belongs to, or None if it is the learner's."""
    package = str(frame.f_globals.get("__name__") or "").partition(".")[0]
    if package == "__main__":
        return None
    if package == "fluxrepl" or is_installed(frame.f_code.co_filename):
        return package or "Python"
    return None


def is_installed(filename: str) -> bool:
    """Whether a file is part of Python, of an installed package, or of fluxrepl."""
    return filename.startswith(("<frozen ", OURS, *_installed()))


@cache
def _installed() -> tuple[str, ...]:
    """The folders of installed code, each with a separator at the end."""
    folders = {sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")}
    folders |= {folder for folder in sys.path if Path(folder).name in ("site-packages", "dist-packages")}
    folders |= {os.path.realpath(folder) for folder in folders}
    return tuple(folder + os.sep for folder in folders)


def _frame(level: TracebackType) -> Frame:
    code = level.tb_frame.f_code
    lineno = level.tb_lineno or code.co_firstlineno
    return Frame(code.co_filename, code.co_qualname, lineno, _columns(level))


def _columns(level: TracebackType) -> tuple[int, int] | None:
    """Return the columns, in characters, of the running expression; of its first line, where it goes over several."""
    code = level.tb_frame.f_code
    positions = next(islice(code.co_positions(), level.tb_lasti // 2, None), None)
    if positions is None or None in positions or positions[0] != level.tb_lineno:
        return None
    lineno, last, start, end = positions
    line = linecache.getline(code.co_filename, lineno or 0).encode()  # Python counts bytes
    if last != lineno:
        end = len(line.rstrip())
    return len(line[:start].decode(errors="replace")), len(line[:end].decode(errors="replace"))


def _without_middle(items: list[Frame | Fold]) -> list[Frame | Fold]:
    if len(items) <= LONGEST:
        return items
    left_out = items[KEPT:-KEPT]
    count = sum(item.count if isinstance(item, Fold) else 1 for item in left_out)
    functions = {item.function for item in left_out if isinstance(item, Frame)}
    about = f"more: {functions.pop()} calls itself again and again" if len(functions) == 1 else "more"
    return [*items[:KEPT], Fold(count, about=about), *items[-KEPT:]]
