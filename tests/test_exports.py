"""The public names: each is there, each loads from the module that is said to define it, none costs anything before."""

import subprocess
import sys

import pytest

import fluxrepl


@pytest.mark.parametrize("name", sorted(fluxrepl._HOME))
def test_a_public_name_loads_from_its_module(name):
    assert getattr(fluxrepl, name) is not None
    assert name in dir(fluxrepl)


def test_a_star_import_gives_exactly_all():
    space: dict = {}
    exec("from fluxrepl import *", space)
    space.pop("__builtins__")
    assert sorted(space) == sorted(fluxrepl.__all__)
    assert space["flux"] is fluxrepl
    assert space["np"].__name__ == "numpy"


def test_everything_starred_is_a_public_name():
    assert set(fluxrepl.__all__) - {"np", "flux"} <= set(fluxrepl._HOME)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'gradent'"):
        fluxrepl.gradent


def test_importing_fluxrepl_loads_nothing_heavy():
    heavy = ("numpy", "IPython", "rich", "prompt_toolkit", "yaml")
    code = f"import sys, fluxrepl; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
