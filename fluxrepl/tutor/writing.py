"""Writes a small file whole: whoever reads it finds the old or the new, never a part."""

import contextlib
import os
from pathlib import Path


def write_whole(file: Path, text: str) -> bool:
    """Write and rename; False where it cannot be done (a full disk, a folder that may not be written)."""
    import tempfile

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".new-", dir=file.parent)
    except OSError:
        return False
    try:
        with open(handle, "w", encoding="utf-8") as opened:
            opened.write(text)
        os.replace(name, file)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(name)
        if isinstance(error, OSError):
            return False
        raise
    return True
