"""What can change the result of every lesson: Python, the machine, what is installed, fluxrepl itself.

It is found out without importing any of it: a check that finds everything in the cache takes a tenth of a second.
"""

import contextlib
import hashlib
import os
import sys
from pathlib import Path

from .footprint import own_folder

# These tell one terminal, shell or run of a CI from another. A lesson that looks at the environment is run again when
# they change; for others all the rest counts.
OF_NO_MATTER = frozenset(
    "_ SHLVL PWD OLDPWD PS1 WINDOWID COLORTERM TERM_PROGRAM TERM_PROGRAM_VERSION TERM_SESSION_ID GPG_TTY TMUX"  # noqa: SIM905
    " TMUX_PANE STY WINDOW DBUS_SESSION_BUS_ADDRESS XDG_SESSION_ID INVOCATION_ID JOURNAL_STREAM PYTEST_CURRENT_TEST"
    " PYTEST_VERSION PYTHONSTARTUP FLUXREPL_HOME MAKEFLAGS MAKELEVEL MFLAGS".split()  # noqa: RUF100, SIM905
)
BEGINNINGS_OF_NO_MATTER = ("SSH_", "VSCODE_", "GITHUB_", "RUNNER_", "CI_", "BUILD_", "AGENT_", "SYSTEM_")


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
        shadowing(),
        sorted(item for item in os.environ.items() if _matters(item[0])),
    ]


def _matters(name: str) -> bool:
    return name not in OF_NO_MATTER and not name.startswith(BEGINNINGS_OF_NO_MATTER)


def environment() -> str:
    """A digest of all of the environment, for a lesson that looks at it."""
    told = repr(sorted(os.environ.items())).encode("utf-8", "surrogateescape")
    return hashlib.blake2b(told, digest_size=16).hexdigest()


def shadowing() -> list[str]:
    """What on the search path, outside of Python's folders, has the name of a module that lessons find loaded."""
    loaded = {*sys.stdlib_module_names, "numpy", "fluxrepl"}
    found = []
    for place in sys.path:
        if own_folder(place):
            with contextlib.suppress(OSError):
                found += [f"{place}:{name}" for name in os.listdir(place or ".") if name.partition(".")[0] in loaded]
    return sorted(found)


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
