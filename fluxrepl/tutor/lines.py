"""Lines that come over a pipe or a socket, some at a time: no sender keeps its listener from looking at the clock."""

from collections.abc import Callable

READS = 64  # at a time; more than a pipe can hold
LONGEST = 64 << 20  # bytes of a line; a longer one is cut, and is no report


class Lines:
    """Lines of bytes. `read` gives what is there, nothing at the end, or raises `BlockingIOError`."""

    def __init__(self, read: Callable[[], bytes]):
        self.read = read
        self.begun: list[bytes] = []  # the line that is on its way
        self.length = 0  # of that
        self.heard = 0  # bytes, all together
        self.ended = False  # nothing more will come
        self.drained = False  # nothing more was there when last looked

    def take(self) -> list[bytes]:
        """The lines that have become whole, or as many as come in `READS` reads."""
        lines: list[bytes] = []
        self.drained = False
        for _ in range(READS):
            try:
                data = self.read()
            except BlockingIOError:
                self.drained = True
                break
            if not data:
                self.ended = self.drained = True
                break
            self.heard += len(data)
            first, *others = data.split(b"\n")
            self._add(first)
            for other in others:
                lines.append(self._whole())
                self._add(other)
            if self.length > LONGEST:
                lines.append(self._whole())
        return lines

    def _add(self, data: bytes) -> None:
        self.begun.append(data)
        self.length += len(data)

    def _whole(self) -> bytes:
        line = b"".join(self.begun)
        self.begun, self.length = [], 0
        return line
