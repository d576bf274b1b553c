"""Polynomials, given by their coefficients from the highest power down; and convolution, which is their product."""

import numpy as np

from fluxrepl.ad.recording import apply
from fluxrepl.ad.rule import composed, rule
from fluxrepl.ad.tracer import plain

from .made import beside, count, unit
from .reductions import refuse_options, refuse_traced, stacked


def vector(a, *others):
    """Coefficients as an array, like one of the others."""
    return np.atleast_1d(beside(stacked(a), *others))


# ---- convolution -----------------------------------------------------------------------------------------------------


def _convolve(a, v):
    return np.convolve(a, v)


def slide(ct, v):
    """To one factor of a convolution: the cotangent with the other factor slid along it."""
    return np.convolve(ct, np.flip(v), mode="valid")


rule(_convolve, lambda ct, y, a, v: slide(ct, v), lambda ct, y, a, v: slide(ct, a))


@composed(np.convolve)
def convolve(a, v, mode="full"):
    a, v = vector(a, v), vector(v, a)
    m, n = sorted([np.size(plain(a)), np.size(plain(v))])
    return middle(apply(_convolve, (a, v)), mode, m, n, (m - 1) // 2)


def middle(full, mode, m, n, start):
    """The part of a full convolution of m and n ≥ m elements that a mode asks for."""
    if mode in ("full", 2):
        return full
    if mode in ("same", 1):
        return full[start : start + n]
    if mode in ("valid", 0):
        return full[m - 1 : n]
    raise ValueError(f"mode {mode!r} is not one of 'full', 'same', 'valid'")


@composed(np.correlate)
def correlate(a, v, mode="valid"):
    a, v = vector(a, v), vector(v, a)
    turned = np.size(plain(v)) > np.size(plain(a))
    m, n = sorted([np.size(plain(a)), np.size(plain(v))])
    start = (m - 1) - m // 2
    start = m - 1 - start if turned else start
    v = np.conjugate(v) if np.iscomplexobj(plain(v)) else v
    return middle(apply(_convolve, (a, np.flip(v))), mode, m, n, start)


# ---- arithmetic ------------------------------------------------------------------------------------------------------


@composed(np.polyval)
def polyval(p, x):
    """Horner's way: ((p₀ x + p₁) x + p₂) x + …"""
    x = stacked(x)
    y = 0 if isinstance(x, np.poly1d) else np.zeros_like(plain(x))
    for coefficient in vector(p, x):
        y = y * x + coefficient
    return y


@composed(np.polyadd)
def polyadd(a1, a2):
    a1, a2 = equally_long(a1, a2)
    return a1 + a2


def equally_long(a1, a2):
    """Both, the shorter with zeros in front."""
    a1, a2 = vector(a1, a2), vector(a2, a1)
    n = max(np.size(plain(a1)), np.size(plain(a2)))
    return np.pad(a1, (n - a1.size, 0)), np.pad(a2, (n - a2.size, 0))


@composed(np.polysub)
def polysub(a1, a2):
    a1, a2 = equally_long(a1, a2)
    return a1 - a2


@composed(np.polymul)
def polymul(a1, a2):
    return np.convolve(without_zeros(vector(a1, a2)), without_zeros(vector(a2, a1)))


def without_zeros(p):
    """Without the zeros in front, as NumPy's polynomial class takes them off."""
    full = np.flatnonzero(plain(p))
    return p[full[0] :] if full.size else p[-1:]


@composed(np.polydiv)
def polydiv(u, v):
    """Long division: the quotient, and what is left."""
    u, v = vector(u, v) + 0.0, vector(v, u) + 0.0
    m, n = u.size - 1, v.size - 1
    quotient, rest = [], u
    for k in range(m - n + 1):
        d = rest[k] / v[0]
        quotient.append(d)
        rest = rest - np.pad(d * v, (k, m - n - k))
    while np.allclose(plain(rest)[0], 0, rtol=1e-14) and rest.size > 1:
        rest = rest[1:]
    return np.stack(quotient) if quotient else np.zeros_like(plain(v)[:1]), rest


@composed(np.polyder)
def polyder(p, m=1):
    p = vector(p)
    for _ in range(int(m)):
        p = p[:-1] * (p.size - 1 - count(p.size - 1, p))
    return p


@composed(np.polyint)
def polyint(p, m=1, k=None):
    p = vector(p)
    constants = vector(0.0 if k is None else k, p)
    constants = [constants[0] if constants.size == 1 else constants[i] for i in range(int(m))]
    for constant in constants:
        p = np.concatenate([p / (p.size - count(p.size, p)), np.reshape(constant, 1)])
    return p


# ---- roots and fits --------------------------------------------------------------------------------------------------


@composed(np.poly)
def poly(seq_of_zeros):
    """The product of the factors (x - root); of a square matrix, its roots are the eigenvalues."""
    roots = vector(seq_of_zeros)
    if roots.ndim == 2:
        roots = np.linalg.eigvals(roots)
    roots = roots if roots.dtype.kind in "fc" else roots.astype(float)
    p = np.ones_like(plain(roots), shape=1)
    for k in range(roots.size):
        p = np.convolve(p, np.concatenate([np.ones_like(plain(roots), shape=1), -roots[k : k + 1]]))
    return np.real(p) if np.isrealobj(np.poly(plain(roots))) else p


@composed(np.roots)
def roots(p):
    """The eigenvalues of the companion matrix, whose first row holds the coefficients."""
    p = vector(p)
    if p.ndim != 1:
        raise ValueError("Input must be a rank-1 array.")
    full = np.flatnonzero(plain(p))
    if not full.size:
        return np.zeros_like(plain(p), shape=0)
    zeros = p.size - full[-1] - 1
    p = p[full[0] : full[-1] + 1]
    n = p.size - 1
    if n < 1:
        return np.zeros_like(plain(p), shape=zeros)
    first = np.reshape(-p[1:] / p[0], (1, n))
    found = np.linalg.eigvals(np.concatenate([first, unit(n, first)[:-1]]))
    return np.concatenate([found, np.zeros_like(plain(found), shape=zeros)])


@composed(np.polyfit)
def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    refuse_options("np.polyfit", full=full or None, cov=cov or None)
    refuse_traced("np.polyfit", deg=deg, rcond=rcond)
    x, y = vector(x, y, w) * 1.0, vector(y, x, w) * 1.0
    powers = np.vander(x, int(deg) + 1)
    if w is not None:
        w = vector(w, x, y)
        if w.shape != y.shape[:1]:
            raise TypeError(f"expected w and y to have the same length, and they have {w.size} and {y.shape[0]}")
        powers = powers * np.expand_dims(w, 1)
        y = y * (np.expand_dims(w, 1) if np.ndim(plain(y)) == 2 else w)
    scale = np.sqrt(np.sum(powers * powers, axis=0))
    c = np.linalg.lstsq(powers / scale, y, rcond=rcond)[0]
    return (c.T / scale).T


@composed(np.vander)
def vander(x, N=None, increasing=False):
    x = vector(x)
    if x.ndim != 1:
        raise ValueError("x must be a one-dimensional array or sequence.")
    n = x.size if N is None else N
    powers = count(n, x) if increasing else n - 1 - count(n, x)
    return np.expand_dims(x, -1) ** powers if n else np.zeros((x.size, 0))
