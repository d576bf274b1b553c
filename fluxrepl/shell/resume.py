"""Taking a lesson up again: what was accepted in earlier sessions is run quietly, with the random numbers of then.

It may take a while (a model that was trained), so it is capped and can be stopped with Ctrl-C; and what it cannot
bring back is told, step by step.
"""

import signal
import sys
import threading
import time
from _thread import interrupt_main
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from IPython.utils.capture import capture_output

from fluxrepl.tutor.wording import ranges

from . import chance

if TYPE_CHECKING:
    from fluxrepl.tutor.pieces import Past

    from .mixin import FluxMixin

SECONDS = 30.0
PATIENCE = 1.5  # seconds after which somebody wonders what is going on
WAIT = "Running what you did before; Ctrl-C (in a notebook, interrupt) leaves the rest out …"


def resume(shell: "FluxMixin", past: "list[Past]", seconds: float = SECONDS) -> str:
    """Run what was accepted; give what must be told of it, or nothing."""
    started = time.monotonic()
    failed: list[int] = []
    left: list[int] = []
    with suppress(KeyboardInterrupt), _told_if_long(), capture_output():
        for place, each in enumerate(past):
            remaining = seconds - (time.monotonic() - started)
            left = [later.number for later in past[place:]]
            if remaining <= 0:
                break
            if each.random:
                chance.restore(each.random)
            error = _run(shell, each.source, remaining)
            if isinstance(error, KeyboardInterrupt):
                break
            if error is not None and not each.may_fail:
                failed.append(each.number)
            left = []
    return _told(sorted(set(failed)), sorted(set(left)), time.monotonic() - started >= seconds, seconds)


@contextmanager
def _told_if_long() -> Iterator[None]:
    """Say what takes so long, if it does."""
    screen = sys.stdout  # of now: what runs meanwhile is captured
    timer = threading.Timer(PATIENCE, lambda: print(WAIT, file=screen, flush=True))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _run(shell: "FluxMixin", source: str, seconds: float) -> BaseException | None:
    """Run one piece of code with a time limit."""
    with _limited(seconds):
        return shell.run_quietly(source, errors=False)


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """After so many seconds an interrupt, as by Ctrl-C; what a thread cannot stop (a kernel's subshell) runs on."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    timer = threading.Timer(seconds, _interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _interrupt() -> None:
    """As Ctrl-C; a signal also wakes a main thread that sleeps."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        interrupt_main()


def _told(failed: list[int], left: list[int], too_slow: bool, seconds: float) -> str:
    words = []
    if failed:
        words.append(f"What you ran at {_steps(failed)} could not be run again: it failed this time.")
    if left:
        why = f"Running your earlier answers took over {seconds:.0f} s" if too_slow else "It was interrupted"
        words.append(f"{why}; {_steps(left)} {'is' if len(left) == 1 else 'are'} left out.")
    if words:
        words.append("What was defined there may be missing: `:goto` leads there, Enter runs it again.")
    return " ".join(words)


def _steps(numbers: list[int]) -> str:
    return f"step{'s' * (len(numbers) != 1)} {ranges(numbers)}"
