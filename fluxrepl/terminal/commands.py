"""The `:commands` of the terminal: the shell's, the active lesson's, and those only a terminal can obey."""

from typing import Any

# What needs the prompt; the rest is obeyed by the shell.
OWN = {
    "edit": "write what you wrote last, or in a lesson the step's code, in your editor; what you save runs",
}


def commands(play: Any = None) -> dict[str, str]:
    """Every command that is worth typing now, with one line about it; a lesson's own come first."""
    from fluxrepl.shell.commands import commands_now

    return commands_now(play is not None, OWN)
