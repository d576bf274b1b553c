"""`:next` and its kind: how a command is told from Python, and how a cell that holds one is rewritten.

`:next` becomes a call of the `%lesson` magic before Python sees it, so that a command works wherever a cell does: at
the prompt, in a notebook, in the history. What commands do is in `lessons.py`.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from IPython.core.inputtransformer2 import TokenTransformBase

COMMAND = re.compile(r":\s*(?P<name>[^\W\d]\w*|\?)?(?P<argument>.*)", re.DOTALL)

# What works without a lesson too; the other commands are those of the active lesson (tutor.play.COMMANDS).
COMMANDS = {
    "list": "the lessons, or inside one its steps",
    "lessons": "the lessons, inside one too; `:lessons word` searches",
    "learn": "open a lesson: `:learn 01`; alone, the next unfinished one",
    "edit": "what you wrote last, or in a lesson the step's code, in a new cell",
    "why": "why the last gradient holds a None; after an error, its notes again",
    "config": "the settings; `:config theme` tells about one, `:config theme dark` sets it",
    "quit": "leave the lesson, or outside one the REPL",
    "help": "these commands",
}
# What the shell itself does for a lesson that is open, beside the lesson's own commands.
IN_LESSONS = {"undo": "take the last cell back: its names, and what it changed"}
ALIASES = {"?": "help", "h": "help", "q": "quit", "exit": "quit", "n": "next", "b": "back"}


def split_command(source: str) -> tuple[str, str] | None:
    """Return name and argument of a `:command`, or None if the source is anything else.

    Example:
        >>> split_command(":goto 3"), split_command("x[1:2]")
        (('goto', '3'), None)

    """
    found = COMMAND.fullmatch(source.strip())
    if found is None:
        return None
    name, argument = found["name"], found["argument"].strip()
    if name is None and argument:
        return None
    return ALIASES.get(name or "help", name or "help"), argument


def commands_now(in_lesson: bool = True, own: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Every command that does something, a lesson's first, with what it does; `own`: what the front obeys itself."""
    from fluxrepl.tutor import play

    active = play.COMMANDS | IN_LESSONS if in_lesson else {}
    return active | {name: says for name, says in {**COMMANDS, **own}.items() if name not in active}


class CommandLine(TokenTransformBase):
    """Rewrites a logical line that starts with a colon: no Python statement does."""

    @classmethod
    def find(cls, tokens_by_line: Any) -> "CommandLine | None":
        """Find the first such line. Inside brackets and strings a colon starts no logical line."""
        for line in tokens_by_line:
            if line and line[0].string == ":" and split_command(line[0].line.partition("\n")[0]):
                return cls(line[0].start)
        return None

    def transform(self, lines: list[str]) -> list[str]:
        """Turn the line into a call of the `%lesson` magic."""
        name, argument = split_command(lines[self.start_line]) or ("help", "")
        return [*lines[: self.start_line], magic_call(name, argument), *lines[self.start_line + 1 :]]


def magic_call(name: str, argument: str) -> str:
    """The Python that a command is rewritten to."""
    return f"get_ipython().run_line_magic('lesson', {f'{name} {argument}'.strip()!r})\n"
