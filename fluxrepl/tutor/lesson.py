"""What a lesson is: the words of the format as plain data, and `read`, which makes it from a Markdown file.

A lesson is seen in two ways. The checker walks its `blocks` (everything that runs, in the order of the file); the
player walks its `steps` (what a learner meets: prose with an example, an exercise or a quiz). Both hold the same
`Example` objects, so what is checked is what is shown.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .problem import LessonError as LessonError
from .problem import Problem as Problem

Kind = Literal["read", "example", "exercise", "quiz"]


@dataclass(frozen=True)
class Promise:
    """One `# =>` comment: `text` must hold of the value on which it stands.

    What is computed below the comment of a quiz promises its `key`, which is the answer as its author wrote it.
    """

    text: str
    line: int
    key: str = ""


@dataclass(frozen=True)
class Example:
    """One source with what it must give.

    `want` is the text it must show (`""`: nothing; `None`: whatever it likes, as in a `python` block).
    `error` is the last line of an expected traceback (`ValueError: words`, or `ValueError` alone: any words).
    `promises` hold of `target` (a name the source assigns) or, where that is `""`, of the value it shows.
    """

    source: str
    line: int
    want: str | None = None
    error: str = ""
    promises: tuple[Promise, ...] = ()
    target: str = ""


@dataclass(frozen=True)
class Options:
    """What stands in braces after a fence's language."""

    norun: bool = False
    signed_zero: bool = False
    requires: str = ""
    figure: str = ""
    raises: str = ""
    group: str = ""
    starter: str = ""
    solution: str = ""
    quiz: str = ""
    rtol: float | None = None
    timeout: float | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """What `requires` lists: names to import, or `gpu`."""
        return tuple(self.requires.split(",")) if self.requires else ()


@dataclass(frozen=True)
class Block:
    """A fence or a hidden comment that runs: its examples share the namespace of `options.group`."""

    kind: Literal["setup", "pycon", "python", "exercise"]
    line: int
    examples: tuple[Example, ...] = ()
    options: Options = Options()
    exercise: "Exercise | None" = None


@dataclass(frozen=True)
class Wrong:
    """A known wrong answer, and the words it must be told."""

    source: str
    says: str
    line: int


@dataclass(frozen=True)
class Exercise:
    """Something to write: judged by what it does, never by its text."""

    name: str
    line: int
    starter: str
    solution: str
    solution_line: int
    checks: tuple[Example, ...]
    hints: tuple[str, ...]
    wrongs: tuple[Wrong, ...] = ()
    explanation: str = ""  # what the Solution details say around the code, Markdown


@dataclass(frozen=True)
class Quiz:
    """A question; `quiz.is_right` judges what was typed.

    With lettered `choices`, the answer is a letter. `source` is code that the question is about ("What does this
    show?"): the checker runs it and expects the answer, which is compared as an output is. Without either, the answer
    is a number, as near as `tolerance` says, or to the digits that the author wrote; or else a text.
    """

    name: str
    line: int
    answer: str
    choices: dict[str, str] = field(default_factory=dict)  # letter → text
    explanation: str = ""
    tolerance: float | None = None
    source: str = ""

    @property
    def kind(self) -> Literal["choice", "number", "output"]:
        """What a learner is to type."""
        if self.choices:
            return "choice"
        return "number" if is_number(self.answer) and not self.source else "output"


@dataclass(frozen=True)
class Step:
    """One thing a learner meets: `prose` first, then something to do (nothing, where `kind` is "read").

    `key` names the step in the progress file and `digest` its content: progress counts while both are the same.
    `setup` is hidden code that must have run before it.
    """

    kind: Kind
    key: str
    digest: str
    title: str
    prose: str
    line: int
    setup: str = ""
    examples: tuple[Example, ...] = ()
    options: Options = Options()
    exercise: Exercise | None = None
    quiz: Quiz | None = None

    @property
    def source(self) -> str:
        """The code of an example step: what the player puts at the prompt."""
        return "".join(example.source for example in self.examples)

    @property
    def want(self) -> str | None:
        """What the last example must show; `None` where that is free."""
        return self.examples[-1].want if self.examples else None


@dataclass(frozen=True)
class Lesson:
    """A whole lesson, read from `path`."""

    id: str
    title: str
    path: Path
    requires: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    minutes: float | None = None
    blocks: tuple[Block, ...] = ()
    steps: tuple[Step, ...] = ()
    text: str = ""
    remarks: tuple[Problem, ...] = ()  # what should be mended, and keeps nothing from running

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """Its exercises, in order."""
        return tuple(block.exercise for block in self.blocks if block.exercise)

    def examples(self) -> Iterator[Example]:
        """Every example of its visible blocks, in order."""
        for block in self.blocks:
            if block.kind in ("pycon", "python"):
                yield from block.examples


def is_number(text: str) -> bool:
    """Whether a text is one finite number."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def read(path: str | Path) -> Lesson:
    """The lesson in the Markdown file `path`; a `LessonError` lists everything that is wrong with it."""
    from .reader import read_lesson  # here: the Markdown parser is loaded when the first lesson is read

    return read_lesson(Path(path))
