"""What a block needs that not every machine has: a GPU, optional libraries."""

import importlib
import importlib.util
from functools import cache

# What to install, where that has another name than what is imported.
PACKAGES = {
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "PIL": "pillow",
    "cv2": "opencv-python",
    "yaml": "pyyaml",
}


def missing(requires: str) -> str:
    """Why a block with {requires=…} cannot run here, and what to install; nothing where it can.

    Example:
        >>> missing("numpy"), missing("")
        ('', '')
        >>> missing("numpy,no_such_library")
        'needs no_such_library, which is not installed: pip install no_such_library'

    """
    return next(filter(None, map(_missing, requires.split(",") if requires else ())), "")


def _missing(name: str) -> str:
    if name == "gpu":
        return _no_gpu()
    importlib.invalidate_caches()  # it may have been installed since, from the prompt
    try:
        found = importlib.util.find_spec(name)
    except (ImportError, ValueError):  # the package around it is missing; `__main__` has no spec
        found = None
    package = PACKAGES.get(name.partition(".")[0], name.partition(".")[0])
    return "" if found else f"needs {name}, which is not installed: pip install {package}"


@cache
def _no_gpu() -> str:
    try:
        cupy = importlib.import_module("cupy")
        if not cupy.cuda.runtime.getDeviceCount():
            return "needs a GPU: CuPy finds none"
        cupy.zeros(1) + 1  # what `gpu()` tries, too: a GPU is found where CuPy cannot compile for it
        return ""
    except ImportError:
        return "needs a GPU: CuPy is not installed"
    except Exception as error:  # a driver that does not fit, a device that is gone
        return f"needs a GPU: {type(error).__name__}: {error}"
