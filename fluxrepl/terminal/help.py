"""F1 and `:help`: the keys, the commands, and what IPython gives beside them."""

from typing import TYPE_CHECKING

from .display import console

if TYPE_CHECKING:
    from fluxrepl.tutor.play import Play

# What IPython's shell gives beside Python: shown in the help.
HELP_ON = [
    ("name?", "what a name is; name?? shows its source"),
    ("expression;", "run it, show nothing"),
    ("_", "the last value"),
    ("%timeit f(x)", "how long it takes; %quickref tells of more"),
    ("!command", "a command of the system"),
]


def show_help(play: "Play | None") -> None:
    """Print the keys and the commands."""
    from rich.table import Table
    from rich.text import Text

    from fluxrepl.tutor.wording import unticked

    from .commands import commands
    from .keys import KEYS

    table = Table.grid(padding=(0, 2))
    for key, does in KEYS:
        table.add_row(Text(key, style="flux.key"), does)
    table.add_row()
    for name, says in commands(play).items():
        table.add_row(Text(f":{name}", style="flux.name"), Text(unticked(says)))
    table.add_row()
    for typed, does in HELP_ON:
        table.add_row(Text(typed, style="flux.key"), does)
    console().print(table)
