"""The methods of an array, on a tracer: `x.sum(axis=0)` is `np.sum(x, axis=0)`.

Each is entered in the class as the NumPy function of its name; the function's rule does the rest.
"""

import numpy as np

from .recording import apply, apply_short
from .refusals import mutation
from .rule import SHORT
from .tracer import Tracer


def method_of(fn):
    def method(self, *args, **keywords):
        if not args and not keywords and fn in SHORT:
            return apply_short(SHORT[fn], self)
        return apply(fn, (self, *args), keywords)

    method.__name__, method.__doc__ = fn.__name__, fn.__doc__
    return method


def refuse_assignment(name):
    def setter(self, value):
        raise mutation(f"x.{name} = ... changes a traced array")

    return setter


METHODS = [
    np.sum, np.mean, np.prod, np.max, np.min, np.var, np.std, np.cumsum, np.cumprod, np.ptp, np.any, np.all,
    np.argmax, np.argmin, np.argsort, np.argpartition, np.nonzero, np.searchsorted,
    np.squeeze, np.swapaxes, np.diagonal, np.trace, np.repeat, np.take, np.choose, np.clip, np.round, np.conjugate,
]  # fmt: skip

for fn in METHODS:
    setattr(Tracer, fn.__name__, method_of(fn))

Tracer.conj = Tracer.conjugate
Tracer.ravel = lambda self, order="C": apply(np.ravel, (self, order))
Tracer.flatten = Tracer.ravel
Tracer.compress = lambda self, condition, axis=None: apply(np.compress, (condition, self, axis))
Tracer.flat = property(lambda self: apply(np.ravel, (self,)))
Tracer.copy = lambda self, order="C": apply(np.copy, (self,))
Tracer.real = property(lambda self: apply(np.real, (self,)))
Tracer.imag = property(lambda self: apply(np.imag, (self,)))
Tracer.tolist = lambda self: [part.tolist() for part in self] if self.ndim else self
for name in ("shape", "dtype", "flat", "real", "imag"):  # an array's may be assigned to; a tracer's say why not
    setattr(Tracer, name, getattr(Tracer, name).setter(refuse_assignment(name)))
Tracer.itemsize = property(lambda self: self.dtype.itemsize)
Tracer.nbytes = property(lambda self: self.dtype.itemsize * self.size)


def _given(numbers: tuple):
    """The shape or axes of a call: x.reshape(2, 3) means x.reshape((2, 3))."""
    return numbers[0] if len(numbers) == 1 else numbers


Tracer.reshape = lambda self, *shape, order="C": apply(np.reshape, (self, _given(shape), order))
Tracer.transpose = lambda self, *axes: apply(np.transpose, (self, _given(axes)) if axes else (self,))
