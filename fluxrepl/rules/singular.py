"""Singular values and singular vectors.

Source: J. Townsend, "Differentiating the singular value decomposition" (2016); the phases of complex vectors:
Z.-Q. Wan and S.-X. Zhang, "Automatic differentiation for complex valued SVD" (2019).
"""

import numpy as np

from fluxrepl.ad.recording import apply
from fluxrepl.ad.refusals import no_rule
from fluxrepl.ad.rule import composed, rule
from fluxrepl.ad.tracer import plain

from .arithmetic import through
from .decompositions import H, diagonal, divided, gaps, largest, pack, refuse_phase, skew, unpack


def _svdvals(a):
    return np.linalg.svd(a, compute_uv=False)


def svdvals_pullback(ct, y, a):
    """g_a = u diag(g_s) vᴴ, also where singular values are equal."""
    u, _, vh = np.linalg.svd(a, full_matrices=False)
    return np.conjugate((u * np.expand_dims(through(ct, ~at_kink(y, a)), -2)) @ vh)


def at_kink(s, a) -> np.ndarray:
    """Which singular values are 0, but for rounding: they have a kink there, and as that of a norm its slope is 0."""
    s = plain(s)
    return s <= max(np.shape(plain(a))[-2:]) * np.finfo(s.dtype).eps * s[..., :1]


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
    s, v, gv = np.real(s), H(vh), H(gvh)
    gs = through(np.real(gs), ~at_kink(s, a))
    from_u, from_v = H(u) @ gu, H(v) @ gv
    refuse_phase("np.linalg.svd", from_u + from_v, gu, gv)
    # u and v turn together, and against each other: the first where singular values differ, the second also where
    # they are equal. (a s_j + b s_i) / (s_j² - s_i²) is (a + b) / 2(s_j - s_i) + (a - b) / 2(s_j + s_i).
    used = np.abs(plain(from_u)) + np.abs(plain(from_v))
    sums = np.expand_dims(s, -2) + np.expand_dims(s, -1)
    together = divided(skew(from_u) + skew(from_v), gaps(s), s, used)
    against = divided(skew(from_u) - skew(from_v), sums, s, used)
    inner = (together + against) / 2 + diagonal(gs)
    across = np.expand_dims(s, -2)
    left = u @ inner
    if m > k:
        left = left + over(gu - u @ from_u, across)
    back = left @ vh
    if n > k:
        back = back + u @ H(over(gv - v @ from_v, across))
    return np.conjugate(back)


def over(numerators, values):
    """Column by column divided by the singular values; 0 for one that is 0 and whose vectors the loss does not use."""
    n, scale = np.shape(plain(numerators))[-2], largest(values)
    rounding = 100 * n * np.finfo(plain(numerators).dtype).eps
    zero = np.abs(plain(values)) <= rounding * scale
    if np.any(zero & (np.abs(plain(numerators)) > rounding * largest(numerators))):
        raise no_rule(
            "singular vectors of a value that is 0",
            "They may turn freely in the space that the matrix maps to 0; which ones NumPy gives is an accident.",
            "The values alone have a gradient: np.linalg.svdvals.",
        )
    return np.where(zero, 0, numerators / np.where(zero, 1, values))


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

SVD = type(np.linalg.svd(np.eye(1)))  # NumPy's `SVDResult(U, S, Vh)`


@composed(np.linalg.svd)
def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    if hermitian:
        return svd_hermitian(a, compute_uv)
    if not compute_uv:
        return apply(_svdvals, (a,))
    m, n = a.shape[-2:]
    k = min(m, n)
    u, s, vh = unpack(apply(_svd, (a,)), (m, k), (k,), (k, n))
    if full_matrices and m != n:
        more_u, more_vh = unpack(apply(_null_vectors, (a,)), (m, m - k), (n - k, n))
        u, vh = np.concatenate([u, more_u], axis=-1), np.concatenate([vh, more_vh], axis=-2)
    return SVD(u, np.real(s) if a.dtype.kind == "c" else s, vh)


def svd_hermitian(a, compute_uv):
    """By eigenvalues, as NumPy finds them: their sizes are the singular values, and their signs go into v."""
    values, u = np.linalg.eigh(a)
    order = np.argsort(np.abs(plain(values)), axis=-1)[..., ::-1]
    values = np.take_along_axis(values, order, axis=-1)
    if not compute_uv:
        return np.abs(values)
    u = np.take_along_axis(u, np.expand_dims(order, -2), axis=-1)
    return SVD(u, np.abs(values), H(u * np.expand_dims(np.sign(plain(values)), -2)))


@composed(np.linalg.svdvals)
def svdvals(x, /):
    return svd(x, compute_uv=False)
