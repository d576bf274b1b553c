"""Where fluxrepl keeps settings, history and progress: can that be written, and can what is there be read?"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fluxrepl.tutor.folders import settings_folder, state_folder

from .finding import Finding

FEW = 20 * 2**20  # bytes: less than this left on a disk will not last


def examine() -> Iterator[Finding]:
    yield _home()
    state, settings = state_folder(), settings_folder()
    moved = os.environ.get("FLUXREPL_HOME")
    folders = {"FLUXREPL_HOME": state} if moved else {"state": state, "configuration": settings}
    for name, folder in folders.items():
        yield _folder(name, folder)
    yield from _settings()
    yield from _progress(state / "progress.json")
    yield from _history(state / "history")
    yield _temporary()


def _home() -> Finding:
    home = os.path.expanduser("~")
    if os.path.isdir(home):
        return Finding("Folders", "home", home)
    return Finding("Folders", "home", f"{home} is no folder", "note", "export HOME, or FLUXREPL_HOME, to one of yours.")


def _folder(name: str, folder: Path) -> Finding:
    advice = "Nothing is kept between sessions: make it writable, or export FLUXREPL_HOME to a folder of yours."
    if not folder.is_absolute():
        return Finding("Folders", name, f"{folder} is not absolute: no home folder is known", "bad", advice)
    if not is_writable(folder):
        return Finding("Folders", name, f"{folder} cannot be written", "bad", advice)
    left = shutil.disk_usage(_nearest(folder)).free
    if left < FEW:
        return Finding("Folders", name, f"{folder}: {left // 2**20} MB are left on its disk", "bad", "Make room on it.")
    return Finding("Folders", name, str(folder) if folder.is_dir() else f"{folder} (not there yet)")


def is_writable(folder: Path) -> bool:
    """Whether a file could be made in the folder, or the folder itself. Makes nothing that stays."""
    nearest = _nearest(folder)
    if not nearest.is_dir():
        return False
    try:
        with tempfile.TemporaryFile(dir=nearest):  # a permission says little about a disk that is mounted read-only
            return True
    except OSError:
        return False


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest one above that is there."""
    while not os.path.lexists(folder) and folder.parent != folder:
        folder = folder.parent
    return folder


def _settings() -> Iterator[Finding]:
    from fluxrepl.shell.config import load
    from fluxrepl.shell.config_file import shown_path

    wrong = load(set_aside=False).warnings
    for said in wrong:
        yield Finding("Folders", "settings", said, "note", "Edit the file, or set it anew with `:config`.")
    if not wrong:
        yield Finding("Folders", "settings", f"{shown_path()}: every line can be used")


def _progress(path: Path) -> Iterator[Finding]:
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        yield Finding("Folders", "progress", "none yet")
    except (OSError, ValueError) as error:
        advice = "The next lesson sets it aside as .bak and begins anew; mend it before, if you can."
        yield Finding("Folders", "progress", f"{path} cannot be read: {error}", "note", advice)
    else:
        yield Finding("Folders", "progress", str(path))


def _history(path: Path) -> Iterator[Finding]:
    from fluxrepl.terminal.history_file import parse

    try:
        entries, damaged = parse(path.read_bytes())
    except FileNotFoundError:
        yield Finding("Folders", "history", "none yet")
    except OSError as error:
        yield Finding("Folders", "history", f"{path} cannot be read: {error.strerror}", "note", f"Remove {path}.")
    else:
        advice = "The next session keeps the file as .bak, and goes on with what can be read." if damaged else ""
        value = f"{path}: {len(entries)} cells" + (", and damaged parts" if damaged else "")
        yield Finding("Folders", "history", value, "note" if damaged else "ok", advice)


def _temporary() -> Finding:
    try:
        return Finding("Folders", "temporary", tempfile.gettempdir())
    except OSError as error:
        return Finding("Folders", "temporary", str(error), "bad", "export TMPDIR to a folder that can be written.")
