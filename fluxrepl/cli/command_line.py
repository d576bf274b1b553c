"""Reading the command line: only argparse is imported until it is known what is asked, so that the prompt is quick."""

import argparse
import os
import sys
from collections.abc import Sequence

from . import check, figures, kernel, learn, lessons, new
from .status import READER_GONE

COMMANDS = (learn, lessons, check, new, figures, kernel)  # in the order of --help; each has `add` and `run`


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv`; the result is the exit code. A pipe that is closed (`| head`) ends it quietly."""
    try:
        try:
            return _run(argv)
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except BrokenPipeError:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # where the rest of the buffers goes
        return READER_GONE


def _run(argv: Sequence[str] | None) -> int:
    parser = _parser()
    asked = parser.parse_args(argv)
    if asked.command is None:
        from fluxrepl.terminal.app import main as repl

        return repl(code=asked.code) if asked.code is not None else repl()
    if asked.code is not None:
        parser.error(f"-c CODE and `{asked.command}` do not go together")
    return asked.run(asked)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fluxrepl",
        description="A teaching REPL for gradients and layers. Without a command: the REPL.",
        epilog="fluxrepl COMMAND --help tells more. In the REPL, :help lists its commands.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    parser.add_argument("-c", dest="code", metavar="CODE", help="run CODE as a cell, print what it shows, and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for command in COMMANDS:
        command.add(commands).set_defaults(run=command.run)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser, namespace, values, option_string=None):
        from fluxrepl.version import __version__

        print(f"fluxrepl {__version__}")
        parser.exit()
