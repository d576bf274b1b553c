"""Fourier transforms: each is a product with a symmetric matrix, so a cotangent goes back by the same transform.

With Fᵀ = F, `y = F x` gives back `F ct`. Lengthening, shortening and half spectra are separate steps.
"""

import numpy as np

from fluxrepl.ad.recording import apply
from fluxrepl.ad.rule import composed, rule
from fluxrepl.ad.tracer import plain

OPPOSITE = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}


def _fft(x, axis=-1, norm=None):
    return np.fft.fft(x, axis=axis, norm=norm)


def _ifft(x, axis=-1, norm=None):
    return np.fft.ifft(x, axis=axis, norm=norm)


def _rfft(x, axis=-1, norm=None):
    return np.fft.rfft(x, axis=axis, norm=norm)


def rfft_pullback(ct, y, x, axis, norm):
    """The half spectrum is the first half of the whole one: the other half gets zeros."""
    return np.fft.fft(ct, np.shape(plain(x))[axis], axis, norm)


rule(_fft, lambda ct, y, x, axis, norm: np.fft.fft(ct, None, axis, norm), None, None)
rule(_ifft, lambda ct, y, x, axis, norm: np.fft.ifft(ct, None, axis, norm), None, None)
rule(_rfft, rfft_pullback, None, None)


def of_length(x, n, axis):
    """The array cut, or filled up with zeros, to a length of n along an axis."""
    length = np.shape(plain(x))[axis]
    if n is None or n == length:
        return x
    if n < 1:
        raise ValueError(f"Invalid number of FFT data points ({n}) specified.")
    axis %= np.ndim(plain(x))
    if n < length:
        return x[(*(slice(None),) * axis, slice(0, n))]
    return np.pad(x, [(0, n - length if k == axis else 0) for k in range(np.ndim(plain(x)))])


@composed(np.fft.fft)
def fft(a, n=None, axis=-1, norm=None, out=None):
    return apply(_fft, (of_length(a, n, axis), axis, norm))


@composed(np.fft.ifft)
def ifft(a, n=None, axis=-1, norm=None, out=None):
    return apply(_ifft, (of_length(a, n, axis), axis, norm))


@composed(np.fft.rfft)
def rfft(a, n=None, axis=-1, norm=None, out=None):
    return apply(_rfft, (of_length(a, n, axis), axis, norm))


@composed(np.fft.irfft)
def irfft(a, n=None, axis=-1, norm=None, out=None):
    """The half spectrum and its mirror image make the whole one; its inverse is real."""
    n = 2 * (np.shape(plain(a))[axis] - 1) if n is None else n
    half = np.moveaxis(of_length(a, n // 2 + 1, axis), axis, -1)
    mirrored = np.conjugate(half[..., 1 : (n + 1) // 2][..., ::-1])
    y = np.moveaxis(np.real(ifft(np.concatenate([half, mirrored], axis=-1), norm=norm)), -1, axis)
    return y if a.dtype != np.float16 else y.astype(np.float16)


@composed(np.fft.hfft)
def hfft(a, n=None, axis=-1, norm=None, out=None):
    return irfft(np.conjugate(a), n, axis, OPPOSITE[norm])


@composed(np.fft.ihfft)
def ihfft(a, n=None, axis=-1, norm=None, out=None):
    return np.conjugate(rfft(a, n, axis, OPPOSITE[norm]))


# ---- along several axes ---------------------------------------------------------------------------------------------


def lengths_and_axes(a, s, axes):
    """For each axis its new length, -1 and None meaning the length it has."""
    shape = np.shape(plain(a))
    if axes is None:
        axes = list(range(len(shape))) if s is None else list(range(-len(s), 0))
    lengths = [None] * len(axes) if s is None else [None if n == -1 else n for n in s]
    if len(lengths) != len(axes):
        raise ValueError("Shape and axes have different lengths.")
    return list(zip(lengths, axes, strict=True))


def several(one):
    def transform(a, s=None, axes=None, norm=None, out=None):
        for n, axis in reversed(lengths_and_axes(a, s, axes)):
            a = one(a, n, axis, norm)
        return a

    return transform


def rfftn(a, s=None, axes=None, norm=None, out=None):
    *rest, (n, axis) = lengths_and_axes(a, s, axes)
    a = rfft(a, n, axis, norm)
    for n, axis in reversed(rest):
        a = fft(a, n, axis, norm)
    return a


def irfftn(a, s=None, axes=None, norm=None, out=None):
    *rest, (n, axis) = lengths_and_axes(a, s, axes)
    for k, other in rest:
        a = ifft(a, k, other, norm)
    return irfft(a, n, axis, norm)


def flat(transform):
    """The transform along the last two axes."""
    return lambda a, s=None, axes=(-2, -1), norm=None, out=None: transform(a, s, axes, norm)


fftn, ifftn = several(fft), several(ifft)
for name, transform in {"fft": fftn, "ifft": ifftn, "rfft": rfftn, "irfft": irfftn}.items():
    composed(getattr(np.fft, name + "n"))(transform)
    composed(getattr(np.fft, name + "2"))(flat(transform))
