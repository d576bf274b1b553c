"""The interpreter, and which fluxrepl it runs."""

import os
import platform
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from .finding import Finding

OLDEST = (3, 11)


def examine() -> Iterator[Finding]:
    version = platform.python_version()
    bits = 8 * struct.calcsize("P")
    if sys.version_info < OLDEST:
        yield Finding("Python", "version", version, "bad", "fluxrepl needs Python 3.11 or newer; install one.")
    else:
        yield Finding("Python", "version", f"{version}, {bits} bit, {platform.system()} {platform.machine()}")
    if sys.executable:
        yield Finding("Python", "interpreter", sys.executable)
    else:
        advice = "Start Python by its full path: the kernel cannot be installed otherwise."
        yield Finding("Python", "interpreter", "does not know its own path", "note", advice)
    inside = sys.prefix != sys.base_prefix
    yield Finding("Python", "environment", sys.prefix if inside else "none (system-wide)")
    yield _ourselves()
    yield from _in_the_way()


def _ourselves() -> Finding:
    from fluxrepl.version import __version__

    return Finding("Python", "fluxrepl", f"{__version__}, in {Path(__file__).parents[2]}")


def _in_the_way() -> Iterator[Finding]:
    """Variables that change what Python imports."""
    for name in ("PYTHONHOME", "PYTHONPATH"):
        if value := os.environ.get(name):
            advice = f"If modules are not the ones you expect: unset {name}."
            yield Finding("Python", name, value, "note", advice)
