"""The learner's folder on the import path."""

import sys
from pathlib import Path

import pytest

from fluxrepl.shell.imports import PROTECTED


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    here = tmp_path / "work"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


def test_the_learners_own_module_is_found(shell, folder: Path) -> None:
    (folder / "learner_module.py").write_text("value = 7\n")
    assert shell.run("import learner_module\nlearner_module.value").output == "7\n"
    del sys.modules["learner_module"]


@pytest.mark.parametrize("name", ["colorsys", "yaml"])
def test_a_file_named_like_an_installed_module_does_not_hide_it(
    shell, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys, name: str
) -> None:
    (folder / f"{name}.py").write_text("raise RuntimeError('the learner file was imported')\n")
    monkeypatch.delitem(sys.modules, name, raising=False)
    outcome = shell.run(f"import {name}\n{name}.__name__")
    assert outcome.output == f"'{name}'\n"
    said = capsys.readouterr().err
    assert f"`{name}` is also the name of an installed module" in said
    assert "rename it" in said


def test_it_is_said_once(shell, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    (folder / "colorsys.py").write_text("")
    for _ in range(2):
        monkeypatch.delitem(sys.modules, "colorsys", raising=False)
        shell.run("import colorsys")
    assert capsys.readouterr().err.count("rename it") == 1


def test_a_folder_that_is_gone_does_no_harm(shell, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.rmdir()
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    assert shell.run("import colorsys").error is None
    monkeypatch.chdir("/")


def test_test_py_is_the_learners() -> None:
    assert "test" not in PROTECTED
    assert {"random", "numpy", "html", "rich"} <= PROTECTED
