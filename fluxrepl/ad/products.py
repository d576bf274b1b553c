"""Products with a Jacobian or a Hessian, without building either.

A pullback multiplies by the transposed Jacobian: `back(u)` is Jᵀu, and it is linear in u. So the pullback *of the
pullback* multiplies by J: that is `jvp`, the directional derivative, with no second set of rules. The Hessian is the
Jacobian of the gradient and symmetric, so the pullback of the gradient multiplies by it: that is `hvp`.
"""

from collections.abc import Callable
from typing import Any

from .gradient import gradient, kept_pullback
from .rule import zero_like
from .tracer import plain
from .tree import is_numeric, kind_of, map_leaves


def jvp(f: Callable, x: Any, v: Any) -> tuple[Any, Any]:
    """The value of `f` at x, and its derivative in the direction v.

    Formula: (f(x), J v), with J the Jacobian of `f` at x.

    Shapes: `v` has the structure and shapes of `x`; the derivative those of `f(x)`.

    Errors: `ShapeError` if a shape in `v` is not that of its number in `x`; those of `gradient`.

    Example:
        >>> jvp(lambda x: x**2, np.array([1.0, 2.0]), np.array([1.0, 10.0]))
        (array([1., 4.]), array([ 2., 40.]))

    Source: Pearlmutter's trick of transposing twice; JAX's `jvp` has the same meaning.
    """
    y, back, _ = kept_pullback(f, (x,))
    _, forward, _ = kept_pullback(lambda u: back(u)[0], (map_leaves(zeros_of, y),))
    return y, filled(y, forward(v, ("direction", "argument"))[0])


def hvp(f: Callable, x: Any, v: Any) -> Any:
    """The Hessian of a scalar `f` at x, times v: at the cost of a few gradients, however large x is.

    Formula: H v, with H[i, j] = ∂²f / ∂xᵢ ∂xⱼ.

    Shapes: `v` and the answer have the structure and shapes of `x`.

    Errors: `ShapeError` if a shape in `v` is not that of its number in `x`; those of `gradient`.

    Example:
        >>> hvp(lambda x: x[0]**2 * x[1], np.array([3.0, 5.0]), np.array([1.0, 0.0]))
        array([10.,  6.])

    Source: Pearlmutter (1994), "Fast exact multiplication by the Hessian".
    """
    _, back, _ = kept_pullback(lambda x: filled(x, gradient(f, x)[0]), (x,))
    return filled(x, back(v, ("direction", "argument"))[0])


def zeros_of(leaf: Any) -> Any:
    """A zero of the kind that a cotangent of this leaf is; None for what has none."""
    inside = plain(leaf)
    return zero_like(inside) if is_numeric(inside) else None


def filled(like: Any, answer: Any) -> Any:
    """The answer with zeros where nothing arrived: a derivative in a direction is a number everywhere.

    What holds no numbers is None, as in a gradient: a text, a function, a structure of them.
    """
    kind = kind_of(like)
    if kind is None:
        return zeros_of(like) if answer is None else answer
    given = {} if answer is None else kind_of(answer).children(answer)
    parts = {name: filled(part, given.get(name)) for name, part in kind.children(like).items()}
    return kind.mirror(like, parts) if any([part is not None for part in parts.values()]) else None
