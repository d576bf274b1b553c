"""Errors that end a thread, drawn as those of cells are: Python's own hook would show its threads' insides.

Exception in thread Thread-1 (work):
---------------------------------------------------------------------------
ZeroDivisionError ...
"""

import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

from .frames import package_of
from .tracebacks import draw_error


def thread_hook(shell: Any) -> Callable[[Any], None]:
    """A `threading.excepthook` that draws with the shell's colours, in one piece: other threads print, too."""

    def show(failed: threading.ExceptHookArgs) -> None:
        error = failed.exc_value
        if sys.stderr is None or error is None or isinstance(error, SystemExit):  # which ends a thread in silence
            return
        name = failed.thread.name if failed.thread is not None else "that has ended"
        drawn = draw_error(error, _beyond_start(failed.exc_traceback), shell.paint_for(sys.stderr))
        sys.stderr.write("\n".join([f"Exception in thread {name}:", *drawn]) + "\n")

    return show


def _beyond_start(tb: TracebackType | None) -> TracebackType | None:
    """The traceback without what starts a thread."""
    while tb is not None and tb.tb_next is not None and package_of(tb.tb_frame) == "threading":
        tb = tb.tb_next
    return tb
