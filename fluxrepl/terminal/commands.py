"""The `:commands` of the terminal: the shell's, the active lesson's, and those only a terminal can obey."""

from typing import Any

# What needs the prompt; the rest is obeyed by the shell.
OWN = {
    "edit": "open the lesson's code, or the last cell, in your editor",
}


def commands(play: Any = None) -> dict[str, str]:
    """Every command that is worth typing now, with one line about it; a lesson's own come first."""
    from fluxrepl.shell.commands import COMMANDS as SHELL
    from fluxrepl.tutor.play import COMMANDS

    active = COMMANDS if play is not None else {}
    return active | {name: says for name, says in (SHELL | OWN).items() if name not in active}
