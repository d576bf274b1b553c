"""Jupyter: its folders, and whether it finds our kernel and the Python that kernel starts."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from fluxrepl.kernel.specs import NAME, Spec, specs

from .finding import Finding
from .folders import is_writable

INSTALL = "fluxrepl kernel install --user"
SECONDS = 10.0


def examine() -> Iterator[Finding]:
    try:
        from jupyter_core import __version__
        from jupyter_core.paths import jupyter_config_dir, jupyter_data_dir, jupyter_runtime_dir
    except ImportError as error:
        advice = "python -m pip install --force-reinstall jupyter_core ipykernel"
        yield Finding("Jupyter", "jupyter_core", f"cannot be imported: {error}", "bad", advice)
        return
    yield Finding("Jupyter", "jupyter_core", f"{__version__}, data {jupyter_data_dir()}, config {jupyter_config_dir()}")
    yield _runtime(Path(jupyter_runtime_dir()))
    yield _front()
    yield from _kernels([spec for spec in specs() if spec.ours or spec.name == NAME])


def _runtime(folder: Path) -> Finding:
    """Jupyter's servers write the connection of each kernel there; other programs may do without."""
    if is_writable(folder):
        return Finding("Jupyter", "runtime folder", str(folder))
    advice = f"JupyterLab can start no kernel: make it writable, or export JUPYTER_RUNTIME_DIR={_private_folder()}"
    return Finding("Jupyter", "runtime folder", f"{folder} cannot be written", "bad", advice)


def _private_folder() -> str:
    """A folder that can be written, and that nobody else can read: a connection holds a key."""
    own = os.environ.get("XDG_RUNTIME_DIR")
    return os.path.join(own, "jupyter") if own and is_writable(Path(own)) else '"$(mktemp -d)"'


def _front() -> Finding:
    """A program in which notebooks are opened."""
    beside = str(Path(sys.executable).parent) if sys.executable else ""
    found = shutil.which("jupyter-lab", path=os.pathsep.join([beside, os.environ.get("PATH", "")]))
    if found:
        return Finding("Jupyter", "JupyterLab", found)
    advice = "If you want notebooks: python -m pip install 'fluxrepl[lab]' (VS Code brings its own)."
    return Finding("Jupyter", "JupyterLab", "is not installed", "note", advice)


def _kernels(specs: list[Spec]) -> Iterator[Finding]:
    if not any(spec.ours for spec in specs):
        yield Finding("Jupyter", "kernel", "Jupyter finds no fluxrepl kernel", "bad", f"{INSTALL}")
    taken: dict[str, Spec] = {}
    for spec in specs:
        if spec.name in taken:
            above = taken[spec.name].folder
            advice = f"Nothing to do if {above} is the one you want; else remove that folder."
            yield Finding("Jupyter", f"kernel {spec.name}", f"{spec.folder} is hidden by {above}", "note", advice)
        else:
            taken[spec.name] = spec
            yield _kernel(spec)


def _kernel(spec: Spec) -> Finding:
    name = f"kernel {spec.name}"
    if not spec.ours:
        advice = f"Choose another name for ours: fluxrepl kernel install --user --name flux2; or remove {spec.folder}."
        return Finding("Jupyter", name, f"{spec.folder} is not ours, or cannot be read", "bad", advice)
    python = spec.argv[0]
    if not os.path.isabs(python):
        return Finding("Jupyter", name, f"{spec.folder}, starts {python} (that of the Jupyter which starts it)")
    if not os.path.exists(python):
        return Finding("Jupyter", name, f"{spec.folder} starts {python}, which is gone", "bad", _again(spec))
    if os.path.abspath(python) != os.path.abspath(sys.executable or ""):
        if why := _cannot_import(python):
            return Finding("Jupyter", name, f"{spec.folder} starts {python}, {why}", "bad", _again(spec))
        advice = f"To start this one instead: {_again(spec)}"
        return Finding("Jupyter", name, f"{spec.folder} starts another Python: {python}", "note", advice)
    return Finding("Jupyter", name, f"{spec.folder}, starts {python}")


def _again(spec: Spec) -> str:
    return INSTALL if spec.name == NAME else f"{INSTALL} --name {spec.name}"


def _cannot_import(python: str) -> str:
    """Why another Python cannot start our kernel; "" if it can."""
    find = (
        "import importlib.util as u, sys; sys.exit(u.find_spec('fluxrepl') is None or u.find_spec('ipykernel') is None)"
    )
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    try:
        done = subprocess.run(
            [python, "-c", find], capture_output=True, timeout=SECONDS, check=False, env=environment, cwd=os.sep
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"which does not run ({type(error).__name__})"
    return "which has no fluxrepl" if done.returncode else ""
