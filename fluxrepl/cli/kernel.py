"""`fluxrepl kernel install|list|remove`: the Jupyter kernel; the work is in `fluxrepl.kernel.install`."""

import argparse
from pathlib import Path

NAME = "fluxrepl"


def add(commands) -> argparse.ArgumentParser:
    what = "Where Jupyter finds the fluxrepl kernel."
    parser = commands.add_parser("kernel", help="install, list or remove the Jupyter kernel", description=what)
    actions = parser.add_subparsers(dest="action", required=True, metavar="install | list | remove")
    install = actions.add_parser("install", help="tell Jupyter of this Python's fluxrepl")
    install.add_argument("--display-name", metavar="TEXT", help="what menus show (Flux (fluxrepl))")
    actions.add_parser("list", help="show the fluxrepl kernels that Jupyter sees")
    remove = actions.add_parser("remove", help="take a fluxrepl kernel away again")
    for action in (install, remove):
        where = action.add_mutually_exclusive_group()
        where.add_argument("--user", action="store_true", help="in your own Jupyter folder (the default)")
        where.add_argument("--sys-prefix", action="store_true", help="in this Python's environment")
        where.add_argument("--prefix", metavar="PATH", type=_prefix, help="under PATH/share/jupyter")
        action.add_argument("--name", metavar="NAME", default=NAME, help=f"of the kernel ({NAME})")
    return parser


def _prefix(text: str) -> Path:
    """A folder that somebody wrote: Python takes an empty one, such as that of an unset variable, for this folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("an empty path names no folder; write one (`.` is this one)")
    return Path(text)


def run(asked: argparse.Namespace) -> int:
    from fluxrepl.kernel.install import run as kernel

    return kernel(asked)
