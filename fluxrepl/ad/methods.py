"""The methods of an array, on a tracer: `x.sum(axis=0)` is `np.sum(x, axis=0)`.

Each is entered in the class as the NumPy function of its name; the function's rule does the rest.
"""

import operator

import numpy as np

from .recording import apply, apply_short
from .refusals import lost, mutation
from .rule import SHORT
from .tracer import Tracer, plain, plain_all


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
    np.sum, np.mean, np.prod, np.max, np.min, np.var, np.std, np.cumsum, np.cumprod, np.any, np.all,
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


def reshape(self, *shape, order="C", copy=None):
    return apply(np.reshape, (self, _given(shape), order))  # on the tape a copy and a view are the same


def view(self, dtype=None, type=None):
    if dtype not in (None, np.ndarray) and np.dtype(dtype) != self.dtype:
        raise lost("x.view(dtype)", "The same bytes as another kind of number", "x.astype(dtype)")
    return self


def to_device(self, device, /, *, stream=None):
    plain(self).to_device(device, stream=stream)  # NumPy's word on what devices there are
    return self


Tracer.reshape, Tracer.view, Tracer.to_device = reshape, view, to_device
Tracer.transpose = lambda self, *axes: apply(np.transpose, (self, _given(axes)) if axes else (self,))

# ---- of the bare value: what no gradient flows through --------------------------------------------------------------

for name in ("strides", "device"):
    setattr(Tracer, name, property(operator.attrgetter("value." + name)))
for name in ("__array_namespace__", "is_integer"):
    setattr(Tracer, name, lambda self, *args, name=name, **given: getattr(plain(self), name)(*args, **given))


def on_bits(op):
    """The methods for `x op y` and `y op x` of integers, which go by their bits: a plain answer."""
    return lambda x, y: op(*plain_all((x, y))), lambda y, x: op(*plain_all((x, y)))


for name in ("and", "or", "xor", "lshift", "rshift"):
    method, reflected = on_bits(getattr(operator, f"__{name}__"))
    setattr(Tracer, f"__{name}__", method)
    setattr(Tracer, f"__r{name}__", reflected)
Tracer.__invert__ = lambda self: ~plain(self)

# ---- ways of Python's to a bare number, which no gradient would survive ----------------------------------------------


def refuse(how, examples, instead):
    def refused(self):
        raise lost(how, examples, instead)

    return refused


for name in ("trunc", "floor", "ceil"):
    setattr(Tracer, f"__{name}__", refuse(f"math.{name}()", f"int(x), too: math.{name}(x)", f"np.{name}(x)"))
Tracer.as_integer_ratio = refuse(
    "as_integer_ratio()", "statistics.mean([x, y]), Fraction(x) and the like", "np.mean(np.stack([x, y]))"
)
