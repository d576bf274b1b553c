"""The short list of what one process may ask of the other, and what the judge shows and hands over: nothing that harms.

`far.py` looks here before it does as it is asked.
"""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

ARITHMETIC: dict[str, Callable[..., Any]] = {
    name: getattr(operator, name)
    for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "neg", "pos", "abs", "getitem")
}
COMPARISONS: dict[str, Callable[..., Any]] = {name: getattr(operator, name) for name in ("lt", "le", "gt", "ge")}
READ: dict[str, Callable[..., Any]] = {"len": len, "float": float, "iter": list}
FIELDS = {"shape", "ndim", "size", "dtype", "T", "sum", "mean", "reshape", "dot", "max", "min", "transpose", "ravel",
          "flatten", "copy", "astype", "squeeze", "std", "var", "prod", "cumsum", "clip", "item"}  # fmt: skip
COMPUTES = frozenset(
    """
    sum mean prod max min amax amin dot matmul outer inner vdot einsum tensordot where reshape transpose
    concatenate stack hstack vstack expand_dims squeeze ravel std var cumsum cumprod diff clip abs linspace
    zeros_like ones_like full_like shape ndim size argmax argmin sort flip roll tile repeat broadcast_to
    array_equal allclose isclose all any trace diag eye atleast_1d atleast_2d swapaxes moveaxis split array_split
    take pad round copy
    """.split()  # noqa: SIM905  # sixty words read better as words
)


def numpy_function(name: str) -> Callable[..., Any]:
    """A function of NumPy that computes; none that reads files or evaluates."""
    function = getattr(np, name, None)
    if isinstance(function, np.ufunc) or (name in COMPUTES and callable(function)):
        return function
    raise AttributeError(f"numpy.{name} is not at hand here")


def check_field(thing: Any, name: str) -> None:
    """The judge shows of its objects the fields that a check made, and of arrays what arrays are asked for."""
    module = type(thing).__module__
    made_by_check = (module == "__main__" or module.startswith("fluxrepl.nn.")) and not name.startswith("_")
    if name not in FIELDS and not (made_by_check and not callable(getattr(thing, name, None))):
        raise AttributeError(f"{type(thing).__name__!r} object has no attribute {name!r}")


def may_leave(value: Any) -> bool:
    """What the judge hands over: functions of the check, its own objects, numbers that are being traced."""
    module = str(getattr(value if callable(value) else type(value), "__module__", ""))
    return module == "__main__" or module.startswith("fluxrepl.") or module in ("builtins", "numpy", "functools")
