"""Every test begins with an empty home of fluxrepl, and nothing of it comes into the user's own folders."""

import os
from itertools import count

import pytest

NUMBER = count()


@pytest.fixture(scope="session", autouse=True)
def homes(tmp_path_factory):
    """Where they are; what a whole module shares, such as a kernel, has one there, too."""
    folder = tmp_path_factory.mktemp("homes")
    os.environ["FLUXREPL_HOME"] = str(folder / "shared")
    return folder


@pytest.fixture(autouse=True)
def own_home(homes, monkeypatch):
    """Where this test's fluxrepl keeps progress, settings and its cache; made by whatever first needs it."""
    monkeypatch.setenv("FLUXREPL_HOME", str(homes / str(next(NUMBER))))
