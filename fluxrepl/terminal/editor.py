"""`:edit` and F2: a cell in the learner's own editor; what is saved there runs.

An editor in the terminal has the screen to itself, so its text runs when it is left. One with a window of its own
stays open, and each save runs.
"""

import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

# Tried in this order where neither $VISUAL nor $EDITOR says. (Debian's `sensible-editor` would ask which one first.)
USUAL = ("nano", "micro", "vim", "vi", "emacs", "editor", "notepad")

WINDOWED = {"code", "code-insiders", "codium", "cursor", "subl", "gedit", "kate", "mousepad", "zed", "gvim", "mate",
            "bbedit", "notepad", "notepad++", "pluma", "xed", "gnome-text-editor", "pycharm", "charm"}  # fmt: skip

LOOK = 0.15  # seconds between two looks at the file


class NoEditor(Exception):
    """There is no editor to open, or it cannot be started."""


def saves(text: str, name: str = "cell") -> Iterator[str]:
    """Open `text` in the editor; each text that is saved, as soon as it can be run. Nothing, if none is.

    Errors:
        NoEditor: no editor is set, or what is set cannot be started.
    """
    command = _command()
    windowed = Path(command[0]).stem.lower() in WINDOWED
    with tempfile.TemporaryDirectory(prefix="fluxrepl-") as folder:
        path = Path(folder) / f"{name}.py"
        path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
        os.utime(path, (0, 0))  # so that a save within the clock's tick is seen as one
        seen = path.stat().st_mtime_ns
        try:
            process = subprocess.Popen([*command, str(path)])
        except OSError as error:
            raise NoEditor(_cannot_start(command, error)) from None
        while True:
            ended = _wait(process, LOOK if windowed else None)
            saved = path.stat().st_mtime_ns if path.exists() else seen
            if saved != seen:
                seen = saved
                yield path.read_text(encoding="utf-8", errors="replace").rstrip()
            if ended:
                return


def _command() -> list[str]:
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR") or next(filter(shutil.which, USUAL), "")
    if not chosen.strip():
        raise NoEditor("There is no editor. Install one, such as nano, and name it: `:config editor nano`")
    try:
        return shlex.split(chosen, posix=os.name != "nt")
    except ValueError as error:  # a quote is open
        raise NoEditor(
            f"The editor {chosen} cannot be started ({error}). Write it anew: `:config editor nano`"
        ) from None


def _cannot_start(command: list[str], error: OSError) -> str:
    there = next(filter(shutil.which, USUAL), "nano")
    return f"The editor {command[0]} cannot be started ({error.strerror}). Name another: `:config editor {there}`"


def _wait(process: "subprocess.Popen[bytes]", seconds: float | None) -> bool:
    """Wait for the end of the editor, at most so long; Ctrl-C belongs to the editor."""
    until = time.monotonic() + seconds if seconds is not None else None
    while True:
        try:
            process.wait(None if until is None else max(until - time.monotonic(), 0.0))
        except subprocess.TimeoutExpired:
            return False
        except KeyboardInterrupt:
            continue
        return True
