"""What the prompt understands beside Python, as IPython does: `!command`, `%magic`, `%%cell`, `x = !command`, `name?`.

Examples may use it. Here is known how it looks, and no more: the module `shell`, which whoever starts a check names,
makes Python of it, and is loaded by the first example that needs it.
"""

import ast
import importlib
import re
from typing import Any

shell = ""  # the module whose `translate` makes Python of an example, in the process of a lesson

CELL = "%%"  # the first line of a cell that is no Python as a whole
PROMISE = re.compile(r"#\s*=>.*")
LINE = re.compile(
    r"(?P<before>\s*(?:\w[\w.,\s]*=\s*)?)(?:!!?|%)[^\s!%=].*"  # a command or a magic
    r"|(?P<indent>\s*)(?:\?{1,2}%{0,2}[\w.]+|%{0,2}[\w.]+\?{1,2})"  # a question
)


def parse(source: str) -> tuple[ast.Module, str]:
    """The tree of a source, and the Python that was parsed: in the place of what is IPython's stands `...`.

    Example:
        >>> parse("files = !ls  # => 3\\n%who")[1]
        'files = ...  # => 3\\n...'

    """
    try:
        return ast.parse(source), source
    except SyntaxError:
        rows = source.removesuffix("\n").split("\n")
        if source.startswith(CELL):
            made = "\n".join(["(...", *("".join(PROMISE.findall(row)) for row in rows[1:]), ")"])
        else:
            made = "\n".join(map(_as_python, rows))
        try:
            return ast.parse(made), made
        except SyntaxError:
            pass
        raise


def _as_python(row: str) -> str:
    found, promise = LINE.fullmatch(row), PROMISE.search(row)
    if not found:
        return row
    return f"{found['before'] or found['indent'] or ''}..." + (f"  {promise[0]}" if promise else "")


def translated(source: str, namespace: dict[str, Any]) -> str:
    """The Python of a source in which there is something for the shell; `SyntaxError` if there is not."""
    _, python = parse(source)
    if not shell or python == source:
        return source
    from . import reads  # here: names are asked for where nothing runs

    if reads.current:
        reads.current.reason = reads.current.reason or "the shell reads files of its own"
    return str(importlib.import_module(shell).translate(source, namespace))
