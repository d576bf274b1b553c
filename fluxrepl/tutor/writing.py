"""Writes files whole: whoever reads one finds the old or the new, never a part, whatever happens meanwhile."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

UNFINISHED = ".new"  # how the name of a file ends that is being written; `.{name}.` is how it begins
PRIVATE, ORDINARY = 0o600, 0o666  # what a new file allows; one that is there keeps what it has


@contextlib.contextmanager
def replacing(path: Path, new: int = ORDINARY, sync: bool = False) -> Iterator[BinaryIO]:
    """A file to write to, which becomes `path` if the block ends well; a link stays a link.

    With `sync` it is on the disk by then: or a power cut may leave an empty file. `OSError` if it cannot be written.
    """
    path = path.resolve()
    unfinished = path.with_name(f".{path.name}.{os.urandom(4).hex()}{UNFINISHED}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), new)
    try:
        with open(descriptor, "wb") as file:
            yield file
            file.flush()
            if sync:
                os.fsync(descriptor)
        with contextlib.suppress(FileNotFoundError):
            unfinished.chmod(path.stat().st_mode & 0o777)
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise


def write_whole(file: Path, text: str) -> bool:
    """Write a small private file; False where it cannot be done (a full disk, a folder that may not be written)."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file, PRIVATE) as opened:
            opened.write(text.encode())
    except OSError:
        return False
    return True


def free_name(path: Path) -> Path:
    """A name beside the file that is not taken: `progress.json.bak`, then `.bak2` and so on."""
    kept = path.with_name(path.name + ".bak")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}.bak{number}")
    return kept
