"""How a warning is drawn for a learner: its words, and the line of theirs that led to it.

    RuntimeWarning: divide by zero encountered in log
      Cell In[5], line 2

Python names the line where the warning was made, which may lie in a library or in fluxrepl.
"""

import sys
from collections.abc import Iterator
from types import FrameType

from fluxrepl.nn.advice import FluxWarning

from .frames import is_installed, package_of
from .tracebacks import Paint, cell_of, place

TRIAL = "<>"  # IPython compiles each cell under this name first, to see whether it awaits: all warnings come twice


def draw_warning(message: Warning | str, category: type[Warning], filename: str, lineno: int, paint: Paint) -> str:
    """The lines of a warning. To be called while it is made: the learner's line is looked up in the running frames."""
    if filename == TRIAL:
        return ""
    name = "Note" if issubclass(category, FluxWarning) else category.__name__
    words = paint("yellow", name) + paint.wrap(f"{name}: {message}")[len(name) :]
    if not cell_of(filename) and not _is_file_of_theirs(filename):
        filename, lineno = _learners_line()
    where = f"  {place(filename)}, line {lineno}" if filename else ""
    return "".join(f"{line}\n" for line in (words, paint("grey", where)) if line)


def _learners_line() -> tuple[str, int]:
    """The innermost line of the learner's that is running: of a cell, or of a file of theirs that a cell has called."""
    found = "", 0
    for frame in _frames_that_warned():
        filename = frame.f_code.co_filename
        if cell_of(filename) and not found[0]:
            return filename, frame.f_lineno
        if package_of(frame) is None and _is_file_of_theirs(filename) and not found[0]:
            found = filename, frame.f_lineno
        if frame.f_code.co_name == "run_code":
            return found
    return "", 0


def _frames_that_warned() -> Iterator[FrameType]:
    """The running frames from the one that warned outwards: without those that show the warning."""
    frames: list[FrameType] = []
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        frames.append(frame)
        if frame.f_code.co_name == "_showwarnmsg":  # of Python's own `warnings`
            frames.clear()
        frame = frame.f_back
    yield from frames


def _is_file_of_theirs(filename: str) -> bool:
    return not filename.startswith("<") and not is_installed(filename)
