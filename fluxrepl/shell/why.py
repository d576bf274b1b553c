"""`:why`: what the last cell leaves open. After a gradient, why an entry is None; after an error, its notes again.

Nothing is wrapped for it. The call of `gradient` that the cell ends in is evaluated once more, as a call of `explain`.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

MOST = 12  # lines
EXPLAIN = "__fluxrepl_explain__"
WRITE = 'write `explain(f, x).why("x")` for any function f and its arguments'


LAST = {"_", "__", "___"}  # names of earlier results: they have moved on since


@dataclass(frozen=True)
class Ran:
    """A cell that was run: its Python, and its error or None."""

    python: str
    error: BaseException | None


def why(ran: Ran | None, names: dict[str, Any], argument: str = "") -> str:
    """What there is to say of the last cell; `argument`: of one argument of its function alone.

    Example:
        >>> import fluxrepl
        >>> names = {"gradient": fluxrepl.gradient}
        >>> print(why(Ran("gradient(lambda x, y: 2 * x, 1.0, 2.0)", None), names))
        y has no gradient: no operation that a gradient flows through used it.
        Comparisons, len, shapes, argmax and ignore_derivatives give plain values: no path leads through them.

    """
    if ran is not None and ran.error is not None:
        return "\n".join(about_error(ran.error))
    call = gradient_call(ran.python, names) if ran else None
    if call is None:
        return f"`:why` tells of the cell before it: one that ends in gradient(f, x), or an error.\nElse {WRITE}."
    try:
        return _about_gradient(_explanation(call, names), argument)
    except KeyError as error:
        return "\n".join(["There is no such argument.", *_notes(error)])
    except Exception as error:
        return f"Run once more for `:why`, it raised {type(error).__name__}: {error}\n{WRITE[0].upper() + WRITE[1:]}."


def about_error(error: BaseException) -> Iterator[str]:
    """An error and those it came from, each with its notes in full."""
    seen: set[int] = set()
    current: BaseException | None = error
    noted = False
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        notes = _notes(current)
        if current is error or notes:
            yield f"{type(current).__name__}: {current}"
            yield from notes
        noted = noted or bool(notes)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    if not noted:
        yield "There are no notes on it; the line that raised it is marked above."


def gradient_call(python: str, names: dict[str, Any]) -> ast.Call | None:
    """The call of `gradient` or `withgradient` that a cell ends in, whatever is then taken of its result."""
    from fluxrepl import gradient, withgradient

    try:
        body = ast.parse(python).body
    except SyntaxError:
        return None
    node: Any = getattr(body[-1], "value", None) if body else None
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    if not isinstance(node, ast.Call) or node.keywords:
        return None
    if any(isinstance(part, ast.Name) and part.id in LAST for part in ast.walk(node)):
        return None
    match node.func:
        case ast.Name(id=name):
            called = names.get(name)
        case ast.Attribute(value=ast.Name(id=module), attr=name) if isinstance(names.get(module), type(sys)):
            called = getattr(names[module], name, None)
        case _:
            called = None
    return node if called is gradient or called is withgradient else None


def _explanation(call: ast.Call, names: dict[str, Any]) -> Any:
    """Evaluate the call as one of `explain`, which records as `gradient` does; what it prints was seen before."""
    from fluxrepl import explain

    again = ast.Call(ast.Name(EXPLAIN, ast.Load()), call.args, [])
    code = compile(ast.fix_missing_locations(ast.Expression(again)), "<why>", "eval")
    names[EXPLAIN] = explain  # in the learner's own names, and not in a copy: a function may set some of them
    try:
        with redirect_stdout(StringIO()):
            return eval(code, names)
    finally:
        del names[EXPLAIN]


def _about_gradient(explanation: Any, argument: str) -> str:
    if argument:
        return str(explanation.why(argument.strip("\"'")))
    active = {leaf.name for leaf in explanation.leaves if leaf.cotangent is not None}
    lost = [leaf.name for leaf in explanation.leaves if leaf.cotangent is None]
    traced = tuple(leaf.name for leaf in explanation.leaves)
    lost += [name for name in explanation.arguments if not any(_is_part(leaf, name) for leaf in traced)]
    told = _each_once(explanation.why, lost or sorted(active, key=traced.index))
    return "\n".join(told[:MOST] + ([f"… and {len(told) - MOST} lines more; {WRITE}"] if len(told) > MOST else []))


def _each_once(say: Callable[[str], str], names: list[str]) -> list[str]:
    """What is said of each name; a line that is said of several comes once, where it is said last."""
    lines = [line for name in names for line in say(name).split("\n")]
    return [line for place, line in enumerate(lines) if line not in lines[place + 1 :]]


def _is_part(leaf: str, name: str) -> bool:
    return leaf == name or leaf.startswith((f"{name}.", f"{name}["))


def _notes(error: BaseException) -> list[str]:
    notes = getattr(error, "__notes__", ())
    return [str(note) for note in notes] if isinstance(notes, list | tuple) else [str(notes)]
