"""The rules in words of mathematics, one row a function: what `explain` writes beside each operation.

`WORDS` has one entry an operand. Without `ct` in it, the entry is the local derivative, by which the cotangent is
multiplied: `cos {a}`. With `ct` it says what goes back: `{a}ᵀ @ ct`. The operands are `{a}`, `{b}`, `{c}` in order, the
result is `{y}`; an entry that depends on shapes or numbers is a function of the operation. A test compares the
derivatives here with those that are computed. How the operations themselves are written says `written.py`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from fluxrepl.ad.rule import Pullback

from . import (
    calculus,
    choices,
    complex,
    creation,
    einsum,
    elementwise,
    fourier,
    indexing,
    inverses,
    joins,
    norms,
    polynomials,
    reductions,
    running,
    shapes,
)
from .written import Entry, Operation, filled, index_text, public_name

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
    elementwise._whole: ("0",),
    calculus._unwrap: ("1", None),
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
    complex._nan_to_num: ("1 where {a} is finite, else 0", None),
    complex._angle: ("-i / {a}",),
    # products
    np.matmul: (matmul_left_words, matmul_right_words),
    np.linalg.inv: ("-{y}ᵀ @ ct @ {y}ᵀ",),
    np.linalg.det: ("ct·{y}·inv({a})ᵀ",),
    inverses._log_size: ("ct·inv({a})ᵀ",),
    inverses._solve: ("-solve({a}ᵀ, ct) @ {y}ᵀ", "solve({a}ᵀ, ct)"),
    polynomials._convolve: ("ct slid along {b}", "ct slid along {a}"),
    fourier._fft: ("fft of ct", None, None),
    fourier._ifft: ("ifft of ct", None, None),
    fourier._rfft: ("fft of ct, filled up with zeros", None, None),
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
    shapes._reshape_like_fortran: (lambda op: f"ct in shape {np.shape(op.values[0])}", None),
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
    if entry is not None:
        return filled(entry, op)
    name = getattr(getattr(pull, "func", pull), "__name__", "")
    if name == "elementwise_pullback":
        return f"∂{public_name(op.fn)}/∂{op.operands[k]}"
    return f"{name}(ct)" if name.isidentifier() else "its pullback of ct"
