"""The file of settings, `config.toml`: where it is, reading it, and changing one line of it.

A file that is no TOML is set aside as `config.toml.bak` (`.bak2`, and so on); one that cannot be read is passed over;
each with a sentence. Writing keeps comments and order.
"""

import os
import re
import tomllib
from pathlib import Path
from typing import Any

from fluxrepl.tutor.folders import settings_folder
from fluxrepl.tutor.writing import free_name, replacing

NAME = "config.toml"
HEAD = "# Settings of fluxrepl. `:config` in the REPL lists them.\n"


def config_path() -> Path:
    """The file, among the settings of this user."""
    return settings_folder() / NAME


def shown_path() -> str:
    """The path as a learner would write it."""
    path, home = str(config_path()), os.path.expanduser("~")
    return "~" + path[len(home) :] if home not in ("", "~", os.sep) and path.startswith(home + os.sep) else path


def read(set_aside: bool = True) -> tuple[dict[str, Any], dict[str, int], list[str]]:
    """Return what is set, on which line, and what has to be said. Never raises."""
    try:
        path = config_path()
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        found = tomllib.loads(text)
    except (FileNotFoundError, NotADirectoryError):
        return {}, {}, []
    except (OSError, RuntimeError) as error:  # RuntimeError: no home folder is known
        return {}, {}, [f"the settings cannot be read ({_why(error)}); the defaults are used."]
    except ValueError as error:  # no TOML, or no text
        return {}, {}, [_set_aside(path, error) if set_aside else _is_no_toml(error)]
    return dict(_flat(found)), _lines(text), []


def write(name: str, value: Any) -> Path:
    """Set one setting in the file, or with None take it out; return the file.

    Errors:
        OSError: the file cannot be written. ValueError: it is no TOML now (somebody edits it).
    """
    import tomlkit

    path = config_path()
    text = path.read_bytes().decode("utf-8-sig") if path.exists() else HEAD
    document = tomlkit.parse(text)
    section, _, key = name.rpartition(".")
    table: Any = document
    if section:
        if section not in document:
            document[section] = tomlkit.table()
        table = document[section]
    if value is None:
        table.pop(key, None)
    else:
        table[key] = list(value) if isinstance(value, tuple) else value
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, sync=True) as file:
        file.write(tomlkit.dumps(document).encode())
    return path


def _flat(found: dict[str, Any], before: str = "") -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for key, value in found.items():
        pairs += _flat(value, f"{before}{key}.") if isinstance(value, dict) else [(before + key, value)]
    return pairs


def _lines(text: str) -> dict[str, int]:
    """On which line each name is set, as far as plain lines say it."""
    lines: dict[str, int] = {}
    section = ""
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*\[\s*([\w.-]+)\s*\]", line):
            section = header[1] + "."
        elif setting := re.match(r"\s*[\"']?([\w.-]+)[\"']?\s*=", line):
            lines.setdefault(section + setting[1], number)
    return lines


def _set_aside(path: Path, error: ValueError) -> str:
    aside = free_name(path)
    try:
        path.replace(aside)
    except OSError:
        return f"{_is_no_toml(error)} The defaults are used. Mend it, or delete it."
    return f"{_is_no_toml(error)} It is kept as {aside.name}, and the defaults are used. Mend it there and rename it."


def _is_no_toml(error: ValueError) -> str:
    what = error if isinstance(error, tomllib.TOMLDecodeError) else "it is no text"
    return f"{shown_path()} is no TOML ({what})."


def _why(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)
