"""`:why`: what the last cell leaves open. Why a gradient holds an inf, a NaN or a None; the notes of an error.

Nothing is wrapped for it. The last call of `gradient`, in the last cell or in one before it, is evaluated once more, as
a call of `explain`.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

from fluxrepl.tutor.wording import shortened

from .taken import comes_again, last_call

MOST = 12  # lines
EXPLAIN = "__fluxrepl_explain__"
WRITE = 'write `explain(f, x).why("x")` for any function f and its arguments'


@dataclass(frozen=True)
class Ran:
    """A cell that was run: its Python, and its error or None."""

    python: str
    error: BaseException | None


def why(ran: Ran | None, names: dict[str, Any], argument: str = "", earlier: Iterable[str] = ()) -> str:
    """What there is to say of the last cell, or else of the last gradient that a cell before it took.

    `argument`: of one argument of its function alone. `earlier`: the cells before it, the newest first.

    Example:
        >>> import fluxrepl
        >>> names = {"gradient": fluxrepl.gradient}
        >>> print(why(Ran("gradient(lambda x, y: 2 * x, 1.0, 2.0)", None), names))
        y has no gradient: no operation that a gradient flows through used it.
        Comparisons, len, shapes, argmax and ignore_derivatives give plain values: no path leads through them.

    """
    error = ran.error if ran else None
    if error is not None and not is_about_none(error):
        return "\n".join(about_error(error))
    call = last_call(ran.python, names) if ran else None
    before = None if call else next(filter(None, (last_call(cell, names) for cell in earlier)), None)
    taken = call or before
    if taken is None or not comes_again(taken):
        other = f"`:why` tells of the last gradient(f, x), or of an error in the cell before it.\nElse {WRITE}."
        return other if error is None else "\n".join(about_error(error))
    words = [f"{type(error).__name__}: {error}"] if error else []
    words += [f"Of the last gradient, `{shortened(ast.unparse(taken), 70)}`:"] if before else []
    return "\n".join([*words, _told(taken, names, argument)])


def _told(call: ast.Call, names: dict[str, Any], argument: str) -> str:
    try:
        return _about_gradient(_explanation(call, names), argument)
    except KeyError as error:
        return "\n".join(["There is no such argument.", *_notes(error)])
    except Exception as error:
        return f"Run once more for `:why`, it raised {type(error).__name__}: {error}\n{WRITE[0].upper() + WRITE[1:]}."


def is_about_none(error: BaseException) -> bool:
    """Whether it comes of using a None, perhaps one of a gradient, and nothing else is known of it."""
    return isinstance(error, TypeError | AttributeError) and not _notes(error) and "NoneType" in str(error)


def about_error(error: BaseException) -> Iterator[str]:
    """An error and those it came from, each with its notes in full."""
    seen: set[int] = set()
    current: BaseException | None = error
    noted = False
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        notes = _notes(current)
        if current is error or notes:
            yield f"{type(current).__name__}: {current}"
            yield from notes
        noted = noted or bool(notes)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    if not noted:
        yield "There are no notes on it; the line that raised it is marked above."


def _explanation(call: ast.Call, names: dict[str, Any]) -> Any:
    """Evaluate the call as one of `explain`, which records as `gradient` does; what it prints was seen before."""
    from fluxrepl import explain

    again = ast.Call(ast.Name(EXPLAIN, ast.Load()), call.args, [])
    code = compile(ast.fix_missing_locations(ast.Expression(again)), "<why>", "eval")
    names[EXPLAIN] = explain  # in the learner's own names, and not in a copy: a function may set some of them
    try:
        with redirect_stdout(StringIO()):
            return eval(code, names)
    finally:
        del names[EXPLAIN]


def _about_gradient(explanation: Any, argument: str) -> str:
    if argument:
        return str(explanation.why(argument.strip("\"'")))
    from fluxrepl.show.not_finite import wrong_at

    active = [leaf.name for leaf in explanation.leaves if leaf.cotangent is not None]
    wrong = [leaf.name for leaf in explanation.leaves if wrong_at(leaf.cotangent) is not None]
    lost = [leaf.name for leaf in explanation.leaves if leaf.cotangent is None]
    traced = tuple(leaf.name for leaf in explanation.leaves)
    lost += [name for name in explanation.arguments if not any(_is_part(leaf, name) for leaf in traced)]
    told = _each_once(explanation.why, wrong + lost or active)
    return "\n".join(told[:MOST] + ([f"… and {len(told) - MOST} lines more; {WRITE}"] if len(told) > MOST else []))


def _each_once(say: Callable[[str], str], names: list[str]) -> list[str]:
    """What is said of each name; a line that is said of several comes once, where it is said last."""
    lines = [line for name in names for line in say(name).split("\n")]
    return [line for place, line in enumerate(lines) if line not in lines[place + 1 :]]


def _is_part(leaf: str, name: str) -> bool:
    return leaf == name or leaf.startswith((f"{name}.", f"{name}["))


def _notes(error: BaseException) -> list[str]:
    notes = getattr(error, "__notes__", ())
    return [str(note) for note in notes] if isinstance(notes, list | tuple) else [str(notes)]
