"""What is wrong with a lesson: where, what, why, and what to write instead."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One thing wrong at one line; `write` says what to write instead."""

    path: Path
    line: int
    what: str
    why: str = ""
    write: str = ""

    def __str__(self) -> str:
        words = "; ".join(part for part in (self.what, self.why, self.write) if part)
        return f"{self.path}:{self.line}: {words}." if self.line else f"{self.path}: {words}."


class LessonError(ValueError):
    """A lesson cannot be read. `problems` has all that was found; the attributes are those of the first."""

    def __init__(self, *problems: Problem):
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
        first = problems[0]
        self.path, self.line = first.path, first.line
        self.what, self.why, self.write = first.what, first.why, first.write
