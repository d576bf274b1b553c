"""The command line of bubblewrap: an empty root with Python in it, read-only, and nothing else of this machine."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

START = (
    "import sys; control, *places = sys.argv[1:]; sys.path += places; sys.argv = ['fluxrepl']; "
    "from fluxrepl.tutor.untrusted.warm import main; main(int(control))"
)

ENVIRONMENT = {
    "LANG": "C.UTF-8", "MPLBACKEND": "agg", "NO_COLOR": "1",
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",  # threads do not survive a fork
}  # fmt: skip

SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/nix/store", "/gnu/store")
DEVICES = ("null", "zero", "full", "random", "urandom")


def command(control: int) -> list[str]:
    """What starts the warm parent in a sandbox; it takes orders on the descriptor `control`."""
    python, places = os.path.realpath(getattr(sys, "_base_executable", sys.executable)), _places()
    binds = _outermost([*_existing(SYSTEM), *_python(python), *places[:-1], _package()])
    scratch = "/scratch" if any(path.startswith("/tmp/") for path in binds) else "/tmp"  # which each submission covers
    line = [shutil.which("bwrap") or "bwrap", *_namespaces(), "--clearenv"]
    for name, value in {**ENVIRONMENT, "HOME": scratch, "TMPDIR": scratch}.items():
        line += ["--setenv", name, value]
    for folder in _parents([*binds, "/dev/shm/x", f"{scratch}/x"]):
        line += ["--perms", "0755", "--tmpfs" if folder == "/dev" else "--dir", folder]
    for path in binds:
        line += ["--ro-bind", path, path]
    if os.path.exists("/etc/ld.so.cache"):
        line += ["--perms", "0755", "--dir", "/etc", "--ro-bind", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    for device in DEVICES:
        line += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    line += ["--proc", "/proc", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]
    return [*line, "--", python, "-I", "-S", "-B", "-c", START, str(control), *places]


def _namespaces() -> list[str]:
    """All of them; but root keeps its user until Python has started, to become a user that is not counted as root."""
    end = ["--die-with-parent", "--new-session", "--hostname", "fluxrepl", "--cap-drop", "ALL"]
    if os.geteuid() == 0:
        kept = ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        return ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", *end, *kept]
    return ["--unshare-all", "--uid", "65534", "--gid", "65534", *end]


def _places() -> list[str]:
    """Where imports are looked for, beside the standard library: installed packages, and fluxrepl itself."""
    installed = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    return [*_existing(installed), str(Path(_package()).parent)]


def _package() -> str:
    """The folder of fluxrepl: this one only, where it is a checkout with other things beside it."""
    return str(Path(__file__).resolve().parents[2])


def _python(executable: str) -> list[str]:
    """The interpreter and its standard library."""
    roots = {os.path.realpath(sys.base_prefix), os.path.realpath(sys.base_exec_prefix)}
    return [executable, *_existing(f"{root}/{lib}" for root in sorted(roots) for lib in ("lib", "lib64"))]


def _existing(paths: Iterable[str]) -> list[str]:
    return [path for path in dict.fromkeys(paths) if os.path.isdir(path)]


def _outermost(paths: Iterable[str]) -> list[str]:
    """The paths that lie in none of the others."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not any(path.startswith(f"{outer}/") for outer in kept):
            kept.append(path)
    return kept


def _parents(paths: Iterable[str]) -> Iterator[str]:
    """Every folder above them, from the root down; bubblewrap would make them readable for root alone."""
    folders = {str(folder) for path in paths for folder in Path(path).parents}
    yield from sorted(folders - {"/"})
