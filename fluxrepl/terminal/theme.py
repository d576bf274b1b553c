"""Colours of the terminal: when to use them, and which.

Only the sixteen colours that the learner's own terminal theme defines are used, so that the prompt
reads well on dark and on light backgrounds. `NO_COLOR` (https://no-color.org) and `TERM=dumb` turn
colour off. What is drawn by prompt_toolkit takes `STYLE`; what is drawn by rich takes `RICH_STYLES`.
"""

import os
from typing import TextIO

PROMPT = "flux> "
CONTINUATION = "  ... "

CODE_COLOURS = {
    "pygments.keyword": "ansimagenta",
    "pygments.keyword.constant": "ansicyan",
    "pygments.operator": "",
    "pygments.operator.word": "ansimagenta",
    "pygments.punctuation": "",
    "pygments.name": "",
    "pygments.name.builtin": "ansicyan",
    "pygments.name.builtin.pseudo": "ansicyan",
    "pygments.name.function": "ansiblue",
    "pygments.name.class": "ansiblue",
    "pygments.name.decorator": "ansiblue",
    "pygments.name.exception": "ansired",
    "pygments.name.namespace": "",
    "pygments.literal.number": "ansiyellow",
    "pygments.literal.string": "ansigreen",
    "pygments.comment": "ansibrightblack italic",
    "pygments.error": "",
}

STYLE = {
    **CODE_COLOURS,
    "prompt": "bold ansigreen",
    "prompt-continuation": "ansibrightblack",
    "auto-suggestion": "ansibrightblack",
    "placeholder": "ansibrightblack",
    "bottom-toolbar": "noreverse",
    "bar": "ansibrightblack",
    "bar.name": "bold ansiblue",
    "bar.step": "",
    "bar.done": "ansigreen",
    "bar.left": "ansibrightblack",
    "bar.key": "bold",
    "signature.name": "bold ansiblue",
    "signature.current": "bold underline",
    "signature.rest": "ansibrightblack",
    "aborting": "ansibrightblack",
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


def colourful(stream: TextIO | None) -> bool:
    """True if colour may be written to the stream: a terminal that can, and a learner who did not say no."""
    if stream is None or os.environ.get("NO_COLOR") or is_dumb():
        return False
    return stream.isatty()


def is_dumb() -> bool:
    """True on a terminal that can only print line after line (Emacs' `M-x shell`, some editors' panes)."""
    return os.environ.get("TERM", "").lower() in ("dumb", "unknown")
