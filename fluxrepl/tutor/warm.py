"""A warm process, in which NumPy is loaded: it forks a copy of itself for each lesson, in a few milliseconds.

It is apart from the checker. The checker reads lessons and knows what they promise; the warm process is sent plans,
and each of its copies runs one of them and reports to the checker over a pipe of its own. Nothing that a lesson does
reaches the checker's memory. When a lesson kills or stops the warm process, another one is made: nothing here waits
for it without a deadline.
"""

import contextlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence

from . import fork
from .fork import Report
from .lines import Lines
from .plan import Plan
from .warm_process import ENDED, FAILED, LENGTH, NEWS, STARTED, be_warm, forked

IMPORTS_US = re.compile(rb"^\s*(?:>>> |\.\.\. )?(?:from|import)\s+fluxrepl\b", re.M)


SILENCE = 10.0  # seconds in which a warm process must answer
LOADING = 120.0  # and for the first answer, before which it imports
LOOK_EVERY = 0.05


class WarmProcessGone(Exception):
    """The warm process ended, or does not go on: a lesson killed or stopped it."""


class Warm:
    """The checker's end of a warm process; `modules` are what it loads before the first lesson.

    `early`: no lesson has been read yet, so it may be a copy of this process, which saves starting an interpreter. A
    copy made later would have in its memory what the lessons promise.
    """

    def __init__(self, modules: Sequence[str], early: bool = False):
        self.socket, theirs = socket.socketpair()
        self.children: dict[int, Child] = {}
        self.ended: dict[int, int] = {}  # the status of what is none of these (yet)
        self.rest = b""
        self.stopped = False  # by a lesson
        self._patience = LOADING
        self._process: subprocess.Popen[bytes] | None = None
        with theirs:
            if early and _may_fork():
                self.pid = self._fork(theirs, modules)
            else:
                self.pid = self._spawn(theirs, modules)

    def _fork(self, theirs: socket.socket, modules: Sequence[str]) -> int:
        fork.load_prctl()
        pid = forked()
        if pid == 0:
            be_warm(theirs.fileno(), modules)
        return pid

    def _spawn(self, theirs: socket.socket, modules: Sequence[str]) -> int:
        told = json.dumps([theirs.fileno(), list(modules), sys.path])
        command = [sys.executable, "-m", "fluxrepl.tutor.warm_process", told]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        return self._process.pid

    def fileno(self) -> int:
        """For `select`: readable when a lesson's process has ended."""
        return self.socket.fileno()

    def start(self, plan: Plan) -> "Child":
        """Run a plan in a copy. `WarmProcessGone` if there is nobody to do it, `OSError` if it cannot be forked."""
        if self._is_stopped():
            raise WarmProcessGone
        reading, writing = os.pipe()
        token = fork.new_token()
        data = json.dumps({**plan, "token": token.decode()}).encode()
        try:
            self.socket.settimeout(self._patience)
            socket.send_fds(self.socket, [LENGTH.pack(len(data))], [writing])
            self.socket.sendall(data)
            pid = self._answer()
        except OSError as error:
            os.close(reading)
            if isinstance(error, ConnectionError | TimeoutError):
                raise WarmProcessGone from None
            raise
        except WarmProcessGone:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        child = Child(pid, reading, token, self)
        if pid in self.ended:  # already, and told together with its start
            child.status = self.ended.pop(pid)
        else:
            self.children[pid] = child
        return child

    def _answer(self) -> int:
        """The process that was started for the last plan."""
        patience = time.monotonic() + self._patience
        while time.monotonic() < patience:
            select.select([self.socket], [], [], LOOK_EVERY)
            for kind, pid, number in self._news():
                if kind in (STARTED, FAILED):
                    self._patience = SILENCE
                if kind == STARTED:
                    return pid
                if kind == FAILED:
                    raise OSError(number, os.strerror(number))
        self.kill()
        raise WarmProcessGone

    def hear(self) -> None:
        """Take in which copies have ended."""
        self._news()

    def _news(self) -> list[tuple[int, int, int]]:
        """What was told since the last call; who ended is noted."""
        if self._is_stopped():
            raise WarmProcessGone
        while select.select([self.socket], [], [], 0)[0]:
            try:
                data = self.socket.recv(1 << 12)
            except ConnectionError:
                data = b""
            if not data:
                raise WarmProcessGone
            self.rest += data
        whole = len(self.rest) - len(self.rest) % NEWS.size
        news = list(NEWS.iter_unpack(self.rest[:whole]))
        self.rest = self.rest[whole:]
        for kind, pid, status in news:
            if kind == ENDED and pid in self.children:
                self.children.pop(pid).status = os.waitstatus_to_exitcode(status)
            elif kind == ENDED:
                self.ended[pid] = os.waitstatus_to_exitcode(status)
            elif kind == STARTED:
                self.ended.pop(pid, None)  # an orphan had this number before
        return news

    def _is_stopped(self) -> bool:
        """Whether it was stopped (SIGSTOP) and not continued: then it will never answer."""
        if hasattr(os, "waitid"):  # elsewhere its silence tells
            with contextlib.suppress(ChildProcessError):
                seen = os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT)
                self.stopped = self.stopped or seen is not None
        return self.stopped

    def kill(self) -> None:
        """End it at once; its lessons die with it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """End it, with everything that lessons left running."""
        self.socket.close()
        if self._is_stopped() or not hasattr(os, "waitid"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGCONT)  # so that it can kill what lessons left
        patience = time.monotonic() + 2
        while not self._has_ended():
            if time.monotonic() > patience:
                self.kill()
            time.sleep(0.001)

    def _has_ended(self) -> bool:
        if self._process is not None:
            return self._process.poll() is not None
        try:
            return os.waitpid(self.pid, os.WNOHANG)[0] != 0
        except ChildProcessError:
            return True


class Child:
    """The process of one lesson. `status` is None while it runs, then its exit status, negative for a signal."""

    def __init__(self, pid: int, reading: int, token: bytes, warm: Warm):
        self.pid, self.reading, self.token, self.warm = pid, reading, token, warm
        self.status: int | None = None
        self.lines = Lines(lambda: os.read(reading, 1 << 16))
        os.set_blocking(reading, False)

    def reports(self) -> list[Report]:
        """The reports that have come since the last call."""
        return [fork.parsed(line, self.token) for line in self.lines.take()]

    def end(self) -> int:
        """Kill it, with what it started in its group, if it still runs; its exit status."""
        patience = time.monotonic() + SILENCE
        try:
            while self.status is None:
                if time.monotonic() > patience:
                    self.warm.kill()
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(self.pid, signal.SIGKILL)
                select.select([self.warm], [], [], 0.01)
                self.warm.hear()
        except WarmProcessGone:
            self.status = -signal.SIGKILL
        os.close(self.reading)
        return self.status


def to_load(texts: Iterable[str | bytes]) -> list[str]:
    """What to load for lessons with these texts: NumPy, and fluxrepl where one imports it."""
    modules = ["numpy", "numpy.random", "numpy.linalg"]
    as_bytes = (text if isinstance(text, bytes) else text.encode("utf-8", "replace") for text in texts)
    return [*modules, "fluxrepl"] if any(IMPORTS_US.search(text) for text in as_bytes) else modules


def _may_fork() -> bool:
    """Whether a fork of this process is a sound beginning: no other threads, no GPU in use."""
    return threading.active_count() == 1 and "cupy" not in sys.modules
