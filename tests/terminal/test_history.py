"""The history file: shared, lasting, and no trouble when it fails."""

import asyncio
import stat
import subprocess
import sys
import time

import pytest

from fluxrepl.terminal import history_file
from fluxrepl.terminal.history import LearnerHistory, LoadedOnce
from fluxrepl.tutor.folders import state_folder


@pytest.fixture
def warned(monkeypatch):
    monkeypatch.setattr("fluxrepl.shell.home._LOST", [False])  # nothing was told yet
    return []


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("FLUXREPL_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def test_the_folder_is_the_one_that_was_chosen(home):
    assert state_folder() == home


def test_without_a_choice_it_is_the_platforms(monkeypatch):
    monkeypatch.delenv("FLUXREPL_HOME", raising=False)
    assert "fluxrepl" in state_folder().parts


def test_entries_come_back_newest_first_with_their_lines(home, warned):
    history = LearnerHistory(warned.append)
    history.store_string("def f(x):\n    return x")
    history.store_string("σ(0)")
    assert list(LearnerHistory(warned.append).load_history_strings()) == ["σ(0)", "def f(x):\n    return x"]
    assert warned == []


def test_the_file_is_for_its_owner_alone(home, warned):
    home.mkdir()
    (home / "history").touch(0o644)
    LearnerHistory(warned.append).store_string("secret = 1")
    assert stat.S_IMODE((home / "history").stat().st_mode) == 0o600


def test_two_histories_append_to_one_file(home, warned):
    one, two = LearnerHistory(warned.append), LearnerHistory(warned.append)
    one.store_string("1")
    two.store_string("2")
    one.store_string("3")
    assert list(LearnerHistory(warned.append).load_history_strings()) == ["3", "2", "1"]


def test_many_sessions_at_once_lose_nothing_even_while_the_file_is_cut(home):
    home.mkdir()
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from fluxrepl.terminal import history_file\n"
        "path = Path(sys.argv[1])\n"
        "for i in range(60):\n"
        "    history_file.append(path, f'{sys.argv[2]} {i}\\nsecond line')\n"
        "    if i % 20 == 19: history_file.read(path, 150)\n"
    )
    command = [sys.executable, "-c", code, str(home / "history")]
    sessions = [subprocess.Popen([*command, str(number)]) for number in range(4)]
    assert [session.wait(60) for session in sessions] == [0] * 4
    entries, damaged = history_file.parse((home / "history").read_bytes())
    assert not damaged
    assert len(entries) >= 150
    for number in range(4):  # of each session the latest, in order, none twice
        mine = [int(entry.split()[1]) for entry in entries if entry.startswith(f"{number} ")]
        assert mine == list(range(60))[-len(mine) :] if mine else True


def entries_of(history):
    async def load():
        return [entry async for entry in history.load()]

    return asyncio.run(load())


def test_what_another_session_adds_comes_behind_our_own_entries(home, warned):
    ours, theirs = LoadedOnce(LearnerHistory(warned.append)), LearnerHistory(warned.append)
    theirs.store_string("before")
    assert entries_of(ours) == ["before"]
    ours.append_string("mine")
    theirs.store_string("theirs 1\nin two lines")
    theirs.store_string("theirs 2")
    assert entries_of(ours) == ["mine", "theirs 2", "theirs 1\nin two lines", "before"]
    assert entries_of(ours) == ["mine", "theirs 2", "theirs 1\nin two lines", "before"]
    (home / "history").unlink()
    assert entries_of(ours)[0] == "mine"


def test_each_damaged_file_is_kept(home):
    home.mkdir()
    for rubbish in (b"one\n", b"two\n"):
        (home / "history").write_bytes(rubbish + b"+kept\n")
        entries, said = history_file.read(home / "history", 10)
        assert entries == ["kept"]
        assert "history.bak" in said
    assert (home / "history.bak").read_bytes() == b"one\n+kept\n"
    assert (home / "history.bak2").read_bytes() == b"two\n+kept\n"


def test_what_is_added_while_a_damaged_file_is_set_aside_is_kept(home, monkeypatch):
    home.mkdir()
    path = home / "history"
    path.write_bytes(b"rubbish\n+old\n")
    code = (
        "import sys, pathlib\n"
        "from fluxrepl.terminal import history_file\n"
        "history_file.append(pathlib.Path(sys.argv[1]), 'new')"
    )
    replace, added = history_file._replace, []

    def replace_later(*arguments):
        added.append(subprocess.Popen([sys.executable, "-c", code, str(path)]))
        time.sleep(0.5)
        replace(*arguments)

    monkeypatch.setattr(history_file, "_replace", replace_later)
    history_file.read(path, 10)
    assert added[0].wait(60) == 0
    assert history_file.parse(path.read_bytes()) == (["old", "new"], False)


def test_a_long_file_is_cut_to_the_latest(home):
    home.mkdir()
    for number in range(20):
        history_file.append(home / "history", str(number))
    assert history_file.read(home / "history", 16)[0] == [str(n) for n in range(4, 20)]
    assert len(history_file.parse((home / "history").read_bytes())[0]) == 20  # little over: not worth a new file
    assert history_file.read(home / "history", 5)[0] == [str(n) for n in range(15, 20)]
    assert len(history_file.parse((home / "history").read_bytes())[0]) == 5
    assert stat.S_IMODE((home / "history").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "entry", ["x", "a\n\nb", "+x", "# x", "σ = '日本'", "'\\udc80'", "bad \udc80 half", "a\rb", ""]
)
def test_an_entry_comes_back_as_it_was(home, entry):
    home.mkdir()
    history_file.append(home / "history", entry)
    history_file.append(home / "history", "next")
    assert history_file.parse((home / "history").read_bytes()) == ([entry, "next"], False)


def test_a_link_to_a_history_elsewhere_stays_a_link(home, tmp_path):
    home.mkdir()
    (tmp_path / "elsewhere").write_bytes(b"rubbish\n+x\n")
    (home / "history").symlink_to(tmp_path / "elsewhere")
    assert history_file.read(home / "history", 10)[0] == ["x"]
    assert (home / "history").is_symlink()


def test_a_file_that_cannot_be_opened_is_told_once(home, warned):
    (home / "history").mkdir(parents=True)
    history = LearnerHistory(warned.append)
    assert list(history.load_history_strings()) == []
    history.store_string("1")
    history.store_string("2")
    assert len(warned) == 1
    assert "memory" in warned[0]


def test_of_a_folder_that_cannot_be_made_the_shell_tells(monkeypatch, tmp_path, warned):
    (tmp_path / "file").touch()
    monkeypatch.setenv("FLUXREPL_HOME", str(tmp_path / "file" / "below"))
    history = LearnerHistory(warned.append)
    assert list(history.load_history_strings()) == []
    history.store_string("1")
    assert warned == []


def test_what_was_loaded_is_given_again_at_once(home, warned):
    LearnerHistory(warned.append).store_string("1")

    async def load_twice():
        history = LoadedOnce(LearnerHistory(warned.append))
        first = [entry async for entry in history.load()]
        history.append_string("2")
        return first, [entry async for entry in history.load()]

    assert asyncio.run(load_twice()) == (["1"], ["2", "1"])
