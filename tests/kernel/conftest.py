"""A real kernel, started by Jupyter from the installed spec named fluxrepl."""

import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

SECONDS = 30


@dataclass
class Run:
    """What came back from one cell."""

    reply: dict[str, Any]
    messages: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def status(self) -> str:
        return self.reply["status"]

    @property
    def stdout(self) -> str:
        return "".join(c["text"] for kind, c in self.messages if kind == "stream" and c["name"] == "stdout")

    @property
    def stderr(self) -> str:
        return "".join(c["text"] for kind, c in self.messages if kind == "stream" and c["name"] == "stderr")

    @property
    def results(self) -> list[dict[str, str]]:
        return [content["data"] for kind, content in self.messages if kind == "execute_result"]

    @property
    def displays(self) -> list[dict[str, str]]:
        return [content["data"] for kind, content in self.messages if kind == "display_data"]

    @property
    def text(self) -> str:
        """The text of the one result."""
        (result,) = self.results
        return result["text/plain"]

    @property
    def traceback(self) -> str:
        """What the one error shows, without colours."""
        (content,) = [content for kind, content in self.messages if kind == "error"]
        return re.sub(r"\x1b\[[\d;]*m", "", "\n".join(content["traceback"]))


class Kernel:
    """A running kernel and a client of it."""

    def __init__(self, folder: Path, home: Path | None, name: str = "fluxrepl", **environment: str | None) -> None:
        given = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}  # ipykernel looks
        changed: dict[str, str | None] = {**given, "FLUXREPL_HOME": str(home) if home else None, **environment}
        self.manager = KernelManager(kernel_name=name)
        self.log = (folder / "kernel.log").open("w+")  # open until the end: a restart writes to it too
        self.manager.start_kernel(
            cwd=str(folder),
            env={name: value for name, value in changed.items() if value is not None},
            stdout=self.log,
            stderr=self.log,
        )
        self.client = self.manager.client()
        self.client.start_channels()
        try:
            self.client.wait_for_ready(timeout=SECONDS)
        except RuntimeError as error:
            self.log.seek(0)
            said = self.log.read()
            self.stop()
            raise RuntimeError(said) from error

    def run(self, code: str, answer: str | None = None, interrupt_after: float | None = None, **options: Any) -> Run:
        """Run one cell to its end; answer its `input()`, or interrupt it some seconds after it has begun."""
        messages: list[tuple[str, dict[str, Any]]] = []

        def hear(message: dict[str, Any]) -> None:
            kind = message["msg_type"]
            if kind == "execute_input" and interrupt_after is not None:
                threading.Timer(interrupt_after, self.interrupt).start()
            if kind not in ("status", "execute_input"):
                messages.append((kind, message["content"]))

        reply = self.client.execute_interactive(
            code,
            timeout=SECONDS,
            output_hook=hear,
            allow_stdin=answer is not None,
            stdin_hook=lambda message: self.client.input(answer),
            **options,
        )
        return Run(reply["content"], messages)

    def ask(self, request: Callable[..., str], *args: Any, **options: Any) -> dict[str, Any]:
        """Send any other request and return the content of its reply."""
        sent = request(*args, **options)
        while True:
            reply = self.client.get_shell_msg(timeout=SECONDS)
            if reply["parent_header"].get("msg_id") == sent:
                return reply["content"]

    def interrupt(self) -> None:
        """Do what the manager's `interrupt_kernel` does, which would need an event loop in this thread."""
        os.killpg(os.getpgid(self.manager.provisioner.pid), signal.SIGINT)

    def stop(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()
        self.log.close()


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """One kernel for the tests of a file."""
    folder = tmp_path_factory.mktemp("notebook")
    running = Kernel(folder, tmp_path_factory.mktemp("home"))
    yield running
    running.stop()


@pytest.fixture
def start() -> Iterator[Callable[..., Kernel]]:
    """Start kernels of one's own."""
    running: list[Kernel] = []

    def start_one(*args: Any, **options: Any) -> Kernel:
        running.append(Kernel(*args, **options))
        return running[-1]

    yield start_one
    for one in running:
        one.stop()
