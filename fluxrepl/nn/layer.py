"""What turns a class into a layer, and which of its arrays are trainable.

Any object with arrays in its fields can be trained: gradients, `update` and `gpu` look into plain classes too.
`@layer` adds what is nice to have: a print with the parameters counted, a choice of trainable fields, and `@`.
"""

import dataclasses
import inspect
from typing import Any, NamedTuple, dataclass_transform

import numpy as np

from fluxrepl.ad.errors import teach
from fluxrepl.ad.tree import OBJECT, is_array, kind_of


class Options(NamedTuple):
    """What `layer` was told about a class."""

    trainable: tuple[str, ...] | None = None  # the names of the trainable fields; None for all
    expand: bool = True  # print a layer that holds layers one line each


LAYERS: dict[type, Options] = {}


def options_of(cls: type) -> Options | None:
    """What `layer` was told about this class or the nearest class it is built on; None for no layer."""
    if cls in LAYERS:
        return LAYERS[cls]
    return next((LAYERS[c] for c in cls.__mro__ if c in LAYERS), None)


@dataclass_transform(eq_default=False)  # for type checkers: such a class is called with its fields
def layer(cls: type | None = None, /, *, trainable: tuple[str, ...] | str | None = None, expand: bool = True) -> Any:
    """Make a class a layer: `@layer` or `@layer(trainable=("W",))` above it, or `layer(cls)` later.

    It gives the class a short print (`str`) and a long one (`repr`) with its parameters counted, unless it has its
    own; and `outer @ inner`. A class with annotated fields and no `__init__` gets the `__init__` of a dataclass.
    `trainable` names the fields that `update` may change; without it, every array in the layer is. With
    `expand=False` a layer that holds others still prints on one line.

    Errors: `TypeError` for anything but a class (a function needs no `@layer`), and for an array as the default of a
    field, which all objects would share; `AttributeError` for a trainable field that it does not have.

    Example:
        >>> @layer
        ... class Affine:
        ...     W: np.ndarray
        ...     b: np.ndarray
        ...     def __call__(self, x):
        ...         return self.W @ x + self.b
        >>> Affine(np.ones((1, 2)), np.zeros(1))
        Affine(W=array([[1., 1.]]), b=array([0.]))  # 3 parameters

    Source: "Layer Helpers": Flux's `@layer`.
    """
    names = (trainable,) if isinstance(trainable, str) else None if trainable is None else tuple(trainable)

    def make(cls: type) -> type:
        check_class(cls)
        if annotated(cls) and "__init__" not in cls.__dict__ and cls.__init__ is object.__init__:
            check_defaults(cls)
            cls = dataclasses.dataclass(eq=False, repr=False)(cls)
        elif dataclasses.is_dataclass(cls):
            check_defaults(cls)
        check_names(cls, names)
        LAYERS[cls] = Options(names, expand)
        for name, method in METHODS.items():
            if not has_own(cls, name):
                setattr(cls, name, method)
        if "__array_ufunc__" not in cls.__dict__:
            cls.__array_ufunc__ = None  # array @ layer comes to __rmatmul__
        return cls

    return make if cls is None else make(cls)


def check_class(cls: Any) -> None:
    if not isinstance(cls, type):
        raise teach(TypeError(f"layer takes a class, and got {told(cls)}"), *no_class(cls))


def told(value: Any) -> str:
    return f"the function {value.__name__}" if is_function(value) else f"{value!r:.60}"


def is_function(value: Any) -> bool:
    return callable(value) and kind_of(value) is not OBJECT and hasattr(value, "__name__")


def no_class(value: Any) -> list[str]:
    """What to write in place of `layer(value)`."""
    if isinstance(value, str | tuple | list):
        return [f"For trainable fields write @layer(trainable={value!r})."]
    if is_function(value):
        return [
            "A function needs no @layer: whatever can be called is a layer.",
            f"Write Chain({value.__name__.replace('<lambda>', 'lambda x: ...')}, Dense(10, 5)), say.",
        ]
    if options_of(type(value)) is not None:
        return [f"This {type(value).__name__} is a layer already."]
    if kind_of(value) is OBJECT:
        return [f"Write layer({type(value).__name__}): it is about all layers of a kind."]
    return ["Write @layer above a class with arrays in its fields and a method __call__(self, x)."]


def check_defaults(cls: type) -> None:
    """An array or a layer as the default of a field would be one for all objects of the class."""
    for name in annotated(cls):
        default = getattr(cls, name, None)
        default = default.default if isinstance(default, dataclasses.Field) else default
        if is_array(default) or parameters(default):
            what = "an array" if is_array(default) else f"this {type(default).__name__}"
            raise teach(
                TypeError(f"{what} as the default of {cls.__name__}.{name} would be shared by all its objects"),
                "Training one of them would change all.",
                f"Write {name}: ... = dataclasses.field(default_factory=lambda: ...), which makes one for each.",
            )


def annotated(cls: type) -> list[str]:
    return [name for c in cls.__mro__ if c is not object for name in inspect.get_annotations(c)]


def check_names(cls: type, names: tuple[str, ...] | None) -> None:
    """Where the fields are declared, a name that is none of them is found here; else when it is first looked for."""
    if names is None:
        return
    for name in names:
        if not isinstance(name, str):
            raise teach(
                TypeError(f"trainable= takes the names of fields, and got {name!r}"), 'Write trainable=("W", "b").'
            )
    if dataclasses.is_dataclass(cls):
        known = [field.name for field in dataclasses.fields(cls)]
        for name in names:
            if name not in known:
                raise unknown_field(cls, name, known)


def unknown_field(cls: type, name: str, known: list[str]) -> AttributeError:
    return teach(
        AttributeError(f"{cls.__name__} has no field {name!r}, which trainable= names"),
        f"Its fields are: {', '.join(known) or 'none'}.",
        f"Write @layer(trainable={tuple(known[:1])!r}), or leave trainable= out to train every array.",
    )


# ---- the methods of a layer ----------------------------------------------------------------------------------------


def has_own(cls: type, name: str) -> bool:
    """Does this class, or one it is built on, define the method itself (not object, not a dataclass's text)?"""
    method = getattr(cls, name, None)
    if method is None or method is getattr(object, name, None):
        return False
    return not (name == "__repr__" and generated(cls))


def generated(cls: type) -> bool:
    """Is this class's `__repr__` the one that `dataclass` wrote?"""
    owner = next(c for c in cls.__mro__ if "__repr__" in c.__dict__)
    return dataclasses.is_dataclass(owner) and hasattr(owner.__dict__["__repr__"], "__wrapped__")


def long_text(self) -> str:
    from .summary import long

    return long(self)


def short_text(self) -> str:
    from .text import form_text

    return form_text(self)


def compose_with(self, inner):
    from .compose import compose

    return compose(self, inner)


def compose_under(self, outer):
    from .compose import compose

    return compose(outer, self)


METHODS = {
    "__repr__": long_text,
    "__str__": short_text,
    "__matmul__": compose_with,
    "__rmatmul__": compose_under,
}


# ---- trainable -----------------------------------------------------------------------------------------------------


def trainable(node: Any) -> dict[Any, Any]:
    """The parts of a layer, or of any structure, in which `update` looks for arrays to change: name to part.

    Example:
        >>> list(trainable(Dense(10, 5)))
        ['weight', 'bias', 'activation']

    Source: Flux's `trainable`.
    """
    kind = kind_of(node)
    if kind is None:
        return {}
    parts = kind.children(node)
    options = options_of(type(node))
    if options is None or options.trainable is None:
        return parts
    for name in options.trainable:
        if name not in parts:
            raise unknown_field(type(node), name, list(parts))
    return {name: parts[name] for name in options.trainable}


def is_parameter(leaf: Any) -> bool:
    """Can training change this leaf: is it an array of floats (or complex numbers)?"""
    return (type(leaf) is np.ndarray and leaf.dtype.kind in "fc") or _is_other_parameter(leaf)


def _is_other_parameter(leaf: Any) -> bool:
    return is_array(leaf) and not isinstance(leaf, np.generic) and leaf.dtype.kind in "fc"


def parameters(node: Any) -> list[tuple[tuple, Any]]:
    """Every trainable array with its path, in order; one that is there twice comes twice."""
    found: list[tuple[tuple, Any]] = []
    gather(node, (), found, set())
    return found


def gather(node: Any, path: tuple, found: list, opened: set[int]) -> None:
    if is_parameter(node):
        found.append((path, node))
    elif id(node) not in opened:
        opened.add(id(node))
        for name, part in trainable(node).items():
            gather(part, (*path, name), found, opened)
        opened.discard(id(node))
