"""The outer side of the sandbox: starts it, proves that it holds, hands submissions in, hears what comes."""

import contextlib
import json
import socket
import subprocess
import tempfile
import time
from typing import Any

from ..lines import Lines
from . import refusal, results
from .command import command
from .limits import Limits

START_WITHIN = 60.0  # seconds; NumPy from a cold disk takes a while
PATIENCE = 2.0  # seconds for a submission to take what it is sent
MOST = 32 << 20  # bytes that a submission may report
HOLDS = {"capabilities": 0, "seccomp": 2, "no_new_privileges": 1, "counted": True, "network": False, "proc": []}


GONE = "was lost: its sandbox ended"


class Job:
    """A submission on its way. `reports()` gives what came of it since the last call; `open` is False at its end."""

    def __init__(self, sandbox: "Sandbox", number: int, sock: socket.socket):
        self.sandbox, self.number, self.sock = sandbox, number, sock
        self.orders = sandbox.orders  # of the sandbox that it is in: there may be another by the time it ends
        self.lines = Lines(self._read)
        self.open = True
        self.fault = ""  # why what it reported is not believed

    def fileno(self) -> int:
        """For `select`."""
        return self.sock.fileno()

    def send(self, data: bytes) -> None:
        """Write to it. One that does not listen is not waited for; one that is gone will be missed soon enough."""
        try:
            self.sock.settimeout(PATIENCE)
            self.sock.sendall(data)
        except TimeoutError:
            self.disbelieve("did not listen")
        except OSError:
            pass
        finally:
            self.sock.settimeout(None)

    def reports(self, clean: bool = True) -> list[dict[str, Any]]:
        """Its reports, each a JSON object; one that is none is a fault, and ends it. `clean` makes texts harmless."""
        found: list[dict[str, Any]] = []
        if not self.open:
            return found
        try:
            for line in self.lines.take():
                found.append(results.parsed(line, clean))  # one by one: those before a fault are kept
        except ValueError as error:
            self.fault = str(error)
        if self.lines.heard > MOST:
            self.fault = f"sent more than {MOST >> 20} MB of results"
        self.open = not (self.lines.ended or self.fault)
        return found

    def _read(self) -> bytes:
        try:
            return self.sock.recv(1 << 18, socket.MSG_DONTWAIT)
        except BlockingIOError:
            raise
        except OSError:
            return b""

    def disbelieve(self, why: str) -> None:
        """What it says is not what it should say: nothing more is heard."""
        self.fault, self.open = why, False

    def release(self) -> None:
        """All that it had to say was heard: it may end when it likes, which is now."""
        self.sandbox.forget(self.number)
        self.sock.close()

    def end(self) -> str:
        """End it, with all that it started; how it ended, in words, if not well."""
        status = self.sandbox.end(self.number) if self.orders is self.sandbox.orders else None
        self.sock.close()
        return self.fault or _how(status)


class Sandbox:
    """A warm parent in bubblewrap. `with Sandbox() as sandbox:`; raises `Refused` where it cannot hold."""

    orders: socket.socket

    def __init__(self) -> None:
        refusal.look_round()
        self.count = 0
        self.ended: dict[int, int] = {}
        self.forgotten: set[int] = set()
        self._start()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *error: object) -> None:
        self._stop()

    def job(self, program: dict[str, Any], limits: Limits) -> Job:
        """Hand a submission in: a process of its own does what `program` says."""
        if self.gone or self.process.poll() is not None:  # the machine ran out of memory, say
            self._stop()
            self._start()
        self.count += 1
        ours, theirs = socket.socketpair()
        with theirs:
            order = json.dumps({"job": self.count, "limits": limits.as_data()}).encode()
            with contextlib.suppress(OSError):
                socket.send_fds(self.orders, [order], [theirs.fileno()])
        job = Job(self, self.count, ours)
        text = json.dumps(program).encode()
        job.send(len(text).to_bytes(8, "big") + text)
        return job

    def end(self, number: int) -> int | None:
        """Wait for the end of a job, which is killed unless it is about to end; its status, None if nobody knows."""
        with contextlib.suppress(OSError):
            deadline = time.monotonic() + 0.05
            while number not in self.ended and self._hear(deadline - time.monotonic()):
                pass
            if number not in self.ended:
                self.orders.sendall(json.dumps({"kill": number}).encode())
            deadline = time.monotonic() + 10
            while number not in self.ended and self._hear(deadline - time.monotonic()):
                pass
        return self.ended.pop(number, None)

    def forget(self, number: int) -> None:
        """End a job, without waiting for it."""
        with contextlib.suppress(OSError):
            self.orders.sendall(json.dumps({"kill": number}).encode())
            while self._hear(0):
                pass
        if self.ended.pop(number, None) is None:
            self.forgotten.add(number)

    def _hear(self, seconds: float) -> bool:
        """One message of the warm parent; False if none came in time."""
        self.orders.settimeout(max(seconds, 0.0001))
        try:
            data = self.orders.recv(4096)
        except TimeoutError:
            return False
        finally:
            self.orders.settimeout(None)
        if not data:
            self.gone = True
            raise ConnectionError("the sandbox is gone")
        message = json.loads(data)
        if message.get("ended") in self.forgotten:
            self.forgotten.remove(message["ended"])
        elif "ended" in message:
            self.ended[message["ended"]] = message["status"]
        return True

    def _start(self) -> None:
        self.gone = False
        self.orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.words = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `_stop`
        with theirs:
            self.process = subprocess.Popen(
                command(theirs.fileno()),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.words,
                start_new_session=True,  # Ctrl-C is for this process, which then ends the sandbox
            )
        try:
            came_up = self._hear(START_WITHIN)
        except OSError:
            came_up = False
        if not came_up:
            raise refusal.explain(self._stop())
        self._prove()

    def _prove(self) -> None:
        """Run a probe as a submission would be, and see that every wall stands."""
        limits = Limits(seconds=10, processes=4)
        job = self.job({"kind": "probe"}, limits)
        found: list[dict[str, Any]] = []
        deadline = time.monotonic() + 10
        while job.open and time.monotonic() < deadline:
            found += job.reports()
            time.sleep(0.001)
        job.end()
        probed = found[0] if found else {"fault": "the probe did not come back"}
        if words := probed.get("fault"):
            self._stop()
            raise refusal.explain(str(words))
        weak = [name for name, wanted in HOLDS.items() if probed.get(name) != wanted]
        if weak:
            self._stop()
            raise refusal.explain(f"these do not hold in it: {', '.join(weak)}")

    def _stop(self) -> str:
        """End the sandbox; what was said on its stderr."""
        self.orders.close()
        with contextlib.suppress(OSError):
            self.process.kill()  # bubblewrap takes everything in it along
        self.process.wait()
        self.words.seek(0)
        said = self.words.read(10_000).decode(errors="replace")
        self.words.close()
        return said


def _how(status: int | None) -> str:
    from .warm import COULD_NOT_CONFINE, TOO_MUCH_MEMORY

    if status == 0:
        return ""
    if status is None:
        return GONE
    if status == TOO_MUCH_MEMORY:
        return "took too much memory"
    if status == COULD_NOT_CONFINE:
        return "could not be confined, and was not run"
    if status < 0 or status > 128:
        number = -status if status < 0 else status - 128
        return "was killed: too much processor time, or too little memory left" if number == 9 else (
            f"crashed Python (signal {number})")  # fmt: skip
    return f"ended Python itself (exit status {status})"
