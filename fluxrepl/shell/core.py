"""The one shell behind every front: what IPython's InteractiveShell lacks for learning Flux.

`FluxMixin` adds seeded names, transcripts, plain display, short errors, completion and lesson commands
to IPython's shell. `FluxShell` is the mixin for the terminal and for headless use; the kernel mixes it
into ipykernel's shell. A front overrides `show_result` and `show_messages` and leaves the rest alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from IPython.core.interactiveshell import InteractiveShell


@dataclass(frozen=True)
class Outcome:
    """What one cell did: its source, what doctest would have seen, its last value, and its error or None."""

    source: str
    output: str = ""
    error: BaseException | None = None
    value: Any = None


class FluxMixin:
    """A shell for learning: mix it in front of IPython's InteractiveShell or a subclass."""

    play: Any = None  # the active tutor.play.Play, or None

    # -- what a front calls

    def run(self, source: str, *, store_history: bool = True) -> Outcome:
        """Run one cell as typed, show its output as usual, and return what it did. Never raises."""
        raise NotImplementedError

    def check_complete(self, source: str) -> tuple[str, str]:
        """Say whether the source is "complete", "incomplete" or "invalid", and the indent of the next line."""
        raise NotImplementedError

    def is_command(self, source: str) -> bool:
        """True for `:next` and the like: no Python cell starts with a colon."""
        raise NotImplementedError

    def command(self, source: str) -> None:
        """Run a `:command`: ask the active lesson, show its messages. Never raises."""
        raise NotImplementedError

    def start_lesson(self, name: str | None = None) -> bool:
        """Open a lesson ("01", its id, a path; None: the next unfinished), replay what was accepted, show the step."""
        raise NotImplementedError

    # -- what a front may override

    def show_messages(self, messages: Iterable[Any]) -> None:
        """Show what the lesson says. A "run" message's source is run here."""
        raise NotImplementedError

    def show_result(self, value: Any, text: str) -> None:
        """Show the value of a cell; `text` is its repr."""
        raise NotImplementedError


class FluxShell(FluxMixin, InteractiveShell):
    """The shell of the terminal and of headless use."""


def make_shell(**options: Any) -> FluxShell:
    """Make the one FluxShell of this process (or return it)."""
    raise NotImplementedError
