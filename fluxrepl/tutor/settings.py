"""What a check is asked to do, as plain data: one field for each option of `fluxrepl check`."""

from dataclasses import dataclass

from . import fork


@dataclass(frozen=True)
class Settings:
    """How lessons are checked. `timeout` is for one lesson, in seconds; `jobs` is how many run at a time."""

    timeout: float = 60.0
    jobs: int = 1
    forking: bool = fork.available  # else each lesson runs in a fresh interpreter
