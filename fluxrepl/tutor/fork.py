"""A copy of this process that does one piece of work and reports by JSON lines over a pipe.

The copy shares everything that was imported and computed so far, and nothing it does comes back but its reports. It
can be killed at any time, together with whatever it has started; and it dies with the process that made it. Its reports
carry a token that is drawn for it alone: what the work itself writes to the pipe is no report.
"""

import contextlib
import json
import os
import selectors
import signal
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from .lines import Lines

Report = dict[str, Any]
Send = Callable[[Report], None]

available = hasattr(os, "fork")
CORES = os.cpu_count() or 1

# Bound now: the work may patch them.
_dumps, _exit, _write, _getpid = json.JSONEncoder().encode, os._exit, os.write, os.getpid


class Fork:
    """A running copy, expected to take at most `seconds`. `reports()` gives what it has sent so far."""

    def __init__(self, work: Callable[[Send], None], seconds: float):
        self.reading, writing = os.pipe()
        self.token = new_token()
        load_prctl()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python 3.12 warns where threads exist; the copy uses none of them
            self.pid = os.fork()
        if self.pid == 0:
            be_copy(work, writing, seconds, self.token)
        os.close(writing)
        os.set_blocking(self.reading, False)
        self.lines = Lines(lambda: os.read(self.reading, 1 << 16))
        self.open = True
        self.status: int | None = None  # as os.waitpid gives it

    def fileno(self) -> int:
        """For `select`."""
        return self.reading

    def reports(self) -> list[Report]:
        """The reports that have come since the last call; sets `open` to False when no more can come."""
        ended = self._has_ended()  # asked first: whatever it wrote before it ended is in the pipe now
        lines = self.lines.take()
        if self.lines.ended or (ended and self.lines.drained):  # something it started may still hold the pipe
            self.open = False
        return [parsed(line, self.token) for line in lines]

    def _has_ended(self) -> bool:
        if self.status is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:  # somebody else has asked for its status
                pid, status = self.pid, 0
            self.status = status if pid else None
        return self.status is not None

    def end(self) -> int:
        """Kill what is left of it; its exit status, negative for a signal. For a copy that ended itself, its own."""
        if not self.open and self.status is None:  # it closed its pipe, so it is about to end: let it
            patience = time.monotonic() + 1
            while not self._has_ended() and time.monotonic() < patience:
                time.sleep(0.0005)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        if self.status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            while not self._has_ended():
                time.sleep(0.0005)
        os.close(self.reading)
        return os.waitstatus_to_exitcode(self.status or 0)


def wait(copies: Sequence[Fork], seconds: float) -> None:
    """Wait until one of them may have something to say, for at most `seconds` and a moment at a time."""
    with selectors.DefaultSelector() as selector:
        for copy in copies:
            selector.register(copy, selectors.EVENT_READ)
        selector.select(min(max(0.0, seconds), 0.05))


def ask(work: Callable[[Send], None], seconds: float) -> tuple[list[Report], str]:
    """Do `work` in a copy; its reports, and how it ended if not well: "timeout" or "vanished"."""
    copy = Fork(work, seconds)
    found: list[Report] = []
    deadline = time.monotonic() + seconds
    try:
        while copy.open and (left := deadline - time.monotonic()) > 0:
            wait([copy], left)
            found += copy.reports()
        ended = "timeout" if copy.open else ""
    finally:
        status = copy.end()
    return found, ended or ("vanished" if status else "")


def new_token() -> bytes:
    """What marks the reports of one process as its own."""
    return os.urandom(8).hex().encode()


def channel(writing: int, token: bytes) -> Send:
    """A function that sends a report as one line to a file descriptor: the token, then JSON.

    It belongs to this process: a fork of it that comes to send something is one too many, and ends.
    """
    owner = os.getpid()

    def send(report: Report) -> None:
        if _getpid() != owner:
            _exit(1)
        data = token + _dumps(report).encode() + b"\n"
        while data:
            data = data[_write(writing, data) :]

    return send


def parsed(line: bytes, token: bytes) -> Report:
    """A line as the report it is; one without its token, or that is no JSON object, is garbage."""
    report = None
    if line.startswith(token):
        with contextlib.suppress(ValueError, RecursionError):
            report = json.loads(line[len(token) :])
    return report if isinstance(report, dict) else {"garbage": line[:200].decode(errors="replace")}


def be_copy(work: Callable[[Send], None], writing: int, seconds: float, token: bytes) -> None:
    """Work, then end: never returns, whatever happens."""
    status = 1
    try:
        cut_loose(writing, seconds)
        work(channel(writing, token))
        status = 0
    except BaseException:
        pass  # the missing report says that it failed
    finally:
        _exit(status)


def cut_loose(writing: int, seconds: float) -> None:
    """Nothing that the parent holds is within reach, and nothing that is started here outlives the parent for long."""
    os.setsid()  # out of reach of the terminal's Ctrl-C; its own group, to be killed as one
    signal.signal(signal.SIGINT, signal.default_int_handler)
    end_when_asked()
    die_with_parent()
    limit = int(seconds + 5) * CORES
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    close_all_but(writing)


def end_when_asked() -> None:
    """SIGTERM and SIGHUP end this process again, where the process it was forked from handles them."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name)
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)


def close_all_but(kept: int) -> None:
    """No file is open but `kept`; the standard streams lead nowhere."""
    os.closerange(3, kept)
    os.closerange(kept + 1, 65536)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    if nothing > 2:  # it is a standard stream where the one before was closed
        os.close(nothing)
    sys.stdin = os.fdopen(0, closefd=False)  # the next copy has one of its own, and drops this


PARENT_ENDS, BE_SUBREAPER = 1, 36  # prctl's PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER

_prctl: Callable[..., int] | None = None


def load_prctl() -> None:
    """Load what `_ask_linux` calls, where it exists: before forking, so that no copy has to."""
    global _prctl  # noqa: PLW0603  # a millisecond for each fork otherwise
    if _prctl is None and sys.platform == "linux":
        import ctypes
        import resource  # noqa: F401  # `cut_loose` wants it too

        _prctl = ctypes.CDLL(None).prctl


def _ask_linux(what: int, value: int) -> None:
    load_prctl()
    if _prctl is not None:
        _prctl(what, value)


def die_with_parent() -> None:
    """Ask Linux to kill this process when its parent ends; elsewhere the limit on its time must do."""
    _ask_linux(PARENT_ENDS, signal.SIGKILL)


def wake_when_parent_ends() -> None:
    """Ask Linux to continue this process when its parent ends, if it was stopped: so that it can clean up, and end."""
    _ask_linux(PARENT_ENDS, signal.SIGCONT)


def adopt_orphans() -> None:
    """Ask Linux to make this process the parent of every descendant that loses its own, so that none is lost."""
    _ask_linux(BE_SUBREAPER, 1)
