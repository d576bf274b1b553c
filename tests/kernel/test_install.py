"""`fluxrepl kernel install | list | remove`."""

import json
import os
import runpy
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest

from fluxrepl import cli
from fluxrepl.kernel import install

LOGOS = {"logo-32x32.png", "logo-64x64.png", "logo-svg.svg"}


@pytest.fixture(autouse=True)
def jupyter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Jupyter data folder of the test's own."""
    folder = tmp_path / "jupyter"
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(folder))
    monkeypatch.setenv("JUPYTER_PATH", "")
    return folder / "kernels"


def main(arguments: list[str]) -> int:
    return cli.main(["kernel", *arguments])


def test_install_writes_a_whole_spec_with_this_pythons_path(jupyter: Path, capsys) -> None:
    assert main(["install"]) == 0
    folder = jupyter / "fluxrepl"
    assert {path.name for path in folder.iterdir()} == {"kernel.json", *LOGOS}
    spec = json.loads((folder / "kernel.json").read_text())
    assert spec["argv"] == [os.path.abspath(sys.executable), "-P", "-m", "fluxrepl.kernel", "-f", "{connection_file}"]
    assert spec["display_name"] == "Flux (fluxrepl)"
    assert spec["language"] == "python"
    assert spec["metadata"] == {"debugger": True}
    assert str(folder) in capsys.readouterr().out


def test_installing_again_replaces_and_leaves_nothing_else(jupyter: Path) -> None:
    assert main(["install"]) == 0
    (jupyter / "fluxrepl" / "left-over").touch()
    assert main(["install", "--display-name", "Mine"]) == 0
    assert [path.name for path in jupyter.iterdir()] == ["fluxrepl"]
    assert not (jupyter / "fluxrepl" / "left-over").exists()
    assert json.loads((jupyter / "fluxrepl" / "kernel.json").read_text())["display_name"] == "Mine"


def test_a_prefix_and_a_name_can_be_chosen(tmp_path: Path, capsys) -> None:
    assert main(["install", "--prefix", str(tmp_path / "p"), "--name", "flux2"]) == 0
    assert (tmp_path / "p" / "share" / "jupyter" / "kernels" / "flux2" / "kernel.json").is_file()
    assert "JUPYTER_PATH=" in capsys.readouterr().out


def test_the_environment_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "env"))
    assert main(["install", "--sys-prefix"]) == 0
    assert (tmp_path / "env" / "share" / "jupyter" / "kernels" / "fluxrepl" / "logo-svg.svg").is_file()


def test_an_installed_spec_starts_a_kernel(jupyter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from .conftest import Kernel

    assert main(["install", "--name", "flux-by-path"]) == 0
    kernel = Kernel(tmp_path, tmp_path / "home", name="flux-by-path")
    try:
        assert kernel.run("import sys; sys.executable").text == repr(sys.executable)
    finally:
        kernel.stop()


def test_list_names_what_jupyter_sees(jupyter: Path, capsys) -> None:
    main(["install", "--name", "flux2"])
    capsys.readouterr()
    assert main(["list"]) == 0
    listed = capsys.readouterr().out
    assert f"flux2: Flux (fluxrepl)\n  in {jupyter / 'flux2'}\n  starts {os.path.abspath(sys.executable)}\n" in listed


def test_list_says_when_a_python_is_gone(jupyter: Path, capsys) -> None:
    main(["install"])
    file = jupyter / "fluxrepl" / "kernel.json"
    file.write_text(file.read_text().replace(os.path.abspath(sys.executable), "/gone/python"))
    capsys.readouterr()
    assert main(["list"]) == 0
    assert "/gone/python (which is gone: install again, or remove)" in capsys.readouterr().out


def test_list_passes_over_specs_that_cannot_be_read(jupyter: Path, capsys) -> None:
    for name, content in {"broken": "{", "odd": "[]", "empty": '{"argv": null}', "number": '{"argv": 5}'}.items():
        (jupyter / name).mkdir(parents=True)
        (jupyter / name / "kernel.json").write_text(content)
    main(["install"])
    capsys.readouterr()
    assert main(["list"]) == 0
    assert capsys.readouterr().out.startswith("fluxrepl: Flux (fluxrepl)\n")


def test_list_of_none_says_what_to_do(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(install, "specs", lambda: iter(()))
    assert main(["list"]) == 0
    assert "fluxrepl kernel install" in capsys.readouterr().out


def test_remove_takes_it_away(jupyter: Path, capsys) -> None:
    main(["install"])
    assert main(["remove"]) == 0
    assert list(jupyter.iterdir()) == []


def test_removing_what_is_not_there_says_what_is(jupyter: Path, capsys) -> None:
    main(["install", "--name", "flux2"])
    assert main(["remove"]) == 1
    said = capsys.readouterr().err
    assert f"there is no kernel in {jupyter / 'fluxrepl'}" in said
    assert str(jupyter / "flux2") in said


@pytest.mark.parametrize("command", ["install", "remove"])
def test_another_programs_kernel_is_not_touched(jupyter: Path, capsys, command: str) -> None:
    other = jupyter / "fluxrepl" / "kernel.json"
    other.parent.mkdir(parents=True)
    other.write_text('{"argv": ["python", "-m", "other"]}')
    assert main([command]) == 1
    assert "another program's kernel" in capsys.readouterr().err
    assert json.loads(other.read_text())["argv"][2] == "other"


def test_a_place_that_cannot_be_written_is_said_with_what_to_write(tmp_path: Path, capsys) -> None:
    (tmp_path / "file").write_text("in the way")
    assert main(["install", "--prefix", str(tmp_path / "file")]) == 1
    said = capsys.readouterr().err
    assert f"cannot write {tmp_path / 'file'}" in said
    assert "--user, --sys-prefix, or --prefix PATH" in said


def test_no_permission_leaves_everything_as_it_was(jupyter: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    main(["install"])
    before = (jupyter / "fluxrepl" / "kernel.json").read_text()

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(install.shutil, "copyfile", refuse)
    assert main(["install", "--display-name", "Other"]) == 1
    assert "Permission denied" in capsys.readouterr().err
    assert (jupyter / "fluxrepl" / "kernel.json").read_text() == before
    assert [path.name for path in jupyter.iterdir()] == ["fluxrepl"]


def test_a_move_that_fails_brings_the_old_one_back(jupyter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main(["install"])
    rename = Path.rename

    def fail_for_new(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_for_new)
    assert main(["install", "--display-name", "Other"]) == 1
    spec = json.loads((jupyter / "fluxrepl" / "kernel.json").read_text())
    assert spec["display_name"] == "Flux (fluxrepl)"


def test_names_are_in_lower_case_as_jupyter_lists_them(jupyter: Path) -> None:
    assert main(["install", "--name", "FLUX"]) == 0
    assert [path.name for path in jupyter.iterdir()] == ["flux"]
    (jupyter / "flux").rename(jupyter / "FLUX")  # what an earlier version has made
    assert main(["remove", "--name", "flux"]) == 0
    assert list(jupyter.iterdir()) == []


@pytest.mark.parametrize("name", ["a/b", "..", "", "mit space", "σ", ".hidden"])
def test_a_name_that_jupyter_refuses_is_refused(name: str, capsys) -> None:
    assert main(["install", "--name", name]) == 1
    assert "letters, digits" in capsys.readouterr().err


@pytest.mark.parametrize("argv", [[], ["instal"], ["install", "--user", "--sys-prefix"], ["list", "all"]])
def test_wrong_usage_is_exit_2(argv: list[str], capsys) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(argv)
    assert f"usage: fluxrepl kernel{' list' if 'all' in argv else ''}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "said"),
    [(["--help"], "install | list | remove"), (["-h"], "install | list | remove"), (["install", "--help"], "--prefix")],
)
def test_help_is_exit_0(argv: list[str], said: str, capsys) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(argv)
    shown = capsys.readouterr().out
    assert shown.startswith("usage: fluxrepl kernel")
    assert said in shown


def test_an_incomplete_installation_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys) -> None:
    monkeypatch.setattr(install, "__file__", str(tmp_path / "a" / "b" / "c.py"))
    for name in ("prefix", "base_prefix"):
        monkeypatch.setattr(sys, name, str(tmp_path))
    monkeypatch.setattr(install, "_user_base", lambda: str(tmp_path))
    assert main(["install"]) == 1
    assert "kernel.json is missing" in capsys.readouterr().err


def test_the_spec_of_an_installed_wheel_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, jupyter: Path
) -> None:
    main(["install", "--prefix", str(tmp_path / "env")])
    monkeypatch.setattr(install, "__file__", str(tmp_path / "a" / "b" / "c.py"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "env"))
    assert main(["install"]) == 0
    assert {path.name for path in (jupyter / "fluxrepl").iterdir()} == {"kernel.json", *LOGOS}


def test_the_logos_are_pictures_of_their_size() -> None:
    folder = install.find_source() / "logos"
    for pixels in (32, 64):
        data = (folder / f"logo-{pixels}x{pixels}.png").read_bytes()
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">II", data[16:24]) == (pixels, pixels)
    assert "<svg" in (folder / "logo-svg.svg").read_text()


def test_the_logos_are_what_their_script_draws() -> None:
    folder = install.find_source() / "logos"
    drawn = runpy.run_path(str(folder / "draw.py"))
    assert drawn["svg"]() == (folder / "logo-svg.svg").read_text(encoding="utf-8")
    for pixels in (32, 64):
        stored = _pixels((folder / f"logo-{pixels}x{pixels}.png").read_bytes(), pixels)
        again = _pixels(drawn["png"](drawn["picture"](pixels)), pixels)
        assert np.abs(stored - again).max() <= 2  # machines differ in the last bit of a sine, and zlibs in their bytes


def _pixels(png: bytes, size: int) -> np.ndarray:
    """The bytes of a picture written by draw.py: one chunk of rows without filters."""
    start = png.index(b"IDAT") + 4
    (length,) = struct.unpack(">I", png[start - 8 : start - 4])
    rows = np.frombuffer(zlib.decompress(png[start : start + length]), np.uint8).reshape(size, 1 + 4 * size)
    return rows[:, 1:].astype(int)
