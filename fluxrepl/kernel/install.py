"""`fluxrepl kernel install | list | remove`: where Jupyter finds the kernel.

`pip install` puts a spec under the environment's `share/jupyter`; that is enough for a Jupyter in the same environment.
`install` writes one for the others: with the absolute path of this Python, in the user's own Jupyter folder.
A spec is written beside its place and moved there whole, so that there is never half of one.
"""

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from .specs import NAME, read, specs

LOGOS = ("logo-32x32.png", "logo-64x64.png", "logo-svg.svg")
KERNELS = Path("share", "jupyter", "kernels")


class InstallError(Exception):
    """Something that the person at the keyboard can set right; the message says how."""


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks (`fluxrepl.cli.kernel`); 0 if it was done, 1 if it could not be."""
    try:
        return {"install": _install, "list": _list, "remove": _remove}[options.action](options)
    except InstallError as error:
        print(f"fluxrepl kernel {options.action}: {error}", file=sys.stderr)
        return 1


def _install(options: argparse.Namespace) -> int:
    name = _checked(options.name)
    kernels = _kernels_folder(options)
    source = find_source()
    target = kernels / name
    if (target / "kernel.json").exists() and not read(target).ours:
        raise InstallError(f"{target} is another program's kernel.\nChoose another name: --name flux2")
    content = _absolute(json.loads((source / "kernel.json").read_text(encoding="utf-8")))
    if options.display_name:
        content["display_name"] = options.display_name
    try:
        _write(target, content, [path for path in map(_logo(source), LOGOS) if path.is_file()])
    except OSError as error:
        raise InstallError(_cannot("write", target, error)) from error
    print(f"Installed kernel {name!r} ({content['display_name']}) in {target}")
    if not _jupyter_looks_in(kernels):
        print(f"Jupyter does not look there by itself. Start it with JUPYTER_PATH={kernels.parent}")
    return 0


def _list(options: argparse.Namespace) -> int:
    found = [spec for spec in specs() if spec.ours]
    for spec in found:
        print(f"{spec.name}: {spec.display_name}")
        print(f"  in {spec.folder}\n  starts {_about(spec.argv[0])}")
    if not found:
        print("Jupyter sees no fluxrepl kernel. To install one: fluxrepl kernel install")
    return 0


def _about(python: str) -> str:
    if not os.path.isabs(python):
        return f"{python} (that of the Jupyter which starts it)"
    return python if os.path.exists(python) else f"{python} (which is gone: install again, or remove)"


def _remove(options: argparse.Namespace) -> int:
    kernels, name = _kernels_folder(options), _checked(options.name)
    target = next((folder for folder in kernels.glob("*") if folder.name.lower() == name), kernels / name)
    if not target.is_dir():
        others = "".join(f"\n  {spec.folder}" for spec in specs() if spec.ours)
        elsewhere = f" Jupyter sees these:{others}" if others else ""
        raise InstallError(f"there is no kernel in {target}.{elsewhere}")
    if not read(target).ours:
        raise InstallError(f"{target} is another program's kernel, so it stays.")
    try:
        shutil.rmtree(target)
    except OSError as error:
        raise InstallError(_cannot("remove", target, error)) from error
    print(f"Removed kernel {name!r} from {target}")
    return 0


def find_source() -> Path:
    """Return the folder that holds our kernel.json: of a source checkout, or where pip put it."""
    checkout = Path(__file__).resolve().parents[2]
    installed = [Path(prefix) / KERNELS / NAME for prefix in (sys.prefix, sys.base_prefix, _user_base())]
    for folder in (checkout, *installed):
        if (folder / "kernel.json").is_file() and read(folder).ours:
            return folder
    raise InstallError(
        "its own kernel.json is missing: this installation is incomplete.\n"
        "Install again: python -m pip install --force-reinstall fluxrepl"
    )


def _logo(source: Path) -> Any:
    """The logos lie beside an installed kernel.json, and in `logos/` in a checkout."""
    return lambda name: source / "logos" / name if (source / "logos").is_dir() else source / name


def _absolute(content: dict[str, Any]) -> dict[str, Any]:
    """Name this Python by its path: some programs cannot resolve a bare `python`, or find another."""
    if not sys.executable:
        raise InstallError("this Python does not know its own path (sys.executable is empty); run it by its full path.")
    return {**content, "argv": [os.path.abspath(sys.executable), *content["argv"][1:]]}


def _write(target: Path, content: dict[str, Any], logos: list[Path]) -> None:
    """Write a spec whole, or leave everything as it was."""
    target.parent.mkdir(parents=True, exist_ok=True)
    workplace = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        fresh, old = workplace / "new", workplace / "old"
        fresh.mkdir()
        (fresh / "kernel.json").write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        for logo in logos:
            shutil.copyfile(logo, fresh / logo.name)
        if target.exists():
            target.rename(old)
        try:
            fresh.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    finally:
        shutil.rmtree(workplace, ignore_errors=True)


def _kernels_folder(options: argparse.Namespace) -> Path:
    if options.prefix is not None:
        return options.prefix.expanduser().absolute() / KERNELS
    if options.sys_prefix:
        return Path(sys.prefix) / KERNELS
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir()) / "kernels"


def _jupyter_looks_in(kernels: Path) -> bool:
    from jupyter_core.paths import jupyter_path

    return str(kernels) in jupyter_path("kernels")


def _checked(name: str) -> str:
    """The name as Jupyter knows it: in lower case."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        return name.lower()
    raise InstallError(
        f"{name!r} cannot be a kernel's name: write letters, digits, '.', '_' and '-', and one of the first two first."
    )


def _cannot(do: str, target: Path, error: OSError) -> str:
    why = error.strerror or str(error)
    return f"cannot {do} {target}: {why}.\nChoose a place of your own: --user, --sys-prefix, or --prefix PATH."


def _user_base() -> str:
    import site

    return site.getuserbase()
