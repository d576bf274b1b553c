"""Optimisers: how a gradient changes a model.

    state = setup(Adam(), model)          what the rule remembers about each trainable array
    grad = gradient(loss, model)[0]       a structure like the model
    update(state, model, grad)            the model's arrays, changed in place

A rule is two small functions of one array: `init(x)`, what it remembers at first, and `step(memory, x, g)`, the new
memory and what to subtract from x. An array that is in the model twice is changed once, by both its gradients.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from fluxrepl.ad.errors import ShapeError, teach
from fluxrepl.ad.tree import is_array, kind_of

from .advice import advise
from .layer import parameters

# ---- rules -----------------------------------------------------------------------------------------------------------


def check_rate(name: str, eta: Any) -> None:
    if isinstance(eta, bool) or not isinstance(eta, int | float | np.number):
        raise teach(
            TypeError(f"{name} takes a learning rate, and got {eta!r:.60}"),
            f"Write {name}(0.01); the model goes to setup: setup({name}(0.01), model).",
        )
    if not eta >= 0:
        raise teach(
            ValueError(f"a learning rate cannot be negative or NaN: {name}({eta})"),
            "A gradient points uphill; the rule already steps the other way.",
            f"Write {name}({abs(eta) if eta == eta else 0.01}).",
        )


class Descent:
    """Gradient descent: each number moves against its gradient.

    Formula: x ← x - eta · g

    Errors: `ValueError` for a negative rate.

    Example:
        >>> Descent(0.1)
        Descent(eta=0.1)

    Source: "Building Simple Models", where it is W -= 0.1 * dW; Optimisers.jl's `Descent`.
    """

    def __init__(self, eta: float = 0.1):
        check_rate("Descent", eta)
        self.eta = float(eta)

    def init(self, x: Any) -> Any:
        return None

    def step(self, memory: Any, x: Any, g: Any) -> tuple[Any, Any]:
        return memory, g * self.eta

    def __repr__(self) -> str:
        return f"Descent(eta={self.eta})"


class Moments(NamedTuple):
    """What Adam remembers of one array: running means of its gradient and of its square, and the number of steps."""

    mean: Any
    square: Any
    steps: int


class Adam:
    """Gradient descent with a step for each number that its past gradients set.

    Formula: m ← β₁ m + (1 - β₁) g;  v ← β₂ v + (1 - β₂) g²;
    x ← x - eta · m / (1 - β₁ᵗ) / (√(v / (1 - β₂ᵗ)) + epsilon) at step t

    Errors: `ValueError` for a negative rate, or a beta that is not in [0, 1).

    Example:
        >>> Adam()
        Adam(eta=0.001, beta=(0.9, 0.999), epsilon=1e-08)

    Source: Kingma and Ba 2015, algorithm 1; Optimisers.jl's `Adam`.
    """

    def __init__(self, eta: float = 0.001, beta: tuple[float, float] = (0.9, 0.999), epsilon: float = 1e-8):
        check_rate("Adam", eta)
        try:
            first, second = (float(b) for b in beta)
        except (TypeError, ValueError):
            raise teach(TypeError(f"Adam takes a pair as beta, and got {beta!r:.60}"), "Write (0.9, 0.999).") from None
        if not (0 <= first < 1 and 0 <= second < 1):
            raise teach(
                ValueError(f"the betas of Adam are at least 0 and less than 1, and got {beta}"),
                "Each is how much of the past a running mean keeps. Write (0.9, 0.999).",
            )
        self.eta, self.beta, self.epsilon = float(eta), (first, second), float(epsilon)

    def init(self, x: Any) -> Moments:
        dtype = np.promote_types(x.dtype, np.float32)  # float16 cannot hold 1e-8
        square = np.float64 if dtype == np.complex128 else np.float32 if dtype == np.complex64 else dtype
        return Moments(np.zeros_like(x, dtype=dtype), np.zeros_like(x, dtype=square), 0)

    def step(self, memory: Moments, x: Any, g: Any) -> tuple[Moments, Any]:
        first, second = self.beta
        t = memory.steps + 1
        mean = memory.mean * first + g.astype(memory.mean.dtype, copy=False) * (1 - first)
        size = np.abs(g).astype(memory.square.dtype, copy=False)
        square = memory.square * second + size * size * (1 - second)
        step = mean * (self.eta / (1 - first**t)) / (np.sqrt(square / (1 - second**t)) + self.epsilon)
        return Moments(mean, square, t), step

    def __repr__(self) -> str:
        return f"Adam(eta={self.eta}, beta={self.beta}, epsilon={self.epsilon})"


# ---- state -----------------------------------------------------------------------------------------------------------


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

    def __repr__(self) -> str:
        lines = [f"State({self.rule!r})"]
        for leaf in self.leaves[:SHOWN]:
            steps = f"  after {leaf.memory.steps} steps" if isinstance(leaf.memory, Moments) else ""
            names = " = ".join([spelled(path) for path in leaf.paths])
            lines.append(f"  {names:<24}  {'×'.join(map(str, leaf.shape)) or 'one number'}{steps}")
        if len(self.leaves) > SHOWN:
            lines.append(f"  … and {len(self.leaves) - SHOWN} more")
        return "\n".join(lines)


SHOWN = 12  # leaves that the text of a state lists


def spelled(path: tuple) -> str:
    """A path as one writes it in Python: layers[0].weight."""
    text = "".join([f".{name}" if isinstance(name, str) and name.isidentifier() else f"[{name!r}]" for name in path])
    return text.removeprefix(".") or "the array itself"


def setup(rule: Any, model: Any) -> State:
    """What `rule` needs to remember about a model, to hand to `update` or `train` with it.

    Errors: `TypeError` if there is no rule. Warns once if the model has nothing to train.

    Example:
        >>> setup(Descent(0.1), Dense(10, 5))
        State(Descent(eta=0.1))
          weight                    5×10
          bias                      5

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
            TypeError(f"setup takes a rule and a model, and got a {type(rule).__name__} first"),
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
            "Only arrays of floats are trained: not integers, and not Python numbers, which cannot be changed in place.",
            "Write np.array(1.0) for a number that is to be trained, and W.astype(np.float32) for integers.",
        )
    return State(rule, list(shared.values()))


def is_rule(rule: Any) -> bool:
    return not isinstance(rule, type) and hasattr(rule, "init") and hasattr(rule, "step")


# ---- update ----------------------------------------------------------------------------------------------------------


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
    if sorted(map(str, arrays)) != sorted([str(path) for leaf in state.leaves for path in leaf.paths]):
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
            TypeError(f"the gradient of {spelled(path)} is a {type(g).__name__}, not an array"),
            "A gradient has the structure of its model: gradient(loss, model)[0].",
        )
    if np.shape(g) != x.shape:
        raise teach(
            ShapeError(f"{spelled(path)} has the shape {x.shape}, and its gradient {np.shape(g)}"),
            "Each number needs its own slope. Is this the gradient of another model?",
        )
    g = g if is_array(g) and np.ndim(g) else np.asarray(g)
    return g if g.dtype.kind in "fc" else g.astype(x.dtype)


# ---- errors --------------------------------------------------------------------------------------------------------


def check_state(state: Any, model: Any, grad: Any) -> None:
    """The mix-ups of arguments that everybody makes once."""
    if is_rule(state):
        raise teach(
            TypeError(f"update takes the state that setup gave, and got the rule {state!r}"),
            "The state is what the rule remembers between steps.",
            "Write state = setup(rule, model) once, and then update(state, model, grad).",
        )
    if not isinstance(state, State):
        order = "The state comes first" if isinstance(model, State) else "The state comes from setup(rule, model)"
        raise teach(
            TypeError(f"update takes a state first, and got a {type(state).__name__}"),
            f"{order}: write update(state, model, grad).",
        )
    if isinstance(grad, tuple) and not isinstance(model, tuple | list):
        raise teach(
            TypeError("update takes the gradient of the model, and got the whole tuple that gradient gave"),
            "gradient answers with one entry for each argument; the model's is the first.",
            "Write grads = gradient(loss, model), then update(state, model, grads[0]).",
        )


def check_names(model: Any, grad: Any, path: tuple) -> None:
    """Every part of the gradient must belong to a part of the model."""
    kind = kind_of(model)
    if grad is None or kind is None:
        if kind_of(grad) is not None:
            raise misfit(path, f"{spelled(path)} is one value in the model, and its gradient a {type(grad).__name__}")
        return
    if kind_of(grad) is None:
        raise misfit(path, f"{spelled(path)} has parts in the model, and its gradient is a {type(grad).__name__}")
    parts, slopes = kind.children(model), kind_of(grad).children(grad)
    if isinstance(grad, tuple | list) and len(slopes) != len(parts):
        raise misfit(path, f"{spelled(path)} has {len(parts)} parts in the model, and {len(slopes)} in the gradient")
    for name, slope in slopes.items():
        if name not in parts:
            raise misfit((*path, name), f"the gradient has {spelled((*path, name))}, and the model has not")
        check_names(parts[name], slope, (*path, name))


def misfit(path: tuple, what: str) -> ShapeError:
    what = what.replace("the array itself", "the whole")
    return teach(
        ShapeError(what),
        "A gradient has the structure of the model that it was taken of.",
        "Write grad = gradient(loss, model)[0] with the model that is updated.",
    )


def other_model(state: State, arrays: dict) -> ShapeError:
    known = {path for leaf in state.leaves for path in leaf.paths}
    new, gone = [p for p in arrays if p not in known], [p for p in known if p not in arrays]
    what = f"the model has {spelled(new[0])}" if new else f"the model has no {spelled(gone[0])}"
    return teach(
        ShapeError(f"{what}, unlike the one that setup saw"),
        "The state belongs to one model.",
        "Call setup(rule, model) again after changing what a model is made of.",
    )
