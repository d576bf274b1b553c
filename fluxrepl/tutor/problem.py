"""What is wrong with a lesson: where, what, why, and what to write instead."""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One thing wrong at one line (0: the file as a whole); `write` says what to write instead."""

    path: Path
    line: int
    what: str
    why: str = ""
    write: str = ""

    @property
    def words(self) -> str:
        """What, why and what to write, as one sentence."""
        return "; ".join(part for part in (self.what, self.why, self.write) if part)

    @property
    def place(self) -> str:
        """`path:line`, as compilers write it."""
        return f"{self.path}:{self.line}" if self.line else str(self.path)

    def __str__(self) -> str:
        return f"{self.place}: {self.words}"


class LessonError(ValueError):
    """A lesson cannot be read. `problems` has all that was found; the attributes are those of the first."""

    def __init__(self, *problems: Problem):
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
        first = problems[0]
        self.path, self.line = first.path, first.line
        self.what, self.why, self.write = first.what, first.why, first.write


class Problems:
    """Collects what is wrong with one file while it is read, so that an author hears of everything at once.

    `remarks` are what should be mended, and keeps nothing from running: a lesson that has only these is read.
    """

    def __init__(self, path: Path):
        self.path = path
        self.found: list[Problem] = []
        self.remarks: list[Problem] = []

    def add(self, line: int, what: str, why: str = "", write: str = "") -> None:
        """Note one problem."""
        self.found.append(Problem(self.path, line, what, why, write))

    def remark(self, line: int, what: str, why: str = "", write: str = "") -> None:
        """Note one problem with which the lesson can still run."""
        self.remarks.append(Problem(self.path, line, what, why, write))

    def stop(self, line: int, what: str, why: str = "", write: str = "") -> LessonError:
        """The error to raise when reading on makes no sense."""
        self.add(line, what, why, write)
        return self.error()

    def error(self) -> LessonError:
        """All that was found, in the order of the file."""
        return LessonError(*sorted([*self.found, *self.remarks], key=lambda problem: problem.line))


def nearest(word: str, known: list[str]) -> str:
    """`did you mean …?` if a known word is close, else the list of what is known."""
    close = get_close_matches(word, known, 1, 0.6)
    return f"did you mean `{close[0]}`?" if close else "known: " + ", ".join(f"`{name}`" for name in known)
