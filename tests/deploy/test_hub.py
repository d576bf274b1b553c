"""A real JupyterHub on this machine, with two learners: neither their kernels nor their progress meet.

It needs JupyterHub and its proxy, which `make hub` installs. Where they are in an environment of their own,
FLUXREPL_HUB_PYTHON names its Python, and FLUXREPL_PROXY another program for the proxy.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = os.environ.get("FLUXREPL_HUB_PYTHON", sys.executable)
TOKEN = uuid.uuid4().hex
PATIENCE = 90.0

pytestmark = pytest.mark.timeout(400)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Hub:
    """A JupyterHub that runs."""

    def __init__(self, folder: Path, proxy: str) -> None:
        self.folder = folder
        self.url = f"http://127.0.0.1:{free_port()}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("FLUXREPL_", "XDG_"))}
        environment |= {
            "FLUXREPL_HUB_FOLDER": str(folder),
            "FLUXREPL_HUB_URL": self.url,
            "FLUXREPL_HUB_API": f"http://127.0.0.1:{free_port()}",
            "FLUXREPL_PROXY_API": f"http://127.0.0.1:{free_port()}",
            "FLUXREPL_PROXY": proxy,
            "FLUXREPL_HUB_TOKEN": TOKEN,
            "PATH": f"{Path(PYTHON).parent}{os.pathsep}{os.environ['PATH']}",
        }
        self.log = (folder / "log.txt").open("w")
        command = [PYTHON, "-m", "jupyterhub", "-f", str(ROOT / "deploy" / "jupyterhub_config.py")]
        self.process = subprocess.Popen(command, cwd=folder, env=environment, stdout=self.log, stderr=self.log)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the hub's API, or that of a learner's server."""
        data = json.dumps(body).encode() if body is not None else b"" if method == "POST" else None
        headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            error.close()
            raise
        return json.loads(text) if text else None

    def until(self, holds: Any, what: str) -> Any:
        """Wait for something that the API says."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self.process.poll() is None, (self.folder / "log.txt").read_text()[-3000:]
            try:
                if found := holds():
                    return found
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass
            time.sleep(0.2)
        pytest.fail(f"waited in vain for {what}:\n{(self.folder / 'log.txt').read_text()[-3000:]}")

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


class Learner:
    """Somebody at their own server, with a kernel of ours."""

    def __init__(self, hub: Hub, name: str) -> None:
        self.hub, self.name = hub, name
        hub.ask("POST", f"/hub/api/users/{name}")
        self.start()

    def start(self) -> None:
        """Start the learner's server, and a kernel in it."""
        me = f"/hub/api/users/{self.name}"
        self.hub.ask("POST", f"{me}/server")
        self.hub.until(lambda: self.hub.ask("GET", me)["servers"].get("", {}).get("ready"), f"{self.name}'s server")
        self.kernel = self.hub.ask("POST", f"/user/{self.name}/api/kernels", {"name": "fluxrepl"})["id"]

    def run(self, code: str) -> str:
        """Run a cell; what it printed, showed or raised."""
        import asyncio

        return asyncio.run(asyncio.wait_for(self._run(code), PATIENCE))

    async def _run(self, code: str) -> str:
        from tornado.httpclient import HTTPRequest
        from tornado.websocket import websocket_connect

        address = f"{self.hub.url.replace('http', 'ws', 1)}/user/{self.name}/api/kernels/{self.kernel}/channels"
        connection = await websocket_connect(HTTPRequest(address, headers={"Authorization": f"token {TOKEN}"}))
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": "execute_request",
            "session": "s",
            "username": "",
            "version": "5.3",
        }
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        await connection.write_message(json.dumps(message))
        said = ""
        while True:
            answer = json.loads(await connection.read_message() or "{}")
            if answer.get("parent_header", {}).get("msg_id") != header["msg_id"]:
                continue
            content, kind = answer["content"], answer["header"]["msg_type"]
            said += content.get("text", "") if kind == "stream" else ""
            said += content.get("data", {}).get("text/plain", "") if kind in ("execute_result", "display_data") else ""
            said += "\n".join(content["traceback"]) if kind == "error" else ""
            if kind == "status" and content["execution_state"] == "idle":
                connection.close()
                await connection.read_message()  # the end
                return said


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    places = f"{Path(PYTHON).parent}{os.pathsep}{os.environ['PATH']}"
    proxy = os.environ.get("FLUXREPL_PROXY") or shutil.which("configurable-http-proxy", path=places)
    found = subprocess.run([PYTHON, "-c", "import jupyterhub, jupyterlab, fluxrepl"], capture_output=True, check=False)
    if found.returncode:
        pytest.skip("needs JupyterHub: `make hub` installs it (or name its Python in FLUXREPL_HUB_PYTHON)")
    if not proxy:
        pytest.skip("needs the hub's proxy: `make hub` installs it")
    made = Hub(tmp_path_factory.mktemp("hub"), proxy)
    try:
        made.until(lambda: made.ask("GET", "/hub/api/")["version"], "the hub")
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def learners(hub):
    return Learner(hub, "ada"), Learner(hub, "bob")


def test_our_kernel_runs_for_each_learner(learners):
    for learner in learners:
        assert learner.run("gradient(lambda x: 3*x**2 + 2*x + 1, 2.0)") == "(14.0,)"


def test_what_one_defines_the_other_does_not_have(learners):
    ada, bob = learners
    ada.run("secret = 42")
    assert ada.run("secret") == "42"
    assert "NameError" in bob.run("secret")
    assert ada.run("import os; os.getpid()") != bob.run("import os; os.getpid()")


def test_progress_is_kept_apart(hub, learners):
    ada, bob = learners
    assert "How a lesson works" in ada.run("%lesson learn 00")
    ada.run("%lesson next")
    files = list(hub.folder.rglob("progress.json"))
    assert [file.relative_to(hub.folder).parts[0] for file in files] == ["ada"]
    bob.run("%lesson learn 01")
    files = sorted(file.relative_to(hub.folder).parts[0] for file in hub.folder.rglob("progress.json"))
    assert files == ["ada", "bob"]
    assert "how-a-lesson-works" not in next((hub.folder / "bob").rglob("progress.json")).read_text()


def test_a_server_that_was_stopped_finds_its_progress_again(hub, learners):
    ada, _ = learners
    ada.run("%lesson learn 00")
    ada.run("%lesson goto 3")
    hub.ask("DELETE", "/hub/api/users/ada/server")
    hub.until(lambda: not hub.ask("GET", "/hub/api/users/ada")["servers"], "the end of ada's server")
    ada.start()
    assert "You are at step 3 of" in ada.run("%lesson learn 00")
