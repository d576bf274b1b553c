import numpy as np
import pytest

from fluxrepl import Chain, Dense, FluxWarning, cpu, f16, f32, f64, gpu, gradient, relu
from fluxrepl.nn import device


@pytest.fixture
def no_gpu(monkeypatch):
    monkeypatch.setattr(device, "cupy", lambda: "CuPy is not installed")


def test_without_a_gpu_the_model_comes_back_with_one_warning(no_gpu):
    m = Chain(Dense(3, 1, bias=False), relu)
    with pytest.warns(FluxWarning) as caught:
        assert gpu(m) is m
    assert len(caught) == 1
    text = str(caught[0].message)
    assert text.startswith("gpu: no usable GPU, so everything stays on the CPU: CuPy is not installed\n")
    assert "python -m pip install 'fluxrepl[cuda12]', or cuda13." in text  # as `fluxrepl doctor` says
    assert caught[0].filename == __file__
    assert gpu(3) == 3  # no second warning: it would be an error here


def test_cpu_gives_back_what_is_there_already():
    m = Chain(Dense(3, 1), relu)
    assert cpu(m) is m
    assert cpu("text") == "text"


def test_precisions_change_floats_only():
    tree = {
        "W": np.ones(2),
        "n": np.array([1]),
        "flag": np.array([True]),
        "z": np.ones(1, complex),
        "s": "text",
        "x": 1.5,
    }
    small = f32(tree)
    assert {k: v.dtype for k, v in small.items() if hasattr(v, "dtype")} == {
        "W": np.float32, "n": np.array([1]).dtype, "flag": np.bool_, "z": np.complex64,
    }  # fmt: skip
    assert (small["s"], small["x"]) == ("text", 1.5)
    assert f16(tree)["z"].dtype == np.complex64
    assert f64(small)["W"].dtype == np.float64
    assert tree["W"].dtype == np.float64


def test_what_is_right_already_is_the_same_object():
    m = Dense(2, 1)
    assert f32(m) is m
    assert f64(m) is not m


def test_shared_arrays_stay_shared():
    W = np.ones((2, 2), np.float32)
    m = f64(Chain(Dense(W, False), Dense(W, False)))
    assert m[0].weight is m[1].weight


def test_a_gradient_flows_through_a_change_of_precision():
    g = gradient(lambda x: np.sum(f32(x) ** 2), np.array([1.0, 2.0]))[0]
    assert (g.tolist(), g.dtype) == ([2.0, 4.0], np.float64)
    assert gradient(lambda x: np.sum(cpu(x) ** 2), np.array([1.0]))[0].tolist() == [2.0]


def test_the_reason_is_told_when_cupy_does_not_work(monkeypatch):
    class Broken:
        class cuda:
            class runtime:
                @staticmethod
                def getDeviceCount():
                    raise OSError("driver too old")

    monkeypatch.setitem(__import__("sys").modules, "cupy", Broken)
    monkeypatch.setattr(device, "find_spec", lambda name: object())
    device.cupy.cache_clear()
    try:
        assert device.cupy() == "CuPy does not work here (OSError: driver too old)"
    finally:
        device.cupy.cache_clear()
