"""The shell, loading behind the prompt.

IPython, NumPy and the engine take half a second to import: longer than it takes to draw the prompt,
shorter than it takes to type a line. So a thread imports them once the prompt is on the screen, and the
shell object itself, which wants the main thread, is made there as soon as the imports are in.
"""

import gc
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from fluxrepl.shell.palette import colourful

if TYPE_CHECKING:
    from .screen import ScreenShell

# What the first cell needs, in the order of need; then what makes the second one pretty.
CORE = ("numpy", "fluxrepl.terminal.screen")
LATER = ("pygments.lexers.python", "fluxrepl.terminal.player", "fluxrepl.show.rich", "rich.console")


# Seconds from the shell's making to the second batch: a first cell that is typed at once runs meanwhile.
BREATH = 0.25


class LateShell:
    """A shell that is there when asked for; `prompted` is False where input comes from a pipe."""

    def __init__(self, prompted: bool = True) -> None:
        self._prompted = prompted
        self._call_on_main: Callable[[Callable[[], object]], object] | None = None
        self._imported = threading.Event()
        self._made = threading.Event()
        self._shell: ScreenShell | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._import, name="fluxrepl-imports", daemon=True)

    def start(self, call_on_main: Callable[[Callable[[], object]], object] | None = None) -> None:
        """Begin to import; `call_on_main` (an event loop's `call_soon_threadsafe`) lets the shell be made unasked."""
        if self._thread.ident is None:
            self._call_on_main = call_on_main
            self._thread.start()

    @property
    def now(self) -> "ScreenShell | None":
        """The shell if it has been made, else None. Never waits."""
        return self._shell

    def get(self) -> "ScreenShell":
        """The shell; to be called on the main thread.

        Errors:
            Whatever stopped the imports or the making is raised here, and raised again at each call.
        """
        if self._shell is None:
            self.start()
            self._imported.wait()
            if self._error is not None:
                raise self._error
            self._shell = self._make()
            self._made.set()
        return self._shell

    def wait(self, seconds: float = 10.0) -> "ScreenShell | None":
        """The shell once the main thread has made it, or None when that takes too long; for other threads."""
        self._made.wait(seconds)
        return self._shell

    def finish(self) -> None:
        """Let the imports end before the interpreter does: a thread killed inside NumPy's import may crash it."""
        self._made.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _make(self) -> "ScreenShell":
        from fluxrepl.shell.core import make_shell

        from .screen import ScreenShell
        from .startup import begin

        shell = make_shell(ScreenShell, colours=self._prompted and colourful(sys.__stdout__), history=self._prompted)
        shell.prompted = self._prompted
        if self._prompted:
            begin(shell)
        return shell

    def _import(self) -> None:
        gc.disable()  # what is being imported is no garbage: looking for some takes a tenth of the time
        try:
            for name in CORE:
                import_module(name)
            flux = import_module("fluxrepl")
            for name in flux.__all__:
                getattr(flux, name)
        except BaseException as error:
            self._error = error
        finally:
            gc.freeze()  # nor will it ever be
            gc.enable()
            self._imported.set()
        if self._error is None and self._prompted:
            self._make_soon()
            self._made.wait()
            time.sleep(BREATH)
            for name in LATER:
                with suppress(Exception):  # its user imports it again, and says what is wrong
                    import_module(name)

    def _make_soon(self) -> None:
        if self._call_on_main is not None:
            with suppress(RuntimeError):  # the prompt has ended meanwhile: `get` makes the shell
                self._call_on_main(self._make_unasked)

    def _make_unasked(self) -> None:
        with suppress(Exception):  # raised again, and told, at the first Enter: there the learner is looking
            self.get()
