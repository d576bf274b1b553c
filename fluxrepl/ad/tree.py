"""Nested structures, and their leaves: the numbers and arrays.

A model is a structure: a tuple of layers, a layer with a weight and a bias, a dict of settings. To take a
gradient "with respect to a model" means with respect to every number in it, and the answer is a structure
of the same form. This file goes through one, and makes one like it with other leaves. It never changes the structure
that it is given. What is looked into, and how, says `kinds.py`.
"""

import numbers
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from .errors import teach
from .kinds import OBJECT as OBJECT
from .kinds import Kind, kind_of


def is_array(leaf: Any) -> bool:
    """Is this an array, of NumPy or of a library that speaks NumPy's protocols, such as CuPy?"""
    cls = type(leaf)
    return isinstance(leaf, np.ndarray | np.generic) or (
        hasattr(cls, "__array_ufunc__") and hasattr(cls, "__array_function__") and hasattr(leaf, "dtype")
    )


def is_numeric(leaf: Any) -> bool:
    """Does this leaf hold numbers that a derivative can be taken of? Integers count; bools and strings do not."""
    if is_array(leaf):
        return leaf.dtype.kind in "fciu"
    return isinstance(leaf, numbers.Number) and not isinstance(leaf, bool)


def is_whole(leaf: Any) -> bool:
    """Does this number or array hold integers?"""
    return leaf.dtype.kind in "iu" if is_array(leaf) else isinstance(leaf, int)


def map_leaves(f: Callable[[Any], Any], node: Any) -> Any:
    """A structure like this one with `f(leaf)` for every leaf. Where nothing changed, the very same object.

    Keeping unchanged parts as they are means that a file handle or a random generator inside a model is
    handed on, not copied.

    Errors: a structure that contains itself, as a layer that points back to its model does, cannot be
    rebuilt around new leaves; it is refused, and only where a leaf did change.
    """
    kind = kind_of(node)
    return f(node) if kind is None else _map(f, node, kind, {})[0]


class Parts(NamedTuple):
    """What came of a structure's parts: for each name a new leaf, the `Parts` below, or None where nothing changed."""

    kind: Kind
    node: Any  # as it was
    inside: dict[Any, Any]


def map_parts(f: Callable[[Any], Any], node: Any) -> tuple[Any, Any]:
    """`map_leaves`, and beside the new structure the new leaves in it, in their `Parts`.

    Lists and dicts in which nothing changed are copied, too: what is put into them does not get into the original.
    """
    kind = kind_of(node)
    if kind is None:
        new = f(node)
        return new, new if new is not node else None
    new, parts = _map(f, node, kind, {}, own_containers)
    return (own_containers(node), None) if parts is None else (new, parts)


CONTAINERS = {tuple, list, dict, deque, defaultdict, OrderedDict}


def own_containers(node: Any, above: tuple[int, ...] = ()) -> Any:
    """A copy of a list or dict and of those directly in it; anything else, and one that contains itself, as it is."""
    if type(node) not in CONTAINERS or id(node) in above:
        return node
    kind = kind_of(node)
    return kind.rebuild(node, {n: own_containers(part, (*above, id(node))) for n, part in kind.children(node).items()})


def _map(f, node, kind, opened, unchanged=lambda node: node):
    key = id(node)
    if key in opened:
        opened[key] = "contains itself"
        return node, None
    old = kind.children(node)
    if not old:
        return node, None
    opened[key] = "seen once"
    try:
        new, inside, changed, same = {}, {}, False, []
        for name, part in old.items():
            below = kind_of(part)
            if below is None:
                new[name] = leaf = f(part)
                inside[name] = leaf if leaf is not part else None
            else:
                new[name], inside[name] = _map(f, part, below, opened, unchanged)
                if new[name] is part:
                    same.append(name)
            changed = changed or new[name] is not part
        if not changed:
            return node, None
        if opened[key] == "contains itself":
            raise teach(
                TypeError(f"this {type(node).__name__} contains itself, so it cannot be rebuilt around new numbers"),
                "A copy is made with a tracer in the place of each number; a loop of references would lead from the "
                "copy back to the original, whose numbers are not traced.",
                "Leave the reference back out of the structure, or pass the arrays themselves.",
            )
        for name in same:
            new[name] = unchanged(new[name])
        return kind.rebuild(node, new), Parts(kind, node, inside)
    finally:
        del opened[key]


def leaves(node: Any) -> Iterator[tuple[tuple, Any]]:
    """Every leaf with its path, in order: `((), x)` for a leaf itself, `(("layers", 0, "weight"), W)` in a model."""
    yield from _leaves(node, (), set())


def _leaves(node, path, opened):
    kind = kind_of(node)
    if kind is None:
        yield path, node
    elif id(node) not in opened:
        opened.add(id(node))
        for name, part in kind.children(node).items():
            yield from _leaves(part, (*path, name), opened)
        opened.discard(id(node))
