"""What is installed: kernel and lessons come with the wheel, and with an editable install, with no further step."""

import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = [
    "share/jupyter/kernels/fluxrepl/kernel.json",
    "share/jupyter/kernels/fluxrepl/logo-32x32.png",
    "share/jupyter/kernels/fluxrepl/logo-64x64.png",
    "share/jupyter/kernels/fluxrepl/logo-svg.svg",
    "share/fluxrepl/lessons/00-how-a-lesson-works.md",
    "share/fluxrepl/lessons/07-training-a-model.md",
    "share/fluxrepl/lessons/figures/loss.png",
]


def build(kind: str, folder: Path) -> list[str]:
    """The names in a wheel that hatchling builds here, without the network."""
    code = f"from hatchling.build import {kind}; print({kind}({str(folder)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    with zipfile.ZipFile(folder / done.stdout.split()[-1]) as wheel:
        return wheel.namelist()


@pytest.mark.parametrize("kind", ["build_wheel", "build_editable"])
def test_kernel_and_lessons_are_in_what_is_installed(kind, tmp_path):
    names = build(kind, tmp_path)
    assert [path for path in SHARED if not any(name.endswith(f".data/data/{path}") for name in names)] == []


def test_a_wheel_holds_the_package_and_nothing_of_the_house(tmp_path):
    names = build("build_wheel", tmp_path)
    assert "fluxrepl/ad/tape.py" in names
    assert "fluxrepl/rules/elementwise.py" in names
    assert {"fluxrepl/tutor/front-matter.schema.json", "fluxrepl/__init__.pyi", "fluxrepl/py.typed"} <= set(names)
    assert [name for name in names if name.startswith(("tests/", "benchmarks/", "docs/"))] == []


def test_the_kernel_is_called_as_the_readme_says():
    spec = json.loads((ROOT / "kernel.json").read_text())
    assert spec["display_name"] == "Flux (fluxrepl)"
    assert spec["language"] == "python"
    assert "fluxrepl.kernel" in spec["argv"]


def test_every_extra_that_is_promised_is_there():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {"test", "cuda12", "cuda13", "plot", "lab"} <= set(project["optional-dependencies"])
    assert project["scripts"] == {"fluxrepl": "fluxrepl.cli:main"}
    assert project["requires-python"] == ">=3.11"


@pytest.mark.parametrize(
    ("name", "script", "said"),
    [
        (
            "old",
            "sys.version_info = (3, 9, 1); exec(sys.argv[2])",
            "fluxrepl needs Python 3.11 or newer, and ./old is 3.9.",
        ),
        (
            "bare",
            'import os; sys.argv[1] == "-m" and (os.makedirs(".venv/bin"), open(".venv/bin/python", "w"), sys.exit(7))',
            "Setting up .venv",
        ),
    ],
)
def test_a_python_that_cannot_be_used_leaves_nothing_in_the_way_of_the_next(name, script, said, tmp_path):
    for file in ("Makefile", "pyproject.toml", "kernel.json"):
        (tmp_path / file).write_bytes((ROOT / file).read_bytes())
    (tmp_path / name).write_text(f"#!{sys.executable}\nimport sys; {script}\n")
    (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        ["make", "repl", f"PYTHON=./{name}"], cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith(said)
    assert not (tmp_path / ".venv").exists()
