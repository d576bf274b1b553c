"""What an optimiser remembers about a model between two steps."""

from typing import Any

from .steps import Moments

SHOWN = 12  # leaves that the text of a state lists


class Leaf:
    """One trainable array: where it is in the model, its rule, and what the rule remembers."""

    __slots__ = ("memory", "paths", "rule", "shape")

    def __init__(self, rule: Any, path: tuple, x: Any):
        self.rule = rule
        self.paths = [path]  # more than one where the array is shared
        self.shape = x.shape
        self.memory = rule.init(x)


class State:
    """What an optimiser remembers about a model, one `Leaf` for each trainable array."""

    def __init__(self, rule: Any, leaves: list[Leaf]):
        self.rule = rule
        self.leaves = leaves
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
        return "\n".join(lines)


def spelled(path: tuple) -> str:
    """A path as one writes it in Python: layers[0].weight."""
    text = "".join([f".{name}" if isinstance(name, str) and name.isidentifier() else f"[{name!r}]" for name in path])
    return text.removeprefix(".") or "the array itself"
