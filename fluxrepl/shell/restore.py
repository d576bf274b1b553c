"""A name of fluxrepl's that was deleted, or given to something else: an error over it says how it comes back.

Python lets anybody write `gradient = 3`; an hour later, `'int' object is not callable` explains nothing.
"""

from collections.abc import Mapping
from types import TracebackType
from typing import Any

BACK = "`from fluxrepl import *` brings fluxrepl's names back."


def note_how_to_restore(error: BaseException, tb: TracebackType | None, names: Mapping[str, Any]) -> None:
    """Add a note to an error that comes of a seeded name which is gone, or means something else now."""
    try:
        name = _name_to_blame(error, tb, names)
    except Exception:  # a learner's own error may fail at anything, `str` above all
        return
    if not name:
        return
    what = f"is now {_few_words(names[name])}" if name in names else "was deleted"
    note = f"`{name}` {what}. {BACK}"
    if note not in getattr(error, "__notes__", ()):
        error.add_note(note)


def _name_to_blame(error: BaseException, tb: TracebackType | None, names: Mapping[str, Any]) -> str:
    import fluxrepl

    if isinstance(error, NameError):
        name = str(error.name)
        return name if name in fluxrepl.__all__ and name not in names else ""
    changed = [name for name in fluxrepl.__all__ if name in names and names[name] is not getattr(fluxrepl, name)]
    if isinstance(error, AttributeError):
        return next((name for name in changed if names[name] is error.obj), "")
    if isinstance(error, TypeError) and str(error).endswith("object is not callable"):
        used = _names_used(tb, names)
        return next((name for name in changed if name in used and not callable(names[name])), "")
    return ""


def _names_used(tb: TracebackType | None, names: Mapping[str, Any]) -> tuple[str, ...]:
    """The global names in the code that raised, where that is the learner's."""
    while tb is not None and tb.tb_next is not None:
        tb = tb.tb_next
    return tb.tb_frame.f_code.co_names if tb is not None and tb.tb_frame.f_globals is names else ()


def _few_words(value: Any) -> str:
    kind = type(value).__name__
    return f"the {kind} {value}" if isinstance(value, int | float | complex) else f"{_article(kind)} {kind}"


def _article(word: str) -> str:
    return "an" if word[:1].lower() in tuple("aeiou") else "a"
