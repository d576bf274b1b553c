"""Matrix decompositions: Cholesky, QR, eigenvalues and eigenvectors, singular values.

A decomposition has several results, a row of the tape has one. So its factors are laid side by side in one array
(`pack`), that is what the rule is for, and the caller takes the array apart again (`unpack`): reading has a rule.

The formulas are those of the papers, for gradients g = conj(ct) (see `ad/rule.py`); with `H` the transposed
conjugate:

    Cholesky   I. Murray, "Differentiation of the Cholesky decomposition" (2016), equation 9
    QR         S. Walter, L. Lehmann, "Algorithmic differentiation of linear algebra functions with application in
               optimum experimental design" (2010), and for complex matrices M. Seeger et al., "Auto-differentiating
               linear algebra" (2017), section 4.3
    eigh, eig  M. Giles, "An extended collection of matrix derivative results" (2008), section 3.1
    svd        J. Townsend, "Differentiating the singular value decomposition" (2016); the phases of complex vectors:
               Z.-Q. Wan, S.-X. Zhang, "Automatic differentiation for complex valued SVD" (2019)

**What has no derivative.** Eigenvectors of equal eigenvalues may turn in their plane, and complex eigenvectors may
have any phase. A loss that depends on either has no derivative there: nan in the first case, an error in the second.
"""

import numpy as np

from fluxrepl.ad.rule import composed, rule
from fluxrepl.ad.tracer import apply, no_rule, plain

from .inverses import lower_mirrored
from .linalg import swap
from .made import unit


def H(a):
    return np.conjugate(swap(a))


def pack(*parts):
    """Arrays with the same leading axes, flattened and laid side by side."""
    lead = plain(parts[-1]).shape[:-2]
    return np.concatenate([np.reshape(p, (*lead, -1)) for p in parts], axis=-1)


def unpack(packed, *shapes):
    """The parts again; each shape is that of one matrix or vector of the stack."""
    lead, start, parts = np.shape(plain(packed))[:-1], 0, []
    for shape in shapes:
        n = int(np.prod(shape, dtype=int))
        parts.append(np.reshape(packed[..., start : start + n], (*lead, *shape)))
        start += n
    return parts


def diagonal(values):
    """Matrices with these values on the diagonal."""
    return np.expand_dims(values, -1) * unit(np.shape(plain(values))[-1], values)


def result_of(example):
    """The class in which NumPy gives its results, such as `EighResult(eigenvalues, eigenvectors)`."""
    return type(example)


EIG, EIGH = result_of(np.linalg.eig(np.eye(1))), result_of(np.linalg.eigh(np.eye(1)))
QR, SVD = result_of(np.linalg.qr(np.eye(1))), result_of(np.linalg.svd(np.eye(1)))


def gaps(values):
    """values[j] - values[i] at [i, j]."""
    return np.expand_dims(values, -2) - np.expand_dims(values, -1)


def divided(numerators, differences):
    """Element by element, off the diagonal; 0/0 is 0: equal eigenvalues whose vectors the loss does not tell apart."""
    on_diagonal = unit(np.shape(plain(differences))[-1], differences, bool)
    equal = np.equal(plain(differences), 0)
    size = np.max(np.abs(plain(numerators)), initial=0.0)
    nothing = on_diagonal | (equal & (np.abs(plain(numerators)) <= 1e-12 * size))
    quotients = numerators / np.where(equal, 1, differences)
    return np.where(nothing, 0, np.where(equal, np.nan, quotients))


def refuse_phase(name, inner, size):
    """Complex vectors have any phase: the loss must not depend on it, or its gradient is not defined."""
    turned = np.abs(np.imag(np.diagonal(plain(inner), 0, -2, -1)))
    if np.any(turned > 1e-6 * (1 + np.max(np.abs(plain(size)), initial=0.0))):
        raise no_rule(
            f"{name} where the loss depends on the phase of complex vectors",
            "Each of them may be multiplied with any number of size 1; which one NumPy gives is an accident.",
            "A loss that does not depend on it, such as one of np.abs(v), has a gradient.",
        )


# ---- Cholesky --------------------------------------------------------------------------------------------------------


def _cholesky(a):
    return np.linalg.cholesky(a)


def cholesky_pullback(ct, L, a):
    """g_a = L⁻ᴴ Φ(Lᴴ g_L) L⁻¹, where Φ takes the lower triangle and half of the diagonal."""
    inner = np.tril(H(L) @ np.conjugate(ct))
    inner = inner - np.tril(np.triu(inner)) / 2
    left = np.linalg.solve(H(L), inner)
    return np.conjugate(H(np.linalg.solve(H(L), H(left))))


rule(_cholesky, cholesky_pullback)


@composed(np.linalg.cholesky)
def cholesky(a, /, *, upper=False):
    """NumPy reads one triangle of `a`, so the gradient is in that triangle."""
    if upper:
        return H(apply(_cholesky, (lower_mirrored(H(a)),)))
    return apply(_cholesky, (lower_mirrored(a),))


# ---- QR --------------------------------------------------------------------------------------------------------------


def _qr(a):
    return pack(*np.linalg.qr(a))


def qr_pullback(ct, y, a):
    """g_a = (g_Q + Q Ψ(triu(g_R Rᴴ - Qᴴ g_Q))) R⁻ᴴ, where Ψ(x) = x + xᴴ with the real part of x as its diagonal."""
    m, n = np.shape(plain(a))[-2:]
    q, r = unpack(y, (m, n), (n, n))
    gq, gr = [np.conjugate(part) for part in unpack(ct, (m, n), (n, n))]
    inner = np.triu(gr @ H(r) - H(q) @ gq)
    inner = inner + H(inner) - np.tril(np.triu((inner + H(inner)) / 2))
    return np.conjugate(H(np.linalg.solve(r, H(gq + q @ inner))))


rule(_qr, qr_pullback)


@composed(np.linalg.qr)
def qr(a, mode="reduced"):
    """Of a wide matrix, the first columns are decomposed and the rest follows: R = Qᴴ a."""
    m, n = a.shape[-2:]
    if mode not in ("reduced", "r", "complete") or (mode == "complete" and m > n):
        raise no_rule(f"np.linalg.qr with mode={mode!r}")
    k = min(m, n)
    q, r = unpack(apply(_qr, (a[..., :k],)), (m, k), (k, k))
    if n > m:
        r = np.concatenate([r, H(q) @ a[..., k:]], axis=-1)
    return r if mode == "r" else QR(q, r)


# ---- eigenvalues and eigenvectors of Hermitian matrices --------------------------------------------------------------


def _eigh(a):
    return pack(*np.linalg.eigh(a))


def eigh_pullback(ct, y, a):
    """g_a = v (diag(g_w) + (vᴴ g_v) / (w_j - w_i)) vᴴ"""
    n = np.shape(plain(a))[-1]
    w, v = unpack(y, (n,), (n, n))
    gw, gv = [np.conjugate(part) for part in unpack(ct, (n,), (n, n))]
    inner = H(v) @ gv
    refuse_phase("np.linalg.eigh", inner, gv)
    return np.conjugate(v @ (diagonal(np.real(gw)) + divided(inner, gaps(np.real(w)))) @ H(v))


rule(_eigh, eigh_pullback)


def _eigvalsh(a):
    return np.linalg.eigvalsh(a)


def eigvalsh_pullback(ct, y, a):
    """g_a = v diag(g_w) vᴴ, also where eigenvalues are equal."""
    v = np.linalg.eigh(a)[1]
    return np.conjugate((v * np.expand_dims(ct, -2)) @ H(v))


rule(_eigvalsh, eigvalsh_pullback)


def hermitian(a, UPLO):
    """NumPy reads one triangle of `a`, so the gradient is in that triangle."""
    return lower_mirrored(a) if UPLO.upper() == "L" else H(lower_mirrored(H(a)))


@composed(np.linalg.eigh)
def eigh(a, UPLO="L"):
    n = a.shape[-1]
    w, v = unpack(apply(_eigh, (hermitian(a, UPLO),)), (n,), (n, n))
    return EIGH(np.real(w) if a.dtype.kind == "c" else w, v)


@composed(np.linalg.eigvalsh)
def eigvalsh(a, UPLO="L"):
    return apply(_eigvalsh, (hermitian(a, UPLO),))


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
    inner = diagonal(gw) + divided(inner, np.conjugate(gaps(w)))
    return np.conjugate(np.linalg.solve(H(v), inner @ H(v)))


rule(_eig, eig_pullback)


def _eigvals(a):
    return np.linalg.eig(a)[0]


def eigvals_pullback(ct, y, a):
    """g_a = v⁻ᴴ diag(g_w) vᴴ"""
    v = np.linalg.eig(a)[1]
    return np.conjugate(np.linalg.solve(H(v), np.expand_dims(np.conjugate(ct), -1) * H(v)))


rule(_eigvals, eigvals_pullback)


@composed(np.linalg.eig)
def eig(a):
    n = a.shape[-1]
    return EIG(*unpack(apply(_eig, (a,)), (n,), (n, n)))


@composed(np.linalg.eigvals)
def eigvals(a):
    return apply(_eigvals, (a,))


# ---- singular values -------------------------------------------------------------------------------------------------


def _svdvals(a):
    return np.linalg.svd(a, compute_uv=False)


def svdvals_pullback(ct, y, a):
    """g_a = u diag(g_s) vᴴ, also where singular values are equal."""
    u, _, vh = np.linalg.svd(a, full_matrices=False)
    return np.conjugate((u * np.expand_dims(ct, -2)) @ vh)


rule(_svdvals, svdvals_pullback)


def _svd(a):
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return pack(u, s, vh)


def svd_pullback(ct, y, a):
    """The changes of u and of v within the space they span, and out of it where the matrix is not square."""
    m, n = np.shape(plain(a))[-2:]
    k = min(m, n)
    shapes = ((m, k), (k,), (k, n))
    u, s, vh = unpack(y, *shapes)
    gu, gs, gvh = [np.conjugate(part) for part in unpack(ct, *shapes)]
    s, gs, v, gv = np.real(s), np.real(gs), H(vh), H(gvh)
    from_u, from_v = H(u) @ gu, H(v) @ gv
    refuse_phase("np.linalg.svd", from_u + from_v, plain(gu).max() + plain(gv).max())
    squares = gaps(np.square(s))
    across, down = np.expand_dims(s, -2), np.expand_dims(s, -1)
    inner = divided(from_u - H(from_u), squares) * across + down * divided(from_v - H(from_v), squares) + diagonal(gs)
    if plain(inner).dtype.kind == "c":
        inner = inner + diagonal(1j * np.imag(np.diagonal(from_u, 0, -2, -1)) / s)
    left = u @ inner
    if m > k:
        left = left + (gu - u @ from_u) / across
    back = left @ vh
    if n > k:
        back = back + (u / across) @ H(gv - v @ from_v)
    return np.conjugate(back)


rule(_svd, svd_pullback)


def _null_vectors(a):
    """The vectors that fill up u and v to square matrices."""
    u, s, vh = np.linalg.svd(a)
    k = s.shape[-1]
    return pack(u[..., k:], vh[..., k:, :])


def null_pullback(ct, y, a):
    if np.any(np.not_equal(plain(ct), 0)):
        raise no_rule(
            "the vectors of np.linalg.svd that belong to no singular value",
            "They may turn freely in the space that is left; np.linalg.svd(a, full_matrices=False) leaves them out.",
        )
    return np.zeros_like(plain(a))


rule(_null_vectors, null_pullback)


@composed(np.linalg.svd)
def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    if hermitian:
        a = lower_mirrored(a)
    if not compute_uv:
        return apply(_svdvals, (a,))
    m, n = a.shape[-2:]
    k = min(m, n)
    u, s, vh = unpack(apply(_svd, (a,)), (m, k), (k,), (k, n))
    if full_matrices and m != n:
        more_u, more_vh = unpack(apply(_null_vectors, (a,)), (m, m - k), (n - k, n))
        u, vh = np.concatenate([u, more_u], axis=-1), np.concatenate([vh, more_vh], axis=-2)
    return SVD(u, np.real(s) if a.dtype.kind == "c" else s, vh)


@composed(np.linalg.svdvals)
def svdvals(x, /):
    return svd(x, compute_uv=False)
