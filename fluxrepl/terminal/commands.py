"""The `:commands` of the terminal: the shell's, the active lesson's, and those only a terminal can obey."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fluxrepl.shell.config import Setting

# What needs the prompt; the rest is obeyed by the shell.
OWN = {
    "edit": "write what you wrote last, or in a lesson the step's code, in your editor; what you save runs",
}


def commands(play: Any = None) -> dict[str, str]:
    """Every command that is worth typing now, with one line about it; a lesson's own come first."""
    from fluxrepl.shell.commands import COMMANDS as SHELL
    from fluxrepl.shell.commands import IN_LESSONS
    from fluxrepl.tutor.play import COMMANDS

    active = COMMANDS | IN_LESSONS if play is not None else {}
    return active | {name: says for name, says in (SHELL | OWN).items() if name not in active}


def arguments(name: str, play: Any = None, typed: str = "") -> dict[str, str]:
    """What may follow a command, with a few words about each: the lessons, the settings and their values, the steps."""
    if name == "learn":
        from fluxrepl.tutor.course import lessons

        return {entry.number: entry.lesson.title for entry in lessons() if entry.lesson is not None}
    if name == "config":
        from fluxrepl.shell.config import SETTINGS

        chosen, space, _ = typed.partition(" ")
        if space and chosen in SETTINGS:
            return _values(SETTINGS[chosen])
        return {setting.name: setting.says for setting in SETTINGS.values()}
    if play is None:
        return {}
    if name == "goto":
        from fluxrepl.tutor.wording import label

        return {str(number): label(step) for number, step in enumerate(play.lesson.steps, 1)}
    return {"step": "this one", "lesson": "all of it", "all": "every lesson"} if name == "reset" else {}


def _values(setting: "Setting") -> dict[str, str]:
    """What the setting may be set to, where that is one of a few words."""
    from fluxrepl.shell.config import as_text
    from fluxrepl.shell.config_kinds import Choice, Switch

    kind = setting.kind
    words = kind.words if isinstance(kind, Choice) else ("true", "false") if isinstance(kind, Switch) else ()
    return {f"{setting.name} {word}": "" for word in words} | {f"{setting.name} default": as_text(setting.default)}
