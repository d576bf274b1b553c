"""Finite differences: the slope from two values of the function, without any rule. The check for all the rest.

They are slow (two calls for each number) and inexact (about half of the digits are lost), and they know nothing
of derivatives: so they are a fair judge of an engine that does.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .gradient import gradient
from .tracer import plain
from .tree import is_array, is_numeric, is_whole, leaves, map_leaves


class Compared(NamedTuple):
    """One number or array of the arguments: its gradient, and what finite differences say."""

    place: str
    gradient: Any
    finite: Any
    error: float
    ok: bool


class GradientCheck(tuple):
    """What `check_gradient` found: one `Compared` for each leaf; truthy when all agree; prints as a table."""

    def __bool__(self) -> bool:
        return all([row.ok for row in self])

    def __repr__(self) -> str:
        head = ("argument", "gradient", "finite differences", "largest error", "")
        rows = [
            (r.place, short(r.gradient), short(r.finite), f"{r.error:.1e}", "agrees" if r.ok else "DIFFERS")
            for r in self
        ]
        widths = [max(len(row[k]) for row in [head, *rows]) for k in range(5)]
        lines = [
            "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in [head, *rows]
        ]
        return "\n".join(lines)


def short(x: Any) -> str:
    if x is None:
        return "None"
    if not is_array(x) or np.ndim(x) == 0:
        return f"{x:.6g}"
    with np.printoptions(precision=4, suppress=False, threshold=6, edgeitems=2, linewidth=200):
        return str(x).replace("\n", "")


def check_gradient(f: Callable, *args: Any, rtol: float = 1e-4, atol: float = 1e-6) -> GradientCheck:
    """Compare `gradient(f, *args)` with finite differences, number by number.

    Formula: (f(x + h) - f(x - h)) / 2h, with h = 6e-6 · max(1, |x|), in float64. Where f is so large that this is
    mostly rounding, h is larger, and what rounding remains is allowed for. An integer from which no gradient flows,
    such as an index, is not varied.

    Errors: those of `gradient`. A None is right where the differences are 0.

    Example:
        >>> check = check_gradient(lambda x: np.sum(x**3), np.array([1.0, 2.0]))
        >>> bool(check)
        True
        >>> check[0].gradient
        array([ 3., 12.])
    """
    precise = map_leaves(in_float64, args)
    got = gradient(f, *precise)
    found = dict(leaves(got))
    rows = []
    for path, leaf in leaves(precise):
        mine = lookup(found, path)
        if is_numeric(leaf) and not (is_whole(leaf) and mine is None):
            finite, doubt = differences(lambda value, path=path: f(*replace(precise, path, value)), leaf, rtol, atol)
            error = np.abs((0 if mine is None else mine) - finite)
            ok = np.all(error <= atol + rtol * np.abs(finite) + doubt)
            rows.append(Compared(spelled(path), mine, finite, float(np.max(error, initial=0.0)), bool(ok)))
    return GradientCheck(rows)


def in_float64(leaf: Any) -> Any:
    """Floats in double precision; whole numbers stay, for they may be an index or a size."""
    if not is_array(leaf) or is_whole(leaf) or not is_numeric(leaf):
        return leaf
    return leaf.astype(np.complex128 if leaf.dtype.kind == "c" else np.float64)


def lookup(found: dict, path: tuple) -> Any:
    """The gradient at a path; a None further up stands for everything below it."""
    for end in range(len(path), 0, -1):
        if path[:end] in found:
            return found[path[:end]]
    return None


def replace(args: tuple, path: tuple, value: Any) -> tuple:
    """The arguments with another value at one place."""
    at = iter([p for p, _ in leaves(args)])
    return map_leaves(lambda leaf: value if next(at) == path else leaf, args)


def differences(f: Callable, x: Any, rtol: float, atol: float) -> tuple[Any, Any]:
    """Central differences of a scalar `f` at one number or array, ∂f/∂x + i ∂f/∂y at a complex one; and their doubt."""
    at = np.array(x, np.complex128 if np.iscomplexobj(x) else np.float64)
    as_given = (lambda a: a) if np.ndim(x) else (lambda a: a[()]) if is_array(x) else (lambda a: a.item())
    out, doubts = np.zeros_like(at), np.zeros(at.shape)
    for index in np.ndindex(at.shape):
        for direction in (1.0, 1j) if at.dtype.kind == "c" else (1.0,):

            def value(step: float, index=index, direction=direction) -> float:
                moved = at.copy()
                moved[index] += step * direction
                return float(plain(f(as_given(moved))))

            slope, doubt = difference(value, 6e-6 * max(1.0, float(abs(at[index]))), rtol, atol)
            out[index] += direction * slope
            doubts[index] += doubt
    return as_given(out), doubts


def difference(value: Callable[[float], float], h: float, rtol: float, atol: float) -> tuple[float, float]:
    """The slope of `value` at 0, and how far rounding may have moved it.

    The larger `value` is beside its slope, the more of the slope is rounding. Then a larger step knows it better, up
    to where the curve begins to show: that is where the slope changes by more than rounding has explained.
    """
    slope, doubt = 0.0, np.inf
    for k in range(5):
        step = h * 10**k
        with np.errstate(divide="ignore", invalid="ignore"):
            ahead, behind = value(step), value(-step)
        wider = (ahead - behind) / (2 * step)
        rounding = 4e-16 * max(abs(ahead), abs(behind)) / step
        unsure = rounding + (abs(wider - slope) if k else 0.0)
        if k and not unsure < doubt:
            break
        slope, doubt = wider, unsure
        if not rounding > atol + rtol * abs(slope):
            break
    return slope, doubt


def spelled(path: tuple) -> str:
    first, *rest = path
    return str(first) + "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in rest)
