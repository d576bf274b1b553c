"""The one shell behind every front: IPython's InteractiveShell with what it lacks for learning Flux.

`FluxMixin` (in `mixin.py`) adds seeded names, transcripts, plain display, short errors, completion, lesson commands.
`FluxShell` is the mixin for the terminal and for headless use; the kernel mixes it into ipykernel's shell.

A front does this, and no more:

    shell = make_shell()
    shell.start_lesson("01")                 # or not
    loop, for each input:
        if shell.is_command(text): shell.command(text)     # `:next`, and `b` at a quiz
        else: outcome = shell.run(text)                    # output, result, error, then what the lesson says
    until shell.exit_now

`run` and `command` themselves tell the active lesson, run what it asks to run ("setup", "run"), leave it on "quit", and
hand everything that is to be seen to `show_messages`, which a front overrides, as it may override `show_result`.
"""

import sys
from functools import partial
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type, default
from traitlets.config import Config

from .awaiting import AwaitingRunner
from .cells import Outcome
from .display import FluxDisplayHook
from .home import find_home
from .imports import open_folder
from .mixin import FluxMixin
from .pager import show_in_pager
from .palette import colourful
from .programs import run_program

__all__ = ["FluxMixin", "FluxShell", "Outcome", "make_shell"]


class FluxShell(FluxMixin, InteractiveShell):  # type: ignore[misc]  # a mixin's overrides are looser
    """The shell of the terminal and of headless use."""

    displayhook_class = Type(FluxDisplayHook)
    exit_now = False

    @property
    def system(self) -> Any:  # type: ignore[override]  # IPython has a method
        """`!cmd` talks to the terminal itself; where it is a lesson's example, what it writes is compared."""
        raw = self.running[-1].raw if self.running else ""
        offered = self.play is not None and raw.strip() == self.play.prefill.strip()
        return partial(run_program, self) if offered else self.system_raw

    @default("loop_runner")
    def _own_runner(self) -> AwaitingRunner:
        return AwaitingRunner(self)

    def init_hooks(self) -> None:
        """Help that is longer than the screen says how it is left."""
        super().init_hooks()
        self.set_hook("show_in_pager", show_in_pager)

    def init_display_formatter(self) -> None:
        """A terminal shows text only: let no value be asked for its HTML or its picture."""
        super().init_display_formatter()
        assert self.display_formatter is not None
        self.display_formatter.active_types = ["text/plain"]

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **options: Any) -> None:
        """As the mixin's; `sys.exit()` is not shown: the front sees it in the outcome, and leaves."""
        error = exc_tuple[1] if exc_tuple else sys.exc_info()[1]
        if not isinstance(error, SystemExit):
            super().showtraceback(exc_tuple, *args, **options)

    def ask_exit(self) -> None:
        """`exit` and `quit`: a front looks at `exit_now` after each cell."""
        self.exit_now = True

    def enable_gui(self, gui: Any = None) -> None:
        """Windows of plots need no event loop of ours: they show with `plt.show()`."""


def make_shell(kind: type[FluxShell] = FluxShell, *, colours: bool | None = None, history: bool = True) -> FluxShell:
    """Make the one shell of this process, or return it.

    `colours`: of tracebacks; None asks the screen and `NO_COLOR`. `history=False` keeps it in memory.
    """
    if kind.initialized():
        return kind.instance()
    home = find_home()
    config = Config()
    if not (history and home.lasting):
        config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "linux" if (colourful(sys.stdout) if colours is None else colours) else "nocolor"
    config.InteractiveShell.xmode = "Context"
    open_folder()
    return kind.instance(config=config, ipython_dir=str(home.folder))
