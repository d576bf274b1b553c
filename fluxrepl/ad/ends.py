"""The two ends of a gradient: numbers become tracers on the way in, cotangents become gradients on the way out.

**Complex numbers.** On the tape a cotangent `ct` means: the loss changes by `real(ct * dz)` (see `rule.py`). The
gradient that is handed out is its conjugate, which points uphill: ∂u/∂x + i ∂u/∂y, as in Flux. So a cotangent that
comes from outside is conjugated on entry, and a gradient as it leaves; nothing between needs to.
"""

import array
import itertools
from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np

from .errors import FluxError, LostGradientError, MutationError, NotScalarError, ShapeError, teach
from .locks import lock
from .rule import float_dtype
from .tape import Sum, Tape, check_shape, fit, is_complex
from .tracer import Tracer, plain, tracer
from .tree import is_array, is_numeric, kind_of, leaves, map_leaves, map_parts

# ---- in: tracers for numbers -------------------------------------------------------------------------------------


def run(f: Callable, args: tuple, tape: Tape) -> tuple[list, Any]:
    """Call `f` on traced arguments; give the tracers in them, and what it returned.

    The tracers are kept apart, in their `Parts`: `f` may change the copy of a structure that it is given.
    """
    if not callable(f):
        raise teach(
            TypeError(f"gradient needs a function first, and got {describe(f)}"),
            "The function is called once, with the arguments that follow it.",
            "Write gradient(f, x), or gradient(lambda x: ..., x).",
        )
    pairs = [trace(a, tape) for a in args]
    try:
        return [parts for _, parts in pairs], f(*[traced for traced, _ in pairs])
    except ValueError as error:
        if isinstance(error.__cause__, FluxError):  # NumPy says "setting an array element with a sequence" instead
            raise filling(error.__cause__).with_traceback(error.__traceback__) from None
        if "read-only" in str(error) and tape.locked:
            raise locked(error).with_traceback(error.__traceback__) from None
        raise
    except TypeError as error:
        if not isinstance(error, FluxError) or isinstance(error, LostGradientError):
            explain_arguments(error, f, args)
        raise


def filling(cause: FluxError) -> FluxError:
    """What `array[i] = traced` means: NumPy asks the tracer for a float, which is not the learner's mistake."""
    if not str(cause).startswith("float()"):
        return cause
    return teach(
        MutationError("a traced value was written into a plain array, as by array[i] = x"),
        "A plain array holds bare numbers, so the path of the gradient would end there.",
        "Collect the values in a list and join them: np.stack(values). Or compute them at once, with slices.",
    )


def locked(error: ValueError) -> FluxError:
    return teach(
        MutationError("an array was written into after it was used with a traced value"),
        f"NumPy says: {error}. The walk back needs what was in it when it was used, so it is locked until then.",
        "Write into a copy, new = array.copy(), or make a new array for each step.",
    )


def explain_arguments(error: TypeError, f: Callable, args: tuple) -> None:
    """To an error, add what is unusual about the arguments: a list is no array, text no number."""
    try:
        signature(f).bind(*args)
    except TypeError:
        given = f"the {len(args)} arguments that follow" if len(args) != 1 else "the one argument that follows"
        error.add_note(f"gradient calls the function with {given} it, as in gradient(f, 2.0).")
        return
    except ValueError:  # a function of C, whose parameters are not known
        pass
    for k, a in enumerate(args):
        if isinstance(a, list) and a and all(is_numeric(part) for part in a):
            text = describe(np.asarray(a).tolist()).partition(": ")[2]
            error.add_note(f"Argument {k} is a list, a container of numbers; for an array write np.array({text}).")
        elif a is None or isinstance(a, str | bytes):
            error.add_note(f"Argument {k} is {describe(a)}. A gradient is taken of numbers and arrays only.")
    libraries = {type(leaf).__module__.partition(".")[0] for _, leaf in leaves(args) if is_array(leaf)}
    if len(libraries) > 1:
        error.add_note(
            f"The arrays belong to {' and '.join(sorted(libraries))}. Bring them together: gpu(x) or cpu(x)."
        )


def trace(argument: Any, tape: Tape) -> tuple[Any, Any]:
    """The argument with a tracer in the place of every number, and these tracers; it stays as it is itself."""
    kind = type(argument)
    if kind is float or kind is Tracer:  # the short way for the usual arguments
        traced = tracer(argument, tape)
        return traced, traced
    if kind is np.ndarray:
        traced = traced_leaf(argument, tape)
        return traced, traced if traced is not argument else None
    return map_parts(lambda leaf: traced_leaf(leaf, tape), argument)


def traced_leaf(leaf: Any, tape: Tape) -> Any:
    if leaf is None:
        return None
    if type(leaf) is np.ndarray and leaf.dtype.kind in "fciu":
        lock(leaf, tape)
        return tracer(leaf, tape)
    if type(leaf) is Tracer or is_numeric(leaf):
        if isinstance(leaf, np.ndarray):
            lock(leaf, tape)
        return tracer(bare(leaf), tape)
    if (is_array(leaf) and leaf.dtype.kind in "OV") or isinstance(leaf, array.array):
        raise teach(
            TypeError(f"a gradient with respect to {describe(leaf)} of {type_of(leaf)} is not known"),
            "It may hold numbers, but what is done to them cannot be followed.",
            "Pass plain arrays of numbers: a list or a dict of them, or np.array(x, float).",
        )
    if hasattr(type(leaf), "__array__") and not is_array(leaf):
        raise teach(
            TypeError(f"a gradient with respect to a {type(leaf).__name__} is not known"),
            "It can become an array, but it is not one, so what is done to it cannot be followed.",
            "Pass the array: np.asarray(x), or its method for that, such as .to_numpy().",
        )
    return leaf


def type_of(leaf: Any) -> str:
    return f"dtype {leaf.dtype}" if hasattr(leaf, "dtype") else "machine numbers"


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
    if type(loss) is Tracer and loss.tape is tape and type(loss.value) in ONE:  # the short way
        loss.ct = ONE[type(loss.value)]
        return
    value = plain(loss)
    if isinstance(value, bool | np.bool_) or (is_numeric(value) and np.shape(value) == () and not is_complex(value)):
        if type(loss) is Tracer and loss.tape is tape:
            loss.ct = ONE.get(type(value)) or one_like(value)
        return
    raise not_scalar(value)


ONE = {float: 1.0, int: 1.0, np.float64: np.float64(1), np.float32: np.float32(1)}


def one_like(value: Any) -> Any:
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
    name = "complex number" if is_complex(value) else type(value).__name__
    article = "an" if name[0].lower() in "aeiou" or name == "ndarray" else "a"
    return "None" if value is None else f"{article} {name}: {text}"


def seed(y: Any, ct: Any, tape: Tape, words: tuple[str, str] = ("cotangent", "result")) -> None:
    """Give each traced leaf of a result its cotangent; `words` are what the caller calls the two."""
    kind = kind_of(y)
    if ct is None:
        return
    if kind is not None:
        parts = kind.children(y)
        given = parts_like(ct, parts, y, words)
        for name, part in parts.items():
            seed(part, given[name], tape, words)
    elif type(y) is Tracer and y.tape is tape:
        if not is_numeric(plain(ct)):
            raise misfit(f"a {words[0]} for a number or array cannot be {describe(ct)}", words)
        check_shape(ct, y, words)
        if not hasattr(ct, "shape") and np.shape(plain(y)) != ():
            ct = np.asarray(ct)
        ct = conjugate(fit(ct, y.value))
        if y.ct is not None:
            ct = y.ct + ct
        y.ct = ct if type(ct) is not np.ndarray else ct.copy()


def parts_like(ct: Any, parts: dict[Any, Any], y: Any, words: tuple[str, str]) -> dict[Any, Any]:
    """The parts of a cotangent, which must have the names of the result's parts."""
    kind = kind_of(ct)
    given = kind.children(ct) if kind is not None else None
    if given is None or given.keys() != parts.keys():
        got = describe(ct) if given is None else f"the parts {', '.join(map(str, given)) or '(none)'}"
        want = ", ".join(map(str, parts)) or "(none)"
        raise misfit(
            f"the {words[1]} is a {type(y).__name__} with the parts {want}, and the {words[0]} has {got}", words
        )
    return given


def misfit(what: str, words: tuple[str, str]) -> ShapeError:
    return teach(
        ShapeError(what),
        f"A {words[0]} has the structure of its {words[1]}: one number for each of its numbers.",
        "Give one like it; None stands for a part that has none.",
    )


# ---- out: gradients in the structure of the arguments --------------------------------------------------------------


def collect(traced: list) -> tuple:
    """One gradient for each argument, in its structure; None where nothing arrived."""
    return tuple(map(_collect, traced, itertools.repeat(set())))


def _collect(traced: Any, handed_out: set[int]) -> Any:
    if type(traced) is Tracer:
        return finished(traced, handed_out)
    if traced is None:
        return None
    parts, reached = {}, False
    for name, part in traced.inside.items():
        slope = finished(part, handed_out) if type(part) is Tracer else _collect(part, handed_out)
        parts[name] = slope
        reached = reached or slope is not None
    return traced.kind.mirror(traced.node, parts) if reached else None


def finished(leaf: Tracer, handed_out: set[int]) -> Any:
    """The gradient at a leaf: of the kind and dtype of the leaf, and an array that belongs to nobody else."""
    ct, value = leaf.ct, leaf.value
    if ct is None or (type(ct) is float and type(value) is float):
        return ct
    if type(ct) is Sum:
        ct = ct.total()
    if type(ct) is type(value) is np.ndarray and ct.dtype is value.dtype and ct.dtype.kind == "f":
        return owned(ct, handed_out)  # the short way
    ct = conjugate(fit(ct, value))
    if isinstance(value, np.generic) and type(ct) is not Tracer:
        return float_dtype(value.dtype).type(ct)
    if type(value) is complex and type(ct) is not Tracer:
        return complex(ct)
    if isinstance(value, np.ndarray) and isinstance(ct, np.generic | float):  # an array without axes
        return np.asarray(ct, dtype=float_dtype(value.dtype))
    return owned(ct, handed_out) if type(ct) is np.ndarray else ct


def owned(ct: np.ndarray, handed_out: set[int]) -> np.ndarray:
    """The array, or a copy if it shares memory with one that was handed out, or may not be written to."""
    base = ct.base
    key = id(ct if base is None else base)
    if key in handed_out or not ct.flags.writeable:
        ct = ct.copy()
        key = id(ct)
    handed_out.add(key)
    return ct


def conjugate(ct: Any) -> Any:
    if isinstance(ct, complex):
        return ct.conjugate()
    return np.conjugate(ct) if is_complex(ct) else ct


def strip(value: Any, tape: Tape) -> Any:
    """A result with the tracers of this tape taken off, wherever they are in it."""
    return map_leaves(lambda leaf: leaf.value if type(leaf) is Tracer and leaf.tape is tape else leaf, value)
