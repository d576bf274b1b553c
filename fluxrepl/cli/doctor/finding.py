"""One thing that the doctor has looked at."""

from dataclasses import dataclass

PARTS = ("Python", "Packages", "NumPy", "GPU", "Jupyter", "Folders", "Lessons", "Terminal")


@dataclass(frozen=True)
class Finding:
    """What was looked at, what was seen, and what to do; `status` is "ok", "note" (could be better) or "bad"."""

    part: str
    name: str
    value: str
    status: str = "ok"
    advice: str = ""
