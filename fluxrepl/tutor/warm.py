"""A warm process, in which NumPy is loaded: it forks a copy of itself for each lesson, in a few milliseconds.

It is apart from the checker. The checker reads lessons and knows what they promise; the warm process is sent plans,
and each of its copies runs one of them and reports to the checker over a pipe of its own. Nothing that a lesson does
reaches the checker's memory, and when a lesson kills the warm process, another one is made.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Sequence

from . import fork
from .blas import one_blas_thread
from .fork import Report
from .plan import Plan

STARTED, ENDED, FAILED = 1, 2, 3
NEWS = struct.Struct("<BiI")  # what happened, to which process, and its status (or the error number)
LENGTH = struct.Struct("<I")  # of the plan that follows


class WarmProcessGone(Exception):
    """The warm process ended: a lesson killed it."""


class Warm:
    """The checker's end of a warm process; `modules` are what it loads before the first lesson."""

    def __init__(self, modules: Sequence[str]):
        self.socket, theirs = socket.socketpair()
        self.children: dict[int, Child] = {}
        self.ended: dict[int, int] = {}  # the status of what is none of these (yet)
        self.rest = b""
        self._process: subprocess.Popen[bytes] | None = None
        with theirs:
            if _may_fork():
                self.pid = self._fork(theirs, modules)
            else:
                self.pid = self._spawn(theirs, modules)

    def _fork(self, theirs: socket.socket, modules: Sequence[str]) -> int:
        fork.load_prctl()
        pid = _forked()
        if pid == 0:
            be_warm(theirs.fileno(), modules)
        return pid

    def _spawn(self, theirs: socket.socket, modules: Sequence[str]) -> int:
        told = json.dumps([theirs.fileno(), list(modules), sys.path])
        command = [sys.executable, "-m", "fluxrepl.tutor.warm", told]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        return self._process.pid

    def fileno(self) -> int:
        """For `select`: readable when a lesson's process has ended."""
        return self.socket.fileno()

    def start(self, plan: Plan) -> "Child":
        """Run a plan in a copy. `WarmProcessGone` if there is nobody to do it, `OSError` if it cannot be forked."""
        reading, writing = os.pipe()
        token = fork.new_token()
        data = json.dumps({**plan, "token": token.decode()}).encode()
        try:
            socket.send_fds(self.socket, [LENGTH.pack(len(data))], [writing])
            self.socket.sendall(data)
            pid = self._answer()
        except OSError as error:
            os.close(reading)
            if isinstance(error, ConnectionError):
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
        while True:
            for kind, pid, number in self._news(wait=True):
                if kind == STARTED:
                    return pid
                if kind == FAILED:
                    raise OSError(number, os.strerror(number))

    def hear(self) -> None:
        """Take in which copies have ended."""
        self._news(wait=False)

    def _news(self, wait: bool) -> list[tuple[int, int, int]]:
        """What was told since the last call; who ended is noted."""
        while wait or select.select([self.socket], [], [], 0)[0]:
            try:
                data = self.socket.recv(1 << 12)
            except ConnectionError:
                data = b""
            if not data:
                raise WarmProcessGone
            self.rest += data
            wait = False
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

    def close(self) -> None:
        """End it, with everything that lessons left running."""
        self.socket.close()
        patience = time.monotonic() + 2
        while not self._has_ended():
            if time.monotonic() > patience:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.pid, signal.SIGKILL)
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
        self.rest = b""
        os.set_blocking(reading, False)

    def reports(self) -> list[Report]:
        """The reports that have come since the last call."""
        pieces = [self.rest]
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(self.reading, 1 << 16):
                pieces.append(chunk)
        *lines, self.rest = b"".join(pieces).split(b"\n")
        return [fork.parsed(line, self.token) for line in lines]

    def end(self) -> int:
        """Kill it, with what it started in its group, if it still runs; its exit status."""
        try:
            while self.status is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(self.pid, signal.SIGKILL)
                select.select([self.warm], [], [], 0.01)
                self.warm.hear()
        except WarmProcessGone:
            self.status = -signal.SIGKILL
        os.close(self.reading)
        return self.status


def _forked() -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python 3.12 warns where threads exist; the copy uses none of them
        return os.fork()


def _may_fork() -> bool:
    """Whether a fork of this process is a sound beginning: no other threads, no GPU in use."""
    return threading.active_count() == 1 and "cupy" not in sys.modules


# What follows runs in the warm process.


def be_warm(listening: int, modules: Sequence[str]) -> None:
    """Serve the checker at the other end of a socket until it goes; never returns."""
    try:
        with contextlib.suppress(OSError):
            os.setsid()  # out of reach of the terminal's Ctrl-C
        fork.die_with_parent()
        fork.adopt_orphans()
        gc.freeze()  # what was copied from the checker stays as it is: its files are closed here
        fork.close_all_but(listening)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _load(modules)
        _Server(socket.socket(fileno=listening)).serve()
    finally:
        os._exit(0)


def _load(modules: Sequence[str]) -> None:
    """Load what lessons need, once."""
    from . import runner

    with one_blas_thread():
        importlib.import_module("numpy")
    for name in modules:
        with contextlib.suppress(Exception):  # the lesson that needs it will say so at its own line
            module = importlib.import_module(name)
            for public in getattr(module, "__all__", ()) if name == "fluxrepl" else ():
                getattr(module, public)
    runner.rehearse()
    gc.collect()
    gc.freeze()  # a collection in a copy does not touch, and so does not copy, what is loaded here


class _Server:
    """Takes plans, forks, and tells who has ended."""

    def __init__(self, connection: socket.socket):
        self.connection = connection
        self.woken, self.waking = os.pipe()
        for end in (self.woken, self.waking):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self.waking)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def serve(self) -> None:
        try:
            while True:
                ready, _, _ = select.select([self.connection, self.woken], [], [])
                if self.woken in ready:
                    with contextlib.suppress(BlockingIOError):
                        os.read(self.woken, 1 << 12)
                    self._tell_ended()
                if self.connection in ready and not self._take_plan():
                    return
        except ConnectionError:
            pass  # the checker is gone
        finally:
            _kill_descendants()

    def _take_plan(self) -> bool:
        """Start the next plan; False if there will be none."""
        head, descriptors, _, _ = socket.recv_fds(self.connection, LENGTH.size, 1)
        if len(head) < LENGTH.size or not descriptors:
            return False
        (left,) = LENGTH.unpack(head)
        data = bytearray()
        while left > len(data):
            chunk = self.connection.recv(left - len(data))
            if not chunk:
                return False
            data += chunk
        writing = descriptors[0]
        try:
            pid = _forked()
        except OSError as error:
            self._tell(FAILED, 0, error.errno or 0)
        else:
            if pid == 0:
                _be_child(bytes(data), writing)
            self._tell(STARTED, pid, 0)
        os.close(writing)
        return True

    def _tell_ended(self) -> None:
        while (ended := _reap()) is not None:
            self._tell(ENDED, *ended)

    def _tell(self, kind: int, pid: int, number: int) -> None:
        self.connection.sendall(NEWS.pack(kind, pid, number))


def _be_child(data: bytes, writing: int) -> None:
    """Run one plan, then end: never returns."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        plan = json.loads(data)

        def work(send: fork.Send) -> None:
            from .runner import run_plan

            os.chdir(plan["folder"])
            run_plan(plan, send)

        fork.be_copy(work, writing, plan["seconds"], plan.pop("token").encode())
    finally:
        os._exit(1)


def _reap() -> tuple[int, int] | None:
    """A process that has ended, and its status; what it left in its group is killed first."""
    try:
        if hasattr(os, "waitid"):  # look before its number is given away: the group goes by it
            seen = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if seen is None:
                return None
            _kill_group(seen.si_pid)
            return os.waitpid(seen.si_pid, 0)
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    if pid == 0:
        return None
    _kill_group(pid)
    return pid, status


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _kill_descendants() -> None:
    """Kill all that lessons have started, also what left its group: an orphan has become a child of this process."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for _ in range(100):
        children = _children()
        for pid in children:
            _kill_group(pid)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        while (ended := _reap()) is not None:
            children.discard(ended[0])
        if not children:
            return
        time.sleep(0.001)


def _children() -> set[int]:
    try:
        with open(f"/proc/self/task/{threading.get_native_id()}/children") as children:
            return {int(pid) for pid in children.read().split()}
    except OSError:  # not Linux
        return set()


if __name__ == "__main__":
    told_listening, told_modules, sys.path[:] = json.loads(sys.argv[1])
    be_warm(told_listening, told_modules)
