"""`gradient` and its family: trace, run, walk back, and give the answer in the structure of the question.

gradient(f, x)        one tape; the loss starts the walk with the cotangent 1
withgradient(f, x)    the same, and the value
pullback(f, x)        the tape kept, to be walked from any cotangent, more than once

What is made of these: `jacobian.py` and `products.py`.
"""

import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .ends import collect, run, strip
from .errors import MutationError, teach
from .locks import fingerprint
from .seeds import seed, start
from .tape import consume, new_tape, walk
from .tracer import plain
from .tree import map_leaves


class WithGradient(NamedTuple):
    """What `withgradient` answers: the value of the function, and its gradient."""

    val: Any
    grad: tuple


def gradient(f: Callable, *args: Any) -> tuple:
    """The gradient of `f` at these arguments: a tuple with one entry for each of them.

    `f` is ordinary Python and NumPy that ends in one real number; it is called once. Each entry has the
    structure of its argument: a number for a number, an array for an array, a dict for a dict, a `Record` of its
    fields for an object. None says that no path leads from there to the result; a zero, that one does, with
    slope 0. Gradients nest: the gradient of a function that takes a gradient is its second derivative.

    Formula: entry k is ∂f/∂argₖ; for a complex argument x + iy, ∂f/∂x + i ∂f/∂y.

    Shapes: those of the arguments. Integers count as numbers, with float64 gradients; float32 stays float32.

    Errors: `NotScalarError` if the result is not one real number; `NoRuleError`, `MutationError` and
    `LostGradientError` at the line in `f` that cannot be followed.

    Example:
        >>> f = lambda x: 3*x**2 + 2*x + 1
        >>> df = lambda x: gradient(f, x)[0]  # df/dx = 6x + 2
        >>> df(2)
        14.0
        >>> gradient(df, 2)  # d²f/dx² = 6
        (6.0,)
        >>> gradient(lambda x, y: np.sum((x - y)**2), np.array([2, 1]), np.array([2, 0]))
        (array([0., 2.]), array([-0., -2.]))

    Source: "Taking Gradients".
    """
    with new_tape() as tape:
        traced, loss = run(f, args, tape)
        start(loss, tape)
        walk(consume(tape))
        return collect(traced)


def gradient_at(*args: Any) -> Callable[[Callable], tuple]:
    """Above a `def`: the name is bound to the gradient of that function at these arguments.

    Example:
        >>> @gradient.at(np.array([1.0, 2.0]), np.array([3.0, 5.0]))
        ... def grads(x, y):
        ...     z = x * y
        ...     return np.sum(z)
        >>> grads
        (array([3., 5.]), array([1., 2.]))

    Source: "Taking Gradients": Julia's `do` block.
    """
    return lambda f: gradient(f, *args)


gradient.at = gradient_at


def withgradient(f: Callable, *args: Any) -> WithGradient:
    """The value of `f` and its gradient, from a single call of `f`.

    If `f` returns a tuple or a named tuple, its first item is the loss; the rest passes through, and `val` is
    the whole.

    Errors: those of `gradient`.

    Example:
        >>> withgradient(lambda x, y: x * y, 2, 3)
        WithGradient(val=6, grad=(3.0, 2.0))
        >>> withgradient(lambda x: (x**2, "extra"), 3.0)
        WithGradient(val=(9.0, 'extra'), grad=(6.0,))

    Source: "Taking Gradients".
    """
    with new_tape() as tape:
        traced, val = run(f, args, tape)
        start(val[0] if isinstance(val, tuple) and val else val, tape)
        walk(consume(tape))
        return WithGradient(map_leaves(writable, strip(val, tape)), collect(traced))


def pullback(f: Callable, *args: Any) -> tuple[Any, Callable[[Any], tuple]]:
    """The value of `f`, and the function that takes a cotangent of it back to the arguments.

    `f` may return a number, an array, or a structure of them; `back(ct)` wants a cotangent of the same structure
    (None where there is none), and may be called more than once. It answers like `gradient`, which is
    `back(1.0)`.

    Formula: `back(ct)` is Jᵀ ct, with J the Jacobian of `f` at these arguments.

    Errors: `ShapeError` if a cotangent's shape is not that of its result; `MutationError` if an array that the
    function used was written into between the two calls.

    Example:
        >>> y, back = pullback(lambda x: x**2, np.array([1.0, 2.0, 3.0]))
        >>> y
        array([1., 4., 9.])
        >>> back(np.array([1.0, 0.0, 1.0]))
        (array([2., 0., 6.]),)

    Source: Zygote's `pullback`, on which Flux's `gradient` stands.
    """
    y, back, used = kept_pullback(f, args)
    prints = contents(used)

    def checked_back(ct: Any) -> tuple:
        if contents(used) != prints:
            raise teach(
                MutationError("an array was changed since the pullback was made"),
                "The function used it, or it is one of the arguments; the walk back needs what was in it then.",
                "Make the pullback again after the change, or write into a copy.",
            )
        return back(ct)

    return map_leaves(own_copy, y), checked_back


def writable(leaf: Any) -> Any:
    """A result that looks into a locked argument, such as x.T, as an array of its own."""
    return leaf.copy() if isinstance(leaf, np.ndarray) and not leaf.flags.writeable else leaf


def own_copy(leaf: Any) -> Any:
    """A result that the caller may write into: the tape keeps the one it saw."""
    return leaf.copy() if isinstance(leaf, np.ndarray) else leaf


def contents(arrays: list[np.ndarray]) -> list[tuple]:
    return [(a.shape, a.dtype, fingerprint(a)) for a in arrays]


def kept_pullback(f: Callable, args: tuple) -> tuple[Any, Callable[[Any], tuple], list[np.ndarray]]:
    """The value, the pullback, and the arrays that must stay as they are while it is in use."""
    with new_tape() as tape:
        traced, y = run(f, args, tape)
        rows, used = tuple(tape), [array for array, *_ in (*tape.locked.values(), *tape.watched.values())]

    one_at_a_time = threading.RLock()  # cotangents are kept in the tracers, which all walks of these rows share

    def back(ct: Any, words: tuple[str, str] = ("cotangent", "result")) -> tuple:
        with one_at_a_time:
            try:
                seed(y, ct, tape, words)
                walk(reversed(rows))
                return collect(traced)
            finally:
                for out, _, operand, _ in rows:
                    out.ct = operand.ct = None

    return strip(y, tape), back, used


def ignore_derivatives(x: Any) -> Any:
    """The bare value of `x`, through which no gradient flows; also of every leaf in a structure.

    An array comes read-only: the tape still needs what is in it.

    Example:
        >>> gradient(lambda x: x * ignore_derivatives(x), 3.0)
        (3.0,)

    Source: ChainRulesCore's `ignore_derivatives`.
    """
    return map_leaves(bare_value, x)


def bare_value(leaf: Any) -> Any:
    value = plain(leaf)
    if value is not leaf and isinstance(value, np.ndarray):
        value = value.view()
        value.flags.writeable = False
    return value
