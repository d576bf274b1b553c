"""The shell that loads behind the prompt."""

import pytest

from fluxrepl.terminal import late
from fluxrepl.terminal.late import LateShell


@pytest.fixture
def broken(monkeypatch):
    """An installation in which a module is missing."""
    monkeypatch.setattr(late, "CORE", ("fluxrepl.there_is_no_such_module",))
    return LateShell()


def test_nothing_is_loaded_before_it_is_asked_for():
    shell = LateShell()
    assert shell.now is None
    shell.finish()  # nothing to wait for
    assert shell.now is None


def test_what_stops_the_imports_is_raised_where_the_shell_is_wanted(broken):
    with pytest.raises(ModuleNotFoundError, match="there_is_no_such_module"):
        broken.get()
    with pytest.raises(ModuleNotFoundError):
        broken.get()
    broken.finish()


def test_waiting_for_a_shell_that_never_comes_ends(broken):
    assert broken.wait(0.01) is None


def test_starting_twice_imports_once(broken):
    broken.start()
    broken.start()
    broken.finish()
