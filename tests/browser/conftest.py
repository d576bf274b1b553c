"""JupyterLab and Notebook in a real browser, with an empty home: what somebody meets who has just installed fluxrepl.

They need the extra `browser` and a Chromium: Debian's, or that of `playwright install chromium`. Where either is
missing, these tests are skipped and say which.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from .notebook import Notebook

MISSING = [name for name in ("playwright", "jupyterlab", "notebook") if find_spec(name) is None]
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 60
WINDOW = {"width": 1180, "height": 900}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", metavar="FOLDER", help="keep the pictures of tests/browser there (PNG)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in here:
        if MISSING:
            item.add_marker(pytest.mark.skip(f"not installed: {', '.join(MISSING)}; `make browser` installs them"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import Error, sync_playwright

    program = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    sandbox = [] if hasattr(os, "geteuid") and os.geteuid() else ["--no-sandbox"]  # Chromium refuses root otherwise
    with sync_playwright() as playwright:
        try:
            running = playwright.chromium.launch(executable_path=program, args=sandbox)
        except Error as error:
            pytest.skip(f"no Chromium starts: {str(error).splitlines()[0]}; `playwright install chromium` brings one")
        yield running
        running.close()


class Server:
    """A Jupyter server on a port of its own, with a home of its own."""

    def __init__(self, app: str, folder: Path):
        self.home, self.work = folder / "home", folder / "work"
        self.work.mkdir(parents=True)
        self.home.mkdir()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.token = secrets.token_hex(16)
        self.url = f"http://127.0.0.1:{port}"
        self.log = (folder / "server.log").open("w+")
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "XDG_"))
        }
        options = ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"]
        options += [f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={self.work}"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", app, *options],
            env={**kept, "HOME": str(self.home), "FLUXREPL_HOME": str(self.home / "fluxrepl")},
            cwd=self.work,
            stdout=self.log,
            stderr=self.log,
        )
        self._wait()

    def _wait(self) -> None:
        stop = time.monotonic() + SECONDS
        while time.monotonic() < stop and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/api?token={self.token}", timeout=5).close()
                return
            except OSError:
                time.sleep(0.2)
        self.log.seek(0)
        raise RuntimeError(self.log.read())

    def choose_dark(self, dark: bool) -> None:
        """The theme of the next page that opens."""
        settings = self.home / ".jupyter/lab/user-settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text('{"theme": "JupyterLab Dark"}' if dark else "{}")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(SECONDS)
        self.log.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server("jupyterlab", tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def classic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server("notebook", tmp_path_factory.mktemp("notebook"))
    yield server
    server.stop()


@pytest.fixture
def open_lab(browser: Any, lab: Server) -> Iterator[Callable[..., Notebook]]:
    """Opens JupyterLab and a notebook with our kernel, chosen in the launcher by its name."""
    pages: list[Any] = []

    def open_one(*, dark: bool = False) -> Notebook:
        lab.choose_dark(dark)
        shutil.rmtree(lab.home / "fluxrepl", ignore_errors=True)  # no lesson has been begun
        pages.append(browser.new_page(viewport=WINDOW))
        return Notebook.from_launcher(pages[-1], f"{lab.url}/lab?reset&token={lab.token}")

    yield open_one
    for page in pages:
        page.close()
