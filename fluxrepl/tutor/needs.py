"""What a block needs that not every machine has: a GPU, an optional library."""

import importlib.util
from functools import cache


@cache
def missing(requires: str) -> str:
    """Why a block with {requires=…} cannot run here; nothing where it can."""
    if not requires:
        return ""
    if requires != "gpu":
        return "" if importlib.util.find_spec(requires) else f"needs {requires}, which is not installed"
    try:
        cupy = importlib.import_module("cupy")
        return "" if cupy.cuda.runtime.getDeviceCount() else "needs a GPU: CuPy finds none"
    except ImportError:
        return "needs a GPU: CuPy is not installed"
    except Exception as error:  # a driver that does not fit, a device that is gone
        return f"needs a GPU: {type(error).__name__}: {error}"
