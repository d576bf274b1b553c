"""`fluxrepl kernel install|list|remove`: the Jupyter kernel; the work is in `fluxrepl.kernel.install`."""

import argparse


def add(commands) -> argparse.ArgumentParser:
    parser = commands.add_parser("kernel", help="install, list or remove the Jupyter kernel", add_help=False)
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="install|list|remove")
    return parser


def run(asked: argparse.Namespace) -> int:
    from fluxrepl.kernel.install import main as kernel

    return kernel(asked.rest)
