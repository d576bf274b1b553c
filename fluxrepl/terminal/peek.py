"""What half-typed code stands for, found out without running any of it: for the signature bar and the menu.

Names are looked up in the namespace, attributes and items only where that runs no code of the learner's (properties are
left alone), and nothing is called: of a call, only the type of its result is known, if that.

Example:
    >>> peek("numbers[0].bit_length", {"numbers": [7]})()
    3
    >>> peek("'abc'.nothing", {}) is None
    True

"""

import ast
import builtins
import inspect
import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What an attribute may be whose lookup is Python's own: others have a `__get__` that may do anything.
PLAIN = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodDescriptorType,
         types.WrapperDescriptorType, types.ClassMethodDescriptorType, types.MemberDescriptorType,
         types.GetSetDescriptorType, staticmethod, classmethod)  # fmt: skip

DISPLAYS: dict[type, type] = {
    ast.List: list, ast.ListComp: list, ast.Tuple: tuple, ast.Dict: dict, ast.DictComp: dict, ast.Set: set,
    ast.SetComp: set, ast.JoinedStr: str,
}  # fmt: skip


@dataclass(frozen=True)
class Some:
    """A value that is not there yet, such as `Dense(3, 4)`: only its type is known."""

    kind: type


def peek(source: str, names: Mapping[str, Any]) -> Any:
    """The value of an expression, or `Some` of its type; None where it cannot be known, or is None."""
    try:
        return _value(ast.parse(source.strip(), mode="eval").body, names)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def callable_of(found: Any) -> Any:
    """What is called when a value is: itself, or of `Some` value the `__call__` of its type; None if it cannot be."""
    found = _of_instance(found.kind, "__call__") if type(found) is Some else found
    return found if callable(found) else None


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return names.get(node.id, getattr(builtins, node.id, None))
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Attribute):
        return _attribute(_value(node.value, names), node.attr)
    if isinstance(node, ast.Subscript):
        return _item(_value(node.value, names), _index(node.slice, names))
    if isinstance(node, ast.Call):
        return _result(node, names)
    return Some(DISPLAYS[type(node)]) if type(node) in DISPLAYS else None


def _attribute(owner: Any, name: str) -> Any:
    if owner is None:
        return None
    if type(owner) is Some:  # `isinstance` would ask the owner
        return _of_instance(owner.kind, name)
    if issubclass(type(owner), types.ModuleType):
        return getattr(owner, name, None)
    static = inspect.getattr_static(owner, name, None)
    computed = hasattr(type(static), "__get__") and not isinstance(static, PLAIN)
    return None if static is None or computed or _has_its_own_way(type(owner)) else getattr(owner, name, None)


def _has_its_own_way(kind: type) -> bool:
    """True if a class says by code how attributes are found."""
    if inspect.getattr_static(kind, "__getattr__", None) is not None:
        return True
    return type(inspect.getattr_static(kind, "__getattribute__")) is not types.WrapperDescriptorType


def _of_instance(kind: type, name: str) -> Any:
    """A method as an instance has it, bound to a stand-in: for its signature."""
    static = inspect.getattr_static(kind, name, None)
    if isinstance(static, staticmethod):
        return static.__func__
    method = static.__func__ if isinstance(static, classmethod) else static
    return types.MethodType(method, kind) if isinstance(method, PLAIN) and callable(method) else None


def _index(node: ast.expr, names: Mapping[str, Any]) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return _value(node, names)


def _item(owner: Any, index: Any) -> Any:
    """The item of a list, a tuple, a dict or a Chain, whose indexing is known to compute nothing."""
    from fluxrepl.shell.completion import HARMLESS

    known = type(owner) in (list, tuple, dict)
    known = known or (*type(owner).__module__.split("."), type(owner).__qualname__) in HARMLESS
    if not known or type(index) not in (int, str):
        return None
    try:
        return owner[index]
    except (LookupError, TypeError):
        return None


def _result(node: ast.Call, names: Mapping[str, Any]) -> Any:
    """`Some` of the type that a call gives, where a class is called or an annotation says it."""
    from fluxrepl.shell.infer import type_of_call

    kind = type_of_call(ast.unparse(node), dict(names))
    return Some(kind) if kind is not None else None
