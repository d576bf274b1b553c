"""The Jupyter kernel: ipykernel's, with fluxrepl's shell, and two of ipykernel's faults mended.

Everything that executes, completes and displays is in the shell, which the terminal shares. Here is only what a kernel
says of itself, and what it must do otherwise than ipykernel.
"""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from traitlets import List, Type

from fluxrepl.version import __version__

from .shell import KernelShell

BANNER = f"""fluxrepl {__version__}: gradients and layers you can see.
gradient, Dense, Chain, np and flux are in place; `:learn 01` opens the first lesson, `:help` lists the commands."""


class FluxKernel(IPythonKernel):
    """Flux for Jupyter."""

    implementation = "fluxrepl"
    implementation_version = __version__
    shell_class = Type(KernelShell)
    help_links = List(
        [
            {"text": "Flux: the library whose ideas fluxrepl teaches", "url": "https://fluxml.ai/Flux.jl/stable/"},
            {"text": "NumPy Reference", "url": "https://numpy.org/doc/stable/reference/"},
            {"text": "Python Reference", "url": "https://docs.python.org/3/"},
            {"text": "IPython Reference", "url": "https://ipython.readthedocs.io/en/stable/"},
        ]
    ).tag(config=True)

    @property
    def banner(self) -> str:
        """What a console shows first."""
        return BANNER

    def do_is_complete(self, code: str) -> dict[str, str]:
        """Ask the shell: it knows transcripts and commands."""
        status, indent = self.shell.check_complete(code)
        return {"status": status, "indent": indent} if status == "incomplete" else {"status": status}

    def do_history(self, hist_access_type: str, *args: Any, **options: Any) -> dict[str, Any]:
        """As ipykernel's, but entries of the running session carry its number, where IPython writes 0."""
        reply = super().do_history(hist_access_type, *args, **options)
        if hist_access_type == "range":
            current = self.shell.history_manager.session_number
            reply["history"] = [(session or current, *rest) for session, *rest in reply["history"]]
        return reply

    @contextmanager
    def _cancel_on_sigint(self, future: "asyncio.Future[Any]") -> Iterator[None]:
        """Let an interrupt end a cell that awaits.

        ipykernel schedules the cancellation in a way that does not wake a sleeping loop (ipykernel#881), so the cell
        went on sleeping; and code between two awaits could not be interrupted at all. Here a cell that is running gets
        its KeyboardInterrupt at once, and one that waits is cancelled by waking the loop.
        """
        loop = asyncio.get_running_loop()

        def interrupt(*_: Any) -> None:
            if asyncio.current_task(loop) is future:
                raise KeyboardInterrupt
            self.shell.interrupted = True
            loop.call_soon_threadsafe(future.cancel)

        before = signal.signal(signal.SIGINT, interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
