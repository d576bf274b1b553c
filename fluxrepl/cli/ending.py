"""A request to end, from `kill`, a cancelled CI job or a closed terminal, is taken as Ctrl-C: nothing stays behind."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from typing import Any

REQUESTS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextlib.contextmanager
def ends_as_at_ctrl_c() -> Iterator[list[int]]:
    """Meanwhile, SIGTERM and SIGHUP interrupt as Ctrl-C does; the list says which came. What ignores one goes on to."""
    seen: list[int] = []

    def interrupt(number: int, frame: Any) -> None:
        seen.append(number)
        if callable(signal.getsignal(signal.SIGINT)):
            signal.raise_signal(signal.SIGINT)
        else:  # in the background of a script, where Ctrl-C is ignored
            raise KeyboardInterrupt

    in_main = threading.current_thread() is threading.main_thread()
    taken = [number for number in REQUESTS if in_main and signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, interrupt)
    try:
        yield seen
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)
