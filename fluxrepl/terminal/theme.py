"""Colours of the terminal: what they are used for.

When to use them, and the colours themselves, are `fluxrepl.shell.palette`'s; the setting `theme` chooses among its
palettes, and `auto` leaves the choice to the background (`background.py`). What prompt_toolkit draws takes
`prompt_styles`; what rich draws takes `rich_styles`.
"""

import sys
from typing import TextIO

from fluxrepl.shell import palette

PROMPT = "flux> "
CONTINUATION = "  ... "

STYLE = {
    **{f"pygments{kind.removeprefix('Token').lower()}": f"{{{hue}}}" for kind, hue in palette.CODE.items()},
    "pygments.comment": "{grey} italic",
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


def watched() -> TextIO:
    """The standard stream that the learner looks at: with `fluxrepl > results.txt` that is stderr."""
    return sys.stdout if sys.__stdout__ is not None and sys.__stdout__.isatty() else sys.stderr
