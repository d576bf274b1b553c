"""What child processes print arrives with the cell that started them.

A child writes into a pipe, which a thread of ipykernel's reads. A cell that ends at once may be over before that
thread has had its turn, and its output was lost to whoever listens for the cell. So after a cell in which a child has
ended, or while the pipe holds something, the end waits for the thread: a millisecond or two.
"""

import select
import sys
import time
from typing import Any

LONGEST = 0.1  # seconds; a child in the background may write without end
TURN = 0.001  # seconds in which the thread gets its turn


def ended() -> tuple[Any, ...]:
    """A number that grows with every child that has ended."""
    try:
        import resource
    except ImportError:  # Windows
        return ()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_minflt, usage.ru_utime, usage.ru_stime


class Children:
    """Waits, at the end of each cell of a shell, for what its children have written."""

    def __init__(self, shell: Any):
        self.before: tuple[Any, ...] = ()
        shell.events.register("pre_run_cell", self.begin)
        shell.events.register("post_run_cell", self.end)

    def begin(self, info: Any = None) -> None:
        self.before = ended()

    def end(self, result: Any = None) -> None:
        if self.before and ended() != self.before:
            drain(wait=True)
        else:
            drain(wait=False)


def drain(wait: bool) -> None:
    """Let the threads that read the pipes of standard output and error catch up."""
    pipes = [stream._fid for stream in (sys.stdout, sys.stderr) if getattr(stream, "_fid", None) is not None]
    stop = time.monotonic() + LONGEST
    try:
        while pipes and (select.select(pipes, [], [], 0)[0] or wait) and time.monotonic() < stop:
            time.sleep(TURN)
            wait = bool(select.select(pipes, [], [], 0)[0])
    except (OSError, ValueError):  # a pipe that is no more, or a system that cannot ask one
        return
