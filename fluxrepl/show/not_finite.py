"""Why a gradient is inf or NaN: the operation where that first appears, walking back from the result."""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .explain import Explanation, Leaf
    from .telling import Step


def wrong_at(value: Any) -> np.ndarray | None:
    """Where numbers are inf or NaN, an index in each row; None if they are not, or lie on a GPU."""
    if not isinstance(value, np.ndarray | np.generic | float | complex):
        return None
    places = np.argwhere(~np.isfinite(value)) if np.asarray(value).dtype.kind in "fc" else np.empty((0, 0))
    return places if len(places) else None


def about_wrong(explanation: "Explanation", leaf: "Leaf") -> str:
    """Which numbers of this gradient are inf or NaN, and which operation made them so; "" if all are finite."""
    places = wrong_at(leaf.cotangent)
    if places is None:
        return ""
    size, index = np.size(leaf.cotangent), tuple(places[0].tolist())
    name = f"{leaf.name}[{', '.join(map(str, index))}]" if index else leaf.name
    more = f" ({len(places):_} of its {size:_} numbers are inf or NaN)" if len(places) > 1 else ""
    said = f"The gradient of {name} is {named(np.asarray(leaf.cotangent)[index])}{more}"
    found = origin(explanation, leaf.name)
    if found is None:
        return f"{said}: that much came together on the way back."
    step, k = found
    why = reason(explanation, step, k)
    on = f". On the way to {leaf.name} that became NaN" if "NaN" in said and why.endswith("infinite there") else ""
    return f"{said}: {step.name} = {step.written}, {why}{on}."


def origin(explanation: "Explanation", name: str) -> "tuple[Step, int] | None":
    """The operation that was sent finite numbers and sent others to this operand, or to one that leads there."""
    steps, seen = explanation.steps, {name}
    following = [name]
    while following:
        operand = following.pop()
        for step in steps:
            for k in [k for k, other in enumerate(step.operands) if other == operand]:
                sent = step.sent[k] if step.sent else cotangent_of(explanation, operand)
                if wrong_at(sent) is None:
                    continue
                if wrong_at(step.cotangent) is None and step.cotangent is not None:
                    return step, k
                if step.name not in seen and step.cotangent is not None:
                    seen.add(step.name)
                    following.append(step.name)
    return None


def reason(explanation: "Explanation", step: "Step", k: int) -> str:
    """What an operation does with finite numbers to make others of them."""
    operand = step.operands[k]
    if wrong_at(value_of(explanation, operand)) is not None:
        return f"of which {operand} itself is not finite"
    words = step.derivative.partition(" = ")[0] if len(step.operands) == 1 else ""
    slope = f"whose derivative {words}" if words else "whose derivative"
    sent = step.sent[k] if step.sent else cotangent_of(explanation, operand)
    places = wrong_at(sent)
    index = tuple(places[0].tolist()) if places is not None else ()
    if not np.isnan(np.asarray(sent)[index]):
        return f"{slope} is infinite there"
    if np.shape(step.cotangent) == np.shape(sent) and not np.asarray(step.cotangent)[index]:
        return f"{slope} is infinite there: times the 0 that came back, it gives NaN"
    return f"{slope} is not a number there"


def cotangent_of(explanation: "Explanation", name: str) -> Any:
    return next((part.cotangent for part in [*explanation.leaves, *explanation.steps] if part.name == name), None)


def value_of(explanation: "Explanation", name: str) -> Any:
    return next((part.value for part in [*explanation.leaves, *explanation.steps] if part.name == name), None)


def named(number: Any) -> str:
    """How people write it."""
    return "NaN" if np.isnan(number) else "-inf" if number == -np.inf else "inf"
