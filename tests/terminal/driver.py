"""A real terminal for tests: a pty, with pyte as the screen that a learner would look at.

`until` waits for what the screen shows, never for a time; `screen` is what stands there now. The screen
answers the questions that prompt_toolkit asks a terminal (where is the cursor?), as a real one does.
"""

import os
import sys
import time
import unicodedata
from collections.abc import Callable

import pexpect
import pyte

FLUXREPL = ["-m", "fluxrepl"]

PATIENCE = 60.0  # seconds: a busy machine is slow, and a test that fails waits only once

KEYS = {
    "enter": "\r", "tab": "\t", "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H",
    "end": "\x1b[F", "backspace": "\x7f", "ctrl-c": "\x03", "ctrl-d": "\x04", "ctrl-r": "\x12", "ctrl-e": "\x05",
    "ctrl-u": "\x15", "alt-enter": "\x1b\r", "f1": "\x1bOP", "f2": "\x1bOQ", "f4": "\x1bOS", "escape": "\x1b",
    "shift-tab": "\x1b[Z",
}  # fmt: skip


class Terminal:
    """A program in a pty. Use as a context manager: the program does not outlive the test."""

    def __init__(
        self,
        arguments: list[str],
        env: dict[str, str],
        rows: int = 50,
        columns: int = 100,
        cwd: str | None = None,
        background: str = "",
    ) -> None:
        self._answers = {"\x1b]11;?": background} if background else {}  # to questions that pyte does not know
        self._screen = pyte.Screen(columns, rows)
        self._screen.write_process_input = self.send  # type: ignore[method-assign]
        self._stream = pyte.Stream(self._screen)
        self.raw = ""
        self.child = pexpect.spawn(
            sys.executable,
            arguments,
            env=env,
            encoding="utf-8",
            codec_errors="replace",
            dimensions=(rows, columns),
            timeout=PATIENCE,
            cwd=cwd,
        )
        self.child.delaybeforesend = None

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self.child.close(force=True)

    # -- the keyboard

    def send(self, text: str) -> None:
        self.child.send(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.send(KEYS[key])

    def enter(self, text: str) -> None:
        """Type a line once the prompt waits for it."""
        self.ready()
        self.type(text)
        self.press("enter")

    def type(self, text: str) -> None:
        """Type, and wait until it stands on the screen."""
        self.send(text)
        shown = unicodedata.normalize("NFC", text.strip())  # as pyte keeps accents
        self.until(lambda: shown in self.line_at_cursor(), f"{text!r} at the cursor")

    def paste(self, text: str) -> None:
        """Paste as terminals do it, in brackets."""
        self.send(f"\x1b[200~{text}\x1b[201~")

    def resize(self, rows: int, columns: int) -> None:
        lost = max(self._screen.lines - rows, 0)
        self._screen.resize(rows, columns)
        self._screen.cursor.y = max(self._screen.cursor.y - lost, 0)  # pyte moves the text up and forgets the cursor
        self.child.setwinsize(rows, columns)

    # -- the screen

    @property
    def screen(self) -> str:
        """What is on the screen, without blank line ends and blank lines below."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip()

    @property
    def lines(self) -> list[str]:
        return self.screen.split("\n")

    def line_at_cursor(self) -> str:
        return self._screen.display[min(self._screen.cursor.y, self._screen.lines - 1)]

    @property
    def column(self) -> int:
        """Where the cursor is."""
        return self._screen.cursor.x

    def until(self, shows: str | Callable[[], object], what: str = "") -> None:
        """Wait until the screen shows a text, or something holds."""
        holds = (lambda: shows in self.screen) if isinstance(shows, str) else shows
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, f"waited in vain for {what or shows!r}; the screen:\n{self.screen}"
            assert self._pump(), f"the program ended before {what or shows!r}; the screen:\n{self.screen}"

    def ready(self) -> None:
        """Wait for an empty prompt."""
        self.until(self._at_empty_prompt, "an empty prompt")

    def _at_empty_prompt(self) -> bool:
        return self.line_at_cursor().startswith("flux> ") and self._screen.cursor.x == len("flux> ")

    def ends(self) -> int:
        """Wait for the program's end and return its exit status."""
        while self._pump():
            pass
        self.child.close()
        return self.child.exitstatus if self.child.exitstatus is not None else -self.child.signalstatus

    def _pump(self) -> bool:
        """Show what the program wrote meanwhile; False once it has ended."""
        try:
            data = self.child.read_nonblocking(65536, timeout=0.2)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        for question, answer in self._answers.items():
            if question in data:
                self.send(answer)
        self.raw += data
        self._stream.feed(data)
        return True


def learner(home: os.PathLike[str], **more: str) -> dict[str, str]:
    """The environment of a learner with an empty home of their own."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "PYTHONPATH") if name in os.environ}
    own = {"HOME": str(home), "FLUXREPL_HOME": f"{home}/fluxrepl", "IPYTHONDIR": f"{home}/ipython"}
    return {**kept, **own, "TERM": "xterm-256color", "LANG": kept.get("LANG", "C.UTF-8"), **more}
