"""The lean executor: runs one piece of source as the shell would, and tells what it showed.

As in the shell, the value of a last expression is displayed unless a `;` ends it, and `await` may stand outside
functions. What a lesson may later patch (`builtins.repr`, `eval`, …) is bound here at import, so that a lesson cannot
change how it is run.
"""

import ast
import io
import linecache
import re
import sys
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import awaited, magics

_compile, _eval, _repr = compile, eval, repr
AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

# How most statements begin; what it misses is found out by trying.
STATEMENT = re.compile(r"\s*(?:@|(?:def|class|for|while|if|import|from|with|try|assert|del|raise)\b|[\w.,\s]+=(?!=))")

OUTPUT_LIMIT = 1_000_000  # characters kept of what one source prints


class Stop(BaseException):
    """Raised inside a source by whoever runs it, to end it: no error of its own."""


@dataclass
class Ran:
    """What came of one source: `output` is what stdout got and the displayed value, `noise` what stderr got.

    `last` is what a promise of its last statement is about: the text of its value, or what it printed if it has none.
    """

    output: str
    noise: str = ""
    value: Any = None
    error: BaseException | None = None
    last: str = ""


class Capture(io.StringIO):
    """Keeps what is written to it, up to a limit: a lesson may print without end."""

    last = 0  # where the output of the last statement begins

    def write(self, text: str) -> int:
        room = OUTPUT_LIMIT - self.tell()
        if room >= len(text):
            return super().write(text)
        if room > 0:
            super().write(text[:room] + "\n[the rest was cut off]\n")
        return len(text)

    def close(self) -> None:
        """A lesson that closes its `sys.stdout` closes nothing: what it showed is wanted, and what comes later, too."""


def run(source: str, namespace: dict[str, Any], filename: str = "<lesson>", line: int = 1) -> Ran:
    """Run `source`, which begins at `line` of `filename`, in `namespace`."""
    out, err = Capture(), Capture()
    value, error = None, None
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        value = _run(source, namespace, filename, line, out)
        if value is not None:
            namespace["_"] = value  # in builtins it would stop the shell from setting its own, where a player runs this
            out.last = out.tell()
            out.write(text_of(value) + "\n")
    except Stop:
        raise
    except BaseException as raised:  # SystemExit too: `exit()` in a lesson is a finding, not an end
        error = raised
    finally:
        sys.stdout, sys.stderr = streams
    output = out.getvalue()
    return Ran(output, err.getvalue(), value, error, output[out.last :])


def _run(source: str, namespace: dict[str, Any], filename: str, line: int, out: Capture) -> Any:
    below = "\n" * (line - 1) + source  # half the time of moving the nodes down afterwards
    if STATEMENT.match(source):
        return _run_statements(below, source, namespace, filename, out)
    try:
        alone = _compile(below, filename, "eval", AWAIT, True)  # most are: a third of the time of statements
    except (SyntaxError, ValueError):
        return _run_statements(below, source, namespace, filename, out)
    return awaited.value_of(alone, namespace) if awaited.waits(alone) else _eval(alone, namespace)


def _run_statements(below: str, source: str, namespace: dict[str, Any], filename: str, out: Capture) -> Any:
    try:
        tree: Any = _compile(below, filename, "exec", ast.PyCF_ONLY_AST, True)
    except SyntaxError:
        if (python := magics.translated(source, namespace)) == source:
            raise
        return _run(python, namespace, filename, below.count("\n") - source.count("\n") + 1, out)
    shown = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not _is_silenced(source):
        last = tree.body.pop()
        assert isinstance(last, ast.Expr)
        shown = ast.Expression(last.value)
    codes = [_compile(tree, filename, "exec", AWAIT, True)] if tree.body else []
    if shown:
        codes.append(_compile(shown, filename, "eval", AWAIT, True))
    value, waits = None, any(map(awaited.waits, codes))
    for code in codes:
        out.last = out.tell()
        value = awaited.value_of(code, namespace) if waits else _eval(code, namespace)
    return value


def text_of(value: Any) -> str:
    """As the shell shows it: lists of layers have a text of their own, everything else its `repr`."""
    if type(value) not in (list, tuple, dict) or "fluxrepl.nn.layer" not in sys.modules:
        return _repr(value)
    from fluxrepl.nn import summary

    return summary.text_of(value)


def _is_silenced(source: str) -> bool:
    """Whether a `;` ends the source, comments aside."""
    if ";" not in source:
        return False
    tokens = [token for token in tokenize.generate_tokens(io.StringIO(source).readline) if token.string.strip()]
    while tokens and tokens[-1].type == tokenize.COMMENT:
        tokens.pop()
    return bool(tokens) and tokens[-1].string == ";"


def show_pieces(filename: str, rows: int, pieces: Iterable[tuple[int, str]]) -> None:
    """Let tracebacks and `inspect.getsource` find `(line, source)` pieces of a file at their lines, without prompts."""
    lines = ["\n"] * rows
    for line, source in pieces:
        for row, text in enumerate(source.split("\n")[:-1], line - 1):
            lines[row] = text + "\n"
    linecache.cache[filename] = (rows, None, lines, filename)


def describe(error: BaseException, filename: str = "") -> dict[str, Any]:
    """An error as plain data: its names, message, notes, and the innermost line of `filename` it passed through."""
    try:
        message = str(error)
    except Exception as second:
        message = f"<its message raised {type(second).__name__}>"
    kind = type(error)
    return {
        "name": kind.__name__,
        "full": f"{kind.__module__}.{kind.__qualname__}",
        "bases": [base.__name__ for base in kind.__mro__],
        "message": message,
        "notes": [str(note) for note in getattr(error, "__notes__", ())],
        "line": _line(error, filename),
    }


def _line(error: BaseException, filename: str) -> int:
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
