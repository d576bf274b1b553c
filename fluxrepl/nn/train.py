"""Training: one step after another, with a progress bar."""

import inspect
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from typing import Any

import numpy as np

from fluxrepl.ad.errors import NotFiniteError, teach
from fluxrepl.ad.gradient import withgradient

from .advice import kind_name, warn
from .optimise import planned, take
from .progress import Progress
from .state import State, spelled
from .steps import is_rule


class Losses(list):
    """The loss at each step of a training. Its text is short; `losses[-1]` is the last, plot it as any list."""

    drawn = False  # a notebook has shown their curve while they came in

    def __repr__(self) -> str:
        if len(self) < 4:
            return f"Losses({super().__repr__()})"
        return f"Losses({self[0]:.4g} → {self[-1]:.4g} in {len(self)} steps)"

    __str__ = __repr__


def train(loss: Callable, model: Any, data: Iterable, state: State, *, progress: bool | None = None) -> Losses:
    """Change a model in place, by one step for each item of the data, so that the loss becomes smaller.

    At each step the loss is `loss(model, *item)`; an item that is not a tuple is passed as one argument. Gives the
    losses, each as it was before its step. A progress bar shows when training takes more than a moment, in a notebook
    with the curve of the loss; `progress=False` never shows it, `progress=True` always.

    Formula: at each step, update(state, model, gradient(loss, model, *item)[0])

    Errors: `NotFiniteError` if the loss or its gradient is NaN or Inf, before that reaches the model, naming the step.
    `TypeError` for data that do not fit the loss, for a rule in place of a state, for a loss that does not depend on
    the model, and for a model of Python numbers, which cannot be trained. Warns if a generator gives no item.

    Example:
        >>> model = Dense(np.array([[0.0]]))
        >>> data = [(np.array([1.0]), np.array([2.0]))] * 50
        >>> losses = train(lambda m, x, y: mse(m(x), y), model, data, setup(Descent(0.1), model))
        >>> losses[0], losses[-1] < 0.001
        (4.0, True)

    Source: Flux's `train!`.
    """
    check_arguments(loss, state)
    losses, items = Losses(), items_of(data)
    with Progress(len(data) if isinstance(data, Sized) else None, progress, losses, state) as bar:
        for item in items:
            args = item if isinstance(item, tuple) else (item,)
            if not losses:
                check_item(loss, model, args, item)
            value, grads = withgradient(loss, model, *args)
            number = float(value[0] if isinstance(value, tuple) else value)
            if not math.isfinite(number):
                raise not_finite(number, len(losses) + 1)
            if grads[0] is None:
                raise teach(
                    TypeError("the loss does not depend on the model that it was given"),
                    "train calls loss(model, *item); perhaps it uses a model from outside instead of its argument.",
                    "Write lambda m, x, y: mse(m(x), y): the same m before and after the colon.",
                )
            steps = list(planned(state, model, grads[0]))
            check_slopes(steps, len(losses) + 1)
            take(steps)
            losses.append(number)
            bar.step(number)
    if not losses and items is data:
        warn_of_no_data(data)
    return losses


# ---- errors --------------------------------------------------------------------------------------------------------


def check_arguments(loss: Any, state: Any) -> None:
    if not callable(loss) or isinstance(loss, State):
        raise teach(
            TypeError(f"train takes a loss function first, and got {kind_name(loss)}"),
            "Write train(lambda m, x, y: mse(m(x), y), model, data, state).",
        )
    if is_rule(state):
        raise teach(
            TypeError(f"train takes the state that setup gave, and got the rule {state!r}"),
            "The state is what the rule remembers between steps.",
            f"Write state = setup({state!r}, model), then train(loss, model, data, state).",
        )
    if not isinstance(state, State):
        raise teach(
            TypeError(f"train takes a state last, and got {kind_name(state)}"),
            "Write train(loss, model, data, state), with state = setup(rule, model).",
        )


def items_of(data: Any) -> Iterator:
    """The items of the data, one after another."""
    try:
        if not isinstance(data, str | bytes | Mapping):
            return iter(data)
    except TypeError:
        pass
    raise teach(
        TypeError(f"train goes through its data item by item, and got {kind_name(data)}"),
        "Write [(x, y)] for a single step, [(x, y)] * 100 for a hundred.",
    )


def check_item(loss: Callable, model: Any, args: tuple, item: Any) -> None:
    """Can the loss be called on an item of these data?"""
    try:
        signature = inspect.signature(loss)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(model, *args)
    except TypeError as error:
        given = f"a tuple of {len(item)}" if isinstance(item, tuple) else kind_name(item)
        notes = [f"train calls loss(model, *item), and the first item is {given}: {error}."]
        if isinstance(item, np.ndarray):
            notes.append("Data are a list of tuples, one a step: write [(x, y)], or zip(X, Y) for a step on each row.")
        else:
            notes.append("Write data as tuples with what the loss takes after the model: [(x, y), ...].")
        raise teach(TypeError("the data do not fit the loss function"), *notes) from None


def warn_of_no_data(data: Any) -> None:
    warn(
        f"train got no item from this {type(data).__name__}, and changed nothing",
        "A generator can be gone through once: has it been already?",
        "Make a new one for each call, or a list, which can be gone through again: list(...).",
    )


def check_slopes(steps: list, step: int) -> None:
    """A gradient that is not finite would make the model so, however finite the loss."""
    for leaf, _, g in steps:
        if not np.isfinite(g).all():
            bad = "NaN" if np.isnan(g).any() else "inf"
            raise teach(
                NotFiniteError(
                    f"the gradient of {spelled(leaf.paths[0])} has {bad} at step {step}, and training has stopped"
                ),
                untouched(step),
                "The loss is finite, and its slope is not: that of sqrt or a norm is infinite at 0, as in np.sqrt(x).",
                "Keep away from the edge, np.sqrt(x + 1e-8). `with flux.check_nan():` names the operation.",
            )


def untouched(step: int) -> str:
    left = f"it is as step {step - 1} left it" if step > 1 else "it is as it was"
    return f"The model was not updated with it; {left}."


def not_finite(number: float, step: int) -> NotFiniteError:
    return teach(
        NotFiniteError(f"the loss is {number} at step {step}, and training has stopped"),
        untouched(step),
        "Often the steps are too long: try a smaller learning rate. Or the data hold a NaN: np.isnan(x).any().",
    )
