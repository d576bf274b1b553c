"""The figures that Matplotlib holds: a block with {figure=FILE} begins with none, and must leave one behind.

`fluxrepl figures` saves it, and `fluxrepl check` looks whether it is there.
"""

import sys

WRITE = "draw with matplotlib.pyplot, or drop the option"


def forget_figures() -> None:
    """Close what was drawn so far."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


def count_figures() -> int:
    """How many are open; without Matplotlib, none."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    return len(pyplot.get_fignums()) if pyplot else 0


def draws_none(figure: str) -> str:
    """What is wrong with a block that drew nothing."""
    return f"the block draws no figure, and says {{figure={figure}}}"
