"""A fresh interpreter for one lesson: where processes cannot be forked, and for lessons that use a GPU.

The plan goes in on stdin and the reports come out on stdout. A thread listens, so that this works on Windows too, where
only sockets can be waited for.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading

from . import fork
from .fork import Report
from .plan import Plan


class Fresh:
    """The process of one lesson, with the same face as `warm.Child`. `status` is None while it runs."""

    def __init__(self, plan: Plan):
        self.token = fork.new_token()
        self.bell, ringing = socket.socketpair()
        self.lines: list[bytes] = []
        self.taken = 0
        self.status: int | None = None
        alone = os.name == "posix"  # a session of its own: killed as one, and out of reach of Ctrl-C
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fluxrepl.tutor.fresh"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=alone,
        )  # fmt: skip
        told = json.dumps({**plan, "token": self.token.decode(), "import": sys.path}).encode()
        self.thread = threading.Thread(target=self._listen, args=(told, ringing), daemon=True)
        self.thread.start()

    def fileno(self) -> int:
        """For `select`: readable when something has come."""
        return self.bell.fileno()

    def _listen(self, told: bytes, ringing: socket.socket) -> None:
        assert self.process.stdin
        assert self.process.stdout
        with ringing, contextlib.suppress(OSError, ValueError):
            self.process.stdin.write(told)
            self.process.stdin.close()
            for line in self.process.stdout:
                self.lines.append(line)
                ringing.send(b".")

    def hear(self) -> None:
        """Take note of its end."""
        if select.select([self.bell], [], [], 0)[0]:
            self.bell.recv(1 << 12)
        self.status = self.process.poll()

    def reports(self) -> list[Report]:
        """The reports that have come since the last call."""
        if self.status is not None:
            self.thread.join(1)  # what it wrote before it ended is still being read
        new = self.lines[self.taken :]
        self.taken += len(new)
        return [fork.parsed(line.rstrip(b"\r\n"), self.token) for line in new]

    def end(self) -> int:
        """Kill it, with what it started in its group, if it still runs; its exit status."""
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.status = self.process.wait()
        self.thread.join(1)
        for end in (self.bell, self.process.stdin, self.process.stdout):
            assert end
            with contextlib.suppress(OSError):  # what was still to be written to a process that is gone
                end.close()
        return self.status


def main() -> int:
    """Run the plan on stdin in this process; reports go to stdout, what the lesson prints does not."""
    plan = json.loads(sys.stdin.buffer.read())
    sys.path[:] = plan.pop("import")
    os.chdir(plan["folder"])
    writing = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    fork.die_with_parent()
    from .runner import run_plan

    run_plan(plan, fork.channel(writing, plan.pop("token").encode()))
    os._exit(0)  # as a forked lesson: what it registered to run at the end is not waited for


if __name__ == "__main__":
    sys.exit(main())
