"""What an error means that comes out of `f`: Python, NumPy and SciPy know nothing of tracers, so their words mislead.

Some errors are replaced by what really happened; the others stay as they are, and get a note on what to write.
"""

from collections.abc import Callable
from inspect import signature
from traceback import walk_tb

import numpy as np

from .errors import FluxError, LostGradientError, MutationError, teach
from .seeds import describe
from .tape import Tape
from .tree import is_array, is_numeric, leaves


def meant(error: Exception, f: Callable, args: tuple, tape: Tape) -> Exception:
    """The error to raise instead of this one, which `f(*args)` raised; or this one, with notes."""
    cause = error.__cause__
    if isinstance(error, ValueError) and isinstance(cause, FluxError):
        return filling(cause)  # NumPy says "setting an array element with a sequence" instead
    if isinstance(error, SystemError) and isinstance(cause, FluxError):
        return cause  # a function of C went on with the error that it met
    if isinstance(error, ValueError) and "read-only" in str(error) and tape.locked:
        return locked(error)
    if not isinstance(error, FluxError):
        explain(error, f, args)
    elif isinstance(error, LostGradientError):
        note(error, *asked_by(error), *unusual(args))
    return error


def filling(cause: FluxError) -> FluxError:
    """What `array[i] = traced` means: NumPy asks the tracer for a float, which is not the learner's mistake."""
    if not str(cause).startswith("float()"):
        return cause
    return teach(
        MutationError("a traced value was written into a plain array, as by array[i] = x"),
        "A plain array holds bare numbers, so the path of the gradient would end there.",
        "Collect the values in a list and join them: np.stack(values). Or compute them at once, with slices.",
        "NumPy writes initial=x into one, too: np.sum(array) + x, or np.maximum(np.max(array), x), does the same.",
    )


def locked(error: ValueError) -> FluxError:
    return teach(
        MutationError("an array was written into after it was used with a traced value"),
        f"NumPy says: {error}. The walk back needs what was in it when it was used, so it is locked until then.",
        "Write into a copy, new = array.copy(), or make a new array for each step.",
    )


def note(error: Exception, *notes: str) -> None:
    """Add notes, each once: an error passes through every gradient around it."""
    teach(error, *[n for n in notes if n not in getattr(error, "__notes__", ())])


WORDS = {  # of a message → what to know and to write
    "of type Tracer which has no callable": (
        "An array of objects holds traced values, and NumPy looks for the function in each of them.",
        "Collect the values in a list and join them: np.exp(np.stack(values)).",
    ),
    "Iterator operand is flagged as writeable, but is an object": (
        "np.nditer goes through the memory of a plain array, where no gradient is recorded.",
        "Go through the elements: for v in x.ravel(). Or compute with the whole array at once.",
    ),
    "method() takes 2 positional arguments but 3 were given": (
        "pow(x, y, m) is for integers, and has no slope.",
        "Write x**y % m. If no gradient is wanted here, pow(int(x), y, m).",
    ),
    "Supplied output array must be contiguous, writable": (
        "An array that was used with a traced value is locked until the walk back: it needs what is in it.",
        "Draw a new array at each step: rng.standard_normal(3), without out=.",
    ),
    "Error setting single item of array": (
        "A traced value cannot be written into a plain array, not by array.flat[i] = x either.",
        "Collect the values in a list and join them: np.stack(values).",
    ),
}


def explain(error: Exception, f: Callable, args: tuple) -> None:
    """To an error, add what is unusual: a list is no array, text no number, traced values in an array no numbers."""
    for words, notes in WORDS.items():
        if words in str(error):
            return note(error, *notes)
    if not isinstance(error, TypeError):
        return None
    try:
        signature(f).bind(*args)
    except TypeError:
        given = f"the {len(args)} arguments that follow" if len(args) != 1 else "the one argument that follows"
        return note(error, f"gradient calls the function with {given} it, as in gradient(f, 2.0).")
    except ValueError:  # a function of C, whose parameters are not known
        pass
    return note(error, *unusual(args))


def unusual(args: tuple) -> list[str]:
    """What may be wrong with the arguments, in words."""
    found = []
    for k, a in enumerate(args):
        if isinstance(a, list) and a and all(is_numeric(part) for part in a):
            text = describe(np.asarray(a).tolist()).partition(": ")[2]
            found.append(f"Argument {k} is a list, a container of numbers; for an array write np.array({text}).")
        elif a is None or isinstance(a, str | bytes):
            found.append(f"Argument {k} is {describe(a)}. A gradient is taken of numbers and arrays only.")
    libraries = {type(leaf).__module__.partition(".")[0] for _, leaf in leaves(args) if is_array(leaf)}
    if len(libraries) > 1:
        found.append(f"The arrays belong to {' and '.join(sorted(libraries))}. Bring them together: gpu(x) or cpu(x).")
    return found


ASKED = {  # a file or a function of a library that asked for a bare number → what to write instead of calling it
    "numpy/random/": "Draw first, then shift and stretch: for rng.normal(m, s), write m + s * rng.normal(size=n).",
    "numpy/ma/": "np.ma makes arrays of a kind of its own: np.where(mask, 0, x) leaves elements out of a sum.",
    ":vectorize.": "Instead of np.vectorize(f)(x), write np.stack([f(v) for v in x]); or f in NumPy, for all at once.",
    "numpy/testing/": "Compare the bare value: np.testing.assert_allclose(ignore_derivatives(x), ...).",
    "scipy/sparse/": "Of a sparse matrix M, use the plain array M.toarray().",
    "scipy/special/": "For SciPy's logsumexp and softmax there are those of fluxrepl.",
    "scipy/linalg/": "For most of scipy.linalg there is a function of np.linalg, with a derivative.",
    "scipy/fft/": "For most of scipy.fft there is a function of np.fft, with a derivative.",
    "scipy/": "Write it in NumPy. Or, if its derivative is known to you, give it a rule of its own: @rrule.",
}


def asked_by(error: LostGradientError) -> list[str]:
    """What to write instead of the library's function, if one asked for the bare number, and not the learner."""
    called: list[str] = []
    for frame, _ in reversed([*walk_tb(error.__traceback__)]):
        place = "/" + frame.f_code.co_filename.replace("\\", "/") + ":" + frame.f_code.co_qualname
        if not any([library in place for library in ("/numpy/", "/scipy/", "/fluxrepl/ad/", "/fluxrepl/rules/")]):
            break
        called.append(place)
    return [hint for words, hint in ASKED.items() if any([words in place for place in called])][:1]
