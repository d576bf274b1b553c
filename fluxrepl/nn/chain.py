"""Chain: layers one after another, each called on what the one before it gave."""

from collections.abc import Callable, Iterator
from typing import Any

from fluxrepl.ad.errors import teach
from fluxrepl.ad.tree import Record

from .advice import kind_name
from .layer import LAYERS, layer
from .text import Form, short, shown_as


@layer
class Chain:
    """Layers one after another: `Chain(f, g)(x)` is `g(f(x))`. Any function is a layer.

    `Chain(f, g)`, `Chain([f, g])`, or with names `Chain(hidden=f, out=g)`; the field `layers` holds them. Read one
    as `chain[0]`, `chain[-1]` or `chain["hidden"]`; a slice gives a Chain of the same layers.

    Errors: `TypeError` for something that cannot be called, for names mixed with places, and for a layer named
    `layers`. An error in a layer gets a note that says in which, and which shapes flowed so far.

    Example:
        >>> m = Chain(lambda x: x**2, lambda x: x + 1)
        >>> m(5)
        26
        >>> Chain(Dense(10, 5, relu), Dense(5, 2), softmax)
        Chain(
          Dense(10, 5, relu),                   # 55 parameters
          Dense(5, 2),                          # 12 parameters
          softmax,
        )                   # Total: 4 arrays, 67 parameters, 268 bytes.

    Source: "Stacking It Up": Flux's `Chain`.
    """

    def __init__(self, *layers: Callable, **named: Callable):
        if len(layers) == 1 and isinstance(layers[0], list | tuple):
            layers = list(layers[0]) if isinstance(layers[0], list) else layers[0]
        if layers and named:
            raise teach(
                TypeError("a Chain takes layers by place or by name, not both"),
                "Write Chain(f, g), or Chain(first=f, second=g).",
            )
        if "layers" in named:
            raise teach(
                TypeError("a layer of a Chain cannot be named 'layers'"),
                "That is the field which holds all of them: chain.layers.",
                "Give it another name, or write Chain([f, g]) for a list of layers.",
            )
        self.layers = Record(named) if named else layers
        for place, f in stages(self):
            check_stage(place, f)

    def __call__(self, x: Any) -> Any:
        return run(self, x)

    def __getitem__(self, place: int | slice | str | list) -> Any:
        layers = self.layers
        names = list(layers) if isinstance(layers, Record) else None
        if isinstance(place, str):
            if names is None or place not in names:
                raise unknown_stage(place, names)
            return layers[place]
        if isinstance(place, slice | list):
            picked = range(len(self))[place] if isinstance(place, slice) else place
            if names:
                return Chain(**{names[i]: layers[names[i]] for i in picked})
            return Chain([layers[i] for i in picked]) if isinstance(layers, list) else Chain(*[self[i] for i in picked])
        if not -len(self) <= place < len(self):
            raise teach(
                IndexError(f"this Chain has {len(self)} layers, and none at [{place}]"),
                f"The first is chain[0], the last chain[-1] or chain[{len(self) - 1}].",
            )
        return layers[names[place]] if names else layers[place]

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Callable]:
        return iter(self.layers.values() if type(self.layers) is Record else self.layers)


def stages(chain: Chain) -> Iterator[tuple[int | str, Callable]]:
    """Each layer with its place: a number or a name."""
    layers = chain.layers
    return iter(layers.items()) if type(layers) is Record else enumerate(layers)


def run(chain: Chain, x: Any, kept: list[Any] | None = None) -> Any:
    """Call each layer on what the one before it gave; an error in one is told where it happened."""
    shapes: list[Any] = []
    try:
        for f in chain:
            shapes.append(getattr(x, "shape", None))
            x = f(x)
            if kept is not None:
                kept.append(x)
    except Exception as error:
        note_stage(error, chain, shapes)
        raise
    return x


def activations(chain: Chain, x: Any) -> tuple:
    """What each layer of a Chain gives, in order: the last is the Chain's own result.

    Example:
        >>> activations(Chain(lambda x: x**2, lambda x: x + 1), 5)
        (25, 26)

    Source: Flux's `activations`.
    """
    if not isinstance(chain, Chain):
        raise teach(
            TypeError(f"activations takes a Chain and its input, and got {kind_name(chain)} first"),
            "Write activations(chain, x).",
        )
    results: list[Any] = []
    run(chain, x, results)
    return tuple(results)


# ---- errors --------------------------------------------------------------------------------------------------------


def check_stage(place: int | str, f: Any) -> None:
    what = f"layer {place!r} of a Chain"
    if not callable(f):
        raise teach(
            TypeError(f"{what} cannot be called: {short(f):.60}"),
            "A Chain calls its layers one after another; a layer is a function, or an object with __call__.",
        )
    if isinstance(f, type) and f in LAYERS:
        raise teach(
            TypeError(f"{what} is the class {f.__name__}, not a layer"),
            f"Calling it would make a layer, not use one. Write {f.__name__}(...) with its sizes.",
        )


def unknown_stage(name: str, names: list[str] | None) -> KeyError:
    known = f"Its layers are: {', '.join(names)}." if names else "Its layers have no names: write chain[0]."
    return teach(KeyError(name), f"This Chain has no layer {name!r}.", known)


def note_stage(error: Exception, chain: Chain, shapes: list[Any]) -> None:
    """Say in which layer an error happened, and what had flowed there."""
    place, f = list(stages(chain))[len(shapes) - 1]
    flow = " → ".join([str(shape) if shape is not None else "no array" for shape in shapes])
    error.add_note(f"In layer {place!r} of the Chain, {short(f):.80}; shapes on the way there: {flow}")


@shown_as(Chain)
def chain_form(chain: Chain) -> Form:
    named = isinstance(chain.layers, Record)
    parts = [(f"{place}=" if named else "", f) for place, f in stages(chain)]
    return Form("Chain([", parts, "])") if isinstance(chain.layers, list) else Form("Chain(", parts, ")")
