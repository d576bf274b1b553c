"""A home of their own for each learner of these tests, and the two ways to start fluxrepl for them."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from .driver import FLUXREPL, Terminal, learner


@pytest.fixture
def home(tmp_path):
    """An empty home folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def repl(home, tmp_path) -> Iterator[Callable[..., Terminal]]:
    """Start fluxrepl in a terminal: `repl("learn", "01", rows=40, NO_COLOR="1")`."""
    with ExitStack() as stack:

        def start(*arguments: str, rows: int = 50, columns: int = 100, background: str = "", **env: str) -> Terminal:
            terminal = Terminal([*FLUXREPL, *arguments], learner(home, **env), rows, columns, str(tmp_path), background)
            return stack.enter_context(terminal)

        yield start


@pytest.fixture
def pipe(home, tmp_path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run fluxrepl with a text on its standard input."""

    def run(text: str, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *FLUXREPL, *arguments],
            input=text,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=learner(home, **env),
            cwd=tmp_path,
            timeout=120,
            check=False,
        )

    return run
