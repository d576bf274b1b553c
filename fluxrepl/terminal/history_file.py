"""The file of what was typed: entries appended under a lock, cut when it grows long, set aside when it is damaged.

The form is prompt_toolkit's: a line `# time` before each entry, and `+` before each of its lines. Sessions run side by
side, and one of them may replace the file (to cut it): so whoever has opened it looks, once the lock is theirs, whether
it still is the file of that name.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import ModuleType

from fluxrepl.tutor.writing import PRIVATE, free_name, replacing

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

SLACK = 1.25  # the file may grow to this multiple of what is kept before it is cut


def append(path: Path, entry: str) -> None:
    """Add an entry in one write.

    Errors:
        OSError: the file cannot be written, or the disk is full.
    """
    lines = "".join(f"+{line}\n" for line in entry.split("\n"))
    with _locked(path) as file:
        _write_all(file, f"\n# {datetime.now()}\n{lines}".encode(errors="surrogatepass"))


def read(path: Path, most: int) -> tuple[list[str], str]:
    """The entries, oldest first, at most so many, and what has to be said of the file ("" for nothing).

    A damaged file is kept as `.bak` (`.bak2`, and so on); what can be read of it goes on being the history.
    """
    raw = path.read_bytes()
    entries, damaged = parse(raw)
    said = ""
    if damaged:
        said = _set_aside(path)
    elif len(entries) > most * SLACK:
        _cut(path, most)
    return entries[-most:] if most else [], said


def end(path: Path) -> tuple[int, int]:
    """Which file that is now, and how long: for `since`."""
    status = path.stat()
    return status.st_ino, status.st_size


def since(path: Path, before: tuple[int, int]) -> tuple[list[str], tuple[int, int]]:
    """The entries added after `before`, an earlier `end`, and the end now; none where the file has been replaced."""
    now = end(path)
    if now[0] != before[0] or now[1] <= before[1]:
        return [], now
    with path.open("rb") as file:
        file.seek(before[1])
        return parse(file.read(now[1] - before[1]))[0], now


def parse(raw: bytes) -> tuple[list[str], bool]:
    """The entries in a file's bytes, and whether there is something among them that is none.

    Example:
        >>> parse(b"# now\\n+x = 1\\n\\n# now\\n+f(\\n+x)\\n")
        (['x = 1', 'f(\\nx)'], False)

    """
    entries: list[str] = []
    entry: list[str] = []
    damaged = False
    for line in [*raw.split(b"\n"), b""]:
        text = _text(line.removesuffix(b"\r"))
        damaged = damaged or text is None or (text != "" and text[0] not in "+#")
        if text and text[0] == "+":
            entry.append(text[1:])
        elif entry:
            entries.append("\n".join(entry))
            entry = []
    return entries, damaged


def _text(line: bytes) -> str | None:
    """A line as text; None where it is none. Python's strings may hold lone surrogates, so they are text, too."""
    try:
        text = line.decode(errors="surrogatepass")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _set_aside(path: Path) -> str:
    try:
        with _locked(path):
            raw = path.read_bytes()  # as it is now: others may have added to it, or set it aside
            entries, damaged = parse(raw)
            if not damaged:
                return ""
            aside = free_name(path)
            aside.write_bytes(raw)
            aside.chmod(0o600)
            _replace(path, entries)
    except OSError:
        return f"parts of {path} cannot be read, and are passed over."
    return f"parts of the history were damaged: the file is kept as {aside}, and what could be read goes on."


def _cut(path: Path, most: int) -> None:
    with suppress(OSError), _locked(path):  # as it is now: others may have added to it
        _replace(path, parse(path.read_bytes())[0][-most:] if most else [])


def _replace(path: Path, entries: list[str]) -> None:
    text = "".join("\n# kept\n" + "".join(f"+{line}\n" for line in entry.split("\n")) for entry in entries)
    with replacing(path, PRIVATE) as file:
        file.write(text.encode(errors="surrogatepass"))


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The file, open for appending, ours alone where the system has locks."""
    while True:
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if fcntl is not None:
                with suppress(OSError):  # a disk without locks
                    fcntl.flock(file, fcntl.LOCK_EX)
            if _is_still(file, path):
                yield file
                return
        finally:
            os.close(file)


def _is_still(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), os.stat(path))
    except FileNotFoundError:
        return False


def _write_all(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]
