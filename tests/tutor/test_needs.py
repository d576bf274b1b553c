"""What a block needs that not every machine has."""

import sys
from types import ModuleType, SimpleNamespace

import pytest

from fluxrepl.tutor import needs


@pytest.fixture
def cupy(monkeypatch):
    """A library of that name, which finds a GPU and computes."""
    made = ModuleType("cupy")
    made.cuda = SimpleNamespace(runtime=SimpleNamespace(getDeviceCount=lambda: 1))
    made.zeros = lambda size: 0.0
    monkeypatch.setitem(sys.modules, "cupy", made)
    needs._no_gpu.cache_clear()
    yield made
    needs._no_gpu.cache_clear()


def test_a_gpu_is_there_where_it_computes(cupy):
    assert needs.missing("gpu") == ""


def test_a_gpu_that_is_found_and_cannot_compute_is_none(cupy):
    def zeros(size):
        raise RuntimeError("CUDA path could not be detected")

    cupy.zeros = zeros
    assert needs.missing("gpu") == "needs a GPU: RuntimeError: CUDA path could not be detected"


def test_no_gpu_at_all_is_told(cupy):
    cupy.cuda.runtime.getDeviceCount = lambda: 0
    assert needs.missing("gpu") == "needs a GPU: CuPy finds none"
