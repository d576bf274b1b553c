"""A value in little space, for a cell of a table or an edge of a picture."""

from typing import Any

import numpy as np

from fluxrepl.ad.tree import is_array

SHORT = 6  # elements up to which an array is written out,
NARROW = 32  # if that takes no more characters than this


def text_of_value(value: Any, elements: int = SHORT) -> str:
    """Six digits of a number, a short array in full, a large one by its dtype and shape."""
    if not is_array(value):
        return number_text(value) if isinstance(value, int | float | complex) else " ".join(repr(value).split())[:40]
    by_shape = f"{value.dtype}[{', '.join(map(str, value.shape))}]"
    if not isinstance(value, np.ndarray | np.generic):  # on a GPU: printing would copy it from there
        return by_shape
    if value.ndim == 0:
        return number_text(value.item())
    text = array_text(value) if value.size <= elements else ""
    return text if 0 < len(text) <= NARROW else by_shape


def array_text(value: np.ndarray) -> str:
    """The numbers of an array in brackets, to four digits."""
    with np.printoptions(legacy=False, precision=4, floatmode="maxprec", linewidth=1000, formatter=None):
        return (
            " ".join(np.array2string(value, separator=", ").split())
            .replace("[ ", "[")
            .replace(" ,", ",")
            .replace(" ]", "]")
        )


def number_text(value: Any) -> str:
    if isinstance(value, complex):
        return repr(complex(float(f"{value.real:.6g}"), float(f"{value.imag:.6g}")))
    return repr(float(f"{value:.6g}")) if isinstance(value, float) else repr(value)


def kept(value: Any) -> Any:
    """The value as it is now: an array that others can write into is copied."""
    return value.copy() if isinstance(value, np.ndarray) else value
