"""Reading the command line: only argparse is imported until it is known what is asked, so that the prompt is quick."""

import argparse
import os
import sys
from collections.abc import Collection, Sequence
from itertools import takewhile

from . import check, doctor, export, figures, fmt, importing, kernel, learn, lessons, new, progress, script
from .status import READER_GONE, STOPPED, usage

# In the order of --help; each has `add` and `run`.
COMMANDS = (learn, lessons, progress, check, fmt, new, export, importing, figures, kernel, doctor)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv`; the result is the exit code. A pipe that is closed (`| head`) ends it quietly.

    What the encoding of the screen lacks, such as σ or ✓ in ASCII, is written as an escape.
    """
    if reconfigure := getattr(sys.stdout, "reconfigure", None):
        reconfigure(errors="backslashreplace")  # as it is with stderr
    try:
        try:
            return _run(argv)
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except KeyboardInterrupt:
        print("fluxrepl: stopped", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # where the rest of the buffers goes
        return READER_GONE


def _run(argv: Sequence[str] | None) -> int:
    argv = sys.argv[1:] if argv is None else argv
    parser, names = _parser()
    to_run = script.find(argv, names)
    if to_run is not None:
        return script.run(to_run)
    word = next(iter(argv), "-")
    if not word.startswith("-") and word not in names:
        return usage(_unknown(word, names))
    parser.parse_args(list(takewhile(lambda word: word.startswith("-"), argv)))  # a wrong one is told as that
    asked = parser.parse_args(argv)
    if asked.command is None:
        return script.run(script.Asked("prompt"))
    return asked.run(asked)


def _parser() -> tuple[argparse.ArgumentParser, Collection[str]]:
    """The parser, and the names of the commands."""
    parser = _Parser(
        prog="fluxrepl",
        usage=script.USAGE,
        description="A teaching REPL for gradients and layers. Without a command: the REPL.",
        epilog="fluxrepl COMMAND --help tells more. In the REPL, :help lists its commands.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    parser.add_argument("-i", action="store_true", help="go on at the prompt afterwards, with the names there are then")
    parser.add_argument("-c", metavar="CODE", help="run CODE, show the value of each line, and exit")
    parser.add_argument("-m", metavar="MODULE", help="run a module as `python -m` does, and exit")
    commands = parser.add_subparsers(prog="fluxrepl", dest="command", metavar="COMMAND", title="commands")
    for command in COMMANDS:
        command.add(commands).set_defaults(run=command.run)
    return parser, commands.choices


def _unknown(word: str, names: Collection[str]) -> str:
    """What to say of a word that is neither a command nor a file."""
    import difflib

    near = difflib.get_close_matches(word, names, 1)
    meant = f"did you mean `fluxrepl {near[0]}`?" if near else f"the commands are {', '.join(names)}"
    return f"there is no command {word}, and no such file; {meant}"


class _Parser(argparse.ArgumentParser):
    def parse_known_args(self, args=None, namespace=None):
        """Say here, with the usage of the command, what it does not know; argparse would leave it to the outermost."""
        known, others = super().parse_known_args(args, namespace)
        if others:
            self.error(f"unrecognized arguments: {' '.join(others)}")
        return known, others


class _Version(argparse.Action):
    def __call__(self, parser, namespace, values, option_string=None):
        from fluxrepl.version import __version__

        print(f"fluxrepl {__version__}")
        parser.exit()
