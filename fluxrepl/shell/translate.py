"""Examples of lessons in IPython's syntax, as Python. The checker runs it in the process and the names of the lesson.

The first example makes the shell.
"""

from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from .core import FluxShell, make_shell
from .programs import run_program


class Names:
    """Stands for the module that has a namespace."""


class CheckedShell(FluxShell):
    """Serves examples that are checked."""

    system = run_program  # what a `!command` shows is compared

    def init_user_ns(self) -> None:
        """Without the seeded names: a lesson imports what it uses."""
        InteractiveShell.init_user_ns(self)


def translate(source: str, namespace: dict[str, Any]) -> str:
    """The Python of `source`, which is about to run in `namespace`."""
    shell = make_shell(CheckedShell, colours=False, history=False)
    if shell.user_ns is not namespace:
        shell.user_module, shell.user_ns = Names(), namespace
        shell.user_module.__dict__ = namespace
        if "get_ipython" not in namespace:
            shell.init_user_ns()
    return shell.transform_cell(source)
