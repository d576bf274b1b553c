"""Where fluxrepl keeps what is this user's own. FLUXREPL_HOME, if it is set, has all of it."""

import os
from pathlib import Path


def state_folder() -> Path:
    """Of progress and history."""
    if (chosen := _chosen()) is not None:
        return chosen
    from platformdirs import user_state_path  # here: the prompt comes first

    return user_state_path("fluxrepl", appauthor=False)


def settings_folder() -> Path:
    """Of the file with the settings."""
    if (chosen := _chosen()) is not None:
        return chosen
    from platformdirs import user_config_path

    return user_config_path("fluxrepl", appauthor=False)


def cache_folder() -> Path:
    """Of what can be made again."""
    if (chosen := _chosen()) is not None:
        return chosen / "cache"
    from platformdirs import user_cache_path

    return user_cache_path("fluxrepl", appauthor=False)


def _chosen() -> Path | None:
    home = os.environ.get("FLUXREPL_HOME")
    return Path(home).expanduser().absolute() if home else None
