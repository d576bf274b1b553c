"""What goes wrong around a kernel: killed, a full disk, a home that cannot be written, files that are broken; and what
must never go wrong: who may talk to it."""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from jupyter_client.session import Session

from .conftest import Kernel

Start = Callable[..., Kernel]


def test_a_killed_kernel_loses_no_progress(start: Start, tmp_path: Path) -> None:
    kernel = start(tmp_path, tmp_path / "home")
    kernel.run(":learn 00")
    kernel.run(":next")
    ran = kernel.run("6 * 7")
    assert ran.displays
    before = kernel.run(":list").displays[0]["text/plain"]
    assert "✓" in before
    os.kill(kernel.manager.provisioner.pid, signal.SIGKILL)
    again = start(tmp_path, tmp_path / "home")
    again.run(":learn 00")
    assert again.run(":list").displays[0]["text/plain"] == before


def test_a_full_disk_is_said_once_and_work_goes_on(start: Start, tmp_path: Path) -> None:
    kernel = start(tmp_path, tmp_path / "home")
    kernel.run("'before'")
    # No file may grow any more, as on a full disk.
    kernel.run("import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))")
    cells = [f"gradient(lambda x: x**2, {k}.0)" for k in range(4)]
    ran = [kernel.run(cell) for cell in cells]
    assert "".join(each.stdout for each in ran) == ""
    assert "".join(each.stderr for each in ran).count("history is kept in memory only") == 1
    found = kernel.ask(kernel.client.history, raw=True, output=False, hist_access_type="tail", n=5)["history"]
    assert [entry[2] for entry in found][-4:] == cells
    assert "'before'" in kernel.run("%history -g").stdout
    kernel.client.shutdown()
    kernel.manager.provisioner.process.wait(20)
    assert "Traceback" not in Path(kernel.log.name).read_text()
    assert [path.name for path in tmp_path.rglob("*.sqlite")] == ["history.sqlite"]


def test_a_right_answer_is_right_on_a_full_disk(start: Start, tmp_path: Path) -> None:
    kernel = start(tmp_path, tmp_path / "home")
    kernel.run(":learn 00")
    kernel.run(":next")
    kernel.run("import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))")
    said = "".join(shown["text/plain"] for shown in kernel.run("6 * 7").displays)
    assert "✗" not in said
    assert kernel.run("1 + 1").text == "2"


@pytest.mark.parametrize("place", ["a file", "/proc/nowhere", "read-only"])
def test_a_home_that_cannot_be_written_is_said_once(start: Start, tmp_path: Path, place: str) -> None:
    home = tmp_path / "home"
    if place == "a file":
        home.write_text("in the way")
    elif place == "read-only":
        home.mkdir(mode=0o555)
    else:
        home = Path(place)
    if home.is_dir() and os.access(home, os.W_OK):
        pytest.skip("this user may write everywhere")
    kernel = start(tmp_path, home)
    assert kernel.run("gradient(lambda x: x**2, 3.0)").text == "(6.0,)"
    kernel.run(":learn 00")
    assert kernel.run(":next").displays
    kernel.log.seek(0)
    assert kernel.log.read().count("cannot write") == 1


@pytest.mark.parametrize(
    "broken", [b"this is no database" * 100, b"SQLite format 3\0" + b"\x10\0\x01\x01\0@  " + b"\xff" * 8000]
)
def test_a_broken_history_is_set_aside(start: Start, tmp_path: Path, broken: bytes) -> None:
    kernel = start(tmp_path, tmp_path / "home")
    kernel.run("'the first session'")
    kernel.stop()
    (history,) = tmp_path.rglob("history.sqlite")
    history.write_bytes(broken)
    history.with_name("history.sqlite-journal").write_bytes(b"left over")
    kernel = start(tmp_path, tmp_path / "home")
    kernel.log.seek(0)
    assert kernel.log.read().count("the history was broken") == 1
    assert kernel.run("1 + 1").text == "2"
    tail = kernel.ask(kernel.client.history, raw=True, output=False, hist_access_type="tail", n=1)["history"]
    assert [entry[2] for entry in tail] == ["1 + 1"]
    kernel.stop()
    with sqlite3.connect(history) as file:
        assert file.execute("select count(*) from history").fetchone() == (1,)
    file.close()
    assert history.with_name("history.sqlite.bak").read_bytes() == broken


def listening(kernel: Kernel) -> set[tuple[str, int]]:
    """Where a kernel listens: address and port, as Linux tells."""
    pid = kernel.manager.provisioner.pid
    mine = {os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in mine:
                address, port = fields[1].split(":")
                found.add((address, int(port, 16)))
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_it_listens_on_ipykernels_ports_on_loopback_and_nowhere_else(start: Start, tmp_path: Path) -> None:
    ours, plain = (start(tmp_path, tmp_path / "home", name=name) for name in ("fluxrepl", "python3"))
    ours.run(":learn 00")
    found = listening(ours)
    assert {address for address, _ in found} == {"0100007F"}  # 127.0.0.1
    assert {getattr(ours.manager, f"{name}_port") for name in ("shell", "iopub", "stdin", "hb", "control")} <= {
        port for _, port in found
    }
    assert len(found) == len(listening(plain))


def test_without_its_key_nobody_is_heard(start: Start, tmp_path: Path) -> None:
    kernel = start(tmp_path, tmp_path / "home")
    assert len(kernel.client.session.key) >= 32
    own, kernel.client.session = kernel.client.session, Session(key=b"a guess", session=kernel.client.session.session)
    kernel.client.shell_channel.session = kernel.client.session
    kernel.client.execute("heard = 1")
    kernel.client.session = kernel.client.shell_channel.session = own
    assert kernel.run("'heard' in globals()").text == "False"
