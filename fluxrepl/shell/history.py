"""IPython's history, which goes on in memory where its file cannot be written: a full disk, a lock that is never freed.

IPython's own would print from a thread (which a lesson may take for the cell's output), raise at the end, and rename a
sound file as corrupt. Here the file stays as it is, what was read of it can still be looked at, and it is told once.
A file that is broken is set aside before it is opened (`shell.home`).
"""

import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from IPython.core.history import HistoryAccessor, HistoryManager

from .home import is_first_loss

_open: Callable[[Any], None] = HistoryAccessor.init_db.__wrapped__  # type: ignore[attr-defined]  # raises what fails


class FluxHistory(HistoryManager):
    """IPython's, until its file fails; then the same in memory.

    Errors:
        None of SQLite's leave this class while it writes.
    """

    _corrupt_db_limit = -1  # IPython itself never renames a file: whatever fails, goes on in memory
    _why = ""  # the file has failed, and that has not been told
    _leaving = threading.Lock()

    def init_db(self) -> None:
        """Open the file, and make its tables if need be."""
        try:
            _open(self)
        except sqlite3.DatabaseError as error:
            if self._in_memory:
                raise
            self._leave_file(error)

    def new_session(self, conn: sqlite3.Connection | None = None) -> None:
        """Begin a session."""
        self._write(super().new_session, conn)

    def end_session(self) -> None:
        """End the session."""
        try:
            super().end_session()
        except sqlite3.OperationalError as error:
            self._leave_file(error)
            super().end_session()
        self._tell()

    def store_inputs(self, line_num: int, source: str, source_raw: str | None = None) -> None:
        """Keep a cell. What became of the last one is told here, at a time when the learner listens."""
        super().store_inputs(line_num, _as_unicode(source), source_raw and _as_unicode(source_raw))
        self._tell()

    # IPython calls these two with its lock held, in the thread that saves or in the one that reads.

    def _writeout_input_cache(self, conn: sqlite3.Connection) -> None:
        self._write(super()._writeout_input_cache, conn)

    def _writeout_output_cache(self, conn: sqlite3.Connection) -> None:
        self._write(super()._writeout_output_cache, conn)

    def _write(self, write: Callable[[Any], None], conn: sqlite3.Connection | None) -> None:
        if conn is None or self._in_memory:  # the thread that saves still holds the file
            conn = self.db
        try:
            write(conn)
        except sqlite3.OperationalError as error:
            self._leave_file(error)
            write(self.db)

    @property
    def _in_memory(self) -> bool:
        return self.hist_file == ":memory:"

    def _leave_file(self, error: sqlite3.Error) -> None:
        """Go on in memory, with what the file holds, as far as it can be read."""
        with self._leaving:
            if self._in_memory:  # another thread was first
                return
            file, self.hist_file = self.db, ":memory:"
            _open(self)
            self._why = str(error)
            if file is not None:
                with suppress(sqlite3.Error):
                    file.execute("SELECT 1 FROM output_history")  # the last of the tables: all of them are there
                    file.backup(self.db)
                file.close()

    def _tell(self) -> None:
        if self._why and is_first_loss():
            print(
                f"Note: history is kept in memory only ({self._why}). Make room, or set FLUXREPL_HOME to a folder "
                "that can be written.",
                file=sys.stderr,
            )
        self._why = ""


def _as_unicode(text: str) -> str:
    """SQLite keeps no half characters."""
    return text.encode(errors="backslashreplace").decode()
