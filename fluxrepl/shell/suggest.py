"""Did you mean …: the nearest name to one that does not exist. Python prints this only on its own tracebacks."""

import builtins
import difflib
from types import TracebackType

LONGEST = 40


def suggestion(error: BaseException, tb: TracebackType | None) -> str:
    """Return ". Did you mean: 'name'?", or "" where no name is near."""
    wrong = getattr(error, "name", None)
    if not isinstance(wrong, str) or not 1 < len(wrong) < LONGEST:
        return ""
    try:
        near = difflib.get_close_matches(wrong, _candidates(error, wrong, tb), n=1, cutoff=0.7)
    except Exception:  # a learner's __dir__ may fail
        return ""
    return f". Did you mean: {near[0]!r}?" if near else ""


def _candidates(error: BaseException, wrong: str, tb: TracebackType | None) -> list[str]:
    if isinstance(error, NameError):
        while tb is not None and tb.tb_next is not None:
            tb = tb.tb_next
        if tb is None:
            return []
        return [*tb.tb_frame.f_locals, *tb.tb_frame.f_globals, *dir(builtins)]
    if isinstance(error, AttributeError):
        names = dir(error.obj)
        return names if wrong.startswith("_") else [name for name in names if not name.startswith("_")]
    return []
