"""`check_nan`: where on the way back a NaN came from. Opt-in, for it looks at every cotangent."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from fluxrepl.ad.errors import NotFiniteError, teach
from fluxrepl.ad.refusals import name_of
from fluxrepl.ad.rule import owner
from fluxrepl.ad.sums import Outer, Scatter
from fluxrepl.ad.tape import KIND
from fluxrepl.ad.tracer import plain
from fluxrepl.ad.tree import is_numeric

from .noting import NotedRow, NotingTape, Place
from .values import text_of_value

BACK_THROUGH: ContextVar[Place | None] = ContextVar("the line that an enclosed walk goes back through", default=None)


class WatchingTape(NotingTape):
    """A tape that raises at the first pullback which makes a NaN out of numbers.

    What it records while the walk of an enclosed gradient runs belongs to the line that this walk goes back through.
    """

    __slots__ = ()

    def append(self, row: tuple) -> None:
        super().append(row)
        out, pull, operand, values = noted = self[-1]
        watched = NotedRow((out, watching(pull, noted), operand, values))
        watched.place, watched.names = BACK_THROUGH.get() or noted.place, noted.names
        noted.place = watched.place
        self[-1] = watched


def watching(pull, row: NotedRow):
    def watching_pullback(ct: Any, y: Any, *values: Any) -> Any:
        line = BACK_THROUGH.set(row.place)
        try:
            with np.errstate(invalid="ignore"):
                answer = pull(ct, y, *values)
        finally:
            BACK_THROUGH.reset(line)
        if has_nan(answer) and not any(has_nan(part) for part in (ct, y, *values)):
            raise made_here(pull, row, ct, values)
        return answer

    return watching_pullback


def has_nan(ct: Any) -> bool:
    if type(ct) is Outer:
        return has_nan(ct.u) or has_nan(ct.v)
    if type(ct) is Scatter:
        return has_nan(ct.ct)
    inside = plain(ct)
    return is_numeric(inside) and bool(np.any(np.isnan(inside)))


def made_here(pull, row: NotedRow, ct: Any, values: tuple) -> NotFiniteError:
    fn, _ = owner(pull)
    name = name_of(fn) if fn is not None else getattr(pull, "__name__", "a function")
    where = f" in: {row.place.source}" if row.place.source else ""
    numbers = ", ".join([text_of_value(plain(v)) for v in values if np.size(plain(v))])
    return teach(
        NotFiniteError(f"the way back through {name} made a NaN, line {row.place.line}{where}"),
        f"The cotangent {text_of_value(plain(ct))} arrived there, and the operands were {numbers}.",
        "Often a slope is infinite at an edge, as that of sqrt is at 0, and inf times 0 is NaN.",
        "Keep the numbers away from the edge, np.sqrt(x + 1e-12); or choose the argument with np.where before the "
        "function is called, not its result after.",
    )


@contextmanager
def check_nan() -> Iterator[None]:
    """While it lasts, a gradient raises where a NaN first appears on the way back, naming operation and line.

    Only a NaN that an operation makes out of numbers counts; one that was in the data is passed on. It takes
    several times as long as a plain gradient. Use it as `with check_nan():`, or as a decorator, `@check_nan()`.

    Errors: `NotFiniteError`, with the cotangent and the operands.

    Example:
        >>> f = lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0.0))
        >>> with flux.check_nan():  # at 0 the slope of sqrt is inf, and where takes none of it: inf · 0
        ...     try:
        ...         gradient(f, np.array([0.0, 4.0]))
        ...     except flux.NotFiniteError as error:
        ...         print(str(error).partition(",")[0])
        the way back through np.sqrt made a NaN

    Source: the need is PyTorch's `detect_anomaly`.
    """
    token = KIND.set(WatchingTape)
    try:
        yield
    finally:
        KIND.reset(token)
