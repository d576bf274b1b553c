"""Which lessons are meant: the files among paths, the Markdown files in folders."""

from collections.abc import Iterable
from pathlib import Path

from .course import is_lesson


class NothingToCheck(ValueError):
    """There is no such path, or no lesson in it."""


def find(paths: Iterable[str | Path]) -> list[Path]:
    """The lessons among files and folders: in a folder, every Markdown file but README.md and its like."""
    found: dict[Path, None] = {}
    for path in map(_named, paths):
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*.md") if is_lesson(file.relative_to(path)))
            if not inside:
                raise NothingToCheck(f"no lessons found in {path}: a lesson is a Markdown file, such as 01-name.md")
            found.update(dict.fromkeys(inside))
        elif path.is_file():
            found[path] = None
        elif path.exists():
            raise NothingToCheck(f"{path} is a pipe, a socket or a device; a lesson is a plain file")
        elif path.is_symlink():
            raise NothingToCheck(f"{path} is a link to {path.readlink()}, which is not there")
        else:
            raise NothingToCheck(f"no such file or folder: {path}")
    if not found:
        raise NothingToCheck("no lessons found: name a lesson or a folder of lessons")
    return list(found)


def _named(path: str | Path) -> Path:
    """A path that somebody wrote: Python takes an empty one, such as that of an unset variable, for this folder."""
    if not str(path).strip():
        raise NothingToCheck("an empty path names no lesson; write a file or a folder (`.` is this one)")
    return Path(path)
