"""Errors in the shell: shown short and whole, and never in the shell's way.

`FluxTB` replaces IPython's default mode of tracebacks ("Context"). `%xmode Verbose`, `Plain` and `Minimal` remain
IPython's, and `%debug` sees every frame.
"""

import linecache
import sys
import threading
import warnings
from types import TracebackType
from typing import TYPE_CHECKING, Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.ultratb import AutoFormattedTB

from .misfit import note_shapes
from .restore import note_how_to_restore
from .thread_errors import thread_hook
from .tracebacks import Paint, draw_error, draw_message
from .warned import draw_warning

_Base: Any = InteractiveShell if TYPE_CHECKING else object


class FluxTB(AutoFormattedTB):
    """IPython's formatter of tracebacks, with our own in the mode "Context"."""

    shell: "LearnerErrors | None" = None

    def structured_traceback(
        self,
        etype: Any,
        evalue: BaseException | None = None,
        etb: TracebackType | None = None,
        tb_offset: int | None = None,
        context: int = 5,
    ) -> list[str]:
        """Return the parts of the traceback, to be joined by line ends."""
        if self.mode != "Context" or not isinstance(evalue, BaseException):
            return super().structured_traceback(etype, evalue, etb, tb_offset, context)
        self.tb = etb
        linecache.checkcache()
        return list(draw_error(evalue, etb, self._paint()))

    def get_exception_only(self, etype: Any, value: BaseException | None) -> list[str]:
        """Return the lines without a traceback: of `sys.exit()` in a notebook, of what a front asks for."""
        if self.mode != "Context" or not isinstance(value, BaseException):
            return super().get_exception_only(etype, value)
        return list(draw_message(value, None, self._paint()))

    def _paint(self) -> Paint:
        return Paint(self.has_colors) if self.shell is None else self.shell.paint_for(sys.stdout)


def speakable(error: BaseException) -> BaseException:
    """Return the error, or where its `str` fails, a stand-in of the same name that says so.

    IPython and ipykernel call `str(error)` unguarded; a failure there would leave a notebook cell waiting for ever.
    """
    try:
        str(error)
    except Exception as failure:
        said = f"<its __str__ failed with {type(failure).__name__}>"
        return type(type(error).__name__, (Exception,), {})(said).with_traceback(error.__traceback__)
    return error


def has_group(error: BaseException | None) -> bool:
    """True if the error or one it came from is a group: IPython leaves those to Python's own printing."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, BaseExceptionGroup):
            return True
        seen.add(id(error))
        error = error.__context__
    return False


class LearnerErrors(_Base):
    """The part of the shell that shows errors."""

    quiet_errors = False  # a lesson runs hidden code: its errors are kept back
    interrupted = False  # Ctrl-C has cancelled the awaiting cell

    def init_traceback_handlers(self, custom_exceptions: Any) -> None:
        """Use our formatter."""
        super().init_traceback_handlers(custom_exceptions)
        self.set_up_errors()
        threading.excepthook = thread_hook(self)

    def set_up_errors(self) -> None:
        """Draw errors and warnings ourselves."""
        self.InteractiveTB = FluxTB(mode=self.xmode, theme_name=self.colors, tb_offset=1)
        self.InteractiveTB.shell = self
        warnings.formatwarning = self._format_warning

    def paint_for(self, stream: Any) -> Paint:
        """How to draw on one of the standard streams: a front that knows its screen says more."""
        return Paint(self.InteractiveTB.has_colors)

    def _format_warning(
        self, message: Any, category: type[Warning], filename: str, lineno: int, line: str | None = None
    ) -> str:
        return draw_warning(message, category, filename, lineno, self.paint_for(sys.stderr))

    async def run_code(self, code_obj: Any, result: Any = None, *, async_: bool = False) -> bool:
        """As IPython's, with an error that can be spoken of."""
        failed = await super().run_code(code_obj, result, async_=async_)
        if result is not None and result.error_in_exec is not None:
            result.error_in_exec = speakable(self._as_interrupt(result.error_in_exec))
        self.interrupted = False
        return failed

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **options: Any) -> None:
        """As IPython's, but groups too are drawn by our formatter, and a cancelled `await` is an interrupt."""
        error = exc_tuple[1] if exc_tuple else sys.exc_info()[1]
        if error is not None:
            error = self._as_interrupt(error)
            exc_tuple = (type(error), error, error.__traceback__)
            note_how_to_restore(error, error.__traceback__, self.user_ns)
            note_shapes(error, error.__traceback__)
        if has_group(error) and not options.get("exception_only"):
            etype, value, tb = self._get_exc_info(exc_tuple)
            self._showtraceback(etype, value, self.InteractiveTB.structured_traceback(etype, value, tb))
            return
        super().showtraceback(exc_tuple, *args, **options)

    def showsyntaxerror(self, filename: str | None = None, running_compiled_code: bool = False) -> None:
        """Show what Python could not read; where a cell has imported or evaluated it, the way there, too."""
        etype, error, tb = self._get_exc_info()
        if self.InteractiveTB.mode != "Context":
            super().showsyntaxerror(filename, running_compiled_code)
            return
        draw = draw_error if running_compiled_code else draw_message
        linecache.checkcache()
        self._showtraceback(etype, error, list(draw(error, tb, self.paint_for(sys.stdout))))

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        if not self.quiet_errors:
            with self.capture_paused():  # doctest does not count a traceback as output
                super()._showtraceback(etype, speakable(evalue), stb)

    def _as_interrupt(self, error: BaseException) -> BaseException:
        """The learner pressed Ctrl-C: that asyncio made a cancellation of it is no concern of theirs."""
        if self.interrupted:
            from asyncio import CancelledError  # here: most sessions never await, and start 20 ms sooner without it

            if isinstance(error, CancelledError):
                return KeyboardInterrupt().with_traceback(error.__traceback__)
        return error
