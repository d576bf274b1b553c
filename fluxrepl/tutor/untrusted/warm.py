"""Inside the sandbox: the parent that has everything loaded, and forks for each submission. It knows no secrets.

Orders come as JSON over one socket, each with the private socket of a submission (`job`), or to end one (`kill`); it
tells `ready` once and `ended` for each. What a submission is to do, and what comes of it, goes over the submission's
own socket, which this process closes at once: so a later submission finds nothing of an earlier one here.

    warm parent ── a guard for each submission, in new namespaces ── the submission, confined
"""

import contextlib
import json
import os
import select
import signal
import socket
import sys
import time
from typing import Any, NoReturn

from . import kernel
from .limits import Limits, Meter, confine, separate
from .work import work

TOO_MUCH_MEMORY = 77  # how a guard ends when it had to end its submission for that
COULD_NOT_CONFINE = 78
HIGH = (1_961_000_000, 65534)  # users that nobody is; the second for machines with few of them
LOOK_EVERY = 0.1  # seconds between two looks at a submission's memory


def main(control: int) -> None:
    """Serve until the other end is closed."""
    _drop_root()
    kernel.set_readable(False)
    _load()
    with socket.socket(fileno=control) as orders:
        _serve(orders)


def _load() -> None:
    """What submissions need, once."""
    import gc

    import numpy.linalg
    import numpy.random  # noqa: F401

    import fluxrepl

    from .. import judge, runner  # noqa: F401

    for name in fluxrepl.__all__:
        getattr(fluxrepl, name)
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


def _serve(orders: socket.socket) -> None:
    guards: dict[int, tuple[int, int]] = {}  # job → process, and a descriptor that is readable when it has ended
    _tell(orders, {"ready": True})
    while True:
        waiting = [orders.fileno(), *(ended for _, ended in guards.values())]
        ready, _, _ = select.select(waiting, [], [])
        for job, (pid, ended) in list(guards.items()):
            if ended in ready:
                _, status = os.waitpid(pid, 0)
                os.close(ended)
                del guards[job]
                _tell(orders, {"ended": job, "status": os.waitstatus_to_exitcode(status)})
        if orders.fileno() in ready:
            line, handed, _, _ = socket.recv_fds(orders, 4096, 1)
            if not line:
                return
            order = json.loads(line)
            if "job" in order:
                guards[order["job"]] = _start(order, handed[0])
            elif order["kill"] in guards:
                os.kill(guards[order["kill"]][0], signal.SIGKILL)


def _tell(orders: socket.socket, message: dict[str, Any]) -> None:
    orders.sendall(json.dumps(message).encode())


def _start(order: dict[str, Any], private: int) -> tuple[int, int]:
    pid = os.fork()
    if pid == 0:
        _be_guard(Limits(**order["limits"]), private)
    os.close(private)
    return pid, os.pidfd_open(pid)


def _be_guard(limits: Limits, private: int) -> NoReturn:
    """Make the namespaces and the first process in them; watch it; end as it ended."""
    status = COULD_NOT_CONFINE
    try:
        kernel.die_with_parent()
        _close_all_but(private)
        separate()
        meter = Meter()
        pid = os.fork()
        if pid == 0:
            os.close(meter.proc)
            _be_submission(limits, private)
        os.close(private)
        status = _watch(pid, meter, limits.together)
    except BaseException as error:
        _last_words(private, error)
    finally:
        os._exit(status)


def _watch(pid: int, meter: Meter, most: int) -> int:
    ended = os.pidfd_open(pid)
    while not select.select([ended], [], [], LOOK_EVERY)[0]:
        if meter.together(pid) > most:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return TOO_MUCH_MEMORY
    _, status = os.waitpid(pid, 0)
    return 128 - code if (code := os.waitstatus_to_exitcode(status)) < 0 else code


def _be_submission(limits: Limits, private: int) -> NoReturn:
    try:
        _only_nothing()
        try:
            confine(limits)
        except BaseException as error:
            _last_words(private, error)
            os._exit(COULD_NOT_CONFINE)
        work(private)
        os._exit(0)
    finally:
        os._exit(1)


def _only_nothing() -> None:
    nothing = os.open("/dev/null", os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)
    sys.stdin = os.fdopen(0)


def _close_all_but(private: int) -> None:
    os.closerange(3, private)
    os.closerange(private + 1, 1 << 16)


def _last_words(private: int, error: BaseException) -> None:
    with contextlib.suppress(OSError):
        os.write(private, json.dumps({"fault": f"{type(error).__name__}: {error}"}).encode() + b"\n")
        time.sleep(0)
