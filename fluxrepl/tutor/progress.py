"""What a learner has done, kept in one JSON file under the user's state folder."""

from pathlib import Path


class Progress:
    """Progress in all lessons. `Progress.load()` is the learner's own; `Progress(None)` is kept in memory only.

    `warnings` lists what the learner should be told once (an unreadable file set aside, a folder that cannot be written).
    """

    path: Path | None
    warnings: list[str]

    def __init__(self, path: Path | None = None):
        raise NotImplementedError

    @classmethod
    def load(cls) -> "Progress":
        """The progress file of this user: FLUXREPL_HOME/progress.json, else under the user's state folder."""
        raise NotImplementedError
