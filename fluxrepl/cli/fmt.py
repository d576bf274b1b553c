"""`fluxrepl fmt PATH…`: lay lessons out so that stock doctest runs them too; nothing they say changes."""

import argparse
import sys

from .status import FINDINGS, OK, usage

WHAT = """Lay out lessons: a blank line before the fence that ends a block of prompts (stock doctest takes the fence for
output otherwise), no white space at the ends of output lines, a space before {options}, `# => ` before promises. All
else keeps its bytes. Exit status: 0 all good, 1 something would change (with --check) or could not be read, 2 wrong
usage."""


def add(commands) -> argparse.ArgumentParser:
    parser = commands.add_parser("fmt", help="lay lessons out, so that stock doctest runs them too", description=WHAT)
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a lesson, or a folder of lessons")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if something would change")
    parser.add_argument("--diff", action="store_true", help="write nothing; print what would change")
    return parser


def run(asked: argparse.Namespace) -> int:
    from fluxrepl.tutor.find import NothingToCheck, find
    from fluxrepl.tutor.report import count

    try:
        paths = find(asked.paths)
    except NothingToCheck as error:
        return usage(str(error))
    changed, failed = 0, 0
    for path in paths:
        try:
            changed += _lay_out(path, asked)
        except (OSError, ValueError) as error:
            failed += 1
            print(f"{path}: left as it is: {_why(error)}", file=sys.stderr)
    would = "would be laid out" if asked.check or asked.diff else "laid out"
    print(
        f"{count(changed, 'lesson')} {would}, {count(len(paths) - changed - failed, 'lesson')} left as they are",
        file=sys.stderr,
    )
    return FINDINGS if failed or (asked.check and changed) else OK


def _lay_out(path, asked: argparse.Namespace) -> bool:
    """Lay one lesson out; whether there is something to change."""
    from fluxrepl.tutor.layout import formatted
    from fluxrepl.tutor.rewrite import Source, styled

    from .formats.text import printer

    source = Source(path)
    text = formatted(source)
    if text == source.text:
        return False
    if asked.diff:
        show = printer(sys.stdout)
        for line, style in styled(source.diff(text, str(path))):
            show(line, style)
    elif asked.check:
        print(f"{path}: would be laid out")
    else:
        source.write(text)
        print(f"{path}: laid out")
    return True


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8; save it as UTF-8"
    return str(getattr(error, "strerror", None) or error)
