"""Eigenvalues and eigenvectors, of Hermitian and of any matrices.

Of the values alone, the rule needs no differences between them: it also holds where some are equal.

Source: M. Giles, "An extended collection of matrix derivative results" (2008), section 3.1.
"""

import numpy as np

from fluxrepl.ad.recording import apply
from fluxrepl.ad.rule import composed, rule
from fluxrepl.ad.tracer import plain

from .decompositions import H, diagonal, divided, gaps, pack, refuse_phase, skew, unpack
from .inverses import lower_mirrored

# ---- eigenvalues and eigenvectors of Hermitian matrices --------------------------------------------------------------


def _eigh(a, UPLO="L"):
    return pack(*np.linalg.eigh(a, UPLO))


def eigh_pullback(ct, y, a, UPLO):
    """g_a = v (diag(g_w) + (vᴴ g_v) / (w_j - w_i)) vᴴ, of whose middle only the Hermitian part counts."""
    n = np.shape(plain(a))[-1]
    w, v = unpack(y, (n,), (n, n))
    gw, gv = [np.conjugate(part) for part in unpack(ct, (n,), (n, n))]
    inner = H(v) @ gv
    refuse_phase("np.linalg.eigh", inner, gv)
    turns = divided(skew(inner) / 2, gaps(np.real(w)), w, inner)
    return np.conjugate(v @ (diagonal(np.real(gw)) + turns) @ H(v))


rule(_eigh, eigh_pullback, None)


def _eigvalsh(a, UPLO="L"):
    return np.linalg.eigvalsh(a, UPLO)


def eigvalsh_pullback(ct, y, a, UPLO):
    """g_a = v diag(g_w) vᴴ, also where eigenvalues are equal."""
    v = np.linalg.eigh(a, UPLO)[1]
    return np.conjugate((v * np.expand_dims(ct, -2)) @ H(v))


rule(_eigvalsh, eigvalsh_pullback, None)


def hermitian(a, UPLO):
    """NumPy reads one triangle of `a`, so the gradient is in that triangle.

    It is told which one all the same: the signs of the vectors that it finds depend on it.
    """
    return lower_mirrored(a) if UPLO.upper() == "L" else H(lower_mirrored(H(a)))


EIGH = type(np.linalg.eigh(np.eye(1)))  # NumPy's `EighResult(eigenvalues, eigenvectors)`


@composed(np.linalg.eigh)
def eigh(a, UPLO="L"):
    n = a.shape[-1]
    w, v = unpack(apply(_eigh, (hermitian(a, UPLO), UPLO)), (n,), (n, n))
    return EIGH(np.real(w) if a.dtype.kind == "c" else w, v)


@composed(np.linalg.eigvalsh)
def eigvalsh(a, UPLO="L"):
    return apply(_eigvalsh, (hermitian(a, UPLO), UPLO))


# ---- eigenvalues and eigenvectors of any matrix ----------------------------------------------------------------------


def _eig(a):
    return pack(*np.linalg.eig(a))


def eig_pullback(ct, y, a):
    """g_a = v⁻ᴴ (diag(g_w) + (vᴴ g_v - vᴴ v diag(Re(vᴴ g_v))) / conj(w_j - w_i)) vᴴ; the middle keeps |v| = 1."""
    n = np.shape(plain(a))[-1]
    w, v = unpack(y, (n,), (n, n))
    gw, gv = [np.conjugate(part) for part in unpack(ct, (n,), (n, n))]
    inner = H(v) @ gv
    refuse_phase("np.linalg.eig", inner, gv)
    inner = inner - (H(v) @ v) * np.expand_dims(np.real(np.diagonal(inner, 0, -2, -1)), -2)
    inner = diagonal(gw) + divided(inner, np.conjugate(gaps(w)), w, H(v) @ gv)
    return np.conjugate(np.linalg.solve(H(v), inner @ H(v)))


rule(_eig, eig_pullback)


def _eigvals(a):
    return np.linalg.eig(a)[0]


def eigvals_pullback(ct, y, a):
    """g_a = v⁻ᴴ diag(g_w) vᴴ"""
    v = np.linalg.eig(a)[1]
    return np.conjugate(np.linalg.solve(H(v), np.expand_dims(np.conjugate(ct), -1) * H(v)))


rule(_eigvals, eigvals_pullback)


EIG = type(np.linalg.eig(np.eye(1)))


@composed(np.linalg.eig)
def eig(a):
    n = a.shape[-1]
    return EIG(*unpack(apply(_eig, (a,)), (n,), (n, n)))


@composed(np.linalg.eigvals)
def eigvals(a):
    return apply(_eigvals, (a,))
