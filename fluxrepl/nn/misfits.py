"""Model, state and gradient that do not fit together: what is wrong, and what to write."""

from typing import Any

from fluxrepl.ad.errors import ShapeError, teach
from fluxrepl.ad.record import Record
from fluxrepl.ad.tree import OBJECT, is_numeric, kind_of

from .advice import kind_name
from .state import State, spelled
from .steps import is_rule


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
            TypeError(f"update takes a state first, and got {kind_name(state)}"),
            f"{order}: write update(state, model, grad).",
        )
    if isinstance(model, Record) and kind_of(grad) is OBJECT:
        raise teach(
            TypeError(f"update takes the gradient last, and got {kind_name(grad)}"),
            "The model and its gradient seem to have changed places.",
            "Write update(state, model, grad).",
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
            raise misfit(path, f"{spelled(path)} is one value in the model, and its gradient {kind_name(grad)}")
        if grad is not None and not is_numeric(model):
            raise misfit(path, f"{spelled(path)} is {kind_name(model)} in the model, and there is a gradient for it")
        return
    if kind_of(grad) is None:
        raise misfit(path, f"{spelled(path)} has parts in the model, and its gradient is {kind_name(grad)}")
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
    new, gone = [p for p in arrays if p not in state.paths], [p for p in state.paths if p not in arrays]
    what = f"the model has {spelled(new[0])}" if new else f"the model has no {spelled(gone[0])}"
    return teach(
        ShapeError(f"{what}, unlike the one that setup saw"),
        "The state belongs to one model.",
        "Call setup(rule, model) again after changing what a model is made of.",
    )


def another_array(what: str) -> ShapeError:
    return teach(ShapeError(what), "What the rule remembers belongs to the old array. Call setup again.")
