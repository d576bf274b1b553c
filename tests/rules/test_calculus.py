"""Differences, slopes, areas, interpolation; polynomials; Fourier transforms; arrays made from numbers."""

import numpy as np
import pytest

from fluxrepl import check_gradient, gradient, withgradient

from .harness import ZV, A, B, L, P, S, T, V, Z, checks

X = np.array([0.0, 0.7, 1.1, 2.0, 2.3, 3.1, 4.0])  # rising

CALCULUS = {
    "diff": (lambda x: np.diff(x) ** 2, A),
    "diff twice": (lambda x: np.diff(x, 2, axis=1) ** 2, T),
    "diff prepend": (lambda x: np.diff(x, prepend=0.5, append=x[:, :1]) ** 2, A),
    "diff axis": (lambda x: np.diff(x, axis=0) ** 2, A),
    "ediff1d": (lambda x: np.ediff1d(x, to_begin=1.0, to_end=[2.0, 3.0]) ** 2, A),
    "gradient": (lambda x: np.gradient(x) ** 2, L),
    "gradient axes": (lambda x: np.gradient(x)[1] ** 2, S),
    "gradient axis": (lambda x: np.gradient(x, axis=1) ** 2, T),
    "gradient spacing": (lambda x: np.gradient(x, 0.5, X[:3])[1] ** 2, S),
    "gradient at places": (lambda x: np.gradient(x, X, edge_order=2) ** 2, L),
    "gradient of places": (lambda x: np.gradient(L, x) ** 2, X),
    "gradient edge 2": (lambda x: np.gradient(x, 2.0, edge_order=2) ** 2, L),
    "trapezoid": (lambda x: np.trapezoid(x) ** 2, A),
    "trapezoid x": (lambda x: np.trapezoid(x, X) ** 2, L),
    "trapezoid of x": (lambda x: np.trapezoid(L, x) ** 2, X),
    "trapezoid axis": (lambda x: np.trapezoid(x, dx=0.5, axis=0) ** 2, A),
    "trapezoid matrix": (lambda x: np.trapezoid(x, np.cumsum(P, axis=1), axis=1) ** 2, A),
    "interp x": (lambda x: np.interp(x, X, L) ** 2, np.array([-1.0, 0.3, 1.5, 2.2, 9.0])),
    "interp fp": (lambda fp: np.interp([-1.0, 0.3, 1.5, 2.2, 9.0], X, fp) ** 2, L),
    "interp xp": (lambda xp: np.interp([-1.0, 0.3, 1.5, 2.2, 9.0], xp, L) ** 2, X),
    "interp ends": (lambda x: np.interp(x, X, L, left=x[0] ** 2, right=3.0) ** 2, np.array([-1.0, 0.3, 9.0])),
    "interp matrix": (lambda x: np.interp(x, X, L) ** 2, P + 0.05),
    "interp number": (lambda x: np.interp(x[1], X, L) ** 2, V + 1),
    "interp period": (lambda x: np.interp(x, X, L, period=4.5) ** 2, np.array([-1.0, 0.3, 4.3, 12.2])),
    "interp period fp": (lambda fp: np.interp([4.2, -0.2], X, fp, period=4.5) ** 2, L),
}

POLYNOMIALS = {
    "convolve": (lambda x: np.convolve(x, V), L),
    "convolve with": (lambda x: np.convolve(x, L), V),
    "convolve same": (lambda x: np.convolve(x, V, "same"), L),
    "convolve same even": (lambda x: np.convolve(x, [1.0, 2.0, 3.0, 5.0], "same"), L),
    "convolve valid": (lambda x: np.convolve(V, x, "valid"), L),
    "convolve itself": (lambda x: np.convolve(x, x), V),
    "correlate": (lambda x: np.correlate(x, V), L),
    "correlate with": (lambda x: np.correlate(x, L, "full"), V),
    "correlate same": (lambda x: np.correlate(x, [1.0, 2.0, 3.0, 5.0], "same"), L),
    "correlate same longer": (lambda x: np.correlate([1.0, 2.0, 3.0, 5.0], x, "same"), L),
    "correlate valid longer": (lambda x: np.correlate(V, x, "valid"), L),
    "polyval": (lambda x: np.polyval(x, 0.7), V),
    "polyval at": (lambda x: np.polyval([3.0, 2.0, 1.0], x), A),
    "polyval of both": (lambda x: np.polyval(x, x), V),
    "polyadd": (lambda x: np.polyadd(x, L) ** 2, V),
    "polysub": (lambda x: np.polysub(L, x) ** 2, V),
    "polymul": (lambda x: np.polymul(x, [0.0, 2.0, 1.0]), V),
    "polydiv": (lambda x: np.polydiv(x, [2.0, 1.0, 0.5])[0], L),
    "polydiv by": (lambda x: np.polydiv(L, x)[0], V),
    "polydiv rest": (lambda x: np.polydiv(x, [2.0, 1.0, 0.5])[1] ** 2, L),
    "polyder": (lambda x: np.polyder(x, 2) ** 2, L),
    "polyint": (lambda x: np.polyint(x, 2, k=[1.0, 2.0]) ** 2, V),
    "poly": (np.poly, V),
    "poly of a matrix": (np.poly, S),
    "roots": (lambda x: np.sort(np.real(np.roots(np.concatenate([[1.0], x])))), np.array([-6.0, 11.0, -6.0])),
    "polyfit": (lambda y: np.polyfit(X, y, 2) ** 2, L),
    "polyfit x": (lambda x: np.polyfit(x, L, 2), X),
    "polyfit w": (lambda w: np.polyfit(X, L, 2, w=w), np.arange(1.0, 8.0)),
    "vander": (lambda x: np.vander(x, 4), V),
    "vander increasing": (lambda x: np.vander(x, increasing=True), np.array([0.5, 0.0, -1.0])),
}

FOURIER = {
    "fft": (np.fft.fft, L),
    "fft 2d": (lambda x: np.fft.fft(x, axis=0), S),
    "fft longer": (lambda x: np.fft.fft(x, 9), L),
    "fft shorter": (lambda x: np.fft.fft(x, 4, norm="ortho"), L),
    "fft complex": (lambda x: np.fft.fft(x, norm="forward"), Z),
    "fft squared": (lambda x: np.abs(np.fft.fft(x)) ** 2, P),
    "ifft": (np.fft.ifft, ZV),
    "ifft longer": (lambda x: np.fft.ifft(x, 5, axis=0, norm="forward"), Z),
    "rfft": (np.fft.rfft, L),
    "rfft even": (lambda x: np.fft.rfft(x, 6, norm="ortho"), L),
    "rfft squared": (lambda x: np.abs(np.fft.rfft(x, axis=0)) ** 2, S),
    "irfft": (np.fft.irfft, ZV),
    "irfft odd": (lambda x: np.fft.irfft(x, 5), ZV),
    "irfft longer": (lambda x: np.fft.irfft(x, 8, axis=0, norm="ortho"), Z),
    "irfft shorter": (lambda x: np.fft.irfft(x, 2), ZV),
    "irfft of real": (np.fft.irfft, L),
    "rfft and back": (lambda x: np.fft.irfft(np.fft.rfft(x) ** 2, 7), L),
    "hfft": (np.fft.hfft, ZV),
    "hfft norm": (lambda x: np.fft.hfft(x, 5, norm="forward"), ZV),
    "ihfft": (lambda x: np.fft.ihfft(x, norm="ortho"), L),
    "fft2": (np.fft.fft2, T),
    "fft2 sized": (lambda x: np.fft.fft2(x, s=(2, 5)), A),
    "ifft2": (np.fft.ifft2, Z),
    "fftn": (np.fft.fftn, T),
    "fftn axes": (lambda x: np.fft.fftn(x, axes=(0, 2), norm="ortho"), T),
    "ifftn": (lambda x: np.fft.ifftn(x, s=(3, -1), axes=(0, 1)), Z),
    "rfft2": (np.fft.rfft2, A),
    "rfftn": (lambda x: np.fft.rfftn(x, s=(3, 4), axes=(0, 2)), T),
    "irfft2": (np.fft.irfft2, Z),
    "irfftn": (lambda x: np.fft.irfftn(x, s=(2, 5), axes=(0, 1)), Z),
    "fftshift": (lambda x: np.fft.fftshift(x) ** 2, A),
    "fftshift axis": (lambda x: np.fft.fftshift(x, axes=1) ** 2, A),
    "ifftshift": (lambda x: np.fft.ifftshift(x) ** 2, L),
}

CREATION = {
    "linspace": (lambda x: np.linspace(x[0], x[1], 5) ** 2, V),
    "linspace open": (lambda x: np.linspace(x[0], 3.0, 4, endpoint=False) ** 2, V),
    "linspace of arrays": (lambda x: np.linspace(x, 2.0, 4, axis=1) ** 2, V),
    "linspace step": (lambda x: np.linspace(x[0], x[1], 5, retstep=True)[1] ** 2, V),
    "linspace of one": (lambda x: np.linspace(x[0], x[1], 1) ** 2, V),
    "logspace": (lambda x: np.logspace(x[0], x[1], 4), V),
    "logspace base": (lambda x: np.logspace(0.0, 2.0, 4, base=x[0]), np.abs(V)),
    "geomspace": (lambda x: np.geomspace(x[0, 0], x[1, 2], 5), P),
    "geomspace negative": (lambda x: np.geomspace(-x[0], -x[1], 4, endpoint=False), P),
    "full_like": (lambda x: np.full_like(x, x[0]) ** 2, V),
    "meshgrid": (lambda x: np.meshgrid(x, x**2, indexing="ij")[1] * x, V),
    "meshgrid xy": (lambda x: np.multiply(*np.meshgrid(x, L)), V),
    "meshgrid sparse": (lambda x: np.add(*np.meshgrid(x, x[:2] ** 2, sparse=True)) ** 2, V),
    "ix_": (lambda x: np.multiply(*np.ix_(x, x[:2])), V),
    "apply_along_axis": (lambda x: np.apply_along_axis(lambda v: v**2 * v[0], 1, x), A),
    "apply_along_axis first": (lambda x: np.apply_along_axis(np.sum, 0, x) ** 2, T),
    "apply_along_axis to a matrix": (lambda x: np.apply_along_axis(lambda v: np.outer(v, v), 0, x), A),
    "apply_over_axes": (lambda x: np.apply_over_axes(np.sum, x, [0, 2]) ** 2, T),
    "bincount": (lambda x: np.bincount([0, 2, 2], weights=x) ** 2, V),
    "histogram edges": (lambda x: np.histogram(x, 4)[1] ** 2, L),
    "histogram weights": (lambda w: np.histogram([0.1, 0.5, 1.0], 3, weights=w)[0] ** 2, V),
    "histogram density": (lambda w: np.histogram([0.1, 0.5, 1.0], 3, weights=w, density=True)[0], P[0]),
    "histogram_bin_edges": (lambda x: np.histogram_bin_edges(x, 3) ** 2, L),
    "np.astype": (lambda x: np.astype(x, x.dtype) ** 2, A),
    "copy": (lambda x: np.copy(x) ** 2, A),
    "ascontiguousarray": (lambda x: np.multiply(x.T, B.T) ** 2, A),
}

TestCalculus = checks(CALCULUS)
TestPolynomials = checks(POLYNOMIALS)
TestFourier = checks(FOURIER)
TestCreation = checks(CREATION)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17])
@pytest.mark.parametrize("norm", ["backward", "ortho", "forward"])
def test_a_fourier_transform_of_any_length_and_its_inverse_cancel(n, norm):
    x = np.cos(np.arange(1.0, n + 1))
    (g,) = gradient(lambda x: np.sum(np.fft.irfft(np.fft.rfft(x, norm=norm), n, norm=norm) ** 2), x)
    np.testing.assert_allclose(g, 2 * x, rtol=1e-12, atol=1e-14)
    (g,) = gradient(lambda x: np.sum(np.real(np.fft.ifft(np.fft.fft(x, norm=norm), norm=norm)) ** 2), x)
    np.testing.assert_allclose(g, 2 * x, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("y_shape", "x_shape", "axis"), [((4,), (3, 4), -1), ((3, 4), (4,), 1), ((2, 3, 4), (3, 4), -1), ((4,), (3, 4), 0)]
)
def test_an_area_whose_heights_and_places_differ_in_rank(y_shape, x_shape, axis):
    y, x = np.cos(np.arange(np.prod(y_shape))).reshape(y_shape), np.arange(np.prod(x_shape)).reshape(x_shape) ** 1.5
    try:
        want = np.trapezoid(y, x, axis=axis)
    except ValueError:
        with pytest.raises(ValueError):
            gradient(lambda y: np.sum(np.trapezoid(y, x, axis=axis)), y)
        return
    _, got = withgradient(lambda y: (np.sum(y), np.trapezoid(y, x, axis=axis)), y).val
    np.testing.assert_array_equal(got, want)
    assert check_gradient(lambda y, x: np.sum(np.trapezoid(y, x, axis=axis) ** 2), y, x)
