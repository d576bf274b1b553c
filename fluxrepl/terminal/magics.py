"""The magics that IPython keeps for its own terminal: %paste and %cpaste, %store, and programs that want a screen.

Its `%autoindent` is left out: it would switch a prompt that is not ours.
"""

import os
from typing import Any

from IPython.extensions.storemagic import StoreMagics
from IPython.terminal.magics import TerminalMagics

PROGRAMS = ("clear", "less", "man", "more")


def register_magics(shell: Any) -> None:
    """Add the magics to a new shell."""
    terminal = TerminalMagics(shell)
    for name in ("paste", "cpaste"):
        shell.register_magic_function(getattr(terminal, name))
    shell.register_magics(StoreMagics)


def define_aliases(shell: Any) -> None:
    """Let `%less notes.txt` and the like run the program, where the system has it."""
    for program in PROGRAMS if os.name == "posix" else ():
        shell.alias_manager.soft_define_alias(program, program)
