"""How a value is shown: its text, exactly, and in notebooks an HTML view beside it.

A lesson promises a text, so nothing may stand between `text_of(value)`, which is its `repr` but for lists of layers,
and the screen: IPython's pretty-printer, which breaks and sorts containers, is off, and NumPy's scalars print as plain
numbers.
"""

import sys
import threading
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.formatters import DisplayFormatter, PlainTextFormatter
from IPython.utils.dir2 import get_real_method

from .long import shown_text, whole_text

_told = threading.local()


def plain_numbers() -> None:
    """Print NumPy scalars as plain numbers: `2.0`, not `np.float64(2.0)`.

    NumPy keeps print options in a context variable, which a new thread (a Jupyter subshell) starts without. So this is
    called before each cell and acts once a thread: what the learner then sets with `np.set_printoptions` stays.
    """
    if not getattr(_told, "done", False):
        import numpy

        numpy.set_printoptions(legacy="1.25")
        _told.done = True


def numpys_numbers(legacy: str | bool) -> None:
    """Print NumPy scalars as NumPy does again; `legacy` is the option as it was before `plain_numbers`."""
    import numpy

    _told.done = False
    numpy.set_printoptions(legacy=legacy)  # type: ignore[arg-type]  # what it was is allowed


def set_up_formatters(formatter: DisplayFormatter) -> None:
    """Make `text/plain` the value's text, and `text/html` our view where there is one."""
    formatter.formatters["text/plain"] = PlainText(parent=formatter.parent)
    formatter.formatters["text/html"].for_type(object, html_view)


class PlainText(PlainTextFormatter):
    """The text of a value; where its `__repr__` fails, that is an error of the cell. Its parent is the shell."""

    parent: Any

    def __call__(self, value: Any) -> str | None:
        """Return the text, or None after an error, which has been shown."""
        try:
            return shown_text(value)
        except Exception as error:
            self.parent.display_failed(error)
            return None


def html_view(value: Any) -> str | None:
    """Return fluxrepl's HTML for the value, or the value's own, or None: then only its text is shown."""
    try:
        from fluxrepl.show import html

        view = html.view(value)
    except Exception:  # a view is a bonus: its failure must not cost the learner the result
        view = None
    if view is not None:
        return view
    own = get_real_method(value, "_repr_html_")
    return own() if own is not None else None


def _has_class(value: Any) -> bool:
    try:
        isinstance(value, type)
    except Exception:  # a `__class__` or `__getattribute__` of the learner's
        return False
    return True


class CapturingHook(DisplayHook):
    """IPython's display hook, which also tells the running capture, and knows where `;` silences.

    IPython looks for the `;` at the end of the last cell in its history: wrong for a cell that is not stored, and for a
    transcript, where each statement has its own. The shell sets `silenced` for the statement it runs.
    """

    shell: Any

    def quiet(self) -> bool:
        """True if the statement ends in `;`."""
        return self.shell.silenced

    def compute_format_data(self, result: Any) -> Any:
        """Format the value; record its text if a lesson listens. Without a text, which is an error, show nothing."""
        if _has_class(result):
            data, metadata = super().compute_format_data(result)
        else:  # each of IPython's formatters would fail at it, and show that
            data, metadata = {"text/plain": self.shell.display_formatter.formatters["text/plain"](result)}, {}
        if data.get("text/plain") is None:
            return {}, {}
        text = data["text/plain"]
        self.shell.displayed(result, whole_text(result, text) if self.shell.recording else text)
        return data, metadata


class FluxDisplayHook(CapturingHook):
    """For the terminal and headless use: no `Out[1]:`, and the shell's `show_result` does the showing."""

    value: Any = None

    def __call__(self, result: Any = None) -> None:
        """Show a value."""
        self.value = result
        try:
            super().__call__(result)
        finally:
            self.value = None

    def write_output_prompt(self) -> None:
        """Write none: the text stands alone, as in Python's own REPL."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        """Hand the value and its text to the shell."""
        if "text/plain" in format_dict:
            with self.shell.capture_paused():
                self.shell.show_result(self.value, format_dict["text/plain"])

    def finish_displayhook(self) -> None:
        """End without IPython's blank line."""
        sys.stdout.flush()
        self._is_active = False
