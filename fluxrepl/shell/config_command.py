""":config: show the settings, show one, set one.

:config                       every setting, its value, and where that comes from
:config theme                 one of them
:config theme dark            set it, now and in the file
:config theme default         back to its default
"""

from . import config_file
from .config import SETTINGS, Setting, as_text, settings, unknown

MARK = {"default": "", "file": "  (file)"}


def config(argument: str, prompted: bool = True) -> str:
    """Do what `:config …` asks; return what to say. Never raises on what a learner writes.

    Without a prompt, as in a notebook, a setting is written all the same, and it is said that it does nothing here.
    """
    name, _, typed = argument.strip().partition(" ")
    name, typed = name.rstrip("=").replace("-", "_"), typed.strip().removeprefix("=").strip()
    if not name:
        return _table()
    if name not in SETTINGS:
        section = [known for known in SETTINGS if known.startswith(name.rstrip(".") + ".")]
        return "\n".join(_line(SETTINGS[known]) for known in section) or _sentence(unknown(name))
    return _set(SETTINGS[name], typed, prompted) if typed else _one(SETTINGS[name])


def _table() -> str:
    lines = [_line(setting) for setting in SETTINGS.values()]
    path = config_file.shown_path()
    there = path if config_file.config_path().exists() else f"{path} (not there yet)"
    return "\n".join([*lines, "", f"`:config theme dark` sets one, in {there}"])


def _line(setting: Setting) -> str:
    return f"{setting.name:<16} {as_text(settings()[setting.name]):<10} {setting.says}{_from(setting)}"


def _one(setting: Setting) -> str:
    return (
        f"{setting.name} = {as_text(settings()[setting.name])}{_from(setting)}\n"
        f"{_sentence(setting.says)}.\n"
        f"It takes {setting.kind.says}; default {as_text(setting.default)}; the variable {setting.variable} overrides."
    )


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def _from(setting: Setting) -> str:
    source = settings().source(setting.name)
    return MARK.get(source, f"  ({source})")


def _set(setting: Setting, typed: str, prompted: bool) -> str:
    try:
        value = setting.default if typed == "default" else setting.kind.read(typed)
    except ValueError as error:
        return f"{setting.name} stays {as_text(settings()[setting.name])}: {error}."
    overriding = settings().source(setting.name) == setting.variable
    if not overriding:
        settings().put(setting.name, value, "default" if typed == "default" else "file")
    when = "" if prompted else _elsewhere(setting, value)
    if setting.later:
        when = "; it takes effect when fluxrepl starts again"
    if overriding:
        when = f"; {setting.variable} overrides it, as long as that is set"
    try:
        config_file.write(setting.name, None if typed == "default" else value)
    except (OSError, ValueError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or error
        return (
            f"{setting.name} = {as_text(value)}, for this session: {config_file.shown_path()} was not written ({why})."
        )
    return f"{setting.name} = {as_text(value)}{when}"


def _elsewhere(setting: Setting, value: object) -> str:
    """Where there is no prompt, everybody's numbers look the same; whoever wants others says so in the notebook."""
    section, _, option = setting.name.rpartition(".")
    here = f"; in this session, write `np.set_printoptions({option}={value!r})`" if section == "print" else ""
    return f" at the prompt in a terminal{here}"
