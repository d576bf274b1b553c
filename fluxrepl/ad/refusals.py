"""What is refused, in words: the errors that stop a gradient at the learner's line instead of making it wrong."""

from typing import Any

import numpy as np

from .errors import LostGradientError, MutationError, NoRuleError, teach


def lost(how: str, examples: str, instead: str) -> LostGradientError:
    return teach(
        LostGradientError(f"{how} of a traced value would lose its gradient"),
        f"{examples} need the bare number, and what is computed from a bare number is not on the tape.",
        f"Write {instead}. If no gradient is wanted here, ignore_derivatives(x) gives the bare value.",
    )


def mutation(what: str, *notes: str) -> MutationError:
    return teach(
        MutationError(f"{what}, which a gradient cannot follow"),
        *notes,
        "The walk back needs the values that each operation saw; writing over them would make the gradient wrong.",
        "Make a new array: x = x + y for x += y; np.where(mask, value, x) for x[mask] = value.",
        "Or collect the parts in a list and join them: np.stack(parts), np.concatenate(parts).",
    )


def no_rule(what: str, *notes: str) -> NoRuleError:
    return teach(
        NoRuleError(f"no derivative rule for {what}"),
        *notes,
        "It was called on a value whose gradient is being taken; going on would give a wrong gradient without a word.",
        "Write it with functions that have a rule (+ * ** @, np.exp, np.sum, np.where, x[i], ...).",
        "If no gradient should flow through it, call it on ignore_derivatives(x).",
    )


def name_of(fn: Any) -> str:
    """The name of a function as a learner writes it: `np.linalg.eig`."""
    name = getattr(fn, "__name__", repr(fn))
    if isinstance(fn, np.ufunc):
        return f"np.{name}" if hasattr(np, name) else name
    module = getattr(fn, "__module__", None) or ""
    return f"{module.replace('numpy', 'np', 1)}.{name}" if module.startswith("numpy") else name
