"""Inside the warm process: loads what lessons need, then forks a copy of itself for each plan it is sent.

`python -m fluxrepl.tutor.warm_process` is one that was not forked from the checker.
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
import sys
import threading
import time
import warnings
from collections.abc import Sequence

from . import fork
from .blas import one_blas_thread

STARTED, ENDED, FAILED = 1, 2, 3
NEWS = struct.Struct("<BiI")  # what happened, to which process, and its status (or the error number)
LENGTH = struct.Struct("<I")  # of the plan that follows


def forked() -> int:
    """As `os.fork`, without a word."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python 3.12 warns where threads exist; the copy uses none of them
        return os.fork()


def be_warm(listening: int, modules: Sequence[str]) -> None:
    """Serve the checker at the other end of a socket until it goes, however it goes; never returns."""
    try:
        with contextlib.suppress(OSError):
            os.setsid()  # out of reach of the terminal's Ctrl-C
        fork.wake_when_parent_ends()
        fork.adopt_orphans()
        gc.freeze()  # what was copied from the checker stays as it is: its files are closed here
        fork.close_all_but(listening)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        fork.end_when_asked()
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
                heard: list[socket.socket | int] = [self.connection, self.woken]
                ready, _, _ = select.select(heard, [], [])
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
            pid = forked()
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
    for _ in range(1000):
        children = _children()
        if not children:
            return
        for pid in children:
            _kill_group(pid)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        while _reap() is not None:  # what they had started is now a child of this process, to be seen by the next look
            pass
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
