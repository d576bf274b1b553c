"""What threads print while a prompt stands: whole lines, written above it, in their order.

prompt_toolkit's `patch_stdout` writes from a thread of its own: what is printed while it ends, and while the next
prompt begins, comes out of order or is lost. Here only the prompt's event loop writes, and what it has not written when
the prompt ends is written then.
"""

import asyncio
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from prompt_toolkit.application import run_in_terminal

PAUSE = 0.05  # seconds in which lines gather: the prompt is drawn anew below each bundle


class Above:
    """A standard stream while a prompt stands. Half a line waits for its end, or for that of the prompt."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._lock = threading.RLock()
        self._held: list[str] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_due = False
        self._closed = False

    def write(self, text: str) -> int:
        """Keep the text for the event loop."""
        with self._lock:
            if self._closed:  # by who still has this in hand
                return int(self._stream.write(text))
            self._held.append(text)
            if "\n" in text:
                self._let_it_write()
            return len(text)

    def flush(self) -> None:
        """Nothing: the prompt would be drawn over half a line."""

    def start(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """The prompt has been drawn."""
        with self._lock:
            self._loop = loop
            self._let_it_write()

    def close(self) -> None:
        """The prompt is over."""
        with self._lock:
            self._closed = True
            self._stream.write("".join(self._held))
            self._stream.flush()
            self._held.clear()

    def _let_it_write(self) -> None:
        if self._loop is not None and self._held and not self._is_due:
            self._is_due = True
            with suppress(RuntimeError):  # the loop has ended: `close` writes
                self._loop.call_soon_threadsafe(self._write_later, self._loop)

    def _write_later(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.call_later(PAUSE, lambda: run_in_terminal(self._write_lines))

    def _write_lines(self) -> None:
        with self._lock:
            self._is_due = False
            lines, end, rest = "".join(self._held).rpartition("\n")
            self._held = [rest]
            if not self._closed:
                self._stream.write(lines + end)
                self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def above_the_prompt() -> Iterator[list[Above]]:
    """Put both standard streams above the prompt, those that are a terminal; `start` them once it is drawn."""
    before = {name: stream for name in ("stdout", "stderr") if _is_terminal(stream := getattr(sys, name))}
    above = {name: Above(stream) for name, stream in before.items()}
    vars(sys).update(above)
    try:
        yield list(above.values())
    finally:
        for stream in above.values():
            stream.close()
        vars(sys).update(before)


def _is_terminal(stream: Any) -> bool:
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError):  # a learner's own stream; a closed one
        return False
