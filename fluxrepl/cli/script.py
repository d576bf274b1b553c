"""`fluxrepl FILE.py`, `-c CODE`, `-m MODULE`, `-`: which of them a command line asks for. Read as `python` reads it.

What follows the file, the code or the module belongs to it, options too. So this comes before argparse, which would
take them for ours. A word that is a command of ours is that; a file of such a name is run as `./learn`.
"""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from .status import usage

USAGE = """fluxrepl                          the prompt
       fluxrepl COMMAND ...              one of the commands below
       fluxrepl [-i] FILE [ARGS]         a file, a folder with a __main__.py, or - for standard input
       fluxrepl [-i] -c CODE [ARGS]      a piece of code: the value of each line is shown; `;` at its end, none
       fluxrepl [-i] -m MODULE [ARGS]    a module"""

ELSEWHERE = {
    ".md": "is a lesson: `fluxrepl learn {0}` plays it, `fluxrepl check {0}` checks it",
    ".ipynb": "is a notebook: `jupyter lab {0}` opens it, `jupyter execute {0}` runs it",
}


@dataclass(frozen=True)
class Asked:
    """What to run, as `fluxrepl.terminal.script.Script` has it; `kind` "prompt" is `-i` with nothing to run before."""

    kind: str
    what: str = ""
    arguments: tuple[str, ...] = ()
    stay: bool = False


def find(argv: Sequence[str], commands: Collection[str]) -> Asked | None:
    """What the command line asks to run; None leaves it to argparse.

    Example:
        >>> find(["-i", "-c", "1 + 1", "-v"], ["learn"])
        Asked(kind='code', what='1 + 1', arguments=('-v',), stay=True)
        >>> find(["learn", "01"], ["learn"])

    """
    rest, stay = list(argv), False
    while rest and rest[0] == "-i":
        rest, stay = rest[1:], True
    if not rest:
        return Asked("prompt") if stay else None
    word, after = rest[0], tuple(rest[1:])
    for option, kind in (("-c", "code"), ("-m", "module")):
        if word == option and after:
            return Asked(kind, after[0], after[1:], stay)
        if word.startswith(option) and word != option:
            return Asked(kind, word[2:], after, stay)
    if word == "-":
        return Asked("stdin", "", after, stay)
    if word == "--" and after:
        return Asked("file", after[0], after[1:], stay)
    if word.startswith("-") or word in commands:
        return None
    return Asked("file", word, after, stay) if _is_file(word) else None


def run(asked: Asked) -> int:
    """Run it; the exit status."""
    if asked.kind == "file" and (wrong := _what_is_wrong(asked.what)):
        return usage(wrong)
    from fluxrepl.terminal.app import main
    from fluxrepl.terminal.script import Script

    if asked.kind == "prompt":
        return main()
    return main(script=Script(asked.kind, asked.what, asked.arguments, asked.stay))


def _is_file(word: str) -> bool:
    return os.path.exists(word) or os.sep in word or word.endswith((".py", ".ipy", *ELSEWHERE))


def _what_is_wrong(path: str) -> str:
    """Why a file cannot be run, "" if it can."""
    if not os.path.exists(path):
        return f"there is no file {path}"
    if os.path.isdir(path) and not os.path.exists(os.path.join(path, "__main__.py")):
        return f"{path} is a folder, and has no __main__.py to run"
    if not os.access(path, os.R_OK):
        return f"{path} may not be read"
    elsewhere = ELSEWHERE.get(os.path.splitext(path)[1].lower(), "")
    return f"{path} {elsewhere.format(path)}" if elsewhere and os.path.isfile(path) else ""
