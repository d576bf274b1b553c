"""Files that somebody handed in: only what is a plain file of a sane size is opened, and no link is followed."""

import os
import stat
from pathlib import Path

from ..lesson import Lesson, read
from ..problem import LessonError, Problem

LARGEST = 2 << 20  # bytes


def read_lesson(path: Path) -> Lesson:
    """The lesson in a file that is not trusted; a `LessonError` says what is wrong with it."""
    contents(path)
    return read(path)


def contents(path: Path) -> bytes:
    """What is in a file, or a `LessonError`: a link could show a file of ours to whoever reads the report."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if path.is_symlink():
            raise _wrong(path, "a link, which is not followed", "hand in the file itself") from None
        raise _wrong(path, f"cannot be read: {error.strerror}", "check its permissions") from None
    try:
        about = os.fstat(file)
        if not stat.S_ISREG(about.st_mode):
            raise _wrong(path, "not a plain file", "hand in a file")
        if about.st_size > LARGEST:
            raise _wrong(path, f"larger than {LARGEST >> 20} MB", "hand in text")
        with os.fdopen(file, "rb", closefd=False) as opened:
            return opened.read(LARGEST + 1)
    finally:
        os.close(file)


def _wrong(path: Path, what: str, write: str) -> LessonError:
    return LessonError(Problem(path, 0, what, "", write))
