"""The functions of `scipy.special`, where SciPy is installed and the learner has imported it.

They are ufuncs, so they come to a tracer as NumPy's own do. SciPy is never imported here: the rules are entered when
the first of its functions meets a tracer (`LATE` in `ad/rule.py`).
"""

import math

import numpy as np

from fluxrepl.ad.refusals import no_rule
from fluxrepl.ad.rule import LATE, elementwise, quiet
from fluxrepl.ad.tracer import plain

from .elementwise import ratio, taylor

SQRT_PI = float(np.sqrt(np.pi))


def derivatives(sp) -> dict:
    """The table: one row a function, the result first, then the operands. Integer orders have no derivative."""
    order = unknown_order
    return {
        # the error function and its relatives
        "erf": (lambda y, x: 2 / SQRT_PI * np.exp(-x * x),),
        "erfc": (lambda y, x: -2 / SQRT_PI * np.exp(-x * x),),
        "erfcx": (lambda y, x: 2 * x * y - 2 / SQRT_PI,),
        "erfi": (lambda y, x: 2 / SQRT_PI * np.exp(x * x),),
        "erfinv": (lambda y, x: SQRT_PI / 2 * np.exp(y * y),),
        "erfcinv": (lambda y, x: -SQRT_PI / 2 * np.exp(y * y),),
        "dawsn": (lambda y, x: 1 - 2 * x * y,),
        "ndtr": (lambda y, x: np.exp(-x * x / 2) / np.sqrt(2 * np.pi),),
        "ndtri": (lambda y, x: np.sqrt(2 * np.pi) * np.exp(y * y / 2),),
        "log_ndtr": (lambda y, x: np.exp(-x * x / 2 - y) / np.sqrt(2 * np.pi),),
        # the gamma function and its relatives
        "gamma": (lambda y, x: y * sp.psi(x),),
        "gammaln": (lambda y, x: sp.psi(x),),
        "loggamma": (lambda y, x: sp.psi(x),),
        "rgamma": (lambda y, x: rgamma_slope(sp, y, x),),
        "psi": (lambda y, x: sp.zeta(2.0, x),),
        "beta": (lambda y, a, b: y * (sp.psi(a) - sp.psi(a + b)), lambda y, a, b: y * (sp.psi(b) - sp.psi(a + b))),
        "betaln": (lambda y, a, b: sp.psi(a) - sp.psi(a + b), lambda y, a, b: sp.psi(b) - sp.psi(a + b)),
        "zeta": (order("zeta"), lambda y, s, x: -s * sp.zeta(s + 1, x)),
        "gammainc": (order("gammainc"), lambda y, a, x: np.exp((a - 1) * np.log(x) - x - sp.gammaln(a))),
        "gammaincc": (order("gammaincc"), lambda y, a, x: -np.exp((a - 1) * np.log(x) - x - sp.gammaln(a))),
        "poch": (lambda y, a, m: y * (sp.psi(a + m) - sp.psi(a)), lambda y, a, m: y * sp.psi(a + m)),
        # sigmoids, entropies, logarithms
        "expit": (lambda y, x: y * (1 - y),),
        "log_expit": (lambda y, x: sp.expit(-x),),
        "logit": (quiet(lambda y, x: 1 / (x * (1 - x))),),
        "entr": (quiet(lambda y, x: -np.log(x) - 1),),
        "rel_entr": (quiet(lambda y, a, b: np.log(a / b) + 1), quiet(lambda y, a, b: -a / b)),
        "kl_div": (quiet(lambda y, a, b: np.log(a / b)), quiet(lambda y, a, b: 1 - a / b)),
        "xlogy": (quiet(lambda y, x, y2: np.log(y2)), quiet(lambda y, x, y2: ratio(x, y2))),
        "xlog1py": (quiet(lambda y, x, y2: np.log1p(y2)), quiet(lambda y, x, y2: ratio(x, 1 + y2))),
        "exprel": (exprel_slope,),
        "cosm1": (lambda y, x: -np.sin(x),),
        "exp10": (lambda y, x: y * np.log(10.0),),
        "expm1": (lambda y, x: y + 1,),
        "log1p": (quiet(lambda y, x: 1 / (1 + x)),),
        "cbrt": (quiet(lambda y, x: 1 / (3 * y * y)),),
        "huber": (order("huber"), lambda y, d, r: np.clip(r, -d, d)),
        "spence": (spence_slope,),
        # Bessel functions
        "j0": (lambda y, x: -sp.j1(x),),
        "j1": (lambda y, x: sp.j0(x) - ratio(y, x) - 0.5 * np.equal(plain(x), 0),),
        "y0": (lambda y, x: -sp.y1(x),),
        "y1": (lambda y, x: sp.y0(x) - y / x,),
        "i0": (lambda y, x: sp.i1(x),),
        "i1": (lambda y, x: sp.i0(x) - ratio(y, x) - 0.5 * np.equal(plain(x), 0),),
        "i0e": (lambda y, x: sp.i1e(x) - np.sign(x) * y,),
        "i1e": (lambda y, x: sp.i0e(x) - np.sign(x) * y - ratio(y, x) - 0.5 * np.equal(plain(x), 0),),
        "k0": (lambda y, x: -sp.k1(x),),
        "k1": (lambda y, x: -sp.k0(x) - y / x,),
        "jv": (order("jv"), lambda y, v, x: (sp.jv(v - 1, x) - sp.jv(v + 1, x)) / 2),
        "yv": (order("yv"), lambda y, v, x: (sp.yv(v - 1, x) - sp.yv(v + 1, x)) / 2),
        "iv": (order("iv"), lambda y, v, x: (sp.iv(v - 1, x) + sp.iv(v + 1, x)) / 2),
        "kv": (order("kv"), lambda y, v, x: -(sp.kv(v - 1, x) + sp.kv(v + 1, x)) / 2),
        # integrals
        "exp1": (lambda y, x: -np.exp(-x) / x,),
        "expi": (lambda y, x: np.exp(x) / x,),
        "expn": (order("expn"), lambda y, n, x: -expn(sp, np.asarray(plain(n)) - 1, x)),
        "ellipkm1": (quiet(lambda y, p: -ellipk_slope(sp, p)),),
        "ellipk": (quiet(lambda y, m: ellipk_slope(sp, 1 - m)),),
        "ellipe": (quiet(lambda y, m: ellipe_slope(sp, m)),),
    }


def unknown_order(name):
    """In place of a derivative that is not known: asked for, it is refused."""

    def refuse(y, *operands):
        raise no_rule(f"scipy.special.{name} with respect to its first argument")

    return refuse


EXPREL_SERIES = [1 / (math.factorial(k) * (k + 2)) for k in range(8)]
SPENCE_SERIES = [(-1) ** (k + 1) / (k + 1) for k in range(10)]


def exprel_slope(y, x):
    """Of (eˣ - 1) / x: ((x - 1) eˣ + 1) / x²."""
    return taylor(x, 0.0, EXPREL_SERIES, lambda x: ((x - 1) * np.exp(x) + 1) / (x * x))


@quiet
def spence_slope(y, x):
    """Of the dilogarithm: log(x) / (1 - x)."""
    return taylor(x, 1.0, SPENCE_SERIES, lambda x: np.log(x) / (1 - x))


def rgamma_slope(sp, y, x):
    """Of 1/Γ: -ψ(x) / Γ(x); on the left, where both have poles, of its mirror image Γ(1 - x) sin(πx) / π."""
    left = np.less(np.real(plain(x)), 0.5)
    z = np.where(left, 1 - x, 1.0)
    mirrored = sp.gamma(z) * (np.cos(np.pi * x) - sp.psi(z) * np.sin(np.pi * x) / np.pi)
    return np.where(left, mirrored, -y * sp.psi(np.where(left, 1.0, x)))


# The series of an elliptic integral has the squares of the binomial coefficients of -1/2 (DLMF 19.5.1 and 19.5.2).
SQUARES = [(math.comb(2 * k, k) / 4**k) ** 2 for k in range(1, 12)]
ELLIPK_SERIES = [math.pi / 2 * k * c for k, c in enumerate(SQUARES, 1)]
ELLIPE_SERIES = [math.pi / 2 * k * c / (1 - 2 * k) for k, c in enumerate(SQUARES, 1)]


def ellipk_slope(sp, p):
    """Of K at m = 1 - p, which is exact near m = 1 too: (E - p K) / (2 m p)."""
    series = [(-1) ** k * c for k, c in enumerate(ELLIPK_SERIES)]
    return taylor(p, 1.0, series, lambda p: (sp.ellipe(1 - p) - p * sp.ellipkm1(p)) / (2 * p * (1 - p)))


def ellipe_slope(sp, m):
    """Of the complete elliptic integral E: (E - K) / 2m."""
    return taylor(m, 0.0, ELLIPE_SERIES, lambda m: (sp.ellipe(m) - sp.ellipk(m)) / (2 * m), step=-1.0)


@quiet
def expn(sp, n, x):
    """The exponential integral, for n < 1 too, where SciPy has none: E₀ = e⁻ˣ / x and E₋ₖ = (e⁻ˣ + k E₁₋ₖ) / x."""
    y = sp.expn(np.maximum(n, 1), x)
    lower = np.exp(-x) / x
    for k in range(1 - int(np.min(n, initial=1))):
        lower = (np.exp(-x) + k * lower) / x if k else lower
        y = np.where(np.equal(n, -k), lower, y)
    return y[()]


def enter(sp) -> None:
    """Enter the rules, now that SciPy is there."""
    for name, row in derivatives(sp).items():
        if hasattr(sp, name):
            fn = getattr(sp, name)
            if not isinstance(fn, np.ufunc):  # sp.zeta fills in its second argument and calls a ufunc
                fn = getattr(sp._ufuncs, f"_{name}", fn)
            elementwise(fn, *row)


LATE["scipy.special"] = enter
