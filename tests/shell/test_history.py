"""History whose disk fails: told once, kept in memory, and the file left as it is."""

import sqlite3
import time

import pytest

from fluxrepl.shell import home
from fluxrepl.shell.history import FluxHistory

LONG = "'" + "long" * 3000 + "'"  # does not fit into the pages that the file has


@pytest.fixture
def full(shell, monkeypatch: pytest.MonkeyPatch):
    """A shell with one cell in its history, whose disk has filled since."""
    monkeypatch.setattr(home, "_LOST", [False])
    shell.run("'before'")
    shell.history_manager.writeout_cache()
    shell.history_manager.save_thread.stop()
    shell.history_manager.db.execute("PRAGMA max_page_count = 1")  # SQLite then says what it says of a full disk
    return shell


def cells(shell) -> list[str]:
    return [entry[2] for entry in shell.history_manager.search("*")]


def test_a_full_disk_costs_one_note_and_no_cell(full, capsys) -> None:
    file = full.history_manager.hist_file
    full.run(LONG)
    assert cells(full) == ["'before'", LONG]
    full.run("1 + 1")
    full.run("2 + 2")
    assert cells(full) == ["'before'", LONG, "1 + 1", "2 + 2"]
    captured = capsys.readouterr()
    assert captured.out.endswith("\n2\n4\n")
    assert captured.err.count("history is kept in memory only (database or disk is full)") == 1
    assert [path.name for path in file.parent.glob("history*")] == ["history.sqlite"]
    with sqlite3.connect(file) as kept:
        assert kept.execute("SELECT source_raw FROM history").fetchall() == [("'before'",)]
    kept.close()


def test_the_thread_that_saves_says_nothing(shell, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(home, "_LOST", [False])
    shell.run("'before'")
    thread = shell.history_manager.save_thread
    shell.history_manager.writeout_cache()
    thread.db.execute("PRAGMA max_page_count = 1")
    shell.run(LONG)
    until = time.monotonic() + 10
    while shell.history_manager.db_input_cache and time.monotonic() < until:
        time.sleep(0.01)
    assert cells(shell) == ["'before'", LONG]
    assert thread.is_alive()
    assert "history saving thread" not in capsys.readouterr().out


def test_a_disk_that_is_full_at_the_end_raises_nothing(full, capsys) -> None:
    full.history_manager.db_input_cache.append((9, LONG, LONG))
    full.history_manager.end_session()
    assert "history is kept in memory only" in capsys.readouterr().err


def test_a_file_in_which_no_session_can_begin_is_read_and_left_alone(full) -> None:
    file = full.history_manager.hist_file
    other = sqlite3.connect(file)
    other.execute("BEGIN IMMEDIATE")  # nobody else may write
    again = FluxHistory(shell=full, parent=full, connection_options={"timeout": 0, "check_same_thread": False})
    try:
        assert [entry[2] for entry in again.search("*")] == ["'before'"]
        assert [path.name for path in file.parent.glob("history*.sqlite")] == ["history.sqlite"]
    finally:
        again.close()
        other.close()


def test_a_cell_with_half_a_character_is_kept_escaped(shell) -> None:
    shell.history_manager.store_inputs(1, "'\ud800'", "'\ud800'")
    assert cells(shell) == [r"'\ud800'"]
