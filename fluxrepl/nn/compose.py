"""Composition: `outer @ inner` is the function that calls `inner` first. Mathematicians write it outer ∘ inner."""

from collections.abc import Callable
from typing import Any

from fluxrepl.ad.errors import teach
from fluxrepl.ad.tree import is_array

from .advice import kind_name
from .layer import layer
from .text import Form, shown_as


@layer
class Composed:
    """One function after another: `outer(inner(x))`. What it is called with goes to `inner`."""

    def __init__(self, outer: Callable, inner: Callable):
        self.outer = outer
        self.inner = inner

    def __call__(self, *args: Any, **named: Any) -> Any:
        return self.outer(self.inner(*args, **named))


def compose(*fs: Callable) -> Callable:
    """The functions one after another, the last first: `compose(f, g, h)(x)` is `f(g(h(x)))`.

    Any callables will do; of layers it is the same as `f @ g @ h`. The composition has the fields `outer` and
    `inner`, and so has its gradient.

    Errors: `TypeError` for nothing, or for something that cannot be called.

    Example:
        >>> compose(lambda x: x + 1, lambda x: x**2)(5)
        26

    Source: "Stacking It Up": Julia's `outer ∘ inner`.
    """
    if not fs:
        raise teach(TypeError("compose needs at least one function"), "Write compose(f, g) for f(g(x)).")
    for f in fs:
        check_callable(f)
    composed = fs[0]
    for f in fs[1:]:
        composed = Composed(composed, f)
    return composed


def check_callable(f: Any) -> None:
    if callable(f):
        return
    hint = "Write compose(f, g) for f(g(x)); the value goes in afterwards."
    if is_array(f):
        hint = "To call a layer on an array write layer(x); `@` of layers puts one after the other."
    raise teach(TypeError(f"a composition takes functions and layers, and got {kind_name(f)}"), hint)


@shown_as(Composed)
def composed_form(composed: Composed) -> Form:
    """compose(f, g, h): `(f @ g) @ h` in the order in which it was written."""
    stages, outer = [composed.inner], composed.outer
    while type(outer) is Composed:
        stages.append(outer.inner)
        outer = outer.outer
    return Form("compose(", [("", stage) for stage in (outer, *reversed(stages))], ")")
