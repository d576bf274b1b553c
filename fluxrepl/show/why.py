"""Why an argument has no gradient, told from the steps that were recorded."""

import difflib
from typing import TYPE_CHECKING, Any

import numpy as np

from fluxrepl.ad.errors import teach
from fluxrepl.ad.tree import leaves

from .not_finite import about_wrong
from .values import text_of_value

if TYPE_CHECKING:
    from .explain import Explanation, Leaf
    from .telling import Step

PLAIN = "Comparisons, len, shapes, argmax and ignore_derivatives give plain values: no path leads through them."


class Answer(str):
    """A text that shows itself as it is written, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def why(explanation: "Explanation", name: str) -> Answer:
    """What became of an argument, or of one number or array in it, in a few sentences."""
    meant = [leaf for leaf in explanation.leaves if leaf.name == name or leaf.name.startswith((f"{name}.", f"{name}["))]
    if meant:
        return Answer("\n".join([about_leaf(explanation, leaf) for leaf in meant]))
    if name.partition(".")[0].partition("[")[0] in explanation.arguments:
        return Answer(f"{name} has no gradient: {without_numbers(explanation, name)}")
    known = list(dict.fromkeys([*explanation.arguments, *[leaf.name for leaf in explanation.leaves]]))
    close = difflib.get_close_matches(name, known, 1)
    raise teach(
        KeyError(name),
        f"No argument has this name; there {'is' if len(known) == 1 else 'are'}: {', '.join(known)}.",
        *[f"Did you mean {close[0]}?" for _ in close],
    )


def without_numbers(explanation: "Explanation", name: str) -> str:
    """Why nothing in this argument was traced."""
    if name not in explanation.arguments:
        return "there is no number at this place, so nothing can be nudged."
    value: Any = explanation.arguments[name]
    parts = [leaf for _, leaf in leaves(value)]
    if len(parts) == 1 and parts[0] is value:
        kind = type(value).__name__
        article = "an" if kind[0].lower() in "aeiou" else "a"
        return f"it is {'None' if value is None else f'{article} {kind}'}, which cannot be nudged."
    kind = type(value).__name__
    if not hasattr(value, "__dict__"):
        return f"a gradient is taken of numbers and arrays, and there is no number in this {kind}."
    words = f"a gradient is taken of numbers and arrays in the object's own fields, and this {kind} has none there."
    return "\n".join([words, *_of_the_class(type(value))])


def _of_the_class(cls: type) -> list[str]:
    """What to do where a class has arrays that were to be its objects'."""
    names = [name for name, value in vars(cls).items() if isinstance(value, np.ndarray | np.floating | float)]
    if not names:
        return []
    belong, them = ("belongs", "it") if len(names) == 1 else ("belong", "them")
    shared = f"{listed(names)} {belong} to the class {cls.__name__}, and all its objects share {them}."
    return [
        shared,
        f"To have gradients of {them}, write self.{names[0]} = … in __init__: each object has its own then.",
    ]


def about_leaf(explanation: "Explanation", leaf: "Leaf") -> str:
    users = [step for step in explanation.steps if leaf.name in step.operands]
    active = [step for step in users if step.cotangent is not None]
    if leaf.cotangent is not None:
        if wrong := about_wrong(explanation, leaf):
            return wrong
        through = f" It came back through {listed([as_written(step) for step in active])}." if active else ""
        flat = "" if np.any(leaf.cotangent) else " A path leads to the result; along it the slope is 0."
        return f"{leaf.name} has the gradient {text_of_value(leaf.cotangent)}.{through}{flat}"
    if not users:
        return f"{leaf.name} has no gradient: no operation that a gradient flows through used it.\n{PLAIN}"
    used = listed([as_written(step) for step in users])
    result = explanation.result or "the result"
    return f"{leaf.name} has no gradient: it was used in {used}, from where no path leads to {result}.\n{PLAIN}"


def as_written(step: "Step") -> str:
    return f"{step.name} = {step.written}"


def listed(names: list[str]) -> str:
    """a, b and c; of many the first few."""
    names = names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
