"""What a check is asked to do, as plain data: one field for each option of `fluxrepl check`."""

import os
from dataclasses import dataclass, fields
from typing import Any

from .plan import SEED

KINDS = ("pycon", "python", "exercises", "links")  # what can be selected or ignored, besides lessons

NEUTRAL = {
    "jobs",
    "select",
    "ignore",
    "max_fail",
    "shard",
    "cache",
    "total_timeout",
    "trusted",  # in this process, results of lessons that ran apart are found, and none is kept
    "dask",  # as with `trusted`
}  # no lesson's result depends on it


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
    shell: str = ""  # the module that makes Python of what is IPython's in examples (`magics.py`)
    forking: bool = hasattr(os, "fork")  # else each lesson runs in a fresh interpreter

    def judges(self, kind: str) -> bool:
        """Whether blocks of a kind are judged: those selected, or all if none is; less those ignored."""
        selected = [word for word in self.select if word in KINDS]
        return (not selected or kind in selected) and kind not in self.ignore

    def deciding(self) -> list[Any]:
        """What of them can change the result of a lesson."""
        values = [[field.name, getattr(self, field.name)] for field in fields(self) if field.name not in NEUTRAL]
        return [*values, ["judged", [kind for kind in KINDS if self.judges(kind)]]]
