"""What an optimiser remembers about a model between two steps."""

from typing import Any, NamedTuple

from fluxrepl.ad.tree import kind_of

from .steps import Moments

SHOWN = 12  # leaves that the text of a state lists


class Leaf:
    """One trainable array: where it is in the model, its rule, and what the rule remembers."""

    __slots__ = ("dtype", "memory", "paths", "rule", "shape")

    def __init__(self, rule: Any, path: tuple, x: Any):
        self.rule = rule
        self.paths = [path]  # more than one where the array is shared
        self.shape, self.dtype = x.shape, x.dtype
        self.memory = rule.init(x)


class Fixed(NamedTuple):
    """A number in a model that cannot be trained: of Python, or an array of whole numbers."""

    path: tuple
    value: Any
    cls: type  # of the object that holds it
    setting: bool  # it may be a setting of its layer, such as a small number that is added


class State:
    """What an optimiser remembers about a model, one `Leaf` for each trainable array."""

    def __init__(self, rule: Any, leaves: list[Leaf], fixed: list[Fixed] | tuple = ()):
        self.rule = rule
        self.leaves = leaves
        self.fixed = fixed
        self.paths = {path for leaf in leaves for path in leaf.paths}

    def __repr__(self) -> str:
        lines = [f"State({self.rule!r})"]
        for leaf in self.leaves[:SHOWN]:
            names = " = ".join([spelled(path) for path in leaf.paths])
            steps = leaf.memory.steps if isinstance(leaf.memory, Moments) else 0
            after = f"  after {steps} step{'s' if steps > 1 else ''}" if steps else ""
            lines.append(f"  {names:<20} {leaf.shape!s:<10}{after}".rstrip())
        if len(self.leaves) > SHOWN:
            lines.append(f"  … and {len(self.leaves) - SHOWN} more")
        return "\n".join(lines if self.leaves else [*lines, "  nothing to train"])


def spelled(path: tuple) -> str:
    """A path as one writes it in Python: layers[0].weight."""
    text = "".join([f".{name}" if isinstance(name, str) and name.isidentifier() else f"[{name!r}]" for name in path])
    return text.removeprefix(".") or "the array itself"


def at(grad: Any, path: tuple) -> Any:
    """The part of a gradient at this path; None if it is None from some point on."""
    for name in path:
        if grad is None:
            return None
        grad = kind_of(grad).children(grad).get(name)
    return grad
