"""Which gradient was taken last: the calls of `gradient` that a cell makes itself, found in its text."""

import ast
import sys
from collections.abc import Iterator
from typing import Any

LAST = {"_", "__", "___"}  # names of earlier results: they have moved on since
APART = ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.comprehension


def last_call(python: str, names: dict[str, Any]) -> ast.Call | None:
    """The last call of `gradient` or `withgradient` in a cell, wherever its result goes; none in functions.

    Example:
        >>> from fluxrepl import gradient
        >>> call = last_call("g = gradient(f, 3.0)[0]; g", {"gradient": gradient})
        >>> ast.unparse(call)
        'gradient(f, 3.0)'

    """
    try:
        body = ast.parse(python).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = None
    for statement in body:
        for found in _calls(statement, names):  # noqa: B007  # the last one is what is asked for
            pass
    return found


def comes_again(call: ast.Call) -> bool:
    """Whether the call, written once more, can be the same: without options, and without `_`."""
    return not call.keywords and not any(isinstance(p, ast.Name) and p.id in LAST for p in ast.walk(call))


def _calls(node: ast.AST, names: dict[str, Any]) -> Iterator[ast.Call]:
    if isinstance(node, ast.Call) and _is_gradient(node.func, names):
        yield node
    elif not isinstance(node, APART):
        for part in ast.iter_child_nodes(node):
            yield from _calls(part, names)


def _is_gradient(node: ast.expr, names: dict[str, Any]) -> bool:
    from fluxrepl import gradient, withgradient

    match node:
        case ast.Name(id=name):
            called = names.get(name)
        case ast.Attribute(value=ast.Name(id=module), attr=name) if isinstance(names.get(module), type(sys)):
            called = getattr(names[module], name, None)
        case _:
            called = None
    return called is gradient or called is withgradient
