"""How a value looks on the screen: its own text, in colour where there is a view of it or where Python's colours help.

The characters are those of `repr`, whatever the colours: a lesson promises them, and a learner may copy them. But for
the table of `explain` in a window that is too narrow for it.
"""

import sys
from shutil import get_terminal_size
from typing import Any

from fluxrepl.shell.palette import colourful, is_dumb, painted_code

from .theme import rich_styles

# Beyond this, finding the colours of a text takes longer than a learner waits.
LONGEST_COLOURED = 20_000


def console(**options: Any):
    """A rich console on the standard output of this moment, in fluxrepl's styles."""
    from rich.console import Console
    from rich.theme import Theme

    colour = colourful(sys.stdout)
    if is_dumb() and sys.stdout.isatty():  # rich believes that all of those have 80 columns
        size = get_terminal_size()
        options = {"width": size.columns, "height": size.lines, **options}
    return Console(
        theme=Theme(rich_styles()),
        highlight=False,
        no_color=not colour,
        color_system="auto" if colour else None,
        **options,
    )


def show_value(value: Any, text: str, colour: bool = True) -> None:
    """Print a value: the rich view of it if it has one, else its text; plain where colour is not wanted."""
    room = get_terminal_size().columns if sys.stdout.isatty() else None
    if room is not None and _is_explanation(value):
        text = value.text(room)
    if not (colour and colourful(sys.stdout)) or not _show_in_colour(value, text, room):
        print(text)


def _is_explanation(value: Any) -> bool:
    """Whether a value is a table, which a narrow window would make unreadable."""
    module = sys.modules.get("fluxrepl.show.explain")
    return module is not None and isinstance(value, module.Explanation)


def _show_in_colour(value: Any, text: str, room: int | None) -> bool:
    """False where the text has to be shown plain: it is too long, or so early that the colours still load."""
    views = sys.modules.get("fluxrepl.show.rich")
    if views is None:
        return False
    try:
        view = views.view(value, room)
    except Exception:  # a view is a bonus: its failure must not cost the learner the result
        view = None
    if view is not None and view.plain == text:
        console().print(view, soft_wrap=True)
        return True
    if len(text) > LONGEST_COLOURED:
        return False
    print(painted_code(text))
    return True
