"""What a call would give, without calling: for completion.

Only what is written down is used: a call of a class gives that class, a call of a function what its return annotation
names, a method call what the method's does. A NumPy function is taken to give an array.

Example:
    >>> from fractions import Fraction
    >>> type_of_call("x = 1 + Fraction(1, 2)", {"Fraction": Fraction}).__name__
    'Fraction'
    >>> "numerator" in members(Fraction)
    True

"""

import ast
import dis
import inspect
import re
import types
from typing import Any

# Where an expression may begin within a line.
START = re.compile(r"(?<![\w.\])])(?=[^\W\d])")


def type_of_call(text: str, namespace: dict[str, Any]) -> type | None:
    """Return the type of the call that a line of text ends with, or None if that is not known."""
    call = _last_call(text)
    return _type_of(call, namespace) if call is not None else None


def members(kind: type) -> list[str]:
    """Return the names an instance will have: its class's, its annotations, and what `__init__` assigns to self."""
    names = set(dir(kind))
    for base in kind.__mro__:
        names.update(inspect.get_annotations(base))
        init = base.__dict__.get("__init__")
        if isinstance(init, types.FunctionType):
            names.update(_assigned_to_self(init.__code__))
    return sorted(names)


def _last_call(text: str) -> ast.Call | None:
    """Parse the longest expression that the text ends with; return the outermost call at its end."""
    for start in START.finditer(text):
        try:
            tree = ast.parse(text[start.start() :], mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        end = tree.body.end_col_offset
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.end_col_offset == end]
        if calls:
            return calls[0]  # ast.walk goes from the outside in
    return None


def _type_of(node: ast.expr, namespace: dict[str, Any]) -> type | None:
    if isinstance(node, ast.Call):
        return _result_of(_function(node.func, namespace))
    found = _function(node, namespace)
    return type(found) if found is not None else None


def _function(node: ast.expr, namespace: dict[str, Any]) -> Any:
    """Return what a dotted name stands for, looked up without running any code; None if it cannot be known."""
    if isinstance(node, ast.Name):
        return namespace.get(node.id)
    if not isinstance(node, ast.Attribute):
        return None
    owner: Any = _function(node.value, namespace)
    if owner is None:
        owner = _type_of(node.value, namespace)
    try:
        return inspect.getattr_static(owner, node.attr) if owner is not None else None
    except AttributeError:
        return None


def _result_of(function: Any) -> type | None:
    if isinstance(function, type):
        return function
    if isinstance(function, staticmethod | classmethod):
        function = function.__func__
    annotation = getattr(function, "__annotations__", {}).get("return") if callable(function) else None
    if isinstance(annotation, str):
        annotation = getattr(function, "__globals__", {}).get(annotation.strip("'\""))
    if isinstance(annotation, type):
        return annotation
    if str(getattr(function, "__module__", "")).partition(".")[0] == "numpy" and not isinstance(function, type):
        import numpy

        return numpy.ndarray
    return None


def _assigned_to_self(code: types.CodeType) -> set[str]:
    """Return the names a function stores as attributes (of whatever: `self.x = …` in nearly all)."""
    return {str(step.argval) for step in dis.get_instructions(code) if step.opname == "STORE_ATTR"}
