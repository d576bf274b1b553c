"""Colours of the terminal: when to use them, and for what.

The colours themselves are `fluxrepl.shell.palette`'s; the setting `theme` chooses among its palettes, and `auto` leaves
the choice to the background (`background.py`). `NO_COLOR` (https://no-color.org) and `TERM=dumb` turn colour off. What
prompt_toolkit draws takes `prompt_styles`; what rich draws takes `rich_styles`.
"""

import os
import sys
from typing import TextIO

from fluxrepl.shell import palette

PROMPT = "flux> "
CONTINUATION = "  ... "

CODE_COLOURS = {
    "pygments.keyword": "{magenta}",
    "pygments.keyword.constant": "{cyan}",
    "pygments.operator": "",
    "pygments.operator.word": "{magenta}",
    "pygments.punctuation": "",
    "pygments.name": "",
    "pygments.name.builtin": "{cyan}",
    "pygments.name.builtin.pseudo": "{cyan}",
    "pygments.name.function": "{blue}",
    "pygments.name.class": "{blue}",
    "pygments.name.decorator": "{blue}",
    "pygments.name.exception": "{red}",
    "pygments.name.namespace": "",
    "pygments.literal.number": "{yellow}",
    "pygments.literal.string": "{green}",
    "pygments.comment": "{grey} italic",
    "pygments.error": "",
}

STYLE = {
    **CODE_COLOURS,
    "prompt": "bold {green}",
    "prompt-continuation": "{grey}",
    "auto-suggestion": "{grey}",
    "placeholder": "{grey}",
    "bottom-toolbar": "noreverse",
    "bar": "{grey}",
    "bar.name": "bold {blue}",
    "bar.step": "",
    "bar.done": "{green}",
    "bar.left": "{grey}",
    "bar.key": "bold",
    "signature.name": "bold {blue}",
    "signature.current": "bold underline",
    "signature.rest": "{grey}",
    "aborting": "{grey}",
}

RICH_STYLES = {
    "markdown.code": "bold cyan",
    "markdown.code_block": "",
    "markdown.h1": "bold",
    "markdown.h2": "bold blue",
    "markdown.h3": "bold",
    "markdown.item.bullet": "blue",
    "markdown.item.number": "blue",
    "markdown.block_quote": "italic",
    "flux.praise": "bold green",
    "flux.miss": "bold yellow",
    "flux.want": "green",
    "flux.got": "red",
    "flux.hint": "cyan",
    "flux.note": "dim",
    "flux.error": "bold red",
    "flux.key": "bold",
    "flux.name": "bold blue",
}

# Styles that views spell out themselves: rich looks a style up by its words before it reads them as colours.
SPELLED = {"bright_black": "grey", "dim": "grey"} | {hue: hue for hue in palette.TERMINAL if hue != "grey"}


def choose(theme: str, background: str | None = None) -> None:
    """Draw with the palette of a theme; for `auto`, with that of the background, if it is known."""
    palette.use((background or "terminal") if theme == "auto" else theme)


def prompt_styles() -> dict[str, str]:
    """The styles of the prompt, for prompt_toolkit."""
    if palette.in_use() == "terminal":
        hues = {hue: f"ansi{hue}" for hue in palette.TERMINAL} | {"grey": "ansibrightblack"}
    else:
        hues = {hue: palette.hexadecimal(hue) for hue in palette.TERMINAL}
    return {name: style.format_map(hues) for name, style in STYLE.items()}


def rich_styles() -> dict[str, str]:
    """The styles of lessons and views, for rich."""
    if palette.in_use() == "terminal":
        return RICH_STYLES
    colours = {hue: f"color({number})" for hue, number in palette.PALETTES[palette.in_use()].items()}
    own = {name: " ".join(colours.get(word, word) for word in style.split()) for name, style in RICH_STYLES.items()}
    own["flux.note"] = colours["grey"]
    spelled = {words: colours[hue] for words, hue in SPELLED.items()}
    return own | spelled | {f"bold {words}": f"bold {colour}" for words, colour in spelled.items()}


def colourful(stream: TextIO | None) -> bool:
    """True if colour may be written to the stream: a terminal that can, and a learner who did not say no."""
    if stream is None or os.environ.get("NO_COLOR") or is_dumb():
        return False
    return stream.isatty()


def watched() -> TextIO:
    """The standard stream that the learner looks at: with `fluxrepl > results.txt` that is stderr."""
    return sys.stdout if sys.__stdout__ is not None and sys.__stdout__.isatty() else sys.stderr


def is_dumb() -> bool:
    """True on a terminal that can only print line after line (Emacs' `M-x shell`, some editors' panes)."""
    return os.environ.get("TERM", "").lower() in ("dumb", "unknown")
