"""Where the shell keeps its history: a folder of fluxrepl's own, or none.

Not `~/.ipython`, for two reasons: what a learner has in their IPython start-up files and configuration would change
what a lesson promises, and whoever never ran IPython would find a folder they did not ask for. `FLUXREPL_HOME` moves
it.
"""

import atexit
import os
import shutil
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

from fluxrepl.tutor.folders import state_folder
from fluxrepl.tutor.writing import free_name

FIRST_FILES = 4096  # bytes: IPython does not start where it cannot write them; where they are, history can be read
_LOST = [False]  # it has been told that history does not last


@dataclass(frozen=True)
class Home:
    """The folder for IPython's files, and whether what is written there lasts."""

    folder: Path
    lasting: bool


def find_home() -> Home:
    """Return a folder that can be written, if need be a temporary one, with one warning on stderr."""
    # IPython has a folder of its own, which it looks for now and then, for themes say; nothing of ours is kept there.
    warnings.filterwarnings("ignore", "IPython (dir|parent) .* is not a writable location", UserWarning)
    folder = state_folder() / "ipython"
    try:
        if not folder.is_absolute():
            raise OSError("no home folder is known")
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".{os.getpid()}"
        try:
            probe.write_bytes(bytes(FIRST_FILES if not (folder / "profile_default").is_dir() else 0))
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        _LOST[0] = True
        print(
            f"fluxrepl: cannot write to {folder} ({why}).\nSo history lasts for this session only. "
            "Set FLUXREPL_HOME to a folder you can write.",
            file=sys.stderr,
        )
        temporary = Path(tempfile.mkdtemp(prefix="fluxrepl-"))
        atexit.register(shutil.rmtree, temporary, ignore_errors=True)
        return Home(temporary, lasting=False)
    set_broken_history_aside(folder / "profile_default" / "history.sqlite")
    return Home(folder, lasting=True)


def set_broken_history_aside(file: Path) -> None:
    """A history that SQLite cannot read becomes `history.sqlite.bak`, with a sentence. IPython would not start."""
    import sqlite3

    if not file.is_file():
        return
    connection = None
    try:
        connection = sqlite3.connect(file)
        connection.execute("select count(*) from sqlite_master").fetchone()
        connection.execute("select max(session) from sessions").fetchone()
    except sqlite3.OperationalError:
        return  # locked by another shell, without tables yet, on a full disk: sound, or `shell.history` goes without
    except sqlite3.DatabaseError as error:
        aside = free_name(file)
        for beside in ("-journal", "-wal", "-shm"):  # they belong to the broken one, and would spoil a new one
            file.with_name(file.name + beside).unlink(missing_ok=True)
        file.replace(aside)
        print(f"fluxrepl: the history was broken ({error}). It is kept as {aside}; a new one begins.", file=sys.stderr)
    finally:
        if connection is not None:
            connection.close()


def is_first_loss() -> bool:
    """True once a process: the prompt and IPython keep a history each, and one note is enough when their disk fails."""
    first, _LOST[0] = not _LOST[0], True
    return first
