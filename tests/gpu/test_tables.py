"""The tables of every rule family once more, on the GPU: what CuPy can compute has the gradient that NumPy has."""

from types import FunctionType

import numpy as np
import pytest
from rules.test_foreign import ROWS, total

from fluxrepl import cpu, gradient
from fluxrepl.nn import device

CUPY = device.cupy()
pytestmark = pytest.mark.gpu
if isinstance(CUPY, str):
    pytest.skip(f"no usable GPU: {CUPY}", allow_module_level=True)


def on_the_gpu(f):
    """The function, with the arrays that it finds among the names of its module as CuPy's."""
    if not isinstance(f, FunctionType):
        return f
    names = {name: CUPY.asarray(v) if type(v) is np.ndarray else v for name, v in f.__globals__.items()}
    return FunctionType(f.__code__, names, f.__name__, f.__defaults__, f.__closure__)


@pytest.mark.parametrize(("f", "x"), ROWS)
def test_what_cupy_can_compute_has_the_gradient_of_numpy(f, x):
    there = CUPY.asarray(x)
    try:
        value = on_the_gpu(f)(there)
    except (TypeError, NotImplementedError, AttributeError, ValueError):
        return  # CuPy itself cannot compute it: there is nothing to differentiate
    np.testing.assert_allclose(cpu(value), f(x), rtol=1e-6, atol=1e-9)
    (g,) = gradient(lambda x: total(on_the_gpu(f)(x)), there)
    (want,) = gradient(lambda x: total(f(x)), x)
    np.testing.assert_allclose(CUPY.asnumpy(g), want, rtol=1e-6, atol=1e-9)
