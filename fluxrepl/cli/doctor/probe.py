"""What NumPy, its BLAS and CuPy say of themselves, as JSON: run in a process of its own, which may crash or hang.

python -m fluxrepl.cli.doctor.probe numpy|gpu
"""

import json
import os
import sys
import time
from typing import Any


def numpy_says() -> dict[str, Any]:
    """NumPy's version and BLAS, and whether a gradient is right."""
    import numpy

    dependencies = numpy.show_config(mode="dicts").get("Build Dependencies", {})
    says: dict[str, Any] = {
        "version": numpy.__version__,
        "file": numpy.__file__,
        "blas": {key: str(value) for key, value in dependencies.get("blas", {}).items() if key in ("name", "version")},
        "pools": _pools(),
        "speed": _speed(numpy),
    }
    import fluxrepl

    (slope,) = fluxrepl.gradient(lambda x: 3 * x**2 + 2 * x + 1, 2.0)
    says["gradient"] = slope
    return says


def _pools() -> list[dict[str, Any]] | None:
    """The thread pools that NumPy has loaded, if threadpoolctl is there to tell."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return None
    keys = ("user_api", "internal_api", "version", "num_threads")
    return [{key: pool.get(key) for key in keys} for pool in threadpool_info()]


def _speed(numpy: Any) -> float:
    """Billions of operations a second, of a product of two matrices."""
    size = 256
    a = numpy.ones((size, size), numpy.float32)
    a @ a
    best = min(_time(lambda: a @ a) for _ in range(5))
    return 2 * size**3 / best / 1e9


def _time(act: Any) -> float:
    start = time.perf_counter()
    act()
    return max(time.perf_counter() - start, 1e-9)


def gpu_says() -> dict[str, Any]:
    """Whether CuPy works, and on what; else why not."""
    from fluxrepl.nn.device import cupy

    xp = cupy()
    if isinstance(xp, str):
        return {"why_not": xp}
    runtime = xp.cuda.runtime
    properties = runtime.getDeviceProperties(0)
    free, total = runtime.memGetInfo()
    name = properties["name"]
    return {
        "version": xp.__version__,
        "name": name.decode() if isinstance(name, bytes) else str(name),
        "count": runtime.getDeviceCount(),
        "free": free,
        "total": total,
        "cuda": runtime.runtimeGetVersion(),
    }


if __name__ == "__main__":
    answer = {"numpy": numpy_says, "gpu": gpu_says}[sys.argv[1]]()
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    os._exit(0)  # what a library does at the end is of no interest
