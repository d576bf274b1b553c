"""Inside the sandbox: the parent that has everything loaded, and forks for each submission. It knows no secrets.

Orders come as JSON over one socket, each with the private socket of a submission (`job`), or to end one (`kill`); it
tells `ready` once and `ended` for each. What a submission is to do, and what comes of it, goes over the submission's
own socket, which this process closes at once: so a later submission finds nothing of an earlier one here.

The first process of a submission must be born into a process namespace. Making one takes a privilege; this parent has
it over namespaces of its own making alone, and no submission gets it.
"""

import contextlib
import json
import os
import select
import signal
import socket
import time
from dataclasses import dataclass
from typing import Any, NoReturn

from ..fork import close_all_but
from . import kernel
from .limits import Limits, confine, held_together, own_users
from .work import work

TOO_MUCH_MEMORY = 77  # how a submission ended that was killed for it
COULD_NOT_CONFINE = 78
HIGH = (1_961_000_000, 65534)  # users that nobody is; the second for machines with few of them
LOOK_EVERY = 0.1  # seconds between two looks at a submission's memory


def main(control: int) -> None:
    """Serve until the other end is closed."""
    _drop_root()
    kernel.set_readable(False)
    own_users(kernel.NEW_PID)
    pid = os.fork()  # the child is in a process namespace that it may leave and come back to
    if pid:
        os.close(control)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 0xFF)
    kernel.die_with_parent()
    _load()
    with socket.socket(fileno=control) as orders:
        _Server(orders).serve()


def _load() -> None:
    """What submissions need, once."""
    import gc

    import numpy.linalg
    import numpy.random  # noqa: F401

    import fluxrepl

    from .. import runner
    from . import judging  # noqa: F401

    for name in fluxrepl.__all__:
        getattr(fluxrepl, name)
    runner.rehearse()
    gc.collect()
    gc.freeze()  # a collection in a copy leaves these pages shared


def _drop_root() -> None:
    """Started by root, be somebody without any right: the kernel does not limit root's processes."""
    if os.getuid() != 0:
        return
    os.setgroups([])
    for number in HIGH:
        try:
            os.setresgid(number, number, number)
            os.setresuid(number, number, number)
            return
        except OSError:
            continue
    raise OSError("the user could not be changed")


@dataclass
class _Submission:
    """A submission that runs."""

    pid: int
    ended: int  # a descriptor that is readable when it has ended
    limits: Limits
    too_much: bool = False


class _Server:
    """Takes orders, forks, keeps an eye on memory, and tells who has ended."""

    def __init__(self, orders: socket.socket):
        self.orders = orders
        self.running: dict[int, _Submission] = {}
        self.home = os.open("/proc/self/ns/pid", os.O_RDONLY)

    def serve(self) -> None:
        """Until the other end is closed."""
        self._tell({"ready": True})
        looked = time.monotonic()
        while True:
            waiting = [self.orders.fileno(), *(one.ended for one in self.running.values())]
            ready, _, _ = select.select(waiting, [], [], LOOK_EVERY if self.running else None)
            for job, one in list(self.running.items()):
                if one.ended in ready:
                    self._bury(job, one)
            if self.orders.fileno() in ready and not self._take():
                return
            if time.monotonic() > looked + LOOK_EVERY:
                self._weigh()
                looked = time.monotonic()

    def _tell(self, message: dict[str, Any]) -> None:
        self.orders.sendall(json.dumps(message).encode())

    def _bury(self, job: int, one: _Submission) -> None:
        _, status = os.waitpid(one.pid, 0)
        os.close(one.ended)
        del self.running[job]
        self._tell({"ended": job, "status": TOO_MUCH_MEMORY if one.too_much else os.waitstatus_to_exitcode(status)})

    def _take(self) -> bool:
        """The next order; False if there will be none."""
        line, handed, _, _ = socket.recv_fds(self.orders, 4096, 1)
        if not line:
            return False
        order = json.loads(line)
        if "job" in order:
            self.running[order["job"]] = self._start(Limits(**order["limits"]), handed[0])
        elif order["kill"] in self.running:
            os.kill(self.running[order["kill"]].pid, signal.SIGKILL)
        return True

    def _start(self, limits: Limits, private: int) -> _Submission:
        kernel.unshare(kernel.NEW_PID)  # for the next child
        pid = os.fork()
        if pid == 0:
            _be_submission(limits, private)
        kernel.enter(self.home, kernel.NEW_PID)
        os.close(private)
        return _Submission(pid, kernel.watch_process(pid), limits)

    def _weigh(self) -> None:
        """Kill what has taken too much memory, all its processes together."""
        for pid, held in held_together({one.pid for one in self.running.values()}).items():
            for one in self.running.values():
                if one.pid == pid and held > one.limits.together:
                    one.too_much = True
                    os.kill(pid, signal.SIGKILL)


def _be_submission(limits: Limits, private: int) -> NoReturn:
    try:
        close_all_but(private)
        try:
            confine(limits)
        except BaseException as error:
            _last_words(private, error)
            os._exit(COULD_NOT_CONFINE)
        work(private)
        os._exit(0)
    finally:
        os._exit(1)


def _last_words(private: int, error: BaseException) -> None:
    with contextlib.suppress(OSError):
        os.write(private, json.dumps({"fault": f"{type(error).__name__}: {error}"}).encode() + b"\n")
