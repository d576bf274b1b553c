"""Finite differences: the slope from two values of the function, without any rule. The check for all the rest.

They are slow (two calls for each number) and inexact (about half of the digits are lost), and they know nothing
of derivatives: so they are a fair judge of an engine that does.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .gradient import gradient
from .tracer import plain
from .tree import is_array, is_numeric, leaves, map_leaves


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

    Formula: (f(x + h) - f(x - h)) / 2h, with h = 6e-6 · max(1, |x|), in float64.

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
        if is_numeric(leaf):
            mine = lookup(found, path)
            finite = differences(lambda value, path=path: f(*replace(precise, path, value)), leaf)
            error = float(np.max(np.abs((0 if mine is None else mine) - finite), initial=0.0))
            ok = error <= atol + rtol * float(np.max(np.abs(finite), initial=0.0))
            rows.append(Compared(spelled(path), mine, finite, error, bool(ok)))
    return GradientCheck(rows)


def in_float64(leaf: Any) -> Any:
    if not is_numeric(leaf):
        return leaf
    if is_array(leaf):
        return leaf.astype(np.complex128 if leaf.dtype.kind == "c" else np.float64)
    return leaf if isinstance(leaf, complex) else float(leaf)


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


def differences(f: Callable, x: Any) -> Any:
    """Central differences of a scalar `f` at one number or array; ∂f/∂x + i ∂f/∂y at a complex one."""
    if not is_array(x):
        return differences(lambda a: f(a.item()), np.asarray(x)).item()
    if isinstance(x, np.generic):
        return differences(lambda a: f(a[()]), np.asarray(x))[()]
    out = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        for direction in (1.0, 1j) if x.dtype.kind == "c" else (1.0,):
            h = 6e-6 * max(1.0, float(abs(x[index])))
            ahead, behind = x.copy(), x.copy()
            ahead[index] += h * direction
            behind[index] -= h * direction
            out[index] += direction * (float(plain(f(ahead))) - float(plain(f(behind)))) / (2 * h)
    return out


def spelled(path: tuple) -> str:
    first, *rest = path
    return str(first) + "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in rest)
