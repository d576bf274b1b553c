"""The public names: each is there, each loads from the module that is said to define it, none costs anything before."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import fluxrepl

TYPED = """\
from fluxrepl import *

@layer
class Affine:
    W: np.ndarray
    b: np.ndarray

flux.seed(0)
model = Chain(Dense(2, 3, relu), softmax)
reveal_type(Affine(gradient(lambda x: np.sum(x), np.ones(3))[0], np.zeros(1)))
Affine(np.ones(3))
"""


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


def test_editors_and_type_checkers_are_told_the_same_names():
    stub = ast.parse(Path(fluxrepl.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    given = {
        (part.asname, node.module) for node in stub.body if isinstance(node, ast.ImportFrom) for part in node.names
    }
    assert {(name, module) for name, module in given if module not in ("typing", "version")} == set(
        fluxrepl._HOME.items()
    )
    (starred,) = [node.value for node in stub.body if isinstance(node, ast.Assign)]
    assert ast.literal_eval(starred) == sorted(fluxrepl.__all__)


def test_a_type_checker_understands_a_star_import_and_layers(tmp_path):
    (tmp_path / "mine.py").write_text(TYPED)
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path / "cache"), "mine.py"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.stdout.splitlines() == [
        'mine.py:10: note: Revealed type is "mine.Affine"',
        'mine.py:11: error: Missing positional argument "b" in call to "Affine"  [call-arg]',
        "Found 1 error in 1 file (checked 1 source file)",
    ]


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'gradent'"):
        fluxrepl.gradent


def test_importing_fluxrepl_loads_nothing_heavy():
    heavy = ("numpy", "IPython", "rich", "prompt_toolkit", "yaml")
    code = f"import sys, fluxrepl; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
