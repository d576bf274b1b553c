"""Operations as a learner writes them: `v2 = np.sum(v1, axis=0)` in the table of `explain`.

`WRITTEN` says how, where that is not `np.name(a, b)`: an entry has the operands as `{a}`, `{b}`, `{c}` in order, or is
a function of the operation where it depends on shapes or numbers.
"""

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any, NamedTuple

import numpy as np

from fluxrepl.ad.refusals import name_of

from . import creation, einsum, elementwise, indexing, inverses, joins, norms, shapes


class Operation(NamedTuple):
    """One operation, in texts: the function, the names of result and operands, the plain values of the operands."""

    fn: Callable | str  # of a function that has no rule in the tables, the name
    result: str
    operands: tuple[str, ...]
    values: tuple
    keywords: dict[str, Any]


Entry = str | Callable[[Operation], str]


def filled(entry: Entry, op: Operation) -> str:
    """An entry with the names in their places; a negative number among others stands in parentheses."""
    text = entry if isinstance(entry, str) else entry(op)
    names = dict(zip("abcdefgh", op.operands, strict=False), y=op.result)
    if len(text) > len("{a}"):  # not a single name alone
        names = {letter: f"({name})" if name.startswith("-") else name for letter, name in names.items()}
    for letter, name in names.items():
        text = text.replace(f"{{{letter}}}", name)
    return text


# ---- the table -------------------------------------------------------------------------------------------------------


def indexed(op: Operation) -> str:
    return f"{op.operands[0]}[{index_text(op.values[1])}]"


def index_text(index: Any) -> str:
    """An index as one writes it between the brackets."""
    if isinstance(index, tuple) and index:
        return ", ".join([index_text(part) for part in index]) + ("," if len(index) == 1 else "")
    if isinstance(index, slice):
        parts = ["" if part is None else str(part) for part in (index.start, index.stop, index.step)]
        return ":".join(parts if parts[2] else parts[:2])
    if isinstance(index, np.ndarray):
        return index_text(index.tolist()) if index.size <= 4 else f"{index.dtype}{list(index.shape)}"
    return "..." if index is Ellipsis else str(index)


WRITTEN: dict[Callable, Entry] = {
    np.add: "{a} + {b}",
    np.subtract: "{a} - {b}",
    np.multiply: "{a} * {b}",
    np.divide: "{a} / {b}",
    np.power: "{a} ** {b}",
    np.remainder: "{a} % {b}",
    np.floor_divide: "{a} // {b}",
    np.matmul: "{a} @ {b}",
    np.negative: "-{a}",
    np.square: "{a} ** 2",
    np.absolute: lambda op: f"np.abs({op.operands[0]})",
    shapes._transposed: "{a}.T",
    indexing._index: indexed,
    einsum._einsum: lambda op: f"np.einsum({subscripts(op)!r}, {', '.join(op.operands)})",
    joins._join: lambda op: f"np.concatenate([{', '.join(op.operands)}]{axis_text(op)})",
    inverses._log_size: "np.linalg.slogdet({a})[1]",
    inverses._sign: "np.linalg.slogdet({a})[0]",
    elementwise._mantissa: "np.frexp({a})[0]",
    elementwise._fraction: "np.modf({a})[0]",
    elementwise._whole: "np.modf({a})[1]",
    shapes._reshape_like_fortran: lambda op: f"np.reshape({op.operands[0]}, {op.operands[1]}, order='F')",
    norms._root: lambda op: f"np.sqrt({op.operands[0]})",
    creation._astype: lambda op: f"{op.operands[0]}.astype({np.dtype(op.values[1])})",
}


def subscripts(op: Operation) -> str:
    return f"{','.join(op.keywords['inputs'])}->{op.keywords['output']}"


def axis_text(op: Operation) -> str:
    axis = op.keywords.get("axis", 0)
    return f", axis={axis}" if axis else ""


def written(op: Operation) -> str:
    """The operation as a learner writes it, with the names of the operands."""
    if isinstance(op.fn, str):
        return f"{op.fn}({', '.join(op.operands)})"
    entry = WRITTEN.get(op.fn)
    return usual(op) if entry is None else filled(entry, op)


def usual(op: Operation) -> str:
    """A call by name; options that have their usual value are left out."""
    fn: Any = op.fn
    parts = []
    for text, value, parameter in zip(op.operands, op.values, parameters(op), strict=False):
        if parameter is None or parameter.default is Parameter.empty:
            parts.append(text)
        elif value is not parameter.default:
            parts.append(f"{parameter.name}={text}")
    parts += [f"{key}={value}" for key, value in op.keywords.items()]
    return f"{public_name(fn)}({', '.join(parts)})"


def public_name(fn: Any) -> str:
    """The name a learner knows: of one of our functions that stands for NumPy's, as `_sum` for `np.sum`, that."""
    name = fn.__name__.lstrip("_")
    if getattr(fn, "__module__", "").startswith("fluxrepl.rules"):
        for module, prefix in ((np, "np"), (np.linalg, "np.linalg"), (np.fft, "np.fft")):
            if callable(getattr(module, name, None)):
                return f"{prefix}.{name}"
    return name_of(fn).lstrip("_")


def parameters(op: Operation) -> list[Parameter | None]:
    """The parameters of one of our functions; NumPy's own are written with their operands alone."""
    if not getattr(op.fn, "__module__", "").startswith("fluxrepl."):
        return [None] * len(op.operands)
    return list(signature(op.fn).parameters.values())
