"""Where history lives, and what happens where it cannot."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fluxrepl.shell.home import find_home


def test_the_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("FLUXREPL_HOME", str(tmp_path / "mine"))
    home = find_home()
    assert home.lasting
    assert home.folder == tmp_path / "mine" / "ipython"
    assert home.folder.is_dir()
    assert capsys.readouterr().err == ""


def test_otherwise_it_is_the_state_folder_of_the_platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLUXREPL_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert tmp_path in find_home().folder.parents


def test_each_broken_history_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLUXREPL_HOME", str(tmp_path))
    history = tmp_path / "ipython" / "profile_default" / "history.sqlite"
    history.parent.mkdir(parents=True)
    for rubbish in (b"one" * 500, b"two" * 500):
        history.write_bytes(rubbish)
        find_home()
    assert history.with_name("history.sqlite.bak").read_bytes() == b"one" * 500
    assert history.with_name("history.sqlite.bak2").read_bytes() == b"two" * 500


def test_a_home_that_cannot_be_written_costs_one_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FLUXREPL_HOME", str(tmp_path / "file" / "home"))
    home = find_home()
    assert not home.lasting
    assert home.folder.is_dir()
    said = capsys.readouterr().err
    assert said.startswith(f"fluxrepl: cannot write to {tmp_path}")
    assert "Set FLUXREPL_HOME to a folder you can write." in said


def test_a_new_folder_on_a_full_disk_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    def full(path: Path, content: bytes) -> None:
        path.touch()
        if content:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setenv("FLUXREPL_HOME", str(tmp_path))
    monkeypatch.setattr(Path, "write_bytes", full)
    assert not find_home().lasting
    assert "(No space left on device)" in capsys.readouterr().err
    assert list((tmp_path / "ipython").iterdir()) == []
    (tmp_path / "ipython" / "profile_default").mkdir()
    assert find_home().lasting  # what is there can be read


@pytest.mark.parametrize("home", ["/proc/nowhere", "/dev/null", ""])
def test_the_shell_works_without_a_home(home: str, tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": home}
    for name in ("FLUXREPL_HOME", "XDG_STATE_HOME", "IPYTHONDIR", *([] if home else ["HOME"])):
        environment.pop(name, None)
    script = (
        "from fluxrepl.shell.core import make_shell\n"
        "shell = make_shell()\n"
        "shell.run('1 + 1')\n"
        "shell.run('2 + 2')\n"
        "print(len(list(shell.history_manager.get_tail(5, include_latest=True))) >= 2)\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "2\n4\nTrue\n"
    assert done.stderr.count("fluxrepl: cannot write") == (1 if home else 0)
    assert list(tmp_path.iterdir()) == []
