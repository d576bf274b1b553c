"""Chain: layers one after another, each called on what the one before it gave."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from fluxrepl.ad.errors import teach
from fluxrepl.ad.record import Record

from .advice import WAITING, holds_advice, kind_name, tell_advice
from .layer import LAYERS, layer
from .text import Form, short, shown_as


@layer
class Chain:
    """Layers one after another: `Chain(f, g)(x)` is `g(f(x))`.

    Any function is a layer. `Chain(f, g)`, `Chain([f, g])`, or with names `Chain(hidden=f, out=g)`; the field `layers`
    holds them. Read one as `chain[0]`, `chain[-1]` or `chain["hidden"]`; a slice gives a Chain of the same layers.
    Called with several values, it gives them to the first layer as one tuple.

    Errors: `TypeError` for something that cannot be called, for names mixed with places, and for a layer named
    `layers`; `IndexError` and `KeyError` for a layer that is not there. An error in a layer gets a note that says in
    which, and which shapes flowed so far.

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

    def __init__(self, /, *layers: Callable, **named: Callable):
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

    def __call__(self, x: Any, *more: Any) -> Any:
        return flow(self, (x, *more) if more else x)

    def __getitem__(self, place: int | slice | str | list) -> Any:
        layers, names = self.layers, names_of(self)
        if isinstance(place, str):
            return layers[names[position(self, place)]]
        if isinstance(place, slice | list | range) or (isinstance(place, np.ndarray) and place.ndim == 1):
            picked = range(len(self))[place] if isinstance(place, slice) else [position(self, i) for i in place]
            if names:
                return Chain(**{names[i]: layers[names[i]] for i in picked})
            return (
                Chain([layers[i] for i in picked]) if isinstance(layers, list) else Chain(*[layers[i] for i in picked])
            )
        at = position(self, place)
        return layers[names[at]] if names else layers[at]

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Callable]:
        return iter(self.layers.values() if type(self.layers) is Record else self.layers)


def stages(chain: Chain) -> Iterator[tuple[int | str, Callable]]:
    """Each layer with its place: a number or a name."""
    layers = chain.layers
    return iter(layers.items()) if type(layers) is Record else enumerate(layers)


def names_of(chain: Chain) -> list[str] | None:
    return list(chain.layers) if type(chain.layers) is Record else None


def position(chain: Chain, place: Any) -> int:
    """The number of the layer at this place, or of this name, counted from the first."""
    names = names_of(chain)
    if isinstance(place, str):
        if names is None or place not in names:
            raise unknown_stage(place, names)
        return names.index(place)
    if isinstance(place, bool) or not hasattr(place, "__index__"):
        raise teach(
            TypeError(f"a layer of a Chain is found by number or by name, and got {place!r:.60}"),
            'Write chain[0], chain[-1] or chain["name"]; chain[1:3] and chain[[0, 2]] give a Chain of some.',
        )
    n = len(chain)
    if not -n <= place < n:
        raise teach(
            IndexError(f"this Chain has {n} layer{'s' if n != 1 else ''}, and none at [{place}]"),
            f"The first is chain[0], the last chain[-1] or chain[{n - 1}]."
            if n
            else "It is empty: Chain(f, g) has two.",
        )
    return place % n


@holds_advice
def flow(chain: Chain, x: Any, kept: list[Any] | None = None) -> Any:
    """Call each layer on what the one before it gave; an error in one is told where it happened."""
    shapes: list[Any] = []
    try:
        for f in chain:
            shapes.append(shape_of(x))
            x = f(x)
            if kept is not None:
                kept.append(x)
    except Exception as error:
        note_stage(error, chain, shapes)
        tell_advice(failed=True)
        raise
    if WAITING:
        tell_advice(failed=False)
    return x


def shape_of(x: Any) -> Any:
    return f"a tuple of {len(x)}" if type(x) is tuple else getattr(x, "shape", None)


def activations(chain: Chain, x: Any) -> tuple:
    """What each layer of a Chain gives, in order: the last is the Chain's own result.

    Errors: `TypeError` for anything but a Chain; those of the layers.

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
    flow(chain, x, results)
    return tuple(results)


# ---- errors --------------------------------------------------------------------------------------------------------


def check_stage(place: int | str, f: Any) -> None:
    what = f"layer {place!r} of a Chain"
    if not callable(f):
        hint = "A Chain calls its layers one after another; a layer is a function, or an object with __call__."
        if isinstance(f, dict | Record):
            hint = "For layers with names write Chain(**layers), or Chain(hidden=f, out=g)."
        elif isinstance(f, list | tuple) or hasattr(f, "__next__"):
            hint = "For layers that are in a list or a generator write Chain(*layers)."
        raise teach(TypeError(f"{what} cannot be called: {short(f):.60}"), hint)
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
    way = " → ".join([str(shape) if shape is not None else "no array" for shape in shapes])
    error.add_note(f"In layer {place!r} of the Chain, {short(f):.80}; shapes on the way there: {way}")
    if isinstance(shapes[-1], str) and isinstance(error, TypeError):
        error.add_note("A layer of a Chain gets one value, here a tuple: write lambda pair: pair[0] + pair[1], say.")


@shown_as(Chain)
def chain_form(chain: Chain) -> Form:
    named = names_of(chain) is not None
    parts = [(f"{place}=" if named else "", f) for place, f in stages(chain)]
    return Form("Chain([", parts, "])") if isinstance(chain.layers, list) else Form("Chain(", parts, ")")
