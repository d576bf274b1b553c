"""How an error is drawn for a learner: their own lines, the failing part marked; libraries folded; notes whole.

Written on the standard library, because what must not happen here is to fail: broken `__str__`, loops in the chain of
causes, exception groups and recursion without end are all drawn.
"""

import textwrap
from collections.abc import Iterator
from itertools import zip_longest
from types import TracebackType

from . import palette
from .frames import Fold, Frame, read_traceback
from .suggest import suggestion

BEFORE, AFTER = 2, 1  # lines of context around the marked one
WIDTH = 75
LONGEST_CHAIN = 8
WIDEST_GROUP = 10

CAUSED = "The above exception was the direct cause of the following exception:"
DURING = "During handling of the above exception, another exception occurred:"


class Paint:
    """Colours a piece of text, or leaves it plain.

    `width` is that of a screen that would break lines anywhere; None: whatever shows the text breaks them well.
    """

    def __init__(self, colours: bool, width: int | None = None) -> None:
        self.colours = colours
        self.width = width

    def __call__(self, style: str, text: str) -> str:
        return f"{palette.code(style)}{text}{palette.PLAIN}" if self.colours and text else text

    def code(self, text: str) -> str:
        """Highlight a line of Python."""
        return palette.painted_code(text) if self.colours else text

    def wrap(self, text: str) -> str:
        """Break lines of words between words; what follows is indented, so that the next line is seen to begin.

        What is indented is code, and a path is one word: both stay whole.
        """
        if self.width is None:
            return text
        return "\n".join(line if line[:1].isspace() else self._fill(line) for line in text.split("\n"))

    def _fill(self, line: str) -> str:
        width = self.width or WIDTH
        return textwrap.fill(line, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)

    def within(self, margin: str) -> "Paint":
        """The same beside a margin."""
        return Paint(self.colours, self.width and max(self.width - len(margin), len(margin)))


def draw_error(error: BaseException, tb: TracebackType | None, paint: Paint) -> Iterator[str]:
    """Draw an error after those it came from, oldest first."""
    chain: list[tuple[BaseException, str]] = []  # each with what leads from it to the next
    seen = {id(error)}
    current = error
    while (step := _origin(current)) is not None and id(step[0]) not in seen:
        chain.append(step)
        current = step[0]
        seen.add(id(current))
    yield paint("red", "-" * _width(paint))
    if len(chain) > LONGEST_CHAIN:
        yield paint("grey", f"… {len(chain) - LONGEST_CHAIN} earlier exceptions") + "\n"
    for origin, link in reversed(chain[:LONGEST_CHAIN]):
        yield from _one(origin, origin.__traceback__, paint)
        yield f"\n{link}\n"
    yield from _one(error, tb, paint)


def _origin(error: BaseException) -> tuple[BaseException, str] | None:
    if error.__cause__ is not None:
        return error.__cause__, CAUSED
    if error.__context__ is not None and not error.__suppress_context__:
        return error.__context__, DURING
    return None


def _one(error: BaseException, tb: TracebackType | None, paint: Paint) -> Iterator[str]:
    """Draw one error: header, frames, message and notes, and what a group holds."""
    name = type(error).__name__
    title = "Traceback (most recent call last)"
    yield paint("bold red", name) + title.rjust(max(_width(paint) - len(name), len(title) + 1))
    items = read_traceback(tb)
    if isinstance(error, KeyboardInterrupt) and items and isinstance(items[-1], Fold):
        items.pop()  # where in a library Ctrl-C struck is chance
    for item, after in zip_longest(items, items[1:]):
        drawn = paint("grey", str(item)) if isinstance(item, Fold) else "\n".join(_frame(item, paint))
        yield drawn if Fold in (type(item), type(after)) else drawn + "\n"
    yield from draw_message(error, tb, paint)
    if isinstance(error, BaseExceptionGroup):
        yield from _members(error, paint)


def _width(paint: Paint) -> int:
    return min(WIDTH, paint.width or WIDTH)


def _frame(frame: Frame, paint: Paint) -> Iterator[str]:
    where = f", in {frame.function}" if frame.function != "<module>" else ""
    yield f"{paint('cyan', place(frame.filename))}, {paint('green', f'line {frame.lineno}')}{where}"
    if not frame.line(frame.lineno):
        return
    for number in range(max(1, frame.lineno - BEFORE), frame.lineno + AFTER + 1):
        line = frame.line(number)
        if number == frame.lineno:
            arrow = "-" * (5 - len(str(number))) + "> "
            yield paint("green", arrow + str(number)) + " " + paint.code(line)
            yield from _carets(frame, line, paint)
        elif line:
            yield paint("grey", f"{number:>7}") + " " + paint.code(line)


def _carets(frame: Frame, line: str, paint: Paint) -> Iterator[str]:
    """Mark the failing part of a line, unless it is the whole of it."""
    if frame.columns is None:
        return
    start, end = frame.columns
    if line[start:end].strip() not in ("", line.strip()):
        yield " " * (8 + start) + paint("red", "^" * (end - start))


def place(filename: str) -> str:
    """Name a cell as notebooks and IPython do, a file by its path."""
    return cell_of(filename) or f"File {filename}"


def cell_of(filename: str) -> str:
    """The name of a cell, such as `Cell In[3]`; "" for a file that is none."""
    from IPython import get_ipython

    shell = get_ipython()
    named = shell.compile.format_code_name(filename) if shell is not None else None
    return " ".join(named) if named else ""


def draw_message(error: BaseException, tb: TracebackType | None, paint: Paint) -> Iterator[str]:
    """Draw the last lines: the place, where syntax is bad; name, message, our suggestion for a misspelt name, notes."""
    if isinstance(error, SyntaxError):
        yield from _place_of_syntax(error, paint)
    name, said = type(error).__name__, _said(error) + suggestion(error, tb)
    yield paint("bold red", name) + paint.wrap(f"{name}: {said}" if said else name)[len(name) :]
    notes = getattr(error, "__notes__", None)
    if notes is not None and not isinstance(notes, (list, tuple)):
        notes = [repr(notes)]
    for note in notes or ():
        yield paint.wrap(str(note))


def _said(error: BaseException) -> str:
    """What it says; a syntax error without its place, which is drawn."""
    said = error.msg if isinstance(error, SyntaxError) else error
    try:
        return "" if said is None else str(said)
    except Exception:
        return "<its __str__ failed>"


def _place_of_syntax(error: SyntaxError, paint: Paint) -> Iterator[str]:
    """The line that Python could not read, if it is known, and a mark below the part that it stopped at."""
    if not isinstance(error.lineno, int):  # raised by hand
        return
    yield f"  {paint('cyan', place(error.filename or '<string>'))}, {paint('green', f'line {error.lineno}')}"
    line = error.text.partition("\n")[0] if isinstance(error.text, str) else ""
    if not line.strip():
        return
    yield "    " + paint.code(line.strip())
    if isinstance(error.offset, int) and error.offset > 0:
        unseen = len(line) - len(line.lstrip()) + 1  # columns begin at 1
        start = min(max(error.offset - unseen, 0), len(line.strip()))
        goes_on = error.end_lineno not in (None, error.lineno)
        end = len(line.strip()) if goes_on else (error.end_offset or 0) - unseen
        yield "    " + " " * start + paint("red", "^" * max(end - start, 1))


def _members(group: BaseExceptionGroup, paint: Paint, depth: int = 1) -> Iterator[str]:
    """Draw the errors that a group holds, indented; deep in, only their messages."""
    margin = "  " * depth + "| "
    paint = paint.within(margin)
    for number, error in enumerate(group.exceptions[:WIDEST_GROUP], 1):
        yield f"{margin}{number} of {len(group.exceptions)}"
        parts = _one(error, error.__traceback__, paint) if depth == 1 else draw_message(error, None, paint)
        for part in parts:
            yield "\n".join(margin + line for line in part.splitlines())
    if len(group.exceptions) > WIDEST_GROUP:
        yield f"{margin}… {len(group.exceptions) - WIDEST_GROUP} more"
