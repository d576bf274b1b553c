"""What a check is asked to do, as plain data: one field for each option of `fluxrepl check`."""

import os
from dataclasses import dataclass

from .plan import SEED

KINDS = ("pycon", "python", "exercises", "links")  # what can be selected or ignored, besides lessons


class CannotRun(RuntimeError):
    """What the settings ask for cannot be had here: no sandbox, no cluster. Nothing was run."""


@dataclass(frozen=True)
class Settings:
    """How lessons are checked. Times are in seconds; `timeout` is for one lesson, `jobs` is how many run at a time."""

    timeout: float = 60.0
    block_timeout: float | None = None
    total_timeout: float | None = None
    jobs: int = 1
    repeat: int = 1  # how often promises are tried, each time from another seed
    seed: int = SEED
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    max_fail: int | None = None
    shard: tuple[int, int] = (1, 1)  # the first of one part: all
    cache: bool = False
    trusted: bool = False  # in this process, without protection
    untrusted: bool = False  # in a sandbox, or not at all
    dask: str = ""  # the address of a cluster that does it
    forking: bool = hasattr(os, "fork")  # else each lesson runs in a fresh interpreter

    def judges(self, kind: str) -> bool:
        """Whether blocks of a kind are judged: those selected, or all if none is; less those ignored."""
        selected = [word for word in self.select if word in KINDS]
        return (not selected or kind in selected) and kind not in self.ignore
