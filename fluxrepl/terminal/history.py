"""What was typed before, kept between sessions in the learner's state folder.

Each entry is appended as it is entered, so that sessions running side by side lose nothing. A home that
cannot be written, or a full disk, costs one warning: history then lives in memory, and the prompt works on.
"""

import os
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import suppress
from pathlib import Path

from prompt_toolkit.history import History, ThreadedHistory

from fluxrepl.shell.config import settings
from fluxrepl.shell.home import is_first_loss
from fluxrepl.tutor.folders import state_folder

from . import history_file


class LearnerHistory(History):
    """History in a file that survives what files do: it is opened late, and any failure is told once.

    Errors:
        None leave this class: `warn` is called with a sentence, once, and entries stay in memory. About a folder
        that cannot be written the shell itself speaks (`shell.home`), so nothing is said of it here.
    """

    def __init__(self, warn: Callable[[str], None]) -> None:
        super().__init__()
        self._warn = warn
        self._file: Path | None = None
        self._broken = settings()["history_size"] == 0
        self._folder_works = False
        self._end: tuple[int, int] | None = None  # of the file, as far as it has been read
        self._own: list[str] = []  # added here since then

    def load_history_strings(self) -> Iterable[str]:
        """Give the entries, newest first."""
        if self._broken:
            return []
        try:
            entries, said = history_file.read(self._open(), settings()["history_size"])
            self._end = history_file.end(self._open())
        except OSError as error:
            self._give_up(error)
            return []
        if said:
            self._warn(said)
        return reversed(entries)

    def store_string(self, string: str) -> None:
        """Append an entry to the file."""
        if self._broken:
            return
        try:
            history_file.append(self._open(), string)
        except OSError as error:
            self._give_up(error)
        self._own.append(string)

    def of_others(self) -> list[str]:
        """What sessions beside this one have added since it was last asked, newest first."""
        if self._broken or self._file is None or self._end is None:
            return []
        try:
            entries, self._end = history_file.since(self._file, self._end)
        except OSError:  # the next entry tells
            return []
        for own in self._own:
            if own in entries:
                entries.remove(own)
        self._own.clear()
        return entries[::-1]

    def _open(self) -> Path:
        if self._file is None:
            folder = state_folder()
            folder.mkdir(parents=True, exist_ok=True)
            self._folder_works = os.access(folder, os.W_OK)
            path = folder / "history"
            # Fails now, rather than after the first cell, where it cannot be written. For nobody else's eyes.
            os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600))
            with suppress(OSError):  # it may be somebody else's, or on a disk without permissions
                path.chmod(0o600)
            self._file = path
        return self._file

    def _give_up(self, error: OSError) -> None:
        if self._folder_works and not self._broken and is_first_loss():
            self._warn(
                f"history is kept in memory only ({error.filename or 'its file'}: {error.strerror or error}). "
                "Set FLUXREPL_HOME to a folder that can be written."
            )
        self._broken = True


class LoadedOnce(ThreadedHistory):
    """prompt_toolkit's threaded history, which goes through its thread again at each prompt; here only at the first.

    So Up works in the first moment of a prompt, too. What other sessions add meanwhile comes behind our own entries:
    the first Up is always what was entered here.
    """

    def __init__(self, history: LearnerHistory) -> None:
        super().__init__(history)
        self._learners = history
        self._entered = 0

    def append_string(self, string: str) -> None:
        """Add an entry."""
        self._entered += 1
        super().append_string(string)

    async def load(self) -> AsyncGenerator[str, None]:
        """Give the entries, newest first."""
        if self._loaded:
            self._loaded_strings[self._entered : self._entered] = self._learners.of_others()
            for entry in list(self._loaded_strings):
                yield entry
        else:
            async for entry in super().load():
                yield entry
