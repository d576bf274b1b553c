"""The prompt: one prompt_toolkit session that reads one cell at a time.

It is our own session, not IPython's terminal shell, because only so can it be on the screen before
IPython has been imported. Nothing is imported here beyond prompt_toolkit.
"""

import sys
from collections.abc import Callable

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggest, AutoSuggestFromHistory
from prompt_toolkit.completion import ThreadedCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples as Fragments
from prompt_toolkit.lexers import DynamicLexer, Lexer
from prompt_toolkit.output import ColorDepth, create_output
from prompt_toolkit.styles import Style

from fluxrepl.shell.config import settings
from fluxrepl.shell.palette import colourful

from .above import Above, above_the_prompt
from .background import QUESTION, from_environment, listen, may_ask
from .completion import ShellCompleter
from .history import LearnerHistory, LoadedOnce
from .keys import bindings
from .late import LateShell
from .startup import set_editor
from .theme import CONTINUATION, PROMPT, choose, prompt_styles
from .unfinished import open_part

# How long after the prompt is drawn the imports begin: the terminal shows it first.
DRAWN = 0.01


class Prompt:
    """Reads one cell: line editing, history, completion, suggestions, bars.

    `whole` is the text that came into the buffer in one piece (offered by a lesson, pasted, recalled,
    edited in an editor): Enter runs it as it stands, where a typed block wants a blank line at its end.
    """

    def __init__(self, late: LateShell, warn: Callable[[str], None], show_help: Callable[[], None]) -> None:
        self.late = late
        self.show_help = show_help
        self.status: Callable[[], Fragments] = list  # what a lesson wants in the bar
        self.offer = ""  # what Tab on an empty line brings back
        self.whole = ""
        self._half_typed = ""
        self._has_read = False
        self._bar_of: tuple[str, Fragments] = ("", [])
        self._above: list[Above] = []
        # With `fluxrepl > results.txt` the prompt is drawn on stderr.
        self._output = None if sys.stdout.isatty() or not sys.stderr.isatty() else create_output(sys.stderr)
        self._colour = colourful(sys.stdout if self._output is None else sys.stderr)
        self._background = from_environment()
        choose(settings()["theme"], self._background)
        set_editor()
        self.session: PromptSession[str] = self._make_session(LearnerHistory(warn))
        self.session.app.before_render += lambda _: self._draw_bar()
        self._may_ask = self._colour and may_ask() and listen(self.session.app.input, self._background_known)
        settings().watchers.append(self._obey_setting)

    def read(self, offered: str = "") -> str:
        """Show the prompt, with `offered` in it, and return the cell that was entered.

        Errors:
            EOFError: Ctrl-D on an empty line. KeyboardInterrupt: Ctrl-C on an empty line.
        """
        self.whole = offered
        self.session.app.erase_when_done = False
        self._begin_line()
        with above_the_prompt() as self._above:
            return self.session.prompt(default=Document(offered), pre_run=self._at_start)

    def _begin_line(self) -> None:
        """Leave a line that a cell has begun: blanks over the whole width end in the next line, but on an empty one."""
        output = self.session.app.output
        if self._has_read:
            sys.stdout.flush()
            output.write_raw(" " * self.width + "\r\x1b[K")
            output.flush()
        self._has_read = True

    def open_editor(self) -> None:
        """End the prompt as if `:edit` had been entered; what stands there goes to the editor."""
        self._half_typed = self.text
        self.session.app.erase_when_done = True
        self.session.app.exit(result=":edit")

    def take_half_typed(self) -> str:
        """What stood at the prompt when the editor was asked for by its key."""
        text, self._half_typed = self._half_typed, ""
        return text

    def remember(self, source: str) -> None:
        """Keep a cell that was not typed here, so that Up finds it."""
        self.session.history.append_string(source)

    @property
    def text(self) -> str:
        """What stands at the prompt now."""
        return self.session.default_buffer.text

    @property
    def width(self) -> int:
        """The columns of the terminal."""
        return self.session.app.output.get_size().columns

    @property
    def vi(self) -> bool:
        """True while keys mean what they mean in vi."""
        return self.session.editing_mode == EditingMode.VI

    def toggle_vi(self) -> None:
        self.session.editing_mode = EditingMode.EMACS if self.vi else EditingMode.VI

    def came_whole(self, text: str) -> bool:
        """True if the text is in the buffer as it came: offered, pasted, from an editor, or recalled unchanged."""
        buffer = self.session.default_buffer
        recalled = buffer.working_index < len(buffer._working_lines) - 1 and text in self.session.history.get_strings()
        return bool(text) and (text == self.whole or recalled)

    def _make_session(self, history: LearnerHistory) -> PromptSession[str]:
        colour = self._colour
        return PromptSession(
            PROMPT,
            multiline=True,
            prompt_continuation=CONTINUATION,
            history=LoadedOnce(history),
            auto_suggest=self._suggestions(),
            enable_history_search=Condition(lambda: not self.came_whole(self.session.default_buffer.text)),
            completer=ThreadedCompleter(ShellCompleter(self.late)),
            complete_while_typing=False,
            lexer=DynamicLexer(self._lexer),
            style=Style.from_dict(prompt_styles()),
            include_default_pygments_style=False,
            color_depth=None if colour else ColorDepth.DEPTH_1_BIT,
            key_bindings=bindings(self),
            vi_mode=settings()["editing"] == "vi",
            enable_suspend=True,
            enable_open_in_editor=False,  # F2 does, and remembers that the text came whole
            tempfile_suffix=".py",
            placeholder=self._placeholder,
            output=self._output,
        )

    def _lexer(self) -> Lexer | None:
        """Python's lexer once pygments is there: it is imported behind the prompt, too. A `:command` is no Python."""
        if self.late.now is None or self.text.startswith(":"):
            return None
        return _python_lexer()

    def _at_start(self) -> None:
        """Once the prompt is drawn: show what threads print, load the shell, ask the terminal for its background."""
        loop = self.session.app.loop
        for stream in self._above:
            stream.start(loop)
        if loop is not None and self.late.now is None:
            loop.call_later(DRAWN, self.late.start, loop.call_soon_threadsafe)
        if loop is not None and self._may_ask and settings()["theme"] == "auto":
            self._may_ask = False
            loop.call_soon(self._ask_background)

    def _ask_background(self) -> None:
        self.session.app.output.write_raw(QUESTION)
        self.session.app.output.flush()

    def _background_known(self, background: str) -> None:
        self._background = background
        self._obey_setting("theme")

    def _obey_setting(self, name: str) -> None:
        """A setting has a value from now on."""
        if name == "theme":
            choose(settings()["theme"], self._background)
            self.session.style = Style.from_dict(prompt_styles())
            self.session.app.invalidate()
        elif name == "editing":
            self.session.editing_mode = EditingMode.VI if settings()["editing"] == "vi" else EditingMode.EMACS
        elif name == "suggestions":
            self.session.auto_suggest = self._suggestions()
        elif name == "editor":
            set_editor()

    def _suggestions(self) -> AutoSuggest | None:
        """None without colour, too: a suggestion would look typed."""
        return AutoSuggestFromHistory() if self._colour and settings()["suggestions"] else None

    def _placeholder(self) -> Fragments:
        if not self.offer or self.session.app.is_done:
            return []
        first, room = self.offer.split("\n", 1)[0], self.width - len(PROMPT) - 1
        words = f"Tab brings back: {first}"
        words = words if len(words) <= room else words[: room - 1] + "…"
        return [("class:placeholder", words if self._colour else f"({words[: room - 2]})")]  # else it would look typed

    def _draw_bar(self) -> None:
        """Set the bottom toolbar, or take it away: prompt_toolkit draws an empty line for an empty one."""
        lines = [line for line in (self._signature(), self._open_part(), self.status()) if line]
        bar: Fragments = []
        for line in lines:
            bar += [*([("", "\n")] if bar else []), *line]
        self.session.bottom_toolbar = bar or None

    def _open_part(self) -> Fragments:
        """Why Enter opens one line after another, once it has."""
        opened = open_part(self.text) if "\n" in self.text else ""
        runs = "" if opened == '"""' else " · two empty lines run it"
        return [("class:bar.key", opened), ("class:bar", f" is open{runs} · Ctrl-C clears")] if opened else []

    def _signature(self) -> Fragments:
        before = self.session.default_buffer.document.text_before_cursor
        shell = self.late.now
        if shell is None or "(" not in before or not settings()["signatures"]:
            return []
        if self._bar_of[0] != before:
            from .signature import signature_bar

            try:
                self._bar_of = (before, [*signature_bar(before, shell.user_ns, self.width)])
            except Exception:  # an object with odd attributes must not take the prompt down
                self._bar_of = (before, [])
        return self._bar_of[1]


_LEXERS: list[Lexer] = []


def _python_lexer() -> Lexer:
    if not _LEXERS:
        from prompt_toolkit.lexers import PygmentsLexer
        from pygments.lexers.python import PythonLexer

        _LEXERS.append(PygmentsLexer(PythonLexer))
    return _LEXERS[0]
