"""Where an answer failed: the line of the learner's that raised, and the call of the check that led to it."""

import linecache
import traceback
from collections.abc import Iterator

Place = tuple[traceback.FrameSummary, str]


def places(error: BaseException, filename: str, source: str) -> list[str]:
    """The learner's line and what was tried, each as a line of text; nothing of what is not known.

    `filename` is that of the check, `source` its text. What a learner typed is found by its module, `__main__`.
    """
    found = []
    frames = list(_frames(error))
    learners = [frame for frame, module in frames if module == "__main__" and frame.filename != filename]
    if learners and (line := linecache.getline(learners[-1].filename, learners[-1].lineno or 0).strip()):
        found.append(f"  at your line {learners[-1].lineno}: {line}")
    tried = [frame for frame, _ in frames if frame.filename == filename]
    if tried and (call := _running(tried[-1], source)):
        found.append(f"  tried: {call}")
    return found


def failing_line(error: BaseException, filename: str, source: str) -> str:
    """What an assert of the check asserts."""
    rows = [frame.lineno for frame, _ in _frames(error) if frame.filename == filename]
    lines = source.split("\n")
    row = rows[-1] if rows and rows[-1] else 1
    return lines[row - 1].strip().removeprefix("assert ") if row <= len(lines) else "an assert"


def _frames(error: BaseException) -> Iterator[Place]:
    """The frames of an error, outermost first, each with the name of its module."""
    walk = list(traceback.walk_tb(error.__traceback__))
    modules = [str(frame.f_globals.get("__name__", "")) for frame, _ in walk]
    yield from zip(traceback.extract_tb(error.__traceback__), modules, strict=True)


def _running(frame: traceback.FrameSummary, source: str) -> str:
    """The expression that was running: a call such as `half(1)`; the line, where it goes over several."""
    lines = source.split("\n")
    if not frame.lineno or frame.lineno > len(lines):
        return ""
    line = lines[frame.lineno - 1]
    if frame.lineno == frame.end_lineno and frame.colno is not None and frame.end_colno is not None:
        line = line.encode()[frame.colno : frame.end_colno].decode(errors="replace")  # Python counts bytes
    return line.strip()
