"""What can change the result of every lesson: Python, the machine, what is installed, fluxrepl itself.

It is found out without importing any of it: a check that finds everything in the cache takes a tenth of a second.
"""

import hashlib
import os
import sys
from pathlib import Path

SETTINGS = ("PYTHON", "FLUXREPL_", "OMP_", "OPENBLAS_", "MKL_", "NPY_", "CUDA_", "CUPY_", "MPL", "LANG", "LC_", "TZ")


def surroundings() -> list[object]:
    """Everything, as plain data that is the same as long as nothing changed."""
    return [
        sys.version,
        sys.flags.optimize,
        os.uname().machine if hasattr(os, "uname") else "",
        sys.platform,
        sys.path,
        sys.warnoptions,
        installed(),
        gpus(),
        own_sources(),
        sorted(f"{name}={value}" for name, value in os.environ.items() if _matters(name)),
    ]


def _matters(name: str) -> bool:
    return name.startswith(SETTINGS) and name not in ("FLUXREPL_HOME", "PYTHONSTARTUP")


def environment() -> bytes:
    """All of the environment, for a lesson that looks at it."""
    return repr(sorted(os.environ.items())).encode("utf-8", "surrogateescape")


def installed() -> list[str]:
    """The names and versions of what is installed, as the names of their folders tell them."""
    names: set[str] = set()
    for place in sys.path:
        try:
            names.update(
                name for name in os.listdir(place or ".") if name.endswith((".dist-info", ".egg-info", ".pth"))
            )
        except OSError:  # a zip file, a folder that is not there
            continue
    return sorted(names)


def gpus() -> list[str]:
    """The NVIDIA devices that the system shows."""
    try:
        return sorted(name for name in os.listdir("/dev") if name.startswith("nvidia"))
    except OSError:
        return []


def own_sources() -> str:
    """A digest of fluxrepl's own source files."""
    made = hashlib.blake2b(digest_size=16)
    package = Path(__file__).parents[1]
    for folder, folders, names in os.walk(package):
        folders.sort()
        for name in sorted(names):
            if name.endswith((".py", ".json")):
                with open(os.path.join(folder, name), "rb") as file:
                    made.update(name.encode() + b"\0" + file.read())
    return made.hexdigest()
