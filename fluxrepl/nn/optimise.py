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
from fluxrepl.ad.tree import is_array, is_numeric

from .advice import kind_name
from .layer import parameters
from .misfits import another_array, check_names, check_state, other_model
from .state import Leaf, State, at, spelled
from .steps import Adam, Descent, is_rule
from .untrained import check_fixed, fixed_numbers, warn_of_nothing
from .views import warn_of_views

__all__ = ["Adam", "Descent", "setup", "update"]


def setup(rule: Any, model: Any) -> State:
    """What `rule` remembers about a model between steps: hand it to `update` or `train` together with the model.

    Errors: `TypeError` if there is no rule. Warns if the model has nothing to train, and names what it has instead.

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
    arrays: dict[tuple, Any] = {}
    for path, x in parameters(model):
        if id(x) in shared:
            shared[id(x)].paths.append(path)
        else:
            shared[id(x)] = Leaf(rule, path, x)
            arrays[path] = x
    fixed = fixed_numbers(model)
    if not shared:
        warn_of_nothing(model, fixed)
    warn_of_views(rule, list(shared.values()), arrays)
    return State(rule, list(shared.values()), fixed)


def update(state: State, model: Any, grad: Any) -> None:
    """Change the model's trainable arrays in place, by one step of the rule.

    Where the gradient is None, no path led there: the array and what the rule remembers of it stay as they are. A
    gradient of zeros is a step like any other. All is checked before anything is changed.

    Errors: `TypeError` for the usual mix-ups (the rule in place of the state, the whole tuple that `gradient`
    gave in place of `grads[0]`), and for a gradient of what cannot be trained: a Python number, an array of whole
    numbers; `ShapeError` where model, state and gradient do not fit; `ValueError` for an array that may not be
    written to.

    Example:
        >>> model = {"W": np.array([1.0, 2.0])}
        >>> state = setup(Descent(0.5), model)
        >>> update(state, model, {"W": np.array([1.0, -1.0])})
        >>> model
        {'W': array([0.5, 2.5])}

    Source: Flux's `update!`.
    """
    check_state(state, model, grad)
    take(list(planned(state, model, grad)))


def take(steps: list[tuple[Leaf, Any, Any]]) -> None:
    """Change each array in place."""
    for leaf, x, g in steps:
        leaf.memory, step = leaf.rule.step(leaf.memory, x, g)
        x -= step if x.ndim else step.astype(x.dtype)


def planned(state: State, model: Any, grad: Any) -> Iterator[tuple[Leaf, Any, Any]]:
    """Each array that will change, with its leaf and its gradient; or an error that names the first misfit."""
    arrays = dict(parameters(model))
    if arrays.keys() != state.paths:
        raise other_model(state, arrays)
    check_names(model, grad, ())
    check_fixed(state, grad)
    for leaf in state.leaves:
        x = arrays[leaf.paths[0]]
        where = spelled(leaf.paths[0])
        if x.shape != leaf.shape:
            raise another_array(f"{where} has the shape {x.shape}, and had {leaf.shape} when setup saw it")
        if x.dtype != leaf.dtype and leaf.memory is not None:
            raise another_array(f"{where} is of {x.dtype}, and was of {leaf.dtype} when setup saw it")
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


def fitted(g: Any, x: Any, path: tuple) -> Any:
    """A gradient checked against its array."""
    if g is None:
        return None
    if not is_numeric(g) and not isinstance(g, bool) and not (is_array(g) and g.dtype.kind == "b"):
        what = f"an array of {g.dtype}" if is_array(g) else kind_name(g)
        raise teach(
            TypeError(f"the gradient of {spelled(path)} is {what}, not an array of numbers"),
            "A gradient has the structure of its model: gradient(loss, model)[0].",
        )
    if np.shape(g) != x.shape:
        raise teach(
            ShapeError(f"{spelled(path)} has the shape {x.shape}, and its gradient {np.shape(g)}"),
            "Each number needs its own slope. Is this the gradient of another model?",
        )
    g = g if is_array(g) and not isinstance(g, np.generic) else np.asarray(g)
    if g.dtype.kind == "c" and x.dtype.kind != "c":
        raise teach(
            TypeError(f"the gradient of {spelled(path)} is complex, and the array is real"),
            "A real number cannot take a complex step.",
            "Write g.real for the real part, or make the array complex: W.astype(complex).",
        )
    return g if g.dtype.kind in "fc" else g.astype(x.dtype)
