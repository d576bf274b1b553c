"""The ways to call a ufunc beside `ufunc(a, b)`: with options, and `.reduce`, `.accumulate`, `.reduceat`, `.outer`.

They are written out once for all ufuncs: a reduction is a fold along an axis. Where one array function does the
same at once (`np.add.reduce` is `np.sum`), the table at the end says so.
"""

import math
from functools import reduce as fold
from itertools import accumulate as running

import numpy as np

from fluxrepl.ad.recording import apply
from fluxrepl.ad.refusals import no_rule
from fluxrepl.ad.rule import COMPOSED
from fluxrepl.ad.tracer import plain

from .joins import stack
from .made import numbers
from .reductions import axes_of, max_, min_, start, sum_, with_dtype
from .running import cumprod, cumsum, prod

GENERALIZED = {  # ufuncs of vectors and matrices, and how many axes of each operand they use
    getattr(np, name): cores
    for name, cores in {"matmul": (2, 2, 2), "vecdot": (1, 1, 0), "matvec": (2, 1, 1), "vecmat": (1, 2, 1)}.items()
    if hasattr(np, name)
}


def call(ufunc, *args, **options):
    """A ufunc with options: the dtype it computes in, the axes of a matrix product. `where=` alone is refused."""
    if options.pop("where", True) is not True:
        raise no_rule(
            f"np.{ufunc.__name__} with where=",
            "Where the mask is False, the result would be whatever was in memory before.",
            f"Write np.where(mask, np.{ufunc.__name__}(...), 0), or another value for the rest.",
        )
    for name in ("out", "casting", "order", "subok"):  # they change how it is computed, not what
        options.pop(name, None)
    if ufunc in GENERALIZED:
        return apply_along(ufunc, args, **options)
    dtype = options.pop("dtype", None)
    if options:
        raise no_rule(f"np.{ufunc.__name__} with {', '.join(f'{name}=' for name in options)}")
    if dtype is not None:
        args = [cast(a, dtype) for a in args]
    return apply(ufunc, tuple(args))


def cast(a, dtype):
    return a.astype(dtype) if hasattr(a, "astype") else np.dtype(dtype).type(a)


def apply_along(ufunc, args, *, axis=None, axes=None, keepdims=False, dtype=None):
    """A product of vectors or matrices that stand along other axes than the last ones."""
    if keepdims and any(GENERALIZED[ufunc][2:]):
        raise no_rule(f"np.{ufunc.__name__} with keepdims=")
    if axis is not None:
        axes = [axis, axis]
    if axes is not None:
        places = [(k,) if isinstance(k, int) else tuple(k) for k in axes]
        args = [np.moveaxis(a, p, range(-len(p), 0)) for a, p in zip(args, places, strict=False)]
    if dtype is not None:
        args = [cast(a, dtype) for a in args]
    y = apply(ufunc, tuple(args))
    if axes is not None and len(places) == 3 and places[2]:
        y = np.moveaxis(y, range(-len(places[2]), 0), places[2])
    return np.expand_dims(y, places[0] if axes is not None else -1) if keepdims else y


def outer(ufunc, a, b, /, **options):
    """Each element of `a` with each of `b`."""
    a = np.reshape(a, np.shape(plain(a)) + (1,) * np.ndim(plain(b)))
    return call(ufunc, a, b, **options)


def reduce(ufunc, array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True):
    """A fold along the axes, from the first element to the last."""
    array = in_loop(ufunc, array, dtype)
    axes = axes_of(array, axis)
    if len(axes) > 1:  # NumPy says if the order matters
        ufunc.reduce(np.ones((1,) * array.ndim, array.dtype), axis=axes)
    parts = list(in_front(array, axes))
    masks = None if where is True else in_front(np.broadcast_to(numbers(plain(where), array), array.shape), axes)
    first = ufunc.identity if masks is not None or len(parts) < 2 else None
    first = first if initial is None else start(initial, array)
    if first is None and (masks is not None or not parts):
        raise ValueError(f"np.{ufunc.__name__}.reduce has no value to start from: give initial=")
    if first is not None:
        first = first + np.zeros_like(plain(array), shape=[n for k, n in enumerate(array.shape) if k not in axes])[()]
        parts = [first, *parts]
    if masks is None:
        y = fold(ufunc, parts)
    else:
        y = first
        for part, mask in zip(parts[1:], masks, strict=True):
            y = np.where(mask, ufunc(y, part), y)
    return np.reshape(y, [1 if k in axes else n for k, n in enumerate(array.shape)]) if keepdims else y


def in_loop(ufunc, array, dtype):
    """The array in the dtype in which the ufunc computes: `np.logaddexp` takes an int8 as a float16."""
    if dtype is None and array.dtype.kind in "iub":
        dtype = ufunc.resolve_dtypes((array.dtype, array.dtype, None))[0]
    return array if dtype is None or dtype == array.dtype else array.astype(dtype)


def in_front(array, axes):
    """The array with these axes as its one first axis."""
    kept = [k for k in range(array.ndim) if k not in axes]
    n = math.prod([array.shape[k] for k in axes])
    return np.reshape(np.transpose(array, (*axes, *kept)), [n] + [array.shape[k] for k in kept])


def slices(array, axis) -> list:
    """The parts of an array along one axis."""
    return list(np.moveaxis(array, axis, 0))


def accumulate(ufunc, array, axis=0, dtype=None, out=None):
    array = array if dtype is None else array.astype(dtype)
    (axis,) = axes_of(array, axis)
    if not array.shape[axis]:
        return array
    return stack(list(running(slices(array, axis), ufunc)), axis=axis)


def reduceat(ufunc, array, indices, axis=0, dtype=None, out=None):
    """The reductions of array[i:j] for neighbours i < j in the indices, and array[i] where they do not rise."""
    (axis,) = axes_of(array, axis)
    before = (slice(None),) * axis
    starts = np.asarray(plain(indices)).tolist()
    for i in starts:
        if not 0 <= i < array.shape[axis]:
            raise IndexError(f"index {i} out-of-bounds in {ufunc.__name__}.reduceat [0, {array.shape[axis]})")
    ends = [*starts[1:], array.shape[axis]]

    def part(i, j):
        if j - i > 1 or (ufunc, "reduce") in COMPOSED:
            return ufunc.reduce(array[(*before, slice(i, max(j, i + 1)))], axis=axis, dtype=dtype)
        return in_loop(ufunc, array[(*before, i)], dtype)  # one element stays as it is: np.hypot would take its size

    return stack([part(i, j) for i, j in zip(starts, ends, strict=True)], axis=axis)


COMPOSED.update({"__call__": call, "outer": outer, "reduce": reduce, "accumulate": accumulate, "reduceat": reduceat})


def log_sum(ufunc, log, exp):
    """`np.logaddexp.reduce`: the logarithm of a sum of exponentials, from the largest on, so that none overflows."""

    def log_sum_along(array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True):
        if initial is not None or where is not True or np.size(plain(array)) == 0:
            return reduce(ufunc, array, axis, dtype, out, keepdims, initial, where)
        array = in_loop(ufunc, array, dtype)
        top = np.max(plain(array), axis=axis, keepdims=True)
        top = np.where(np.isfinite(top), top, 0)
        y = log(np.sum(exp(array - top), axis=axis, keepdims=True)) + top
        return y if keepdims else np.squeeze(y, axis=axes_of(array, axis))

    return log_sum_along


def first_axis(reduction):
    """A reduction whose axis is the first unless one is given, as that of `.reduce` is."""
    return lambda array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True: reduction(
        array, axis, dtype, out, keepdims, initial, where
    )


COMPOSED.update({
    (np.add, "reduce"): first_axis(sum_),
    (np.multiply, "reduce"): first_axis(prod),
    (np.maximum, "reduce"): first_axis(lambda a, axis, dtype, *options: max_(with_dtype(a, dtype), axis, *options)),
    (np.minimum, "reduce"): first_axis(lambda a, axis, dtype, *options: min_(with_dtype(a, dtype), axis, *options)),
    (np.logaddexp, "reduce"): log_sum(np.logaddexp, np.log, np.exp),
    (np.logaddexp2, "reduce"): log_sum(np.logaddexp2, np.log2, np.exp2),
    (np.add, "accumulate"): lambda array, axis=0, dtype=None, out=None: cumsum(array, axis, dtype),
    (np.multiply, "accumulate"): lambda array, axis=0, dtype=None, out=None: cumprod(array, axis, dtype),
})  # fmt: skip
