"""What may follow a command, for Tab: `:learn 0` and `:config theme d`. Imports no IPython: the prompt asks early."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .config import Setting


def arguments(name: str, play: Any = None, typed: str = "") -> dict[str, str]:
    """What may follow a command, with a few words about each: the lessons, the settings and their values, the steps."""
    if name == "learn":
        from fluxrepl.tutor.course import lessons

        return {entry.number: entry.lesson.title for entry in lessons() if entry.lesson is not None}
    if name == "config":
        from .config import SETTINGS

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
    from .config import as_text
    from .config_kinds import Choice, Switch

    kind = setting.kind
    words = kind.words if isinstance(kind, Choice) else ("true", "false") if isinstance(kind, Switch) else ()
    return {f"{setting.name} {word}": "" for word in words} | {f"{setting.name} default": as_text(setting.default)}
