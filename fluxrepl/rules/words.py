"""The rules in words of mathematics, one row a function: what `explain` writes beside each operation.

Two tables. `WRITTEN` says how a learner writes an operation, where that is not `np.name(a, b)`. `WORDS` has one entry
an operand. Without `ct` in it, the entry is the local derivative, by which the cotangent is multiplied: `cos {a}`.
With `ct` it says what goes back: `{a}ᵀ @ ct`. The operands are `{a}`, `{b}`, `{c}` in order, the result is `{y}`; an
entry that depends on shapes or numbers is a function of the operation. A test compares the derivatives here with
those that are computed.
"""

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any, NamedTuple

import numpy as np

from fluxrepl.ad.refusals import name_of
from fluxrepl.ad.rule import Pullback

from . import choices, complex, creation, einsum, elementwise, indexing, joins, norms, reductions, running, shapes


class Operation(NamedTuple):
    """One operation, in texts: the function, the names of result and operands, the plain values of the operands."""

    fn: Callable | str  # of a function that has no rule in the tables, the name
    result: str
    operands: tuple[str, ...]
    values: tuple
    keywords: dict[str, Any]


Entry = str | Callable[[Operation], str]

# ---- how operations are written --------------------------------------------------------------------------------------


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
    stands_for_numpys = fn.__module__.startswith("fluxrepl.rules") if hasattr(fn, "__module__") else False
    return f"np.{name}" if stands_for_numpys and hasattr(np, name) else name_of(fn).lstrip("_")


def parameters(op: Operation) -> list[Parameter | None]:
    """The parameters of one of our functions; NumPy's own are written with their operands alone."""
    if not getattr(op.fn, "__module__", "").startswith("fluxrepl."):
        return [None] * len(op.operands)
    return list(signature(op.fn).parameters.values())


# ---- the derivatives -------------------------------------------------------------------------------------------------

SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_words(op: Operation) -> str:
    """n·aⁿ⁻¹, simpler where n is a plain number."""
    a, n = op.operands
    value = op.values[1]
    if n != str(value) or isinstance(value, bool):  # n has a name: it is traced, or an array
        return f"{n}·{a}**({n} - 1)"
    if value in (0, 1, 2):
        return ("0", "1", f"2·{a}")[int(value)]
    less = value - 1
    whole = isinstance(value, int) and 2 < value < 10
    return f"{value}·{a}{str(less).translate(SUPERSCRIPT) if whole else f'**({less})' if less < 0 else f'**{less}'}"


def absolute_words(op: Operation) -> str:
    return "conj {a} / {y}" if np.iscomplexobj(op.values[0]) else "sign {a}"


def matmul_left_words(op: Operation) -> str:
    a, b = [np.ndim(v) for v in op.values]
    if b == 1:
        return "ct·{b}" if a == 1 else "outer(ct, {b})"
    return "{b} @ ct" if a == 1 else "ct @ {b}ᵀ"


def matmul_right_words(op: Operation) -> str:
    a, b = [np.ndim(v) for v in op.values]
    if a == 1:
        return "ct·{a}" if b == 1 else "outer({a}, ct)"
    return "{a}ᵀ @ ct"


def axis_of(op: Operation) -> Any:
    return op.values[1] if len(op.values) > 1 else None


def sum_words(op: Operation) -> str:
    return "ct to every element" if axis_of(op) is None else f"ct repeated along axis {axis_of(op)}"


def mean_words(op: Operation) -> str:
    shape, axis = np.shape(op.values[0]), axis_of(op)
    n = np.prod([shape[k] for k in np.atleast_1d(axis)] if axis is not None else shape, dtype=int)
    return f"ct / {n} to every element"


MOVED = "ct put back in place"

WORDS: dict[Callable, tuple[Entry | None, ...]] = {
    # arithmetic
    np.add: ("1", "1"),
    np.subtract: ("1", "-1"),
    np.multiply: ("{b}", "{a}"),
    np.divide: ("1 / {b}", "-{y} / {b}"),
    np.negative: ("-1",),
    np.positive: ("1",),
    np.power: (power_words, "{y}·log {a}"),
    np.float_power: (power_words, "{y}·log {a}"),
    np.remainder: ("1", "-floor({a} / {b})"),
    np.fmod: ("1", "-trunc({a} / {b})"),
    np.floor_divide: ("0", "0"),
    # powers and roots
    np.square: ("2·{a}",),
    np.sqrt: ("1 / (2·{y})",),
    np.cbrt: ("1 / (3·{y}²)",),
    np.reciprocal: ("-{y}²",),
    norms._root: ("1 / (2·{y})",),
    # exponentials and logarithms
    np.exp: ("{y}",),
    np.exp2: ("{y}·log 2",),
    np.expm1: ("{y} + 1",),
    np.log: ("1 / {a}",),
    np.log2: ("1 / ({a}·log 2)",),
    np.log10: ("1 / ({a}·log 10)",),
    np.log1p: ("1 / (1 + {a})",),
    np.logaddexp: ("exp({a} - {y})", "exp({b} - {y})"),
    np.logaddexp2: ("exp2({a} - {y})", "exp2({b} - {y})"),
    # angles
    np.sin: ("cos {a}",),
    np.cos: ("-sin {a}",),
    np.tan: ("1 + {y}²",),
    np.arcsin: ("1 / √(1 - {a}²)",),
    np.arccos: ("-1 / √(1 - {a}²)",),
    np.arctan: ("1 / (1 + {a}²)",),
    np.arctan2: ("{b} / ({a}² + {b}²)", "-{a} / ({a}² + {b}²)"),
    np.hypot: ("{a} / {y}", "{b} / {y}"),
    np.deg2rad: ("π / 180",),
    np.radians: ("π / 180",),
    np.rad2deg: ("180 / π",),
    np.degrees: ("180 / π",),
    # hyperbolic
    np.sinh: ("cosh {a}",),
    np.cosh: ("sinh {a}",),
    np.tanh: ("1 - {y}²",),
    np.arcsinh: ("1 / √({a}² + 1)",),
    np.arccosh: ("1 / √({a}² - 1)",),
    np.arctanh: ("1 / (1 - {a}²)",),
    np.sinc: ("(cos(π·{a}) - {y}) / {a}",),
    # size, sign, neighbours
    np.absolute: (absolute_words,),
    np.fabs: ("sign {a}",),
    np.sign: (lambda op: "the part of ct across {y}" if np.iscomplexobj(op.values[0]) else "0",),
    np.copysign: ("sign {a} · sign {b}", "0"),
    np.nextafter: ("1", "0"),
    np.ldexp: ("exp2 {b}", None),
    elementwise._fraction: ("1",),
    # steps
    np.floor: ("0",),
    np.ceil: ("0",),
    np.trunc: ("0",),
    np.rint: ("0",),
    np.fix: ("0",),
    elementwise._round: ("0", None),
    round: ("0", None),
    np.heaviside: ("0", "1 where {a} == 0, else 0"),
    # choices
    np.maximum: ("1 where {a} > {b}, else 0", "1 where {a} <= {b}, else 0"),
    np.minimum: ("1 where {a} <= {b}, else 0", "1 where {a} > {b}, else 0"),
    np.fmax: ("1 where {a} > {b}, else 0", "1 where {a} <= {b}, else 0"),
    np.fmin: ("1 where {a} <= {b}, else 0", "1 where {a} > {b}, else 0"),
    np.where: (None, "ct where True, else 0", "ct where False, else 0"),
    choices._clip: ("1 inside the bounds, else 0", "1 below {b}, else 0", "1 above {c}, else 0"),
    # complex numbers
    np.conjugate: (lambda op: "conj ct" if np.iscomplexobj(op.values[0]) else "1",),
    np.real: ("1",),
    np.imag: ("-i",),
    complex._angle: ("-i / {a}",),
    # products
    np.matmul: (matmul_left_words, matmul_right_words),
    np.linalg.inv: ("-{y}ᵀ @ ct @ {y}ᵀ",),
    np.linalg.det: ("ct·{y}·inv({a})ᵀ",),
    einsum._einsum: ("ct summed with the others",),
    # reductions
    np.sum: ("ct to every element",),
    reductions._sum: (sum_words, None, None),
    reductions._mean: (mean_words, None, None),
    reductions._max: ("ct to the first largest", None, None),
    reductions._min: ("ct to the first smallest", None, None),
    running._prod: ("ct·(product of the others)",),
    running._cumsum: ("ct summed from the end", None),
    # places
    indexing._index: (lambda op: f"ct at [{index_text(op.values[1])}], 0 elsewhere", None),
    indexing._scatter: (lambda op: f"ct[{index_text(op.values[2])}]", None, None),
    joins._join: ("its piece of ct",),
    shapes._reshape: (lambda op: f"ct in shape {np.shape(op.values[0])}", None),
    shapes._transposed: ("ctᵀ",),
    shapes._broadcast_to: (lambda op: f"ct summed to shape {np.shape(op.values[0])}", None),
    np.transpose: (MOVED, None),
    np.swapaxes: (MOVED, None, None),
    np.moveaxis: (MOVED, None, None),
    np.flip: (MOVED, None),
    np.roll: (MOVED, None, None),
    np.tril: ("ct below the diagonal, else 0", None),
    np.triu: ("ct above the diagonal, else 0", None),
    np.ascontiguousarray: ("1",),
    creation._astype: ("1", None),
}


def slope(op: Operation, k: int, pull: Pullback) -> str:
    """The local derivative with respect to operand k in words; where there are none, the name of its pullback."""
    entries = WORDS.get(op.fn)
    entry = entries[min(k, len(entries) - 1)] if entries else None
    if entry is None:
        name = getattr(getattr(pull, "func", pull), "__name__", "")
        return f"{name}(ct)" if name.isidentifier() else "its pullback of ct"
    return filled(entry, op)


def filled(entry: Entry, op: Operation) -> str:
    """An entry with the names in their places; a negative number among others stands in parentheses."""
    text = entry if isinstance(entry, str) else entry(op)
    names = dict(zip("abcdefgh", op.operands, strict=False), y=op.result)
    if len(text) > len("{a}"):  # not a single name alone
        names = {letter: f"({name})" if name.startswith("-") else name for letter, name in names.items()}
    for letter, name in names.items():
        text = text.replace(f"{{{letter}}}", name)
    return text
