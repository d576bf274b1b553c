"""Markdown on the screen: headings at the margin, code in the colours of the prompt, without boxes."""

import re
import sys
from typing import Any

from fluxrepl.shell.palette import colourful, painted_code

# A choice of a quiz, as GitHub shows it with a box to tick: here its letter is typed.
CHOICE = re.compile(r"^[-*] \[[ x]\] (\w)[.)]\s+", re.MULTILINE)

# Stands for a space at which a line must not be broken, until the text is printed.
KEPT = "\ue000"
LONGEST_KEPT = 40  # characters of code in a line that are kept together

INDENT = 4  # of code

# Languages that have the colours of the prompt; the others are plain.
PYTHON = ("python", "pycon", "py", "py3", "python3")


def markdown(text: str) -> Any:
    """rich's Markdown, with headings at the margin and code in the terminal's own colours, indented, without a box."""
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.markdown import CodeBlock, Heading, Markdown
    from rich.padding import Padding
    from rich.text import Text

    class LeftHeading(Heading):
        def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
            self.text.justify = "left"
            yield self.text

    class PlainCode(CodeBlock):
        def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
            code = broken(str(self.text).rstrip(), options.max_width - INDENT)
            in_colour = self.lexer_name in PYTHON and colourful(sys.stdout)
            yield Padding(Text.from_ansi(painted_code(code)) if in_colour else Text(code), (0, 0, 0, INDENT))

    class Prose(Markdown):
        elements = {  # noqa: RUF012
            **Markdown.elements,
            "heading_open": LeftHeading,
            "fence": PlainCode,
            "code_block": PlainCode,
        }

    return Prose(_kept_together(CHOICE.sub(r"- **\1**  ", text)), hyperlinks=False)


def broken(code: str, width: int) -> str:
    """Code whose lines are no longer than this: they break at spaces, and go on with an indent.

    Example:
        >>> print(broken("y = f(one, two)", 12))
        y = f(one,
            two)

    """
    lines = []
    for line in code.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()) + INDENT)
        while len(line) > width and (at := line.rfind(" ", len(indent) + 1, width + 1)) > 0:
            lines.append(line[:at].rstrip())
            line = indent + line[at:].lstrip()
        lines.append(line)
    return "\n".join(lines)


def _kept_together(text: str) -> str:
    """Short code within a line does not break: its spaces are `KEPT`."""
    from fluxrepl.tutor.wording import CODE

    def kept(code: re.Match[str]) -> str:
        return code[0].replace(" ", KEPT) if len(code[1]) <= LONGEST_KEPT else code[0]

    lines, fenced = [], False
    for line in text.split("\n"):
        fenced = fenced != line.lstrip().startswith(("```", "~~~"))
        lines.append(line if fenced or line.startswith("    ") else CODE.sub(kept, line))
    return "\n".join(lines)
