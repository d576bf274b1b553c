"""Tab at the prompt: the shell's completions, and the commands of a lesson, for prompt_toolkit."""

from collections.abc import Iterable
from typing import Any

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from .late import LateShell


class ShellCompleter(Completer):
    """Asks the shell's own completer, which knows the live namespace. Runs in a thread: the shell may still load."""

    def __init__(self, late: LateShell) -> None:
        self._late = late

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        shell = self._late.wait()
        if shell is None:
            return
        if document.text.lstrip().startswith(":"):
            yield from _commands(document, shell.play)
            return
        from IPython.core.completer import provisionalcompleter

        seen = set()
        with provisionalcompleter():
            try:
                for found in shell.Completer.completions(document.text, document.cursor_position):
                    if found.text and (found.start, found.text) not in seen:
                        seen.add((found.start, found.text))
                        yield _shown(found, document.cursor_position)
            except Exception:  # a learner's own __dir__ or property failed: no completion is the right answer
                return


def _commands(document: Document, play: Any) -> Iterable[Completion]:
    from .commands import commands

    typed = document.text_before_cursor.lstrip()[1:]
    for name, says in commands(play).items():
        if name.startswith(typed):
            yield Completion(name, -len(typed), display=f":{name}", display_meta=says)


def _shown(found, cursor: int) -> Completion:
    """A prompt_toolkit completion: what to insert, and beside it what kind of thing it is."""
    kind = "" if found.type in (None, "<unknown>") else found.type
    display = found.text if len(found.text) < 50 else f"…{found.text[-48:]}"
    if kind == "function" and not display.endswith("("):
        display += found.signature or "()"
    return Completion(found.text, found.start - cursor, display=display, display_meta=kind)
