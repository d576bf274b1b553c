"""`gradient` and its family: trace, run, walk back, and give the answer in the structure of the question.

    gradient(f, x)        one tape; the loss starts the walk with the cotangent 1
    withgradient(f, x)    the same, and the value
    pullback(f, x)        the tape kept, to be walked from any cotangent, more than once
    jacobian(f, x)        the pullback walked from each element of the result
    hessian(f, x)         the jacobian of the gradient

**Complex numbers.** On the tape a cotangent `ct` means: the loss changes by `real(ct * dz)` (see `rule.py`). The
gradient that is handed out is its conjugate, which points uphill: ∂u/∂x + i ∂u/∂y, as in Flux.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .errors import FluxError, NotScalarError, teach
from .rule import float_dtype
from .tape import Sum, Tape, check_shape, consume, fit, is_complex, walk
from .tracer import Tracer, plain
from .tree import is_array, is_numeric, kind_of, map_leaves


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
    with Tape() as tape:
        traced, loss = run(f, args, tape)
        start(loss, tape)
        walk(consume(tape))
        return collect(args, traced)


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


gradient.at = gradient_at  # type: ignore[attr-defined]


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
    with Tape() as tape:
        traced, val = run(f, args, tape)
        start(val[0] if isinstance(val, tuple) and val else val, tape)
        walk(consume(tape))
        return WithGradient(strip(val, tape), collect(args, traced))


def pullback(f: Callable, *args: Any) -> tuple[Any, Callable[[Any], tuple]]:
    """The value of `f`, and the function that takes a cotangent of it back to the arguments.

    `f` may return a number, an array, or a structure of them; `back(ct)` wants a cotangent of the same structure
    (None where there is none), and may be called more than once. It answers like `gradient`, which is
    `back(1.0)`.

    Formula: `back(ct)` is Jᵀ ct, with J the Jacobian of `f` at these arguments.

    Errors: `ShapeError` if a cotangent's shape is not that of its result.

    Example:
        >>> y, back = pullback(lambda x: x**2, np.array([1.0, 2.0, 3.0]))
        >>> y
        array([1., 4., 9.])
        >>> back(np.array([1.0, 0.0, 1.0]))
        (array([2., 0., 6.]),)

    Source: Zygote's `pullback`, on which Flux's `gradient` stands.
    """
    with Tape() as tape:
        traced, y = run(f, args, tape)
        rows = tuple(tape)

    def back(ct: Any) -> tuple:
        try:
            seed(y, ct, tape)
            walk(reversed(rows))
            return collect(args, traced)
        finally:
            for out, _, operand, _ in rows:
                out.ct = operand.ct = None

    return strip(y, tape), back


def jacobian(f: Callable, *args: Any) -> tuple:
    """The Jacobian of an array-valued `f`: for each argument, how every element of the result changes with it.

    Formula: entry k holds ∂yᵢ/∂argₖⱼ at [i, j], where i runs over the result and j over the argument.

    Shapes: `y.shape + x.shape`; an argument that is not a number or an array gives None.

    Example:
        >>> jacobian(lambda x: x**2, np.array([1.0, 2.0]))[0]
        array([[2., 0.],
               [0., 4.]])

    Source: Zygote's `jacobian`, with the axes of NumPy.
    """
    y, back = pullback(f, *args)
    if not is_numeric(plain(y)) or is_complex(y):
        raise teach(
            NotScalarError(f"a jacobian needs a real number or array, and the function returned {describe(y)}"),
            "Each row of it is the gradient of one element of the result.",
            "Return one array: np.concatenate or np.stack can join several.",
        )
    shape = np.shape(plain(y))
    rows = [back(_unit(y, index)) for index in np.ndindex(shape)]
    return tuple([_stack([row[k] for row in rows], a, shape) for k, a in enumerate(args)])


def _unit(y: Any, index: tuple[int, ...]) -> Any:
    """The cotangent that is 1 at one element of `y`."""
    y = plain(y)
    if np.shape(y) == ():
        return 1.0
    unit = np.zeros_like(y, dtype=float_dtype(y.dtype))
    unit[index] = 1
    return unit


def _stack(rows: list, argument: Any, shape: tuple[int, ...]) -> Any:
    inside = plain(argument)
    if not is_numeric(inside):
        return None
    zero = (
        np.zeros(np.shape(inside)) if not is_array(inside) else np.zeros_like(inside, dtype=float_dtype(inside.dtype))
    )
    rows = [zero if row is None else row for row in rows]
    if not shape:
        return rows[0]
    if not rows:
        return np.zeros(shape + np.shape(inside))
    return np.reshape(np.stack(rows), shape + np.shape(inside))


def hessian(f: Callable, x: Any) -> Any:
    """The matrix of second derivatives of a scalar `f` at one number or array.

    Formula: ∂²f / ∂xᵢ ∂xⱼ at [i, j].

    Shapes: `x.shape + x.shape`.

    Example:
        >>> hessian(lambda x: x[0]**2 * x[1], np.array([3.0, 5.0]))
        array([[10.,  6.],
               [ 6.,  0.]])

    Source: Zygote's `hessian`, here reverse over reverse.
    """
    return jacobian(lambda x: _dense_gradient(f, x), x)[0]


def _dense_gradient(f: Callable, x: Any) -> Any:
    (g,) = gradient(f, x)
    return np.zeros(x.shape) if g is None else g


def ignore_derivatives(x: Any) -> Any:
    """The bare value of `x`, through which no gradient flows; also of every leaf in a structure.

    Example:
        >>> gradient(lambda x: x * ignore_derivatives(x), 3.0)
        (3.0,)

    Source: ChainRulesCore's `ignore_derivatives`.
    """
    return map_leaves(plain, x)


# ---- in: tracers for numbers -------------------------------------------------------------------------------------


def run(f: Callable, args: tuple, tape: Tape) -> tuple[list, Any]:
    """Call `f` on traced arguments; give these and what it returned."""
    if not callable(f):
        raise teach(
            TypeError(f"gradient needs a function first, and got {describe(f)}"),
            "The function is called once, with the arguments that follow it.",
            "Write gradient(f, x), or gradient(lambda x: ..., x).",
        )
    traced = [trace(a, tape) for a in args]
    try:
        return traced, f(*traced)
    except ValueError as error:
        if isinstance(error.__cause__, FluxError):  # NumPy says "setting an array element with a sequence" instead
            raise error.__cause__.with_traceback(error.__traceback__) from None
        raise


def trace(argument: Any, tape: Tape) -> Any:
    """The argument with a tracer in the place of every number. The argument itself stays as it is."""

    kind = type(argument)
    if kind is float or (kind is np.ndarray and argument.dtype.kind in "fciu"):
        return Tracer(argument, tape)  # the short way for the usual arguments

    def tracer(leaf: Any) -> Any:
        if type(leaf) is Tracer or is_numeric(leaf):
            return Tracer(bare(leaf), tape)
        if hasattr(type(leaf), "__array__") and not is_array(leaf):
            raise teach(
                TypeError(f"a gradient with respect to a {type(leaf).__name__} is not known"),
                "It can become an array, but it is not one, so what is done to it cannot be followed.",
                "Pass the array: np.asarray(x), or its method for that, such as .to_numpy().",
            )
        return leaf

    return map_leaves(tracer, argument)


def bare(leaf: Any) -> Any:
    """An array as plain ndarray; a masked array or a matrix, which compute by rules of their own, are refused."""
    if isinstance(leaf, np.ma.MaskedArray | np.matrix):
        raise teach(
            TypeError(f"a gradient with respect to a {type(leaf).__name__} is not known"),
            "It computes by rules of its own, which differ from an array's.",
            "Pass a plain array: np.asarray(x), or x.filled(0) of a masked one.",
        )
    return leaf.view(np.ndarray) if isinstance(leaf, np.ndarray) and type(leaf) is not np.ndarray else leaf


# ---- the start of the walk -----------------------------------------------------------------------------------------


def start(loss: Any, tape: Tape) -> None:
    """Check that the loss is one real number, and give it the cotangent 1, in its own precision."""
    value = plain(loss)
    if type(value) is float and type(loss) is Tracer and loss.tape is tape:  # the short way
        loss.ct = 1.0
        return
    if isinstance(value, bool | np.bool_) or (is_numeric(value) and np.shape(value) == () and not is_complex(value)):
        if type(loss) is Tracer and loss.tape is tape:
            loss.ct = one_like(value)
        return
    raise not_scalar(value)


def one_like(value: Any) -> Any:
    if type(value) in (float, int):
        return 1.0
    if not is_array(value):  # a Fraction, say
        return type(value)(1)
    return np.ones_like(value, dtype=float_dtype(value.dtype))[()]


def not_scalar(value: Any) -> NotScalarError:
    if is_array(value) and np.ndim(value) > 0:
        hint = "Make one number of it: np.sum(y), np.mean(y). For the derivative of every element, jacobian(f, x)."
        if value.size == 1:
            hint = f"It has one element: y[{', '.join('0' * value.ndim)}] is the number itself. " + hint
    elif is_complex(value):
        hint = "Return a real number, such as np.abs(y)**2, np.real(y) or np.imag(y)."
    elif value is None:
        hint = "Does the function end in `return`? Without one, Python returns None."
    elif isinstance(value, tuple):
        hint = "To return more than the loss, use withgradient: the first item is the loss, the rest passes through."
    else:
        hint = "Return the number that should become smaller: the loss."
    return teach(
        NotScalarError(f"a gradient needs one real number, and the function returned {describe(value)}"),
        "A gradient says how one number changes with each argument; it is not defined for anything else.",
        hint,
    )


def describe(value: Any) -> str:
    """A value in a few words, for a message."""
    value = map_leaves(plain, value)
    if is_array(value) and np.ndim(value) > 0:
        return f"an array of shape {value.shape}"
    text = repr(value)
    text = text if len(text) <= 40 else text[:37] + "..."
    article = "a complex number" if is_complex(value) else f"a {type(value).__name__}"
    return "None" if value is None else f"{article}: {text}"


def seed(y: Any, ct: Any, tape: Tape) -> None:
    """Give each traced leaf of a result its cotangent."""
    kind = kind_of(y)
    if ct is None:
        return
    if kind is not None:
        parts = kind.children(y)
        given = ct if isinstance(ct, dict) else kind_of(ct).children(ct) if kind_of(ct) else {}
        for name, part in parts.items():
            seed(part, given.get(name), tape)
    elif type(y) is Tracer and y.tape is tape:
        check_shape(ct, y)
        if not hasattr(ct, "shape") and np.shape(plain(y)) != ():
            ct = np.asarray(ct)
        ct = conjugate(fit(ct, y.value))
        if y.ct is not None:
            ct = y.ct + ct
        y.ct = ct if type(ct) is not np.ndarray else ct.copy()


# ---- out: gradients in the structure of the arguments --------------------------------------------------------------


def collect(args: tuple, traced: list) -> tuple:
    """One gradient for each argument, in its structure; None where nothing arrived."""
    handed_out: set[int] = set()
    return tuple([_collect(a, t, handed_out) for a, t in zip(args, traced, strict=True)])


def _collect(original: Any, traced: Any, handed_out: set[int]) -> Any:
    if type(traced) is Tracer:
        return finished(traced, handed_out)
    if traced is original:  # nothing in it was traced
        return None
    kind = kind_of(original)
    old, new = kind.children(original), kind.children(traced)
    parts = {name: _collect(part, new[name], handed_out) for name, part in old.items()}
    if all([part is None for part in parts.values()]):
        return None
    return kind.mirror(original, parts)


def finished(leaf: Tracer, handed_out: set[int]) -> Any:
    """The gradient at a leaf: of the kind and dtype of the leaf, and an array that belongs to nobody else."""
    ct, value = leaf.ct, leaf.value
    if ct is None or (type(ct) is float and type(value) is float):
        return ct
    if type(ct) is Sum:
        ct = ct.total()
    if type(ct) is not np.ndarray or type(value) is not np.ndarray or ct.dtype is not value.dtype or is_complex(ct):
        ct = conjugate(fit(ct, value))
    if isinstance(value, np.generic) and type(ct) is not Tracer:
        return float_dtype(value.dtype).type(ct)
    if type(value) is complex and type(ct) is not Tracer:
        return complex(ct)
    if isinstance(value, np.ndarray) and isinstance(ct, np.generic | float):  # an array without axes
        return np.asarray(ct, dtype=float_dtype(value.dtype))
    if type(ct) is np.ndarray:
        owner = ct if ct.base is None else ct.base
        if id(owner) in handed_out or not ct.flags.writeable:
            ct = owner = ct.copy()
        handed_out.add(id(owner))
    return ct


def conjugate(ct: Any) -> Any:
    if isinstance(ct, complex):
        return ct.conjugate()
    return np.conjugate(ct) if is_complex(ct) else ct


def strip(value: Any, tape: Tape) -> Any:
    """A result with the tracers of this tape taken off, wherever they are in it."""
    return map_leaves(lambda leaf: leaf.value if type(leaf) is Tracer and leaf.tape is tape else leaf, value)
