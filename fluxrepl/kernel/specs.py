"""The kernel specs that Jupyter sees: folders with a `kernel.json`, which says what starts the kernel."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NAME = "fluxrepl"


@dataclass(frozen=True)
class Spec:
    """What a spec says; `argv` is empty where it cannot be read."""

    name: str
    folder: Path
    argv: tuple[str, ...]
    display_name: str = ""

    @property
    def ours(self) -> bool:
        """Whether it starts fluxrepl's kernel."""
        return "fluxrepl.kernel" in self.argv


def read(folder: Path) -> Spec:
    """The spec in a folder. Never raises: other programs write there, too."""
    try:
        content = json.loads((folder / "kernel.json").read_text(encoding="utf-8"))
        return Spec(folder.name, folder, tuple(map(str, content["argv"])), str(content.get("display_name", "")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Spec(folder.name, folder, ())


def specs() -> Iterator[Spec]:
    """Every spec in the folders where Jupyter looks; the first of a name is the one that it takes."""
    from jupyter_core.paths import jupyter_path

    for folder in map(Path, jupyter_path("kernels")):
        for file in sorted(folder.glob("*/kernel.json")):
            yield read(file.parent)
