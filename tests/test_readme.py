"""Every command and every example in the README is run.

A command that this table does not know fails the test: so a new one in the README needs a line here that runs it.
"""

import doctest
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

import fluxrepl

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FLUXREPL = [sys.executable, "-m", "fluxrepl"]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def commands() -> list[tuple[str, str]]:
    """Each `$ command` of the README with the output that is shown below it."""
    found = []
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


def run(command, tmp_path, **options) -> str:
    env = {**os.environ, "HOME": str(tmp_path), "FLUXREPL_HOME": str(tmp_path), "IPYTHONDIR": str(tmp_path)}
    env = {name: value for name, value in env.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    env["JUPYTER_DATA_DIR"] = str(tmp_path / "jupyter")
    done = subprocess.run(
        command, check=False, cwd=ROOT, env=env, capture_output=True, text=True, timeout=280, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def a_pipe_into_make_repl(tmp_path):
    if not (ROOT / ".venv" / ".installed").exists():
        return run([*FLUXREPL], tmp_path, input="gradient(lambda x: 3*x**2 + 2*x + 1, 2.0)\n")
    make = "make --old-file=.venv/.installed"  # a test installs nothing into the environment that runs it
    return run(f"echo 'gradient(lambda x: 3*x**2 + 2*x + 1, 2.0)' | {make} repl", tmp_path, shell=True)


def make_target(name, *needs):
    """A target of the Makefile that is not run here for good: make says what it would do, and that is looked at."""

    def look(tmp_path):
        plan = run(["make", "--dry-run", "--always-make", name], tmp_path)
        assert all(need in plan for need in needs), plan
        return ""

    return look


def the_extras_for_a_gpu(tmp_path):
    """Installing CuPy takes gigabytes; that both extras exist and name it is looked at."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert [extras[name][0][:13] for name in ("cuda12", "cuda13")] == ["cupy-cuda12x>", "cupy-cuda13x>"]
    return ""


def a_lesson_by_a_pipe(tmp_path):
    out = run([*FLUXREPL, "learn"], tmp_path, input=":list\n:quit\n")
    assert "How a lesson works" in out
    return ""


def kernel_install(tmp_path):
    run([*FLUXREPL, "kernel", "install", "--user"], tmp_path)
    assert (tmp_path / "jupyter" / "kernels" / "fluxrepl" / "kernel.json").exists()
    return ""


RUN = {
    "make repl": make_target("repl", "fluxrepl"),
    "make test": make_target("test", "pytest", "ruff check", "mypy", "fluxrepl check lessons/"),  # it runs this test
    "make lab": make_target("lab", "jupyter lab", "[lab,plot]"),
    "echo 'gradient(lambda x: 3*x**2 + 2*x + 1, 2.0)' | make repl": a_pipe_into_make_repl,
    ".venv/bin/fluxrepl learn": a_lesson_by_a_pipe,
    ".venv/bin/fluxrepl kernel install --user": kernel_install,
    ".venv/bin/fluxrepl kernel list": lambda tmp_path: run([*FLUXREPL, "kernel", "list"], tmp_path) and "",
    ".venv/bin/fluxrepl check lessons/": lambda tmp_path: run([*FLUXREPL, "check", "lessons/"], tmp_path) and "",
    ".venv/bin/pip install -e '.[cuda12]'": the_extras_for_a_gpu,
}


@pytest.mark.parametrize(("command", "output"), commands(), ids=[c for c, _ in commands()])
def test_a_command_does_what_the_readme_says(command, output, tmp_path):
    assert command in RUN, f"no line of RUN runs this command of the README: {command}"
    assert RUN[command](tmp_path).endswith(output)


@pytest.mark.parametrize("file", ["nn/device.py", "cli/doctor/processor.py"])
def test_whoever_misses_a_gpu_is_told_the_extra_of_the_readme(file):
    (install,) = [command for command, _ in commands() if "cuda" in command]
    assert install.endswith(" '.[cuda12]'")  # in a checkout; else by the name of the package
    assert "python -m pip install 'fluxrepl[cuda12]', or cuda13." in (ROOT / "fluxrepl" / file).read_text("utf-8")


def test_the_examples_of_the_tour_print_what_they_show():
    names = {name: getattr(fluxrepl, name) for name in fluxrepl.__all__}
    source = "\n".join(b for b in blocks("pycon") if "fluxrepl:setup" not in b)
    test = doctest.DocTestParser().get_doctest(source, names, "README.md", "README.md", 0)
    with np.printoptions(legacy="1.25"):
        result = doctest.DocTestRunner().run(test)
    assert result.attempted > 15
    assert result.failed == 0


def test_the_lesson_in_the_readme_passes_its_check(tmp_path):
    (lesson,) = re.findall(r"^````markdown\n(.*?)^````$", README, re.DOTALL | re.MULTILINE)
    (tmp_path / "mine.md").write_text(lesson, encoding="utf-8")
    out = run([*FLUXREPL, "check", str(tmp_path / "mine.md")], tmp_path)
    assert "1 lesson, 2 examples" in out


def test_every_link_and_picture_leads_somewhere():
    for target in re.findall(r"\]\((?!http)([^)#]+)", README):
        assert (ROOT / target).exists(), target


def test_make_is_there_for_the_two_commands():
    assert shutil.which("make")
