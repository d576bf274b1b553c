"""The tables once more, on arrays of another library: what can be computed with them has a gradient with them."""

from types import FunctionType

import numpy as np
import pytest

from fluxrepl import gradient

from . import (
    test_calculus,
    test_complex,
    test_elementwise,
    test_linalg,
    test_moves,
    test_reductions,
    test_table,
)
from .foreign import Foreign, MixedError

ON_THE_HOST = {  # counts and bins are made by NumPy itself
    "bincount", "histogram weights", "histogram density", "insert", "logspace base",
    # numbers beside arrays in one list: other libraries do not take them either
    "stack numbers", "block of depths",
}  # fmt: skip

MODULES = [test_table, test_elementwise, test_complex, test_reductions, test_moves, test_calculus, test_linalg]
ROWS = [
    pytest.param(f, x, id=f"{table} {name}")
    for module in MODULES
    for table, rows in vars(module).items()
    if table.isupper() and isinstance(rows, dict)
    for name, (f, x) in rows.items()
    if name not in ON_THE_HOST
]


def abroad(f):
    """The function, with the arrays that it finds among the names of its module as foreign ones."""
    if not isinstance(f, FunctionType):
        return f
    names = {name: Foreign(v) if type(v) is np.ndarray else v for name, v in f.__globals__.items()}
    return FunctionType(f.__code__, names, f.__name__, f.__defaults__, f.__closure__)


def total(y):
    return np.sum(np.real(y)) + np.sum(np.imag(y)) / 2


def can_be_computed(f, x) -> bool:
    """Does the expression itself hold no array of NumPy's?"""
    try:
        abroad(f)(Foreign(x.copy()))
    except MixedError:
        return False
    return True


@pytest.mark.parametrize(("f", "x"), ROWS)
def test_what_can_be_computed_with_other_arrays_has_a_gradient_with_them(f, x):
    if can_be_computed(f, x):
        (want,) = gradient(lambda x: total(f(x)), x)
        (got,) = gradient(lambda x: total(abroad(f)(x)), Foreign(x.copy()))
        assert isinstance(got, Foreign)
        np.testing.assert_allclose(got.array, want, rtol=1e-9, atol=1e-12)


def test_most_of_the_rows_can_be_computed():
    assert sum(can_be_computed(*row.values) for row in ROWS) > 0.9 * len(ROWS)
