"""How a long help text (`np.sum?`) is shown: in the learner's pager, which says at its foot how it is left.

`less` waits behind a bare `:`, just as a lesson teaches commands that begin with a colon. What fits the screen is
printed, as IPython does it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core import page

# For `less`: `?e … .` stands at the end of the text only, and `$` ends the prompt.
PROMPT = "-Ps?e(END) .q leaves, Space goes on$"


def show_in_pager(shell: Any, data: Any, start: int = 0, screen_lines: int = 0) -> None:
    """IPython's pager with a prompt that helps: one of its hooks."""
    with less_says_how_to_leave():
        page.pager_page(data, start, screen_lines)


@contextmanager
def less_says_how_to_leave() -> Iterator[None]:
    """Give `less` our prompt by its variable, unless the learner has chosen one there."""
    chosen = os.environ.get("LESS")
    if chosen is not None and "-P" in chosen:
        yield
        return
    os.environ["LESS"] = f"{chosen or '-R'} {PROMPT}"
    try:
        yield
    finally:
        del os.environ["LESS"]
        if chosen is not None:
            os.environ["LESS"] = chosen
