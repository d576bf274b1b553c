"""The functions of `scipy.special`: their rules are entered when the first of them meets a tracer."""

import subprocess
import sys

import numpy as np
import pytest
import scipy.special as sp

from fluxrepl import FluxError, NoRuleError, gradient, hvp

from .harness import A, B, P, S, U, V, checks

IN_UNIT = np.array([[0.3, 0.7, 0.1], [0.9, 0.4, 0.55]])

EVERYWHERE = """
    erf erfc erfcx erfi dawsn ndtr log_ndtr expit log_expit exprel cosm1 exp10 expm1 j0 j1 i0 i1 i0e i1e expi
"""
POSITIVE = "gamma gammaln loggamma rgamma psi digamma cbrt log1p entr spence y0 y1 k0 k1 exp1"
BETWEEN_0_AND_1 = "erfinv erfcinv ndtri logit ellipk ellipe ellipkm1"

ONE = {
    name: (getattr(sp, name), x)
    for names, x in [(EVERYWHERE, A), (POSITIVE, P), (BETWEEN_0_AND_1, IN_UNIT)]
    for name in names.split()
}

TWO = {
    "beta": (lambda x: sp.beta(x, x[::-1]), P),
    "betaln": (lambda x: sp.betaln(x, 2.0), P),
    "poch": (lambda x: sp.poch(x, P[::-1]), P),
    "poch of m": (lambda x: sp.poch(2.0, x), P),
    "zeta": (lambda x: sp.zeta(2.5, x), P),
    "gammainc": (lambda x: sp.gammainc(1.5, x), P),
    "gammaincc": (lambda x: sp.gammaincc(1.5, x), P),
    "rel_entr": (lambda x: sp.rel_entr(x, x[::-1] ** 2), P),
    "kl_div": (lambda x: sp.kl_div(x, P[::-1] + 0.3), P),
    "kl_div of b": (lambda x: sp.kl_div(P[::-1] + 0.3, x), P),
    "xlogy": (lambda x: sp.xlogy(x, x[::-1]), P),
    "xlog1py": (lambda x: sp.xlog1py(x, x[::-1]), P),
    "huber": (lambda x: sp.huber(0.8, x), A),
    "jv": (lambda x: sp.jv(2, x), P),
    "yv": (lambda x: sp.yv(1, x), P),
    "iv": (lambda x: sp.iv(0.5, x), P),
    "kv": (lambda x: sp.kv(1, x), P),
    "expn": (lambda x: sp.expn(3, x), P),
    "expn of low orders": (lambda x: sp.expn(np.array([0, 1, 2]), x), P),
    "rgamma on the left": (sp.rgamma, np.array([0.0, -1.0, -2.0, -1.7])),
    "ellipk near zero": (sp.ellipk, np.array([0.0, 0.015, 0.03, -0.7])),
    "ellipe near zero": (sp.ellipe, np.array([0.0, 0.015, 0.03, -0.7])),
    "ellipkm1 near one": (sp.ellipkm1, np.array([1.0, 0.985, 0.97, 1.7])),
    "expit.outer": (lambda x: sp.expit(np.multiply.outer(x, V)), V),
    "polygamma by psi": (lambda x: sp.psi(x) * sp.erf(x), S[:1] ** 2 + 1),
    "exprel at zero": (sp.exprel, np.array([0.0, 0.01, -0.05])),
    "spence at one": (sp.spence, np.array([1.0, 1.01, 0.95])),
    "both": (lambda x: sp.erf(np.arcsin(x)) + sp.expit(B), U),
}

TestOne = checks(ONE)
TestTwo = checks(TWO)


def test_the_slope_at_the_edges():
    assert gradient(sp.j1, 0.0) == (0.5,)
    assert gradient(sp.i1, 0.0) == (0.5,)
    assert gradient(sp.exprel, 0.0) == (0.5,)
    assert gradient(sp.spence, 1.0) == (-1.0,)
    assert gradient(lambda x: sp.xlogy(x, 2.0), 0.0) == (np.log(2.0),)
    assert gradient(sp.ellipk, 0.0)[0] == pytest.approx(np.pi / 8, rel=1e-15)
    assert gradient(sp.ellipe, 0.0)[0] == pytest.approx(-np.pi / 8, rel=1e-15)
    assert gradient(sp.ellipkm1, 1.0)[0] == pytest.approx(-np.pi / 8, rel=1e-15)
    assert hvp(sp.ellipe, 1e-12, 1.0) == pytest.approx(-3 * np.pi / 64, rel=1e-9)


def test_the_third_derivative_of_an_exponential_integral():
    f = lambda x: sp.expn(2, x)
    third = gradient(lambda x: gradient(lambda x: gradient(f, x)[0], x)[0], 0.7)[0]
    assert third == pytest.approx(-np.exp(-0.7) / 0.7 * (1 + 1 / 0.7), rel=1e-12)


@pytest.mark.parametrize("f", [lambda x: sp.jv(x, 1.0), lambda x: sp.gammainc(x, 1.0), lambda x: sp.zeta(x, 2.0)])
def test_a_slope_that_is_not_known_is_refused(f):
    with pytest.raises(NoRuleError, match="with respect to its first argument"):
        gradient(f, 1.5)


@pytest.mark.parametrize("f", [sp.logsumexp, lambda x: np.sum(sp.softmax(x)), lambda x: sp.voigt_profile(x[0], 1, 1)])
def test_functions_that_cannot_be_followed_are_refused(f):
    with pytest.raises((FluxError, TypeError)):
        gradient(f, V)


def test_scipy_is_not_imported_by_the_engine():
    program = "import sys, fluxrepl; fluxrepl.gradient(lambda x: x**2, 3.0); print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
