"""What the settings ask for when a shell has been made at a prompt: print options, then files and lines of Python.

A pipe, a script and the kernel give the same output everywhere, so nothing of this is done there.
"""

import os
from contextvars import ContextVar, copy_context
from pathlib import Path
from typing import Any

from fluxrepl.shell.config import SETTINGS, settings

from .notes import note

# A shell is made within the prompt's event loop, whose callbacks run in a context of their own: what changes there
# (NumPy's print options, `np.seterr`) is kept here until the first cell runs.
_CHANGED: list[tuple[ContextVar[Any], Any]] = []


def begin(shell: Any) -> None:
    """Set a new shell up, and keep it so when a setting changes. Never raises."""
    before = dict(copy_context().items())
    _begin(shell)
    after = copy_context().items()
    _CHANGED.extend((variable, value) for variable, value in after if before.get(variable, _CHANGED) is not value)


def carry_over() -> None:
    """Let what the start-up has changed hold where cells run."""
    for variable, value in _CHANGED:
        variable.set(value)
    _CHANGED.clear()


def _begin(shell: Any) -> None:
    set_print_options()
    settings().watchers.append(_obey)
    for file in settings()["startup_files"]:
        path = Path(file).expanduser()
        if path.is_file():
            shell.safe_execfile(str(path), shell.user_ns)
        else:
            note(f"startup_files: there is no file {file}.")
    for source in settings()["startup"]:
        shell.run_cell(source, store_history=False, silent=True)


_RESTING = [False]  # the print options that were set: a lesson is open


def rest_print_options(in_lesson: bool) -> None:
    """Before a cell: while a lesson is open, numbers show as its text has them."""
    if _RESTING[0] != in_lesson:
        _RESTING[0] = in_lesson
        set_print_options()


def set_print_options() -> None:
    """Tell NumPy the print options that were set; in a lesson, their defaults."""
    if options := settings().print_options():
        import numpy

        if _RESTING[0]:
            options = {name: SETTINGS[f"print.{name}"].default for name in options}
        numpy.set_printoptions(**options)


def set_editor() -> None:
    """Let `editor` be what everything opens: F2, `:edit`, `%edit`, and what `!` starts."""
    if editor := settings()["editor"]:
        os.environ["VISUAL"] = os.environ["EDITOR"] = editor


def _obey(name: str) -> None:
    if name.startswith("print."):
        set_print_options()
