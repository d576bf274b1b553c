"""Where there is no sandbox nothing is run, and it is said what is missing: on every machine."""

import os
import platform
import sys

import pytest

from fluxrepl.cli import main
from fluxrepl.tutor.untrusted import Refused, filter, refusal

on_linux = pytest.mark.skipif(
    sys.platform != "linux" or not filter.supported(), reason="elsewhere it is refused before bubblewrap is looked for"
)


@pytest.fixture
def lesson(write, tmp_path):
    """A lesson that would leave a trace if it were run."""
    return write("01.md", f"```python\nopen({str(tmp_path / 'trace')!r}, 'w').close()\n```\n"), tmp_path / "trace"


@pytest.fixture
def fake_bwrap(tmp_path, monkeypatch):
    """A `bwrap` that says something and fails."""

    def fake(words):
        path = tmp_path / "bin" / "bwrap"
        path.parent.mkdir()
        path.write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 1\n")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", str(path.parent))

    return fake


@on_linux
def test_without_bubblewrap_nothing_is_run(lesson, tmp_path, monkeypatch, capsys):
    path, trace = lesson
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["check", "--untrusted", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "bubblewrap (the program `bwrap`) is not installed. Nothing was run" in err
    assert "apt install bubblewrap" in err
    assert not trace.exists()


@on_linux
@pytest.mark.parametrize(
    "words",
    [
        "bwrap: setting up uid map: Permission denied",
        "bwrap: Creating new namespace failed: Operation not permitted",
        "bwrap: No permissions to create new namespace, likely because the kernel does not allow it",
        "bwrap: Unknown option --perms",
    ],
)
def test_a_kernel_that_refuses_namespaces_is_told_of(lesson, fake_bwrap, words, capsys):
    path, trace = lesson
    fake_bwrap(words)
    assert main(["check", "--untrusted", str(path)]) == 2
    _, err = capsys.readouterr()
    assert words in err
    assert "Nothing was run" in err
    assert "docs/security.md" in err or "sysctl" in err
    assert not trace.exists()


@on_linux
def test_a_bubblewrap_that_confines_nothing_is_found_out(lesson, tmp_path, monkeypatch, capsys):
    """A stand-in that just runs the command: the walls are looked at before anything is run."""
    path, trace = lesson
    fake = tmp_path / "bin" / "bwrap"
    fake.parent.mkdir()
    fake.write_text('#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    assert main(["check", "--untrusted", str(path)]) == 2
    assert "Nothing was run" in capsys.readouterr().err
    assert not trace.exists()


@pytest.mark.parametrize(
    ("setting", "advice"),
    [
        ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "AppArmor"),
        ("/proc/sys/kernel/unprivileged_userns_clone", "sysctl kernel.unprivileged_userns_clone=1"),
        ("/proc/sys/user/max_user_namespaces", "sysctl user.max_user_namespaces=10000"),
    ],
)
def test_each_switch_that_forbids_it_is_named(monkeypatch, setting, advice):
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    off = "1" if "apparmor" in setting else "0"
    monkeypatch.setattr(refusal, "_setting", lambda path: off if path == setting else "")
    assert advice in str(refusal.explain("bwrap: setting up uid map: Permission denied"))


def test_inside_a_container_it_says_so(monkeypatch):
    monkeypatch.setattr(refusal, "_setting", lambda path: "")
    monkeypatch.setattr(refusal, "_in_container", lambda: True)
    assert "this is a container" in str(refusal.explain("Operation not permitted"))


def test_other_systems_are_refused(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(Refused, match="it needs Linux"):
        refusal.look_round()


@pytest.mark.parametrize(
    ("machine", "release", "said"),
    [
        ("riscv64", "6.1.0", "there is no system call filter for riscv64"),
        ("x86_64", "5.10.0-8-amd64", "Linux 5.10.0-8-amd64 does not count"),
    ],
)
def test_processors_and_kernels_that_cannot_confine_are_refused(monkeypatch, machine, release, said):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(platform, "release", lambda: release)
    with pytest.raises(Refused, match=said):
        refusal.look_round()
