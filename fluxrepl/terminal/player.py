"""The lesson on the screen: draws what `tutor.play.Play` says.

`Play` decides, this draws: each kind of message has one function here. Without a colour terminal the
same words come out as plain text.
"""

import re
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from fluxrepl.shell.palette import colourful, is_dumb, painted_code

from .display import console
from .prose import KEPT, markdown

if TYPE_CHECKING:
    from fluxrepl.tutor.play import Message

# Lines longer than this are tiring to read.
WIDEST = 92

# A row of a list of steps.
BELOW = 3  # rows of the screen for the prompt and the bar below a list
ROW = re.compile(r"(?P<here>[→ ]) (?P<tick>\S| )\s{1,2}(?P<number>\d+)  (?P<words>.*)")
FIRST_COLUMN = re.compile(r":\w+ +")  # a command, before what it does
TICKS = {"✓": "flux.praise", "◦": "flux.hint", "»": "flux.miss", "–": "flux.note"}

BLANKS = re.compile(" +$", re.MULTILINE)


def show_all(messages: "Iterable[Message]", prompted: bool = True) -> None:
    """Print what a lesson says: texts that follow each other as one, with one blank line between them."""
    before = None
    for message in messages:
        if message.kind == "prose" == getattr(before, "kind", ""):
            _print(markdown(message.text), "")
        else:
            show(message, prompted)
        before = message


def show(message: "Message", prompted: bool = True) -> None:
    """Print one message of a lesson. An example stands at the prompt; where there is none (a pipe), it is printed."""
    if message.kind == "example":
        if not prompted:
            echo(message.source)
    else:
        DRAW.get(message.kind, _draw_note)(message)


def _draw_prose(message: "Message") -> None:
    _print("", markdown(message.text), "")


def _draw_praise(message: "Message") -> None:
    _labelled("✓", message.text, "flux.praise")


def _draw_miss(message: "Message") -> None:
    _labelled("✗", message.text, "flux.miss")
    if message.want or message.got:
        _draw_difference(message.want, message.got)


def _draw_hint(message: "Message") -> None:
    _boxed(f"Hint {message.title}".rstrip(), message.text, "cyan")


def _draw_solution(message: "Message") -> None:
    from fluxrepl.tutor.wording import fenced

    text = message.text
    if message.source:
        text = f"{fenced(message.source)}\n\n{text}".rstrip()
    _boxed("Solution", text, "blue")


def _draw_note(message: "Message") -> None:
    _print_line(_inline(message.text, "flux.note"))


def _draw_list(message: "Message") -> None:
    """A list; the code of a step is cut where the screen ends, and what is done stands out."""
    from rich.text import Text

    from fluxrepl.tutor.wording import shortened, unticked

    screen = console()
    lines = unticked(message.text).split("\n")
    for line in _around_here(lines, screen.height - BELOW) if sys.stdout.isatty() else lines:
        row = ROW.match(line)
        if row is None or not colourful(sys.stdout):
            print(_fitted(line, screen.width) if sys.stdout.isatty() else line)
            continue
        text = Text(shortened(line, screen.width))
        section = row["words"].find(" · ")
        text.stylize("flux.note", row.start("words"), row.start("words") + max(section, 0))
        text.stylize("bold" if row["here"] == "→" else "", row.start("words"))
        text.stylize(TICKS.get(row["tick"], ""), row.start("tick"), row.end("tick"))
        text.stylize("flux.note", row.start("number"), row.end("number"))
        text.stylize("flux.name", 0, 1)
        screen.print(text, soft_wrap=True)


def _fitted(line: str, width: int) -> str:
    """A row of steps cut to the width; of two columns the second one goes on below itself."""
    from textwrap import fill

    from fluxrepl.tutor.wording import shortened

    if " · " in line:
        return shortened(line, width)
    first = FIRST_COLUMN.match(line)
    return fill(line, width, subsequent_indent=" " * (first.end() if first else 0), break_on_hyphens=False)


def _around_here(lines: list[str], room: int) -> list[str]:
    """Of a list of steps that is longer than the screen, the part around the learner's own; how much is left out."""
    here = next((number for number, line in enumerate(lines) if line.startswith("→")), None)
    if here is None or len(lines) <= room or room < 5:
        return lines
    steps = [number for number, line in enumerate(lines) if ROW.match(line)]
    below = lines[steps[-1] + 1 :]  # what the ticks mean
    count = max(room - len(below) - 2, 1)
    first = min(max(here - count // 2, 0), max(len(steps) - count, 0))
    last = min(first + count, len(steps))
    above = [f"      … {first} above; :list word searches"] if first else []
    after = [f"      … {len(steps) - last} below"] if last < len(steps) else []
    return [*above, *lines[first:last], *after, *below]


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
        text = painted_code(text)
    first, *rest = text.split("\n")
    print(PROMPT + first)
    for line in rest:
        print(CONTINUATION + line)


def _labelled(sign: str, text: str, style: str) -> None:
    """A sign and a line; further lines stand under it, uncoloured."""
    first, _, rest = text.partition("\n")
    _print_line(_inline(f"{sign} {first}", style))
    if rest:
        _print_line(_inline(rest, ""))


def _print_line(text: Any) -> None:
    """Print lines of words; where no screen would break them, they stay whole."""
    console().print(text, soft_wrap=not sys.stdout.isatty())


def _inline(text: str, style: str) -> Any:
    """A line of plain text in a style; in colour, what stands in backticks is set as code instead."""
    from rich.text import Text

    from fluxrepl.tutor.wording import CODE, unticked

    line = Text(style=style)
    if is_dumb():
        return line.append(unticked(text))
    if not colourful(sys.stdout):
        return line.append(text)
    for number, part in enumerate(CODE.split(text)):
        line.append(part, "markdown.code" if number % 2 else None)
    return line


def _boxed(title: str, text: str, colour: str) -> None:
    """Markdown beside a coloured bar: set apart from what the learner's code prints, and easy to copy from."""
    from rich.padding import Padding
    from rich.rule import Rule
    from rich.text import Text

    character = "-" if console().options.ascii_only else "─"  # rich itself forgets it where there is no title
    title_line = Rule(Text(title, style=f"bold {colour}"), characters=character, style=colour, align="left")
    _print("", title_line, Padding(markdown(text), (0, 2)), Rule(characters=character, style=colour))


def _print(*parts: Any) -> None:
    """Print one below the other, without rich's blanks at line ends: they would wrap in a window that gets narrower."""
    screen = console()
    with screen.capture() as drawn:
        for part in parts:
            screen.print(part, width=min(screen.width, WIDEST))
    print(BLANKS.sub("", drawn.get().replace(KEPT, " ")), end="")


def _draw_difference(want: str, got: str) -> None:
    """The two texts, one above the other, with a mark where they part."""
    from rich.text import Text

    from fluxrepl.tutor.pointing import compared

    labels = {"want": "wanted", "got": "got"}  # each once, at the first of its lines
    styles = {"want": "flux.want", "got": "flux.got", "mark": "bold", "note": "flux.note"}
    for line in compared(want, got):
        label = labels.pop(line.kind, "")
        style = "flux.note" if line.text == "(nothing)" else styles[line.kind]
        console().print(Text(f"  {label:>6}  ", style="flux.note") + Text(line.text, style=style), soft_wrap=True)
