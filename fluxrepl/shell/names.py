"""The names every session starts with: those of `from fluxrepl import *`, `np` and `flux` included."""

from typing import Any


def seeded_names() -> dict[str, Any]:
    """Return name → object for every public name. Loads NumPy and the engine."""
    import fluxrepl

    return {name: getattr(fluxrepl, name) for name in fluxrepl.__all__}
