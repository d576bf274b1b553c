"""Devices and precisions: `gpu`, `cpu`, `f16`, `f32`, `f64`, on arrays and on any structure of them.

This is the only file that knows CuPy. Everything else works on whichever arrays it is given.
"""

from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from fluxrepl.ad.recording import primitive
from fluxrepl.ad.tracer import Tracer, plain
from fluxrepl.ad.tree import is_array, map_leaves

from .advice import advise


@cache
def cupy() -> Any:
    """CuPy, if it is installed and finds a GPU; else the reason why not, as text."""
    if find_spec("cupy") is None:
        return "CuPy is not installed"
    try:
        import cupy

        if cupy.cuda.runtime.getDeviceCount() < 1:
            return "CuPy finds no GPU"
        cupy.zeros(1) + 1
        return cupy
    except Exception as error:  # a driver that is missing or too old shows itself in many ways
        return f"CuPy does not work here ({type(error).__name__}: {error})"


def gpu(x: Any) -> Any:
    """A copy of an array, a model or any structure with its arrays on the GPU; float64 becomes float32 there.

    Without a usable GPU it warns once, and gives back `x` itself. An array that is shared stays shared.

    Example:
        >>> model = gpu(Dense(10, 5))  # doctest: +SKIP

    Source: "Layer Helpers": Flux's `gpu`.
    """
    xp = cupy()
    if isinstance(xp, str):
        advise(
            "gpu",
            f"gpu: no usable GPU, so everything stays on the CPU: {xp}",
            "Nothing is wrong if this machine has no NVIDIA GPU; the results are the same, only slower.",
            "If it has one, install CuPy for its CUDA: python -m pip install 'fluxrepl[cuda12]', or cuda13.",
        )
        return x
    return moved(to_gpu, x)


def cpu(x: Any) -> Any:
    """A copy of an array, a model or any structure with its arrays in NumPy; `x` itself if they are there already.

    Example:
        >>> x = np.ones(2)
        >>> cpu(x) is x
        True

    Source: Flux's `cpu`.
    """
    return moved(to_cpu, x)


def where_it_was(ct, y, x):
    """A cotangent goes back to the device that its array came from."""
    return to_cpu(ct) if isinstance(plain(x), np.ndarray) else to_gpu(ct)


@primitive(where_it_was)
def to_gpu(x):
    xp = cupy()
    if isinstance(x, xp.ndarray | np.generic) or x.dtype.kind not in "fciub":
        return x
    return xp.asarray(x, dtype=np.float32 if x.dtype == np.float64 else None)


@primitive(where_it_was)
def to_cpu(x):
    return x if isinstance(x, np.ndarray | np.generic) else x.get()


def f16(x: Any) -> Any:
    """The floats of an array, a model or any structure in half precision; integers stay as they are.

    Example:
        >>> f16(np.array([1.0, 2.0]))
        array([1., 2.], dtype=float16)

    Source: Flux's `f16`.
    """
    return moved(lambda leaf: in_precision(leaf, np.float16), x)


def f32(x: Any) -> Any:
    """The floats of an array, a model or any structure in float32; integers stay, complex numbers become complex64.

    Example:
        >>> f32({"W": np.ones(2), "n": np.array([1, 2])})
        {'W': array([1., 1.], dtype=float32), 'n': array([1, 2])}

    Source: Flux's `f32`.
    """
    return moved(lambda leaf: in_precision(leaf, np.float32), x)


def f64(x: Any) -> Any:
    """The floats of an array, a model or any structure in float64; integers stay, complex numbers become complex128.

    Example:
        >>> f64(np.array([1.0, 2.0], np.float32)).dtype
        dtype('float64')

    Source: Flux's `f64`.
    """
    return moved(lambda leaf: in_precision(leaf, np.float64), x)


def in_precision(leaf: Any, dtype: type) -> Any:
    if leaf.dtype.kind == "c":
        dtype = np.complex128 if dtype is np.float64 else np.complex64  # there is no smaller one
    return leaf.astype(dtype) if leaf.dtype.kind in "fc" and leaf.dtype != dtype else leaf


def moved(move: Any, x: Any) -> Any:
    """The structure with `move` done to every array; one that is there twice stays one."""
    done: dict[int, Any] = {}

    def once(leaf: Any) -> Any:
        if not (is_array(plain(leaf)) if type(leaf) is Tracer else is_array(leaf)):
            return leaf
        if id(leaf) not in done:
            done[id(leaf)] = move(leaf)
        return done[id(leaf)]

    return map_leaves(once, x)
