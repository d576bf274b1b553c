"""Where the walk starts: the loss gets the cotangent 1, or a result the cotangents that the caller gives."""

from typing import Any

import numpy as np

from .errors import NotScalarError, ShapeError, teach
from .fit import check_shape, conjugate, fit, is_complex
from .rule import float_dtype
from .tape import Tape
from .tracer import Tracer, plain
from .tree import is_array, is_numeric, kind_of, map_leaves


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
        return f"an array of shape {value.shape}" + ("" if value.dtype.kind in "fiu" else f" and dtype {value.dtype}")
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
