"""The prompt of a terminal that can only print line after line (`TERM=dumb`): no colours, no keys, no bars."""

from .late import LateShell
from .theme import CONTINUATION, PROMPT


class PlainPrompt:
    """Reads one cell with `input`. What a lesson offers cannot stand at the prompt: an empty line runs it."""

    def __init__(self, late: LateShell) -> None:
        self.late = late
        self.offer = ""
        self.status = list

    def read(self, offered: str = "", edit: bool = False) -> str:
        """Read lines until they make a cell.

        Errors:
            EOFError: the end of the input. KeyboardInterrupt: Ctrl-C.
        """
        if self.offer:
            print(f"(Enter alone runs)\n{self.offer}")
        try:
            lines = [input(PROMPT)]
        except EOFError:
            print()
            raise
        if not lines[0].strip():
            return self.offer
        while self._is_open("\n".join(lines)):
            lines.append(input(CONTINUATION))
        return "\n".join(lines)

    def _is_open(self, source: str) -> bool:
        return not source.lstrip().startswith(":") and self.late.get().check_complete(source)[0] == "incomplete"
