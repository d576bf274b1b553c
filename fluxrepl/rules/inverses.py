"""Inverses, determinants and linear equations.

A cotangent on the tape is the conjugate of a gradient (see `ad/rule.py`), so these rules transpose and never
conjugate: for y = a⁻¹, dy = -y da y, and what comes back is -yᵀ ct yᵀ, for complex numbers as well.

Source: M. Giles, "An extended collection of matrix derivative results" (2008), section 2.2; for the pseudoinverse
G. Golub and V. Pereyra, "The differentiation of pseudo-inverses" (1973), theorem 4.3.
"""

import operator
from functools import reduce

import numpy as np

from fluxrepl.ad.recording import apply
from fluxrepl.ad.refusals import no_rule
from fluxrepl.ad.rule import composed, rule
from fluxrepl.ad.tracer import Tracer, plain

from .linalg import swap
from .made import beside, count, numbers, unit
from .reductions import refuse_traced
from .running import others

rule(np.linalg.inv, lambda ct, y, a: -swap(y) @ ct @ swap(y))


def over(ct, matrices):
    """One number a matrix, in a shape that stretches over its elements."""
    return np.reshape(ct, (*np.shape(plain(ct)), 1, 1)) if np.ndim(plain(matrices)) else ct


# ---- determinants ---------------------------------------------------------------------------------------------------


def det_pullback(ct, y, a):
    """det(a) times the transposed inverse: the cofactors. Where a is singular, they are computed without an inverse."""
    if np.any(np.equal(plain(y), 0)):
        return over(ct, a) * cofactors(a)
    return over(ct * y, a) * swap(np.linalg.inv(a))


def cofactors(a):
    """The derivative of det(a): of each element, the determinant of what is left without its row and column.

    For plain matrices by singular values, a = u diag(s) v: det(u) det(v) conj(u) diag(products of the other s)
    conj(v), which needs no division.
    """
    if type(a) is Tracer:
        return minors(a)
    u, s, v = np.linalg.svd(a)
    sign = np.linalg.det(u) * np.linalg.det(v)
    return over(sign, a) * ((np.conj(u) * np.expand_dims(others(s), -2)) @ np.conj(v))


def minors(a):
    """The same of a traced matrix, by the definition: so that its own derivative is right, too."""
    n = a.shape[-1]
    if n == 1:
        return np.ones_like(plain(a)) + 0 * a
    rest = numbers([[k for k in range(n) if k != i] for i in range(n)], a)
    parts = a[..., rest[:, None, :, None], rest[None, :, None, :]]
    signs = (-1.0) ** (np.expand_dims(count(n, a), -1) + count(n, a))
    return np.linalg.det(parts) * signs.astype(plain(a).real.dtype)


rule(np.linalg.det, det_pullback)


def _log_size(a):
    return np.linalg.slogdet(a)[1]


def _sign(a):
    return np.linalg.slogdet(a)[0]


def sign_pullback(ct, y, a):
    """Of the direction of a complex determinant; that of a real one only jumps.

    Formula: dy = i y Im(tr(a⁻¹ da)).
    """
    if plain(y).dtype.kind != "c":
        return np.zeros_like(plain(a)) * over(ct, a)
    return over(np.real(1j * ct * y), a) * -1j * swap(np.linalg.inv(a))


rule(_log_size, lambda ct, y, a: over(ct, a) * swap(np.linalg.inv(a)))
rule(_sign, sign_pullback)
SLOGDET = type(np.linalg.slogdet(np.eye(1)))


@composed(np.linalg.slogdet)
def slogdet(a):
    return SLOGDET(apply(_sign, (a,)), apply(_log_size, (a,)))


# ---- linear equations ------------------------------------------------------------------------------------------------


def _solve(a, b):
    return np.linalg.solve(a, b)


rule(
    _solve,
    lambda ct, x, a, b: -np.linalg.solve(swap(a), ct) @ swap(x),
    lambda ct, x, a, b: np.linalg.solve(swap(a), ct),
)


@composed(np.linalg.solve)
def solve(a, b):
    if np.ndim(plain(b)) == 1:
        return apply(_solve, (a, np.expand_dims(b, -1)))[..., 0]
    return apply(_solve, (a, b))


@composed(np.linalg.tensorsolve)
def tensorsolve(a, b, axes=None):
    if axes is not None:
        a = np.moveaxis(a, axes, range(np.ndim(plain(a)) - len(axes), np.ndim(plain(a))))
    shape = np.shape(plain(a))[np.ndim(plain(b)) :]
    n = np.size(plain(b))
    return np.reshape(np.linalg.solve(np.reshape(a, (n, -1)), np.reshape(b, -1)), shape)


@composed(np.linalg.tensorinv)
def tensorinv(a, ind=2):
    shape = a.shape[ind:] + a.shape[:ind]
    n = int(np.prod(a.shape[ind:], dtype=int))
    return np.reshape(np.linalg.inv(np.reshape(a, (-1, n))), shape)


@composed(np.linalg.matrix_power)
def matrix_power(a, n):
    """By squaring: a¹³ = a⁸ a⁴ a."""
    n = operator.index(plain(n))
    if n == 0:
        return np.broadcast_to(unit(a.shape[-1], a), a.shape) + 0 * a
    if n < 0:
        a, n = np.linalg.inv(a), -n
    factors = []
    while n:
        if n % 2:
            factors.append(a)
        n //= 2
        a = a @ a if n else a
    return reduce(np.matmul, factors)


# ---- pseudoinverses --------------------------------------------------------------------------------------------------


def _pinv(a, **cutoff):
    return np.linalg.pinv(a, **cutoff)


def pinv_pullback(ct, y, a, **cutoff):
    """dy = -y da y + y yᴴ daᴴ (1 - a y) + (1 - y a) daᴴ yᴴ y, as long as the rank stays the same."""
    if not np.allclose(
        plain(a) @ plain(y) @ plain(a), plain(a), rtol=1e-4, atol=1e-4 * np.max(np.abs(plain(a)), initial=0.0)
    ):
        raise no_rule("np.linalg.pinv where the cutoff leaves out singular values that are not nearly 0")
    yh, ctt = np.conjugate(swap(y)), swap(ct)
    m, n = np.shape(plain(a))[-2:]
    one_m, one_n = unit(m, a), unit(n, a)
    back = -swap(y) @ ct @ swap(y)
    back = back + np.conjugate((one_m - a @ y) @ ctt @ y @ yh)
    return back + np.conjugate(yh @ y @ ctt @ (one_n - y @ a))


rule(_pinv, pinv_pullback)


@composed(np.linalg.pinv)
def pinv(a, rcond=None, hermitian=False, *, rtol=None):
    refuse_traced("np.linalg.pinv", rcond=rcond, rtol=rtol)
    a = lower_mirrored(a) if hermitian else a
    cutoff = {name: value for name, value in {"rcond": rcond, "rtol": rtol}.items() if value is not None}
    return apply(_pinv, (a,), cutoff)


def lower_mirrored(a):
    """The Hermitian matrix of which NumPy reads the lower triangle only."""
    if np.ndim(plain(a)) < 2:
        raise np.linalg.LinAlgError(
            f"{np.ndim(plain(a))}-dimensional array given. Array must be at least two-dimensional"
        )
    if a.shape[-1] != a.shape[-2]:
        raise np.linalg.LinAlgError("Last 2 dimensions of the array must be square")
    below = np.tril(a, -1)
    middle = np.tril(np.triu(np.real(a) if a.dtype.kind == "c" else a))
    return below + np.conjugate(swap(below)) + middle


@composed(np.linalg.lstsq)
def lstsq(a, b, rcond=None):
    """The shortest x for which |a x - b| is least: the pseudoinverse times b."""
    a, b = beside(a, b), beside(b, a)
    a, b = [x.astype(np.result_type(plain(a), plain(b), np.float32)) for x in (a, b)]
    m, n = a.shape
    _, _, rank, _ = np.linalg.lstsq(plain(a), plain(b), rcond=rcond)
    if rcond is None or rcond < 0:
        eps = np.finfo(np.result_type(plain(a), np.float32)).eps
        rcond = eps * max(m, n) if rcond is None else eps
    x = np.linalg.pinv(a, rcond=rcond) @ b
    rest = b - a @ x
    sums = np.sum(np.real(rest * np.conjugate(rest)), axis=0)
    left = np.reshape(sums, (-1,)) if rank == n and m > n else np.zeros(0)
    return x, left, rank, np.linalg.svd(a, compute_uv=False)
