"""Matrix decompositions: what they have in common; Cholesky and QR. See `eigen.py` and `singular.py` for the others.

A decomposition has several results, a row of the tape has one. So its factors are laid side by side in one array
(`pack`), that is what the rule is for, and the caller takes the array apart again (`unpack`): reading has a rule.

The formulas are those of the papers, for gradients g = conj(ct) (see `ad/rule.py`); H is the transposed conjugate.

**What has no derivative.** Eigenvectors of equal eigenvalues may turn in their plane, and complex eigenvectors may
have any phase. A loss that uses the first, or depends on the second, is refused.

Source: Cholesky: I. Murray, "Differentiation of the Cholesky decomposition" (2016), equation 9. QR: S. Walter and
L. Lehmann, "Algorithmic differentiation of linear algebra functions with application in optimum experimental design"
(2010); of complex matrices: M. Seeger et al., "Auto-differentiating linear algebra" (2017), section 4.3.
"""

import numpy as np

from fluxrepl.ad.recording import apply
from fluxrepl.ad.refusals import no_rule
from fluxrepl.ad.rule import composed, rule
from fluxrepl.ad.tracer import plain

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


def gaps(values):
    """values[j] - values[i] at [i, j]."""
    return np.expand_dims(values, -2) - np.expand_dims(values, -1)


def skew(x):
    """What is left of a matrix when its Hermitian part is taken away, twice."""
    return x - H(x)


def largest(x) -> float:
    return np.max(np.abs(plain(x)), initial=0.0)


def divided(numerators, differences, values, inner):
    """Element by element off the diagonal, where the vectors of different `values` turn towards each other.

    Those of equal values turn freely. If the loss does not use them, which `inner` says, that does not matter; if it
    does, its derivative would need more than the first derivatives known here, and it is refused.
    """
    n = np.shape(plain(numerators))[-1]
    rounding = 100 * n * np.finfo(plain(numerators).dtype).eps
    equal = np.abs(plain(differences)) <= rounding * largest(values)
    matters = np.abs(plain(inner)) > rounding * largest(inner)
    if np.any(equal & matters & ~unit(n, numerators, bool)):
        raise no_rule(
            "eigenvectors or singular vectors of equal values",
            "In the plane of two such vectors, any other two would do as well; which ones NumPy gives is an accident.",
            "The values alone have a gradient: np.linalg.eigvalsh, np.linalg.eigvals, np.linalg.svdvals.",
        )
    return np.where(equal, 0, numerators / np.where(equal, 1, differences))


def refuse_phase(name, inner, *gradients):
    """Complex vectors have any phase: the loss must not depend on it, or its gradient is not defined."""
    turned = np.imag(np.diagonal(plain(inner), 0, -2, -1))
    rounding = 1e5 * np.finfo(plain(inner).dtype).eps
    if largest(turned) > rounding * sum([largest(g) for g in gradients]):
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
    refuse_singular(r)
    inner = np.triu(gr @ H(r) - H(q) @ gq)
    inner = inner + H(inner) - np.tril(np.triu((inner + H(inner)) / 2))
    return np.conjugate(H(np.linalg.solve(r, H(gq + q @ inner))))


def refuse_singular(r):
    """Of columns that depend on each other, some in q are arbitrary."""
    sizes = np.abs(np.diagonal(plain(r), 0, -2, -1))
    n = sizes.shape[-1]
    if n and np.any(np.min(sizes, axis=-1) <= 10 * n * np.finfo(plain(r).dtype).eps * np.max(sizes, axis=-1)):
        raise no_rule(
            "np.linalg.qr of a matrix whose columns depend on each other",
            "Its R is singular to working precision: some columns of Q are arbitrary, and a derivative divides by 0.",
            "np.linalg.svd works for such a matrix, and so does np.linalg.pinv where its rank stays the same.",
        )


rule(_qr, qr_pullback)
QR = type(np.linalg.qr(np.eye(1)))  # NumPy's `QRResult(Q, R)`


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
