"""Runs lessons in this process, one after another: `--trusted`, for lessons of one's own.

Nothing is forked. The folder, the environment, the print options and the modules' `__main__` are put back after each
lesson, and time limits interrupt Python code; but a lesson that means harm, crashes Python or patches a library harms
the next one, or the check itself.
"""

import contextlib
import math
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from . import judge
from .blas import one_blas_thread
from .fork import Report
from .plan import plan, units
from .run import Stop
from .runner import run_units
from .settings import Settings
from .task import ALL_TIME_IS_UP, Run, Task, limit_of, seconds_of, too_slow


class TookTooLong(Stop):
    """Raised in a lesson at its deadline; no `except Exception` catches it."""


class Interrupted(Stop):
    """Raised in a lesson at Ctrl-C: that is meant for the check."""


class CalledExit(Stop):
    """Raised where a lesson calls `os._exit`, which would end the check."""


def run_here(tasks: Sequence[Task], settings: Settings, deadline: float = math.inf) -> Iterator[Run]:
    """Run the tasks one after another; runs come as they end."""
    with one_blas_thread():
        import numpy  # noqa: F401  # the first time matters

    home = _Home()
    with tempfile.TemporaryDirectory(prefix="fluxrepl-", ignore_cleanup_errors=True) as folder:
        for task in tasks:
            if time.monotonic() > deadline:
                return
            with home.left_for(os.path.join(folder, "lesson")):
                run = _run(task, settings, deadline)
            yield run


def _run(task: Task, settings: Settings, deadline: float) -> Run:
    run = Run(task.lesson, seed=task.seed, round=task.round)
    seconds = seconds_of(task.lesson, settings.timeout)
    exercises = task.round == 1 and settings.judges("exercises")
    told = {**plan(task.lesson, seconds, task.seed, exercises, shell=settings.shell), "apart": False}
    limits = [limit_of(unit, settings.block_timeout) or math.inf for unit in units(task.lesson)]
    limits.append(math.inf)  # what comes behind the last unit
    any_limits = min(limits) < math.inf
    started = time.monotonic()
    end = min(deadline, started + seconds)
    with _ends_at_interrupts() as interrupted, _alarm() as alarm:

        def send(report: Report) -> None:
            if interrupted():  # and the lesson has caught it
                raise Interrupted
            run.reports.append(report)
            if any_limits:
                alarm(min(end, time.monotonic() + limits[len(run.reports)]))

        alarm(min(end, started + limits[0]))
        try:
            run_units(told, send)
        except TookTooLong:
            now = time.monotonic()
            block = now < started + seconds
            over = limits[len(run.reports)] if block else seconds
            run.ended = ALL_TIME_IS_UP if now >= deadline else too_slow(over, block=block)
        except CalledExit as left:
            run.ended = f"ended Python itself (exit status {left})"
    run.seconds = time.monotonic() - started
    return run


class _Home:
    """What a lesson may leave changed by oversight, as it was before the first one."""

    def __init__(self) -> None:
        import numpy as np

        self.folder, self.environment, self.main = os.getcwd(), dict(os.environ), sys.modules["__main__"]
        self.process, self.argv = os.getpid(), (list(sys.argv), list(sys.orig_argv))
        self.leave, self.printed, self.path = os._exit, np.get_printoptions(), list(sys.path)

    @contextlib.contextmanager
    def left_for(self, folder: str) -> Iterator[None]:
        """Work in an empty folder, then put everything back."""
        os.makedirs(folder, exist_ok=True)
        os.chdir(folder)
        os._exit = self._refuse_exit
        sys.argv[:], sys.orig_argv[:] = [""], [sys.executable]
        try:
            yield
        finally:
            if os.getpid() != self.process:  # a fork that the lesson has made: no second check
                self.leave(1)
            self._put_back()
        if os.path.isdir(folder) and os.listdir(folder):
            shutil.rmtree(folder, ignore_errors=True)

    def _refuse_exit(self, status: int) -> Any:
        if os.getpid() != self.process:
            self.leave(status)
        raise CalledExit(status)

    def _put_back(self) -> None:
        import numpy as np

        os._exit = self.leave
        os.chdir(self.folder)
        sys.modules["__main__"], sys.path[:] = self.main, self.path
        sys.argv[:], sys.orig_argv[:] = self.argv
        np.set_printoptions(**self.printed)
        if dict(os.environ) != self.environment:
            os.environ.clear()
            os.environ.update(self.environment)


@contextlib.contextmanager
def _ends_at_interrupts() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C, and what is taken as such, end the check, not be an error of the lesson; whether it came is told."""
    before = _heard() if threading.current_thread() is threading.main_thread() else {}
    seen: list[int] = []

    def interrupt(number: int, frame: Any) -> None:
        if number == signal.SIGINT and judge.ringing.is_set():
            raise KeyboardInterrupt
        seen.append(number)
        raise Interrupted

    for number in before:
        signal.signal(number, interrupt)
    try:
        with contextlib.suppress(Interrupted):
            yield lambda: bool(seen)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if seen:
        signal.raise_signal(seen[0])  # to whom it was meant for
        raise KeyboardInterrupt


def _heard() -> dict[int, Any]:
    """The signals that ask this process to end, with what handles them; Ctrl-C only where Python does."""
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    handlers = {number: signal.getsignal(number) for number in numbers}
    if handlers[signal.SIGINT] is not signal.default_int_handler:
        del handlers[signal.SIGINT]
    return {number: handler for number, handler in handlers.items() if callable(handler)}


@contextlib.contextmanager
def _alarm() -> Iterator[Any]:
    """A function that sets when `TookTooLong` is raised, where that can be done: not on Windows, nor in a thread."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield lambda at: None
        return

    def ring(number: int, frame: Any) -> None:
        raise TookTooLong

    def set_alarm(at: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, max(0.001, at - time.monotonic()) if at < math.inf else 0)

    before = signal.signal(signal.SIGALRM, ring)
    try:
        yield set_alarm
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
