"""Which of the lessons found are checked: `--select`, `--ignore` and `--shard`.

A word selects lessons by number (`2`, `02`), by id, by file name, or by a pattern (`0[1-3]*`, `lessons/*layers*`). The
names of kinds (`pycon`, `python`, `exercises`, `links`) select what is judged in them (`Settings.judges`).
"""

import heapq
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

from .course import number_of
from .find import NothingToCheck
from .lint import identity
from .settings import KINDS


def select(files: Sequence[Path], wanted: Iterable[str], unwanted: Iterable[str]) -> list[Path]:
    """The files that `wanted` words name (all, where none names lessons), less the `unwanted` ones."""
    wanted, unwanted = list(wanted), list(unwanted)
    judged = [kind for kind in KINDS if kind in wanted] or list(KINDS)
    if not set(judged) - set(unwanted):
        raise NothingToCheck(f"nothing would be judged: --select and --ignore leave none of {', '.join(KINDS)}")
    ids: dict[Path, str] = {}
    chosen = _named(files, wanted, ids, "--select")
    dropped = set(_named(files, unwanted, ids, "--ignore") or ())
    left = [path for path in files if (chosen is None or path in chosen) and path not in dropped]
    if not left:
        raise NothingToCheck("no lesson is left: --select and --ignore leave none of them")
    return left


def _named(files: Sequence[Path], words: Iterable[str], ids: dict[Path, str], option: str) -> set[Path] | None:
    """The files that the words name; None if no word is about lessons."""
    words = [word for word in words if word not in KINDS]
    if not words:
        return None
    named = set()
    for word in words:
        matching = {path for path in files if _matches(path, word, ids)}
        if not matching and (option == "--select" or not _is_pattern(word)):
            raise NothingToCheck(f"{option} {word} names no lesson here; {_meant(files, word, ids)}")
        named |= matching
    return named


def _matches(path: Path, word: str, ids: dict[Path, str]) -> bool:
    number = number_of(path)
    if word.isdigit():
        return number.isdigit() and int(number) == int(word)
    if word in (path.name, path.stem, path.as_posix(), str(path)):
        return True
    if path not in ids:
        ids[path] = identity(path)
    if not _is_pattern(word):
        return word == ids[path] or path.as_posix().endswith("/" + word)
    texts = (path.name, path.stem, path.as_posix(), ids[path])
    return any(fnmatchcase(text, word) for text in texts) or fnmatchcase(path.as_posix(), "*/" + word)


def _is_pattern(word: str) -> bool:
    return any(sign in word for sign in "*?[")


def _meant(files: Sequence[Path], word: str, ids: dict[Path, str]) -> str:
    known = [*KINDS, *filter(None, ids.values()), *(path.stem for path in files)]
    close = get_close_matches(word.lower(), known, 2, 0.6)
    meant = f"did you mean {' or '.join(f'`{name}`' for name in close)}? " if close else ""
    return f"{meant}write a number, an id, a file name, a pattern, or one of {', '.join(KINDS)}"


def part(files: Sequence[Path], number: int, count: int) -> list[Path]:
    """Part `number` of `count` parts of about equal length, counted in lines: the same on every machine.

    The parts have no lesson in common, and together they have all.
    """
    if count == 1:
        return list(files)
    given = shares([_lines(path) for path in files], count)
    return [path for path, share in zip(files, given, strict=True) if share == number]


def shares(sizes: Sequence[int], count: int) -> list[int]:
    """For each size, the part (1 to `count`) it goes to: the largest first, each to the part that has least so far.

    Example:
        >>> shares([3, 9, 4, 2], 2)
        [2, 1, 2, 2]

    """
    parts = [(0, number) for number in range(1, count + 1)]
    share = [0] * len(sizes)
    for index in sorted(range(len(sizes)), key=lambda index: (-sizes[index], index)):
        taken, number = heapq.heappop(parts)
        share[index] = number
        heapq.heappush(parts, (taken + sizes[index] + 1, number))  # + 1: empty files are shared out as well
    return share


def _lines(path: Path) -> int:
    try:
        return path.read_bytes().count(b"\n") if path.is_file() else 0
    except OSError:
        return 0
