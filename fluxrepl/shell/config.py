"""What a learner may set: a table of settings, and where each has its value from.

    an environment variable  →  else the file config.toml  →  else the default

The file is read once, before the prompt is drawn, so nothing is imported here that takes time. Whatever is wrong with
it costs a sentence (`Settings.warnings`), never the session: a setting that cannot be used has its default.
"""

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import config_file
from .config_kinds import Choice, Count, Kind, Switch, Text, Texts

ENVIRONMENT = "FLUXREPL_"


@dataclass(frozen=True)
class Setting:
    """One line of the table. A dot in the name is a section of the file: `print.precision`."""

    name: str
    default: Any
    kind: Kind
    says: str
    later: bool = False  # takes effect with the next session

    @property
    def variable(self) -> str:
        """The environment variable that sets it, too."""
        return ENVIRONMENT + self.name.upper().replace(".", "_")


SETTINGS = {
    setting.name: setting
    for setting in [
        Setting(
            "theme", "auto", Choice(("auto", "light", "dark", "terminal")),
            "colours; auto fits them to the background",
        ),
        Setting("editing", "emacs", Choice(("emacs", "vi")), "what keys mean; F4 changes it for a while"),
        Setting("editor", "", Text("a command, such as nano"), "what F2 and :edit open; empty: $VISUAL, $EDITOR"),
        Setting("suggestions", True, Switch(), "grey suggestions from earlier cells"),
        Setting("signatures", True, Switch(), "a bar with the parameters of the call you write"),
        Setting("history_size", 10_000, Count(0, 10_000_000), "how many cells are kept; 0 keeps none", later=True),
        Setting("confirm_exit", False, Switch(), "Ctrl-D asks before it leaves"),
        Setting("startup", (), Texts(), "Python to run before the first prompt", later=True),
        Setting("startup_files", (), Texts("a list of files"), "files of Python to run before that", later=True),
        Setting(
            "allocator", "fast", Choice(("fast", "system")),
            "fast keeps freed memory, for quicker gradients",
            later=True,
        ),
        Setting("print.precision", 8, Count(0, 50), "digits of numbers in arrays"),
        Setting("print.suppress", False, Switch(), "no 1e-10 in arrays: 0. instead"),
        Setting("print.linewidth", 75, Count(20, 10_000), "columns of an array's text"),
        Setting("print.threshold", 1000, Count(0, 100_000_000), "elements beyond which an array is cut"),
        Setting("print.edgeitems", 3, Count(1, 1000), "elements at each end of such an array"),
    ]
}  # fmt: skip


@dataclass
class Settings:
    """The value of every setting, and where it comes from ("default", "file", or a variable's name)."""

    values: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    watchers: list[Callable[[str], object]] = field(default_factory=list)  # told the name of what was set

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name, SETTINGS[name].default)

    def source(self, name: str) -> str:
        return self.sources.get(name, "default")

    def put(self, name: str, value: Any, source: str) -> None:
        """Use a value from now on, and tell those who watch."""
        self.values[name], self.sources[name] = value, source
        for tell in self.watchers:
            tell(name)

    def take_warnings(self) -> list[str]:
        """What has to be said about the file and the environment, to be said once."""
        said, self.warnings = self.warnings, []
        return said

    def print_options(self) -> dict[str, Any]:
        """What `np.set_printoptions` is to be told: only what was set."""
        return {name.partition(".")[2]: value for name, value in self.values.items() if name.startswith("print.")}


def load(environment: Mapping[str, str] | None = None, set_aside: bool = True) -> Settings:
    """Read the file and the environment. What is wrong becomes a warning; a file that is no TOML is set aside."""
    environment = os.environ if environment is None else environment
    settings = Settings()
    found, lines, said = config_file.read(set_aside)
    settings.warnings += said
    for name, value in found.items():
        _take(settings, name, value, f"{config_file.shown_path()}, line {lines[name]}" if name in lines else "the file")
    for setting in SETTINGS.values():
        if setting.variable in environment:
            try:
                value = setting.kind.read(environment[setting.variable])
            except ValueError as error:
                settings.warnings.append(f"{setting.variable}: {error}.")
            else:
                settings.put(setting.name, value, setting.variable)
    return settings


def _take(settings: Settings, name: str, value: Any, where: str) -> None:
    if name not in SETTINGS:
        settings.warnings.append(f"{where}: {unknown(name)}")
        return
    try:
        settings.put(name, SETTINGS[name].kind.check(value), "file")
    except ValueError as error:
        settings.warnings.append(f"{where}: {name}: {error}. It is {as_text(settings[name])} now.")


def unknown(name: str) -> str:
    """Say that there is no such setting, and which is near."""
    near = difflib.get_close_matches(name, SETTINGS, n=1, cutoff=0.5)
    near = near or [known for known in SETTINGS if known.partition(".")[2] == name]
    hint = f"did you mean {near[0]}?" if near else "`:config` lists them."
    return f"there is no setting {name}; {hint}"


def as_text(value: Any) -> str:
    """A value as it stands in the file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(map(as_text, value)) + "]"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if isinstance(value, str) else str(value)


_LOADED: list[Settings] = []


def settings() -> Settings:
    """The settings of this process, read when they are first asked for."""
    if not _LOADED:
        _LOADED.append(load())
    return _LOADED[0]
