"""What a cell wrote, as doctest would have seen it, while it is still shown live.

Only a lesson needs this, so only then is it switched on. `write` of the standing stream is patched, not the stream
replaced: ipykernel and prompt_toolkit look at the type of `sys.stdout`.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from weakref import WeakSet

# The threads that recorded cells have started: a pool made in one cell works for the next ones, too.
LEARNERS: WeakSet[threading.Thread] = WeakSet()


class Capture:
    """Records what the cell writes to standard output, and the text of each value that is displayed.

    Of the cell is what its own thread writes, and those that learners' cells have started; not IPython's, for one.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._paused = 0
        self._stream: Any = None
        self._write: Any = None
        self._foreign: set[threading.Thread] = set()

    @property
    def text(self) -> str:
        """All of it so far, in order."""
        return "".join(self.parts)

    def start(self) -> None:
        """Begin to record `sys.stdout`."""
        self._foreign = set(threading.enumerate()) - {threading.current_thread(), *LEARNERS}
        stream = sys.stdout
        write = stream.write

        def tee(data: str) -> int:
            written = write(data)
            if not self._paused and threading.current_thread() not in self._foreign:
                self.parts.append(data)
            return written

        with suppress(AttributeError):  # a stream that refuses attributes is shown, not recorded
            stream.write = tee  # type: ignore[method-assign]  # this is how a stream is heard
            self._stream, self._write = stream, write

    def stop(self) -> str:
        """End recording and return the text."""
        if self._stream is not None:
            self._stream.write = self._write
            self._stream = None
        LEARNERS.update(set(threading.enumerate()) - self._foreign)
        return self.text

    def displayed(self, text: str) -> None:
        """Record the text of a displayed value, which the front shows in its own way."""
        self.parts.append(text + "\n")

    @contextmanager
    def paused(self) -> Iterator[None]:
        """While a front writes its own rendering."""
        self._paused += 1
        try:
            yield
        finally:
            self._paused -= 1
