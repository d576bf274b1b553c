"""Files that somebody handed in: only what is a plain file of a sane size is opened, and no link is followed."""

import os
import stat
from pathlib import Path

from ..lesson import Lesson, read
from ..problem import LessonError, Problem

# Bytes: what is handed in is parsed here, not in the sandbox, and takes up to 40 s and 2 GB for two million of them.
MOST_TEXT = 256 << 10
MOST_NOTEBOOK = 2 << 20  # most of it are pictures


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
        most = MOST_NOTEBOOK if path.suffix == ".ipynb" else MOST_TEXT
        if about.st_size > most:
            raise _wrong(path, f"larger than {most >> 10} KB", "hand in text")
        with os.fdopen(file, "rb", closefd=False) as opened:
            return opened.read(most + 1)
    finally:
        os.close(file)


def _wrong(path: Path, what: str, write: str) -> LessonError:
    return LessonError(Problem(path, 0, what, "", write))
