"""The prompt of a terminal that can only print line after line (`TERM=dumb`): no colours, no keys, no bars."""

from .late import LateShell
from .theme import CONTINUATION, PROMPT
from .unfinished import ends_blank, open_part


class PlainPrompt:
    """Reads one cell with `input`. What a lesson offers cannot stand at the prompt: an empty line runs it."""

    def __init__(self, late: LateShell) -> None:
        self.late = late
        self.offer = ""
        self.status = list

    def take_half_typed(self) -> str:
        """Nothing: no key opens the editor here."""
        return ""

    def remember(self, source: str) -> None:
        """There is no history."""

    def read(self, offered: str = "") -> str:
        """Read lines until they make a cell.

        Errors:
            EOFError: the end of the input. KeyboardInterrupt: Ctrl-C.
        """
        if self.offer:
            print(f"(Enter alone runs)\n{self.offer}")
        try:
            lines = [input(PROMPT)]
            if not lines[0].strip():
                return self.offer
            while self._is_open("\n".join(lines)) and not ends_blank("\n".join(lines)):
                lines.append(input(CONTINUATION))
                self._tell_what_is_open(lines)
        except (EOFError, KeyboardInterrupt):
            print()  # the line has not ended
            raise
        return "\n".join(lines)

    def _tell_what_is_open(self, lines: list[str]) -> None:
        """At the first empty line, for somebody who wonders why nothing runs."""
        opened = open_part("\n".join(lines))
        if opened and not lines[-1].strip() and lines[-2].strip():
            runs = "" if opened == '"""' else " · an empty line more runs it"
            print(f"({opened} is open{runs} · Ctrl-C clears)")

    def _is_open(self, source: str) -> bool:
        return not source.lstrip().startswith(":") and self.late.get().check_complete(source)[0] == "incomplete"
