"""Tab at the prompt: the shell's completions, and the commands of a lesson, for prompt_toolkit."""

import inspect
import threading
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from fluxrepl.shell.arguments import arguments

from .calls import value_before_dot
from .commands import commands
from .late import LateShell
from .peek import peek
from .unfinished import in_string

WIDEST = 46
CODE = ("attribute", "magic", "variable")  # IPython's types of what makes no sense within a string


class ShellCompleter(Completer):
    """Asks the shell's own completer, which knows the live namespace. Runs in a thread: the shell may still load."""

    def __init__(self, late: LateShell) -> None:
        self._late = late
        self._asking = threading.Lock()

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """All at once: IPython's completer is for one question at a time, and Enter asks again what Tab has asked."""
        with self._asking:
            return list(self._completions(document))

    def _completions(self, document: Document) -> Iterable[Completion]:
        shell = self._late.wait()
        if shell is None:
            return
        if document.text.lstrip().startswith(":"):
            yield from _commands(document, shell.play)
            return
        from IPython.core.completer import provisionalcompleter

        seen, within = set(), in_string(document.text_before_cursor)
        with provisionalcompleter():
            try:
                for found in shell.Completer.completions(document.text, document.cursor_position):
                    if within and found.type in CODE:
                        continue
                    if found.text and (found.start, found.text) not in seen:
                        seen.add((found.start, found.text))
                        yield _shown(found, document, shell.user_ns)
            except Exception:  # a learner's own __dir__ or property failed: no completion is the right answer
                return


def _commands(document: Document, play: Any) -> Iterable[Completion]:
    typed = document.text_before_cursor.lstrip()[1:]
    name, space, argument = typed.partition(" ")
    for offered, says in (arguments(name, play, argument) if space else commands(play)).items():
        if offered.startswith(argument if space else name):
            sign = "" if space else ":"
            shown = sign + offered.rpartition(" ")[2]  # of `theme dark` the last word
            yield Completion(offered, -len(argument if space else name), display=shown, display_meta=says)


def _shown(found: Any, document: Document, names: Mapping[str, Any]) -> Completion:
    """A prompt_toolkit completion: what to insert, and beside it what that name is."""
    name = found.text.removeprefix(".")
    says = "" if found.type in (None, "<unknown>") else found.type
    if name.rstrip("(").isidentifier():
        before = document.text[: found.start] + ("." if found.text.startswith(".") else "")
        owner = value_before_dot(before)
        says = _what(peek(f"{owner}.{name.rstrip('(')}" if owner else name.rstrip("("), names)) or says
    display = name if len(name) < WIDEST else f"…{name[1 - WIDEST :]}"
    return Completion(found.text, found.start - document.cursor_position, display=display, display_meta=says)


def _what(value: Any) -> str:
    """A few words on a value: a function's parameters, an array's shape, a number."""
    if value is None:
        return ""
    if isinstance(value, ModuleType):
        return "module"
    if callable(value):
        says = f"class {_parameters(value)}".rstrip() if isinstance(value, type) else _parameters(value)
    elif isinstance(getattr(value, "shape", None), tuple):
        says = f"{type(value).__name__} {value.shape} {getattr(value, 'dtype', '')}"
    elif isinstance(value, bool | int | float | complex | str):
        says = f"{type(value).__name__} {value!r}"
    else:
        says = type(value).__name__
    return says if len(says) < WIDEST else says[: WIDEST - 1] + "…"


def _parameters(value: Any) -> str:
    """The parameters of a callable; nothing where it does not say them."""
    try:
        return str(inspect.signature(value))
    except (ValueError, TypeError):
        return ""
