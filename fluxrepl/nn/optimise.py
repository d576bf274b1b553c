"""Optimisers: how a gradient changes a model.

    state = setup(Adam(), model)          what the rule remembers about each trainable array
    grad = gradient(loss, model)[0]       a structure like the model
    update(state, model, grad)            the model's arrays, changed in place

The rules themselves are in `steps.py`. An array that is in the model twice is changed once, by both its gradients.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from fluxrepl.ad.errors import ShapeError, teach
from fluxrepl.ad.tree import is_array, kind_of

from .advice import advise, kind_name
from .layer import parameters
from .misfits import check_names, check_state, other_model
from .state import Leaf, State, spelled
from .steps import Adam, Descent, is_rule

__all__ = ["Adam", "Descent", "setup", "update"]


def setup(rule: Any, model: Any) -> State:
    """What `rule` needs to remember about a model, to hand to `update` or `train` with it.

    Errors: `TypeError` if there is no rule. Warns once if the model has nothing to train.

    Example:
        >>> setup(Descent(0.1), Dense(10, 5))
        State(Descent(eta=0.1))
          weight               (5, 10)
          bias                 (5,)

    Source: Flux's `setup`.
    """
    if isinstance(rule, type) and hasattr(rule, "step"):
        raise teach(
            TypeError(f"setup needs a rule, and got the class {rule.__name__}"),
            f"Write setup({rule.__name__}(), model).",
        )
    if not is_rule(rule):
        swapped = "The rule comes first" if is_rule(model) else "A rule says how to step: Descent(0.1), Adam()"
        raise teach(
            TypeError(f"setup takes a rule and a model, and got {kind_name(rule)} first"),
            f"{swapped}: write setup(Adam(), model).",
        )
    shared: dict[int, Leaf] = {}
    for path, x in parameters(model):
        if id(x) in shared:
            shared[id(x)].paths.append(path)
        else:
            shared[id(x)] = Leaf(rule, path, x)
    if not shared:
        advise(
            "nothing to train",
            f"setup found nothing to train in this {type(model).__name__}",
            "Only arrays of floats are trained; not integers, nor Python numbers, which cannot be changed in place.",
            "Write np.array(1.0) for a number that is to be trained, and W.astype(np.float32) for integers.",
        )
    return State(rule, list(shared.values()))


def update(state: State, model: Any, grad: Any) -> None:
    """Change the model's trainable arrays in place, by one step of the rule.

    Where the gradient is None, no path led there: the array and what the rule remembers of it stay as they are. A
    gradient of zeros is a step like any other. All is checked before anything is changed.

    Errors: `TypeError` for the usual mix-ups (the rule in place of the state, the whole tuple that `gradient`
    gave in place of `grads[0]`); `ShapeError` where model, state and gradient do not fit; `ValueError` for an array
    that may not be written to.

    Example:
        >>> model = {"W": np.array([1.0, 2.0])}
        >>> state = setup(Descent(0.5), model)
        >>> update(state, model, {"W": np.array([1.0, -1.0])})
        >>> model
        {'W': array([0.5, 2.5])}

    Source: Flux's `update!`.
    """
    check_state(state, model, grad)
    steps = list(planned(state, model, grad))
    for leaf, x, g in steps:
        leaf.memory, step = leaf.rule.step(leaf.memory, x, g)
        x -= step if x.ndim else step.astype(x.dtype)


def planned(state: State, model: Any, grad: Any) -> Iterator[tuple[Leaf, Any, Any]]:
    """Each array that will change, with its leaf and its gradient; or an error that names the first misfit."""
    arrays = dict(parameters(model))
    if arrays.keys() != state.paths:
        raise other_model(state, arrays)
    check_names(model, grad, ())
    for leaf in state.leaves:
        x = arrays[leaf.paths[0]]
        where = spelled(leaf.paths[0])
        if x.shape != leaf.shape:
            raise teach(
                ShapeError(f"{where} has the shape {x.shape}, and had {leaf.shape} when setup saw it"),
                "What the rule remembers belongs to the old array. Call setup again.",
            )
        found = [fitted(at(grad, path), x, path) for path in leaf.paths]
        given = [g for g in found if g is not None]
        if not given:
            continue
        if not getattr(x.flags, "writeable", True):
            raise teach(
                ValueError(f"{where} cannot be changed: the array is read-only"),
                "It is a view of other memory, or was made read-only.",
                "Give the layer an array of its own: W.copy().",
            )
        yield leaf, x, sum(given[1:], given[0])


def at(grad: Any, path: tuple) -> Any:
    """The part of a gradient at this path; None if it is None from some point on."""
    for name in path:
        if grad is None:
            return None
        grad = kind_of(grad).children(grad).get(name)
    return grad


def fitted(g: Any, x: Any, path: tuple) -> Any:
    """A gradient checked against its array."""
    if g is None:
        return None
    if not is_array(g) and not isinstance(g, int | float | complex):
        raise teach(
            TypeError(f"the gradient of {spelled(path)} is {kind_name(g)}, not an array"),
            "A gradient has the structure of its model: gradient(loss, model)[0].",
        )
    if np.shape(g) != x.shape:
        raise teach(
            ShapeError(f"{spelled(path)} has the shape {x.shape}, and its gradient {np.shape(g)}"),
            "Each number needs its own slope. Is this the gradient of another model?",
        )
    g = g if is_array(g) and not isinstance(g, np.generic) else np.asarray(g)
    return g if g.dtype.kind in "fc" else g.astype(x.dtype)
