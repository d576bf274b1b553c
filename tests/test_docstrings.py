"""Every example in a docstring runs, and prints what it says."""

import builtins
import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import fluxrepl

MODULES = [m.name for m in pkgutil.walk_packages(fluxrepl.__path__, "fluxrepl.") if not m.name.endswith("__main__")]


@pytest.mark.parametrize("name", ["fluxrepl", *MODULES])
def test_the_examples_of_a_module_run(name):
    module = importlib.import_module(name)
    names = {n: getattr(fluxrepl, n) for n in fluxrepl.__all__} | {"np": np}
    with np.printoptions(legacy="1.25"):
        result = doctest.testmod(module, extraglobs=names, optionflags=doctest.NORMALIZE_WHITESPACE)
    vars(builtins).pop("_", None)  # the last value, which doctest leaves behind for other tests to find
    assert result.failed == 0
