"""Long help texts in a pager that can be left."""

import os

import pytest
from IPython.core import page


@pytest.fixture
def paged(shell, monkeypatch):
    """What the pager is told by its variable, for each text."""
    told = []
    monkeypatch.setattr(page, "pager_page", lambda *args: told.append(os.environ.get("LESS", "")))
    return told


def test_less_is_told_to_say_how_it_is_left(shell, paged, monkeypatch) -> None:
    monkeypatch.delenv("LESS", raising=False)
    shell.run("np.sum?")
    assert paged == ["-R -Ps?e(END) .q leaves, Space goes on$"]
    assert "LESS" not in os.environ


def test_what_the_learner_chose_for_less_stays(shell, paged, monkeypatch) -> None:
    monkeypatch.setenv("LESS", "-Pmine$")
    shell.run("np.sum?")
    monkeypatch.setenv("LESS", "-S")
    shell.run("np.sum?")
    assert paged == ["-Pmine$", "-S -Ps?e(END) .q leaves, Space goes on$"]
    assert os.environ["LESS"] == "-S"
