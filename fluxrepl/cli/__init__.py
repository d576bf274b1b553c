"""The `fluxrepl` command: `main` reads the command line, each command has a file of its own."""

from .command_line import main

__all__ = ["main"]
