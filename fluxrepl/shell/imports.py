"""What `import` finds: the learner's own modules in the folder they are in, but never in place of Python's own.

A folder of course work has a `random.py` or a `numpy.py` sooner or later. Python looks in that folder first, so that
file would break whatever is imported next, the shell's own parts too, with an error that blames nobody. Here the names
of the standard library and of what fluxrepl is built on are looked up where they are installed first; every other name
as usual.
"""

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Any

BUILT_ON = """
fluxrepl numpy cupy IPython ipykernel traitlets jupyter_client jupyter_core zmq tornado comm debugpy psutil packaging
matplotlib_inline nest_asyncio nest_asyncio2 prompt_toolkit wcwidth rich pygments markdown_it mdurl yaml
platformdirs nbformat jsonschema fastjsonschema stack_data executing asttokens pure_eval pexpect ptyprocess decorator
""".split()  # noqa: SIM905

# `test` is in the standard library for Python's own use: a learner's test.py is meant.
PROTECTED = (set(sys.stdlib_module_names) | set(BUILT_ON)) - {"test", "this", "antigravity"}


class InstalledFirst:
    """Finds protected modules as if the learner's folder were not on the path."""

    def __init__(self) -> None:
        self.told: set[str] = set()

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:
        """Return where a protected module is installed; None leaves the name to Python's usual search."""
        if path is not None or name not in PROTECTED:
            return None
        here = _here()
        folders = [folder for folder in sys.path if folder not in here]
        if len(folders) == len(sys.path):
            return None
        spec = PathFinder.find_spec(name, folders)
        if spec is not None:
            self._tell(name)
        return spec

    def _tell(self, name: str) -> None:
        """Say once that a file of the learner's was passed over."""
        places = [Path(folder, file) for folder in _OPENED for file in (f"{name}.py", f"{name}/__init__.py")]
        local = next((file for file in places if file.is_file()), None)
        if local is not None and name not in self.told:
            self.told.add(name)
            shown = local if local.is_absolute() else f"./{local}"
            print(
                f"Note: `{name}` is also the name of an installed module, and that one was imported, not {shown}.\n"
                "To import your own file, rename it.",
                file=sys.stderr,
            )


def open_folder(folder: str = "") -> None:
    """Let the learner import modules from a folder, "" for the one they are in, and protect Python's own."""
    if folder not in sys.path:
        sys.path.insert(0, folder)
    _OPENED.add(folder)
    if not any(isinstance(finder, InstalledFirst) for finder in sys.meta_path):
        sys.meta_path.insert(0, InstalledFirst())


_OPENED = {""}


def _here() -> set[str]:
    try:
        return {*_OPENED, ".", os.getcwd()}
    except OSError:  # the folder is gone
        return {*_OPENED, "."}
