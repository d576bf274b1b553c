"""The image for learners' servers: what its recipe promises, and that it builds where Docker is."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECIPE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
LINES = [line for line in (ROOT / "deploy" / "constraints.txt").read_text(encoding="utf-8").split("\n") if line]
PINNED = dict(line.split("==") for line in LINES if not line.startswith("#"))


def numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)[:3]]


def test_the_base_and_what_is_installed_are_pinned():
    assert all(
        re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+", base) for base in re.findall(r"^FROM (\S+)", RECIPE, re.M)
    )
    assert all("--constraint" in line for line in re.findall(r"pip install .*", RECIPE))
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in LINES if not line.startswith("#"))


def test_the_versions_fulfil_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    pinned = {name.lower().replace("_", "-"): version for name, version in PINNED.items()}
    for line in [*project["dependencies"], *extras["hub"], *extras["course"]]:
        name, _, oldest = line.partition(">=")
        name = name.lower().replace("_", "-")
        assert name in pinned, f"deploy/constraints.txt does not pin {name}"
        assert numbers(pinned[name]) >= numbers(oldest), line


def test_it_runs_as_the_user_that_the_chart_expects():
    users = re.findall(r"^USER (\S+)", RECIPE, re.M)
    assert users == ["1000:100"]
    assert RECIPE.index("USER 1000:100") < RECIPE.index("CMD")
    assert 'CMD ["jupyterhub-singleuser"]' in RECIPE
    assert "sudo" not in RECIPE


def test_what_it_copies_is_there():
    for source in re.findall(r"^COPY (?!--)(\S+) ", RECIPE, re.M):
        assert (ROOT / source).exists()


@pytest.mark.timeout(1800)
def test_it_builds_and_a_gradient_comes_out():
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "info"], capture_output=True, check=False).returncode:
        pytest.skip("Docker is not running here")
    build = ["docker", "build", "--quiet", "--file", "deploy/Dockerfile", "."]
    image = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    code = "import os; os.getuid(), gradient(lambda x: x**2, 3.0)"
    run = ["docker", "run", "--rm", "--network", "none", image, "fluxrepl", "-c", code]
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout == "(1000, (6.0,))\n"
