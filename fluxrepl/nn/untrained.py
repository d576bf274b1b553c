"""Numbers in a model that training cannot change: told at setup, and refused when a gradient arrives for one.

A step changes arrays of floats in place. A Python number cannot be changed in place, and whole numbers have no room
for a fraction: left alone in silence, a model of them would seem to train and stay as it was.
"""

import types
from collections import deque
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from fluxrepl.ad.errors import teach
from fluxrepl.ad.tree import OBJECT, is_array, is_numeric, kind_of, leaves

from .advice import advise, kind_name, warn
from .layer import is_parameter, options_of, parameters, trainable
from .state import Fixed, State, at, spelled


def fixed_numbers(model: Any) -> list[Fixed]:
    """The numbers that stand where training looks for arrays of floats, in order."""
    found: list[Fixed] = []
    look(model, (), Holder(type(model), False), found, set())
    return found


class Holder(NamedTuple):
    """What a number is a part of: the nearest object, and whether its numbers may be settings, not parameters."""

    cls: type
    settings: bool


def look(node: Any, path: tuple, holder: Holder, found: list[Fixed], opened: set[int]) -> None:
    if is_parameter(node):
        return
    if kind_of(node) is None:
        if is_numeric(node):
            found.append(Fixed(path, node, holder.cls, holder.settings and not is_whole_array(node)))
        elif is_closed(node):
            warn_of_closed(path, node)
    elif id(node) not in opened:
        opened.add(id(node))
        for name, part in trainable(node).items():
            look(part, (*path, name), holder_in(node, holder), found, opened)
        opened.discard(id(node))


def holder_in(node: Any, holder: Holder) -> Holder:
    """A field of an object or a captured variable may be a setting, unless `trainable=` names it."""
    if type(node) in (types.FunctionType, partial):
        return Holder(type(node), True)
    if kind_of(node) is OBJECT:
        options = options_of(type(node))
        return Holder(type(node), options is None or options.trainable is None)
    return holder  # a list, tuple or dict: what it is in decides


def is_closed(node: Any) -> bool:
    """Does this hold layers or arrays, and is a collection that gradients do not look into?"""
    if isinstance(node, np.ndarray):
        return node.dtype.kind == "O" and any(parameters(part) for part in node.flat)
    return isinstance(node, set | frozenset | deque) and any(parameters(part) for part in node)


# ---- at setup --------------------------------------------------------------------------------------------------------


def warn_of_nothing(model: Any, fixed: list[Fixed]) -> None:
    """There is no array of floats in this model: say what there is, and what to write."""
    if not fixed:
        warn(f"setup found nothing to train in this {type(model).__name__}", *absent(model))
        return
    told = ", ".join([f"{place(f)} is {kind_of_number(f.value)}" for f in fixed[:3]])
    more = f", and {len(fixed) - 3} more like these" if len(fixed) > 3 else ""
    warn(
        f"setup found nothing to train in this {type(model).__name__}: {told}{more}",
        "Only arrays of floats are trained: a step changes them in place, by fractions.",
        " ".join(dict.fromkeys(instead(f) for f in fixed[:3])),
    )


def warn_of_closed(path: tuple, node: Any) -> None:
    what = "an array of objects" if isinstance(node, np.ndarray) else kind_name(node)
    warn(
        f"{spelled(path)} is {what}, which gradients do not look into: what it holds is not trained",
        "Its parts have no names by which a gradient could mirror them.",
        "Keep layers and arrays in a list, a tuple or a dict.",
    )


def absent(model: Any) -> list[str]:
    """Why there are no numbers at all where training looks for them."""
    if any(is_parameter(leaf) for _, leaf in leaves(model)):
        return ["Its arrays are fields that trainable= leaves out.", 'Name them: @layer(trainable=("W", "b")).']
    cls = type(model)
    in_class = [name for c in cls.__mro__ for name, value in c.__dict__.items() if is_parameter(value)]
    if in_class:
        name = in_class[0]
        return [
            f"{name} stands in the class {cls.__name__}, and belongs to all objects of it together.",
            f"Give each its own: self.{name} = ... in __init__, or the annotation {name}: np.ndarray in the class.",
        ]
    return ["There is no array in it.", "Arrays of floats in its fields are trained, such as np.zeros(3)."]


def place(f: Fixed) -> str:
    return spelled(f.path) if f.path else "the model"


def is_whole_array(value: Any) -> bool:
    return is_array(value) and not isinstance(value, np.generic)


def kind_of_number(value: Any) -> str:
    if is_whole_array(value):
        return f"an array of {value.dtype}"
    return f"the {type(value).__name__} {value!s:.20}"


def instead(f: Fixed) -> str:
    """What to write in the place of a number that cannot be trained."""
    if is_whole_array(f.value):
        name = f.path[-1] if f.path and isinstance(f.path[-1], str) else "x"
        return f"Write {name}.astype(np.float32)."
    number = f.value if isinstance(f.value, complex) else float(f.value)
    return f"Write np.array([{number}]) in the place of {f.value!s:.20}."


# ---- at an update ----------------------------------------------------------------------------------------------------


def check_fixed(state: State, grad: Any) -> None:
    """A gradient for a number that cannot be trained is an error; for what may be a setting, advice."""
    for f in state.fixed:
        slope = at(grad, f.path)
        if slope is None:
            continue
        if state.leaves and f.setting:
            advise(
                f"setting {f.cls.__qualname__}.{f.path[-1]}",
                f"{place(f)} is {kind_of_number(f.value)}: it has a gradient, and training leaves it as it is",
                "Nothing is wrong if it is a setting. If it is to be trained, it must be an array of floats.",
                instead(f),
            )
            continue
        raise untrained(f)


def untrained(f: Fixed) -> TypeError:
    why = "A step changes arrays in place, and a Python number cannot be changed in place."
    if is_whole_array(f.value):
        why = "A step is a fraction, and whole numbers have no room for it."
    return teach(
        TypeError(f"{place(f)} is {kind_of_number(f.value)}, which training cannot change"),
        f"A gradient came for it. {why}",
        f"{instead(f)} Then call setup again.",
        "If it is not to be trained, write ignore_derivatives(...) where it is used.",
    )
