"""The terminal: what it can show, and what opens when an editor is asked for."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator

from .finding import Finding


def examine() -> Iterator[Finding]:
    from fluxrepl.shell.palette import is_dumb

    on_screen = sys.stdout is not None and sys.stdout.isatty()
    term = os.environ.get("TERM", "")
    if not term and os.name != "nt":
        advice = "In a terminal, it is set; where it is not: export TERM=xterm-256color"
        yield Finding("Terminal", "TERM", "is not set", "note" if on_screen else "ok", advice if on_screen else "")
    elif is_dumb():
        advice = "Only plain lines can be shown. If your terminal knows colours: export TERM=xterm-256color"
        yield Finding("Terminal", "TERM", term, "note", advice)
    else:
        yield Finding("Terminal", "TERM", term)
    yield Finding("Terminal", "colours", _colours(on_screen))
    yield _encoding()
    size = shutil.get_terminal_size()
    narrow = on_screen and size.columns < 60
    advice = "Lessons are easier to read with 80 columns." if narrow else ""
    yield Finding("Terminal", "size", f"{size.columns} × {size.lines}", "note" if narrow else "ok", advice)
    yield _editor()


def _colours(on_screen: bool) -> str:
    from fluxrepl.shell.config import load
    from fluxrepl.terminal.background import from_environment, may_ask

    if not on_screen:
        return "off: the output is no terminal"
    if os.environ.get("NO_COLOR"):
        return "off: NO_COLOR is set"
    theme = load(set_aside=False)["theme"]
    if theme != "auto":
        return f"theme {theme}"
    known = from_environment()
    asked = "the terminal is asked for its background" if may_ask() else "this terminal is not asked"
    return f"theme auto: {asked}" + (f"; COLORFGBG says {known}" if known else "")


def _encoding() -> Finding:
    encoding = (sys.stdout.encoding or "ascii") if sys.stdout is not None else "none"
    try:
        "σ∘✓日".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        advice = "σ and ✓ are shown as escapes: export LC_ALL=C.UTF-8, or PYTHONUTF8=1"
        return Finding("Terminal", "encoding", encoding, "note", advice)
    return Finding("Terminal", "encoding", encoding)


def _editor() -> Finding:
    from fluxrepl.shell.config import load
    from fluxrepl.terminal.editor import USUAL

    chosen = load(set_aside=False)["editor"] or os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    if not chosen:
        found = next((path for name in USUAL if (path := shutil.which(name))), None)
        if found:
            return Finding("Terminal", "editor", f"{found} (none is chosen)")
        advice = "F2 and :edit open nothing: export EDITOR=nano, or `:config editor nano`, with one that you have."
        return Finding("Terminal", "editor", "none is chosen, and none found", "note", advice)
    try:
        program = shlex.split(chosen)[0]
    except (ValueError, IndexError):
        program = chosen
    if shutil.which(program):
        return Finding("Terminal", "editor", chosen)
    advice = "Name one that you have: export EDITOR=nano, or `:config editor nano`."
    return Finding("Terminal", "editor", f"{chosen} is not found", "note", advice)
