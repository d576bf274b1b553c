"""Inside the sandbox, in a submission's own process: read what is to be done from its socket, do it, report there."""

import json
import os
import socket
from collections.abc import Callable
from typing import Any

from ..fork import Send, channel
from . import kernel


def work(private: int) -> None:
    """Do what the other end asks for. Whatever happens afterwards in this process can reach this socket only."""
    asked = _read(private)
    kind = asked.pop("kind")
    if kind in _TALKS:
        _TALKS[kind](private, **asked)
    else:
        _KINDS[kind](channel(private, b""), **asked)


def _answer(private: int, **asked: Any) -> None:
    from .judging import answer

    answer(private, **asked)


def _decide(private: int, **asked: Any) -> None:
    from .judging import decide

    decide(private, **asked)


def _read(private: int) -> dict[str, Any]:
    with socket.socket(fileno=os.dup(private)) as sock:
        length = int.from_bytes(_exactly(sock, 8), "big")
        return json.loads(_exactly(sock, length))


def _exactly(sock: socket.socket, size: int) -> bytes:
    parts = []
    while size:
        part = sock.recv(min(size, 1 << 16))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _lesson(send: Send, plan: dict[str, Any]) -> None:
    from ..runner import run_plan

    run_plan(plan, send)


def _probe(send: Send) -> None:
    """Tell how this process is confined, so that nothing runs where a wall is missing."""
    send({"user": os.getuid(), "pid": os.getpid(), "capabilities": kernel.capabilities(), **kernel.state(),
          "counted": _is_counted(), "network": _can("socket"), "proc": os.listdir("/proc")})  # fmt: skip


def _is_counted() -> bool:
    """Whether the limit on processes holds: there must come an end to forking."""
    import resource

    most, _ = resource.getrlimit(resource.RLIMIT_NPROC)
    children = []
    try:
        for _ in range(most + 1):
            pid = os.fork()
            if pid == 0:
                os.read(os.pipe()[0], 1)  # for ever: it dies with this process
            children.append(pid)
    except OSError:
        return len(children) > 1
    return False


def _can(what: str) -> bool:
    try:
        getattr(socket, what)().close()
    except OSError:
        return False
    return True


_KINDS: dict[str, Callable[..., None]] = {"lesson": _lesson, "probe": _probe}
_TALKS: dict[str, Callable[..., None]] = {"answer": _answer, "decide": _decide}
