"""Shapes that do not go together: an error of NumPy's over them names the operands as the learner wrote them.

`shapes (50,3) and (4,) not aligned` says which shapes; a note says whose they are, and what must agree.
"""

import ast
import linecache
from collections.abc import Iterator
from itertools import islice, zip_longest
from types import FrameType, TracebackType
from typing import Any

from .frames import package_of

PRODUCTS = {"dot", "matmul"}
SAID = ("not aligned", "mismatch in its core dimension", "could not be broadcast together")


def note_shapes(error: BaseException, tb: TracebackType | None) -> None:
    """Add a note to NumPy's error over the shapes of two operands, where they can be told without running anything."""
    try:
        note = _note(error, tb) if type(error) is ValueError and any(said in str(error) for said in SAID) else ""
    except Exception:  # an operand of a class of the learner's may fail at anything
        return
    if note and not getattr(error, "__notes__", ()):
        error.add_note(note)


def _note(error: BaseException, tb: TracebackType | None) -> str:
    found = None
    while tb is not None:
        found = tb if package_of(tb.tb_frame) is None else found
        tb = tb.tb_next
    match = _expression(found) if found is not None else None
    if match is None:
        return ""
    frame, node = match
    pair = _operands(node)
    if pair is None:
        return ""
    (left, a), (right, b) = ((ast.unparse(part), _shape(part, frame)) for part in pair)
    if a is None or b is None:
        return ""
    words = f"`{left}` has the shape {a}, and `{right}` {b}." if left != right else f"`{left}` has the shape {a}."
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.MatMult):
        differ = any(m != n and 1 not in (m, n) for m, n in zip_longest(a[::-1], b[::-1], fillvalue=1))
        fit = "Read from their ends, the axes must be of one length in pairs, or one of the two 1."
        return f"{words}\n{fit}" if differ else ""
    if not a or not b or a[-1] == b[-2 if len(b) > 1 else -1]:
        return ""
    which = "the last axis but one" if len(b) > 1 else "the only axis"
    fit = f"A product needs the last axis of the left, {a[-1]}, as long as {which} of the right, {b[-2:][0]}."
    return f"{words}\n{fit}{_transposed(left, a, right, b)}"


def _transposed(left: str, a: tuple[int, ...], right: str, b: tuple[int, ...]) -> str:
    """Which of them to transpose, if that makes them fit."""
    if len(a) == 2 and a[0] == b[-2:][0]:
        return f" `{left}.T` would fit on the left." if left.isidentifier() else ""
    return f" `{right}.T` would fit on the right." if len(b) == 2 and a[-1] == b[1] and right.isidentifier() else ""


def _expression(tb: TracebackType) -> tuple[FrameType, ast.expr] | None:
    """The expression that was running in a frame, read from its source."""
    positions = next(islice(tb.tb_frame.f_code.co_positions(), tb.tb_lasti // 2, None), None)
    if positions is None or None in positions:
        return None
    first, last, start, end = (int(number or 0) for number in positions)
    lines = [linecache.getline(tb.tb_frame.f_code.co_filename, number).encode() for number in range(first, last + 1)]
    lines[-1] = lines[-1][:end]  # Python counts bytes
    lines[0] = lines[0][start:]
    return tb.tb_frame, ast.parse(b"(" + b"".join(lines) + b")", mode="eval").body


def _operands(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    match node:
        case ast.BinOp(left=left, right=right):
            return left, right
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[left, right]) if name in PRODUCTS:
            return left, right
    return None


def _shape(node: ast.expr, frame: FrameType) -> tuple[int, ...] | None:
    """The shape of what a name means, or a field of it, or its `.T`; nothing is called for it."""
    values = list(_values(node, frame))
    shape = getattr(values[0], "shape", None) if values else None
    if shape is None and values and isinstance(values[0], int | float):
        return ()
    return tuple(shape) if isinstance(shape, tuple) else None


def _values(node: ast.expr, frame: FrameType) -> Iterator[Any]:
    match node:
        case ast.Name(id=name):
            names = frame.f_locals if name in frame.f_locals else frame.f_globals
            if name in names:
                yield names[name]
        case ast.Attribute(value=inner, attr=attr):
            for value in _values(inner, frame):
                yield getattr(value, attr)
