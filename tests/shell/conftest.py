"""A fresh headless shell for each test, in a home of its own."""

import atexit
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fluxrepl.shell.core import FluxShell, make_shell


class HeadlessShell(FluxShell):
    """Keeps the messages of a lesson beside showing them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.said: list[Any] = []
        super().__init__(*args, **options)

    def show_messages(self, messages: Any) -> None:
        messages = list(messages)
        self.said += messages
        super().show_messages(messages)

    @property
    def words(self) -> str:
        """All that the lesson said."""
        return "\n".join(message.text for message in self.said)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HeadlessShell]:
    monkeypatch.setenv("FLUXREPL_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(warnings, "formatwarning", warnings.formatwarning)  # the shell sets its own
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)  # and this
    main, path, finders = sys.modules["__main__"], list(sys.path), list(sys.meta_path)
    made = make_shell(HeadlessShell, colours=False)
    assert isinstance(made, HeadlessShell)
    yield made
    atexit.unregister(made.atexit_operations)
    history = made.history_manager
    made.atexit_operations()
    history.close()
    made.restore_sys_module_state()
    HeadlessShell.clear_instance()
    sys.modules["__main__"], sys.path[:], sys.meta_path[:] = main, path, finders
