"""The shell inside the kernel: the same mixin as in the terminal, over ipykernel's shell."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ipykernel.displayhook import ZMQShellDisplayHook
from ipykernel.zmqshell import ZMQInteractiveShell
from traitlets import Type

from fluxrepl.shell.display import CapturingHook
from fluxrepl.shell.mixin import FluxMixin
from fluxrepl.shell.tracebacks import Paint
from fluxrepl.shell.training import Follower
from fluxrepl.tutor.wording import unticked

from .children import Children
from .messages import as_markdown, as_text
from .paint import WIDTH, NotebookPaint


class KernelDisplayHook(CapturingHook, ZMQShellDisplayHook):
    """Publishes values, and tells the lesson of their text."""


class KernelShell(FluxMixin, ZMQInteractiveShell):
    """IPython's shell as a notebook needs it, with fluxrepl's names, displays, errors and lessons."""

    displayhook_class = Type(KernelDisplayHook)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        Follower(self).start()
        Children(self)

    def init_ipython_dir(self, ipython_dir: str | None) -> None:
        """Use the application's folder: IPython would make one in the home."""
        profile = getattr(self.parent, "profile_dir", None)
        super().init_ipython_dir(ipython_dir or (str(Path(profile.location).parent) if profile else None))

    def show_messages(self, messages: Iterable[Any]) -> None:
        """Publish what the lesson says, as Markdown; clients that cannot draw it get its text."""
        for message in messages:
            if markdown := as_markdown(message):
                self.display_pub.publish({"text/plain": as_text(message), "text/markdown": markdown})

    def paint_for(self, stream: Any) -> Paint:
        """A notebook is the same screen for output and errors."""
        return NotebookPaint(self.InteractiveTB.has_colors, WIDTH)

    def arrived(self, play: Any) -> None:
        """Say where the learner is: a notebook has no bar."""
        from fluxrepl.tutor.greetings import caption

        words = caption(play)
        markdown = f"<small>{words}</small>"
        self.display_pub.publish({"text/plain": unticked(words), "text/markdown": markdown})

    def offer(self, source: str) -> None:
        """Put the step's example or starter into the next cell."""
        if source:
            self.set_next_input(source)

    def leave(self) -> None:
        """A notebook is left by closing it."""
        print("No lesson is open. To stop the kernel, use the notebook's menu: Kernel > Shut Down.")


KernelShell.__name__ = "ZMQInteractiveShell"  # rich and others ask by this name whether they are in a notebook
