"""`%load_ext fluxrepl`: fluxrepl in a shell that runs already, of IPython or of another kernel; `%unload_ext` ends it.

The shell object stays, with all that is in it; its class becomes one with fluxrepl's mixin before its own, so that a
guest has what fluxrepl's kernel has: names, displays, errors, `%lesson` and `:commands`. What was there is kept, and
put back at the end. A variable of the user's is never overwritten; what they chose for Tab, history and prompts stays.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from IPython.core.formatters import PlainTextFormatter
from IPython.lib import pretty

from fluxrepl.shell import completion
from fluxrepl.shell.commands import CommandLine
from fluxrepl.shell.display import CapturingHook, PlainText, html_view, numpys_numbers, plain_numbers
from fluxrepl.shell.inspecting import set_up_help, usual_help
from fluxrepl.shell.mixin import FluxMixin
from fluxrepl.shell.names import seeded_names
from fluxrepl.shell.tracebacks import Paint
from fluxrepl.shell.training import Follower

from .messages import as_markdown, as_text
from .paint import WIDTH, NotebookPaint


class GuestMixin(FluxMixin):
    """The mixin in a shell that began without it."""

    guest: "Guest"

    def show_messages(self, messages: Iterable[Any]) -> None:
        """Publish what the lesson says, as Markdown; a terminal gets it drawn by rich."""
        for message in messages:
            markdown = as_markdown(message)
            if markdown and self.guest.html:
                self.display_pub.publish({"text/plain": as_text(message), "text/markdown": markdown})
            elif markdown:
                _print_markdown(markdown)

    def run_quietly(self, source: str, *, errors: bool = True) -> BaseException | None:
        """A lesson brings fluxrepl's names with it; what the user had under one of them is kept under another."""
        wanted = seeded_names()
        theirs = {name: value for name, value in self.user_ns.items() if name in wanted and value is not wanted[name]}
        failed = super().run_quietly(source, errors=errors)
        for name, value in theirs.items():
            if self.user_ns.get(name) is wanted[name]:
                self.user_ns[f"my_{name}"] = value
                print(f"The lesson uses fluxrepl's own `{name}`: yours is `my_{name}` now.")
        return failed

    def offer(self, source: str) -> None:
        """Put the step's example or starter into the next cell."""
        if source:
            self.set_next_input(source)

    def leave(self) -> None:
        """`:quit` outside a lesson; the shell is the user's own."""
        print("No lesson is open. `%unload_ext fluxrepl` takes fluxrepl's names and displays away again.")

    def paint_for(self, stream: Any) -> Paint:
        """As in fluxrepl's own kernel, or its own terminal."""
        return NotebookPaint(self.InteractiveTB.has_colors, WIDTH) if self.guest.html else super().paint_for(stream)


class GuestText(PlainText):
    """The text of a value; where the user has said how a type prints, in that way."""

    usual: PlainTextFormatter

    def __call__(self, value: Any) -> str | None:
        return self.usual(value) if self._is_theirs(type(value)) else super().__call__(value)

    def _is_theirs(self, cls: type) -> bool:
        for base in cls.__mro__:
            printer = self.usual.type_printers.get(base)
            if printer is not None:
                return printer is not pretty._type_pprinters.get(base)
            if (base.__module__, base.__name__) in self.usual.deferred_printers:
                return (base.__module__, base.__name__) not in pretty._deferred_type_pprinters
        return False


class Kept(NamedTuple):
    """What the shell had."""

    shell_class: type
    hook_class: type
    plain: PlainTextFormatter
    html: Any
    errors: Any
    warnings: Any
    legacy: Any
    cleanup: list[Any]


class Guest:
    """fluxrepl in somebody's shell, from `enter` to `leave`."""

    def __init__(self, shell: Any):
        self.shell = shell
        self.html = "text/html" in shell.display_formatter.active_types  # a notebook, not a terminal
        self.names: dict[str, Any] = {}
        self.matchers: list[Any] = []
        self.state: set[str] = set()  # the attributes of the shell that are ours
        self.follower = Follower(shell) if self.html else None

    def enter(self) -> None:
        """Change the shell; say what could not be put in place."""
        import warnings

        import numpy

        shell, formatters = self.shell, self.shell.display_formatter.formatters
        self.kept = Kept(
            type(shell), type(shell.displayhook),
            formatters["text/plain"], formatters["text/html"].type_printers.get(object),
            shell.InteractiveTB, warnings.formatwarning,
            numpy.get_printoptions()["legacy"], list(shell.input_transformer_manager.cleanup_transforms),
        )  # fmt: skip
        self._enter_displays()
        shell.__class__ = _with(GuestMixin, type(shell))
        before = set(vars(shell))
        shell.guest = self
        shell.make_state()
        self.state = set(vars(shell)) - before
        shell.set_up_errors()
        shell.set_up_input()
        set_up_help(shell)
        shell.listen()
        self.matchers = completion.matchers(shell)
        shell.Completer.custom_matchers = [*shell.Completer.custom_matchers, *self.matchers]
        if self.follower:
            self.follower.start()
        self._enter_names()

    def _enter_displays(self) -> None:
        formatters, hook = self.shell.display_formatter.formatters, self.shell.displayhook
        formatters["text/plain"] = GuestText(parent=self.shell)
        formatters["text/plain"].usual = self.kept.plain
        formatters["text/html"].for_type(object, html_view)
        hook.__class__ = _with(CapturingHook, type(hook))
        plain_numbers()

    def _enter_names(self) -> None:
        """Put fluxrepl's names where the user has none of their own."""
        theirs, wanted = self.shell.user_ns, seeded_names()
        clashes = [name for name in wanted if name in theirs and theirs[name] is not wanted[name]]
        self.names = {name: value for name, value in wanted.items() if name not in theirs}
        theirs.update(self.names)
        self.shell.user_ns_hidden.update(self.names)
        if clashes:
            listed = ", ".join(f"`{name}`" for name in clashes)
            print(f"Kept as you have defined them: {listed}. {_how_to_reach(clashes)}")

    def leave(self) -> None:
        """Put everything back; what the user has defined since stays."""
        import warnings

        shell, kept = self.shell, self.kept
        formatters, manager = shell.display_formatter.formatters, shell.input_transformer_manager
        for name, value in self.names.items():
            if shell.user_ns.get(name) is value:
                del shell.user_ns[name]
            shell.user_ns_hidden.pop(name, None)
        if self.follower:
            self.follower.stop()
        shell.Completer.custom_matchers = [m for m in shell.Completer.custom_matchers if m not in self.matchers]
        shell.stop_listening()
        usual_help(shell)
        manager.cleanup_transforms = kept.cleanup
        manager.token_transformers.remove(CommandLine)
        shell.magics_manager.magics["line"].pop("lesson", None)
        shell.InteractiveTB, warnings.formatwarning = kept.errors, kept.warnings
        formatters["text/plain"] = kept.plain
        formatters["text/html"].type_printers.pop(object, None)
        if kept.html is not None:
            formatters["text/html"].for_type(object, kept.html)
        numpys_numbers(kept.legacy)
        shell.displayhook.__class__, shell.__class__ = kept.hook_class, kept.shell_class
        for name in self.state:
            delattr(shell, name)


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext fluxrepl`."""
    if isinstance(shell, FluxMixin):
        print("This is fluxrepl's own shell: its names, displays and lessons are in place.")
    else:
        Guest(shell).enter()


def unload_ipython_extension(shell: Any) -> None:
    """`%unload_ext fluxrepl`."""
    if isinstance(shell, GuestMixin):
        shell.guest.leave()


def _with(mixin: type, cls: type) -> Any:
    """The class with a mixin before it, under its own name: rich and others ask a shell for that."""
    return type(cls)(cls.__name__, (mixin, cls), {"__module__": cls.__module__, "__doc__": cls.__doc__})


def _how_to_reach(clashes: list[str]) -> str:
    name = next((name for name in clashes if name not in ("np", "flux")), "")
    if "flux" in clashes:
        return f"fluxrepl's are in the module: `import fluxrepl`, `fluxrepl.{name or 'gradient'}`."
    return (
        f"fluxrepl's are in `flux`: `flux.{name}`." if name else "fluxrepl's own `np` is NumPy: `import numpy as np`."
    )


def _print_markdown(text: str) -> None:
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))
