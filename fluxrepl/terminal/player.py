"""The lesson on the screen: draws what `tutor.play.Play` says.

`Play` decides, this draws: each kind of message has one function here. Without a colour terminal the
same words come out as plain text.
"""

import re
import sys
from collections.abc import Callable
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from .display import console, python_colours
from .theme import colourful

if TYPE_CHECKING:
    from fluxrepl.tutor.play import Message, Play

# Lines longer than this are tiring to read.
WIDEST = 92

BLANKS = re.compile(" +$", re.MULTILINE)

# A choice of a quiz, as GitHub shows it with a box to tick: here its letter is typed.
CHOICE = re.compile(r"^[-*] \[[ x]\] (\w)[.)]\s+", re.MULTILINE)

# What IPython's shell gives beside Python: shown in the help.
HELP_ON = [
    ("name?", "what a name is; name?? shows its source"),
    ("expression;", "run it, show nothing"),
    ("_", "the last value"),
    ("%timeit f(x)", "how long it takes; %lsmagic lists such commands"),
    ("!command", "a command of the system"),
]


def show(message: "Message", prompted: bool = True) -> None:
    """Print one message of a lesson. An example stands at the prompt; where there is none (a pipe), it is printed."""
    if message.kind == "example":
        if not prompted:
            echo(message.source)
    else:
        DRAW.get(message.kind, _draw_note)(message)


def _draw_prose(message: "Message") -> None:
    _print("", _markdown(message.text), "")


def _draw_praise(message: "Message") -> None:
    _labelled("✓", message.text, "flux.praise")


def _draw_miss(message: "Message") -> None:
    _labelled("✗", message.text, "flux.miss")
    if message.want or message.got:
        _draw_difference(message.want, message.got)


def _draw_hint(message: "Message") -> None:
    _boxed("Hint", message.text, "cyan")


def _draw_solution(message: "Message") -> None:
    text = message.text
    if message.source:
        text = f"```python\n{message.source.rstrip()}\n```\n\n{text}".rstrip()
    _boxed("Solution", text, "blue")


def _draw_note(message: "Message") -> None:
    console().print(_inline(message.text, "flux.note"))


def _draw_list(message: "Message") -> None:
    """A list; the code of a step is cut where the screen ends."""
    from fluxrepl.tutor.wording import shortened, unticked

    width = console().width
    for line in unticked(message.text).split("\n"):
        print(shortened(line, width) if " · " in line and sys.stdout.isatty() else line)


def _draw_error(message: "Message") -> None:
    _labelled("!", message.text, "flux.error")


def _draw_finished(message: "Message") -> None:
    _boxed("Finished", message.text, "green")


DRAW: dict[str, Callable[["Message"], None]] = {
    "prose": _draw_prose,
    "praise": _draw_praise,
    "miss": _draw_miss,
    "hint": _draw_hint,
    "solution": _draw_solution,
    "note": _draw_note,
    "list": _draw_list,
    "error": _draw_error,
    "finished": _draw_finished,
}


def echo(source: str) -> None:
    """Print source as if it had been typed at the prompt."""
    from .theme import CONTINUATION, PROMPT

    text = source.rstrip("\n")
    if colourful(sys.stdout):
        text = python_colours(text)
    first, *rest = text.split("\n")
    print(PROMPT + first)
    for line in rest:
        print(CONTINUATION + line)


def _labelled(sign: str, text: str, style: str) -> None:
    """A sign and a line; further lines stand under it, uncoloured."""
    first, _, rest = text.partition("\n")
    screen = console()
    screen.print(_inline(f"{sign} {first}", style))
    if rest:
        screen.print(_inline(rest, ""))


def _inline(text: str, style: str) -> Any:
    """A line of plain text in a style; in colour, what stands in backticks is set as code instead."""
    from rich.text import Text

    from fluxrepl.tutor.wording import CODE

    line = Text(style=style)
    if not colourful(sys.stdout):
        return line.append(text)
    for number, part in enumerate(CODE.split(text)):
        line.append(part, "markdown.code" if number % 2 else None)
    return line


def _boxed(title: str, text: str, colour: str) -> None:
    """Markdown beside a coloured bar: set apart from what the learner's code prints, and easy to copy from."""
    from rich.padding import Padding
    from rich.rule import Rule

    title_line = Rule(title, style=colour, align="left")
    _print("", title_line, Padding(_markdown(text), (0, 2)), Rule(style=colour))


def _print(*parts: Any) -> None:
    """Print one below the other, without rich's blanks at line ends: they would wrap in a window that gets narrower."""
    screen = console()
    with screen.capture() as drawn:
        for part in parts:
            screen.print(part, width=min(screen.width, WIDEST))
    print(BLANKS.sub("", drawn.get()), end="")


def _draw_difference(want: str, got: str) -> None:
    """The two texts, one above the other, what differs set in bold."""
    from rich.text import Text

    want, got = want.rstrip("\n"), got.rstrip("\n")
    wanted, gotten = Text(want, style="flux.want"), Text(got, style="flux.got")
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, want, got, autojunk=False).get_opcodes():
        if tag != "equal":
            wanted.stylize("bold underline", i1, i2)
            gotten.stylize("bold underline", j1, j2)
    screen = console()
    for label, text in (("wanted", wanted), ("got", gotten)):
        for number, line in enumerate(text.split("\n") if text else [Text("(nothing)", style="flux.note")]):
            screen.print(Text(f"  {label if number == 0 else '':>6}  ", style="flux.note") + line, soft_wrap=True)


def _markdown(text: str) -> Any:
    """rich's Markdown, with headings at the margin and code in the terminal's own colours, indented, without a box."""
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.markdown import CodeBlock, Heading, Markdown
    from rich.padding import Padding
    from rich.syntax import Syntax

    class LeftHeading(Heading):
        def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
            self.text.justify = "left"
            yield self.text

    class PlainCode(CodeBlock):
        def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
            code = Syntax(str(self.text).rstrip(), self.lexer_name, theme="ansi_dark", background_color="default")
            yield Padding(code, (0, 0, 0, 4))

    class Prose(Markdown):
        elements = {  # noqa: RUF012
            **Markdown.elements,
            "heading_open": LeftHeading,
            "fence": PlainCode,
            "code_block": PlainCode,
        }

    return Prose(CHOICE.sub(r"- **\1**  ", text), hyperlinks=False)


def show_help(play: "Play | None") -> None:
    """Print the keys and the commands."""
    from rich.table import Table
    from rich.text import Text

    from fluxrepl.tutor.wording import unticked

    from .commands import commands
    from .keys import KEYS

    screen = console()
    table = Table.grid(padding=(0, 2))
    for key, does in KEYS:
        table.add_row(Text(key, style="flux.key"), does)
    table.add_row()
    for name, says in commands(play).items():
        table.add_row(Text(f":{name}", style="flux.name"), Text(unticked(says)))
    table.add_row()
    for typed, does in HELP_ON:
        table.add_row(Text(typed, style="flux.key"), does)
    screen.print(table)
