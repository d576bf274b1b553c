"""A file, a module or a piece of code, run as `python` runs it: with the shell's names in place and errors that teach.

    fluxrepl FILE.py a b        sys.argv, __file__ and sys.path[0] as in Python; no value shows itself
    fluxrepl -i FILE.py         then the prompt, with the names it left, also after an error

The exit status is 0, 1 after an error, what `exit` was given, or 130 after Ctrl-C.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from .pipe import cells, read_all
from .session import Session, exit_status

STOPPED = 130
MACHINERY = "runpy"  # whose frames are of no interest in a traceback

# IPython's syntax is allowed in these.
MAGIC_SUFFIXES = (".ipy",)


@dataclass(frozen=True)
class Script:
    """What is to be run: `kind` is "file", "module", "code" or "stdin"; `what` its path, name or text."""

    kind: str
    what: str
    arguments: tuple[str, ...] = ()
    stay: bool = False  # at the prompt, afterwards
    lesson: str | None = None  # to be opened first


def run_script(script: Script) -> int:
    """Run it; return the exit status, of the prompt if that follows. `BrokenPipeError`: nobody reads on."""
    at_terminal = sys.stdin is not None and sys.stdin.isatty()
    session = _session(prompted=script.stay and at_terminal)
    shell = session.late.get()
    sys.argv = ["-" if script.kind == "stdin" else "-c" if script.kind == "code" else script.what, *script.arguments]
    status = RUN[script.kind](session, shell, script)
    if not script.stay:
        return status
    session.status, shell.exit_now = None, False
    if at_terminal:
        return session.loop(greet=False)
    return run_cells(session, read_all(sys.stdin))


def run_cells(session: Session, text: str, stop_at_error: bool = False) -> int:
    """Run a text cell by cell, values shown; the exit status is 0, 1 if a cell raised, or what `exit` was given.

    Ctrl-C ends the text, not only its cell: nobody is there who could end the rest.
    """
    failed = False
    for cell in cells(text, session.late.get().check_complete):
        error = session.submit(cell)
        failed = failed or error is not None
        sys.stdout.flush()
        if isinstance(error, KeyboardInterrupt):
            return STOPPED
        if session.status is not None or (failed and stop_at_error):
            break
    return session.status if session.status is not None else int(failed)


def _session(prompted: bool) -> Any:
    if not prompted:
        return Session(prompted=False)
    from .repl import Repl

    return Repl()


def _run_code(session: Session, shell: Any, script: Script) -> int:
    return run_cells(session, script.what, stop_at_error=True)


def _run_stdin(session: Session, shell: Any, script: Script) -> int:
    if script.lesson is not None and not shell.start_lesson(script.lesson):
        return 1
    return run_cells(session, read_all(sys.stdin))


def _run_file(session: Session, shell: Any, script: Script) -> int:
    path = os.path.abspath(script.what)
    _look_in(os.path.dirname(os.path.realpath(path)))
    if os.path.isdir(path) or _is_archive(path):
        return _run_apart(shell, lambda runpy, names: runpy.run_path(path, names, "__main__"))

    def execute() -> None:
        with open(path, "rb") as file:
            source: Any = file.read()
        if path.endswith(MAGIC_SUFFIXES):
            source = shell.transform_cell(source.decode())
        shell.user_ns["__file__"] = path
        exec(compile(source, path, "exec"), shell.user_ns)

    return _guarded(shell, execute)


def _run_module(session: Session, shell: Any, script: Script) -> int:
    _look_in(os.getcwd())
    return _run_apart(shell, lambda runpy, names: runpy.run_module(script.what, names, "__main__", alter_sys=True))


RUN: dict[str, Callable[[Any, Any, Script], int]] = {
    "code": _run_code,
    "stdin": _run_stdin,
    "file": _run_file,
    "module": _run_module,
}


def _run_apart(shell: Any, run: Callable[[Any, dict[str, Any]], dict[str, Any]]) -> int:
    """Run in a namespace of its own, as a module is; its names come to the shell's, whatever happens."""
    import runpy

    from fluxrepl.shell.names import seeded_names

    left: dict[str, Any] = {}

    def execute() -> None:
        try:
            left.update(run(runpy, seeded_names()))
        except BaseException as error:
            left.update(_names_at_main(error.__traceback__))
            raise
        finally:
            shell.user_ns.update({name: value for name, value in left.items() if not name.startswith("__")})

    return _guarded(shell, execute)


def _guarded(shell: Any, execute: Callable[[], None]) -> int:
    """Do it; what it raises is shown as the shell shows errors. The exit status."""
    try:
        with shell.builtin_trap:
            execute()
    except SystemExit as leaving:
        return exit_status(leaving)
    except BrokenPipeError:
        raise
    except BaseException as error:
        beyond = _beyond_machinery(error.__traceback__)
        if beyond is None and isinstance(error, ImportError):  # of the module that was asked for
            print(f"fluxrepl: {error}", file=sys.stderr)
            return 1
        shell.showtraceback((type(error), error.with_traceback(beyond), beyond))
        return STOPPED if isinstance(error, KeyboardInterrupt) else 1
    finally:
        sys.stdout.flush()
    return 0


def _beyond_machinery(tb: TracebackType | None) -> TracebackType | None:
    """The traceback from the first frame that is neither ours nor of what finds and starts a module."""
    first = tb
    while first is not None and str(first.tb_frame.f_globals.get("__name__")).split(".")[0] in ("fluxrepl", MACHINERY):
        first = first.tb_next
    return first


def _names_at_main(tb: TracebackType | None) -> dict[str, Any]:
    while tb is not None:
        if tb.tb_frame.f_globals.get("__name__") == "__main__" and tb.tb_frame.f_code.co_name == "<module>":
            return tb.tb_frame.f_globals
        tb = tb.tb_next
    return {}


def _look_in(folder: str) -> None:
    """Modules beside the script come first, as in Python; Python's own and ours are protected all the same."""
    from fluxrepl.shell.imports import open_folder

    if "" in sys.path:
        sys.path.remove("")
    open_folder(folder)


def _is_archive(path: str) -> bool:
    import zipfile

    return os.path.isfile(path) and not path.endswith((".py", ".ipy")) and zipfile.is_zipfile(path)
