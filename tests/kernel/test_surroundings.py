"""The kernel where things are not as they should be: shadowing files, no home, two at once, a restart."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Kernel

SHADOWS = """
numpy colorsys random typing re json html string types enum abc ast asyncio calendar code collections copy dataclasses
datetime decimal fractions functools getpass importlib inspect io itertools logging math operator os pathlib pickle
platform queue select signal site socket ssl statistics struct subprocess sys tempfile textwrap threading time tokenize
traceback uuid warnings weakref zmq tornado traitlets IPython ipykernel jupyter_client fluxrepl rich yaml
markdown_it comm debugpy
""".split()  # noqa: SIM905


def test_a_folder_full_of_shadowing_files_does_no_harm(start: Callable[..., Kernel], tmp_path: Path) -> None:
    folder = tmp_path / "notebook"
    folder.mkdir()
    for name in SHADOWS:
        (folder / f"{name}.py").write_text("raise RuntimeError('a shadowing file was imported')\n")
    (folder / "my_model.py").write_text("import numpy as np\nweight = np.ones(2)\n")
    kernel = start(folder, tmp_path / "home")
    assert kernel.run("gradient(lambda x: x**2, 3.0)").text == "(6.0,)"
    assert kernel.run("import random, html, statistics\nrandom.seed(0); statistics.mean([1, 3])").text == "2"
    assert kernel.run("from my_model import weight\nweight.sum()").text == "2.0"
    assert kernel.run(":list").displays
    (shown,) = kernel.run("record(a=np.ones(2))").results
    assert "text/html" in shown
    assert "is also the name of an installed module" in kernel.run("import colorsys").stderr


def test_run_by_hand_without_safe_path_it_starts_too(tmp_path: Path) -> None:
    import subprocess

    for name in ("numpy", "random", "html"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('a shadowing file was imported')\n")
    command = [sys.executable, "-m", "fluxrepl.kernel", "--version"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("home", ["/proc/nowhere", None])
def test_without_a_home_it_works(start: Callable[..., Kernel], tmp_path: Path, home: str | None) -> None:
    kernel = start(tmp_path, None, HOME=home, XDG_STATE_HOME=None, JUPYTER_RUNTIME_DIR=None, IPYTHONDIR=None)
    assert kernel.run("gradient(lambda x: x**2, 3.0)").text == "(6.0,)"
    assert kernel.run("import IPython.paths\nIPython.paths.get_ipython_dir();").stderr == ""
    history = kernel.ask(kernel.client.history, raw=True, output=False, hist_access_type="tail", n=2)["history"]
    assert history[0][2] == "gradient(lambda x: x**2, 3.0)"


def test_two_at_once_do_not_disturb_each_other(start: Callable[..., Kernel], tmp_path: Path) -> None:
    one, two = (start(tmp_path, tmp_path / "home") for _ in range(2))
    one.run("x = 1")
    two.run("x = 2")
    assert (one.run("x").text, two.run("x").text) == ("1", "2")


def test_a_restart_begins_anew(start: Callable[..., Kernel], tmp_path: Path) -> None:
    kernel = start(tmp_path, tmp_path / "home")
    kernel.run("x = 1")
    kernel.manager.restart_kernel(now=True)
    kernel.client.wait_for_ready(timeout=60)
    assert kernel.run("x").reply["ename"] == "NameError"
    assert kernel.run("gradient(lambda x: x**2, 3.0)").text == "(6.0,)"


def test_nothing_is_left_in_ipythons_folder_or_the_notebooks(start: Callable[..., Kernel], tmp_path: Path) -> None:
    home, folder = tmp_path / "user", tmp_path / "notebook"
    home.mkdir()
    folder.mkdir()
    kernel = start(folder, None, HOME=str(home), XDG_STATE_HOME=None, IPYTHONDIR=None)
    kernel.run("1")
    assert not (home / ".ipython").exists()
    assert [path.name for path in folder.iterdir()] == ["kernel.log"]
    assert list(home.rglob("history.sqlite"))
