"""How a cell that awaits is run where no event loop runs yet, and how Ctrl-C ends it.

IPython lets Ctrl-C break the loop itself. The error then comes from within asyncio, and the line of the learner's that
was waiting is not in its traceback. So here the cell is cancelled instead: that arrives at its line.
"""

import contextlib
import signal
import threading
from collections.abc import Coroutine
from typing import Any, Protocol

from IPython.core.async_helpers import get_asyncio_loop


class Interrupted(Protocol):
    """A shell that takes a cancellation for an interrupt while `interrupted` is set."""

    interrupted: bool
    quiet_errors: bool


class AwaitingRunner:
    """IPython's `loop_runner` for asyncio."""

    def __init__(self, shell: Interrupted) -> None:
        self.shell = shell

    def __str__(self) -> str:  # `%autoawait` shows it
        return "asyncio"

    def __call__(self, cell: Coroutine[Any, Any, Any]) -> Any:
        """Run a cell to its end."""
        import asyncio  # here: most sessions never await

        loop = get_asyncio_loop()
        task = loop.create_task(cell)

        def interrupt(*_: Any) -> None:
            if self.shell.interrupted or asyncio.current_task(loop) is not None:  # asked before; or it runs, not waits
                raise KeyboardInterrupt
            self.shell.interrupted = True
            loop.call_soon_threadsafe(task.cancel)

        if threading.current_thread() is not threading.main_thread():  # no signals arrive there
            return loop.run_until_complete(task)
        before = signal.signal(signal.SIGINT, interrupt)
        try:
            return loop.run_until_complete(task)
        except KeyboardInterrupt:
            if not task.done():  # it caught the first: it must not go on while a later cell awaits
                self._end(cell)
                task._log_destroy_pending = False  # asyncio would speak of it later
                loop.close()  # the next cell gets another
            raise
        finally:
            signal.signal(signal.SIGINT, before)
            self.shell.interrupted = False

    def _end(self, cell: Coroutine[Any, Any, Any]) -> None:
        """Have a cell leave the blocks that it is in, unseen. One that waits all the same is told again."""
        quiet, self.shell.quiet_errors = self.shell.quiet_errors, True
        try:
            for _ in range(3):
                with contextlib.suppress(RuntimeError, ValueError):  # it waits; it ends in another context
                    cell.close()
                    return
        finally:
            self.shell.quiet_errors = quiet
