"""What the process of a lesson is told to do, as plain data: sources to run, and what to observe of their values.

What the lesson promises is not in it. The promises stay with the checker, which compares; so nothing that a lesson
does can look an answer up in its own process.
"""

from dataclasses import dataclass
from typing import Any

from . import promise
from .lesson import Block, Example, Exercise, Lesson

SEED = 20

Plan = dict[str, Any]


@dataclass(slots=True)
class Unit:
    """One thing that is run: an example of a block, or a whole exercise."""

    block: Block
    example: Example | None = None

    @property
    def line(self) -> int:
        """Where it stands."""
        return self.example.line if self.example else self.block.line

    @property
    def title(self) -> str:
        """What it is, in a line: the first one of its source, or the name of the exercise."""
        if self.example is None:
            return f"exercise {self.block.exercise.name}" if self.block.exercise else "exercise"
        return self.example.source.strip().split("\n")[0]


def units(lesson: Lesson) -> list[Unit]:
    """Everything that a check of `lesson` runs, in order."""
    found: list[Unit] = []
    for block in lesson.blocks:
        found += [Unit(block)] if block.kind == "exercise" else [Unit(block, example) for example in block.examples]
    return found


def plan(
    lesson: Lesson, seconds: float, seed: int = SEED, exercises: bool = True, watched: bool = False, shell: str = ""
) -> Plan:
    """What to run of `lesson`, for at most `seconds`.

    Without `exercises` their solutions run, and are not judged. If it is `watched`, the last report tells what it read.
    `shell` is the module that knows IPython's syntax.
    """
    return {
        "path": str(lesson.path),
        "seconds": seconds,
        "seed": seed,
        "rows": lesson.text.count("\n") + 1,
        "gpu": uses_gpu(lesson),
        "watched": watched,
        "shell": shell,
        "apart": True,  # answers to exercises are judged in processes of their own, where that can be done
        "units": [_unit(unit, exercises) for unit in units(lesson)],
    }


def uses_gpu(lesson: Lesson) -> bool:
    """Whether one of its blocks asks for a GPU."""
    return any("gpu" in block.options.needs for block in lesson.blocks)


def _unit(unit: Unit, exercises: bool) -> Plan:
    options = unit.block.options
    made: Plan = {"group": options.group, "requires": options.requires, "line": unit.line}
    if unit.example:
        example = unit.example
        observed = [promise.asked(made.text) for made in example.promises]
        source = {"source": _without_promises(example), "target": example.target, "raises": bool(example.error)}
        figure = {"begins": example is unit.block.examples[0], "ends": example is unit.block.examples[-1]}
        return {**made, **source, "observe": observed, "figure": figure if options.figure else {}}
    assert unit.block.exercise
    return {**made, "exercise": _exercise(unit.block.exercise, exercises), "timeout": options.timeout}


def _without_promises(example: Example) -> str:
    """The source of an example without its `# =>` comments."""
    rows = example.source.split("\n")
    for made in example.promises:
        row = rows[made.line - example.line].rstrip()
        head = row.removesuffix(made.text).rstrip().removesuffix("=>").rstrip()
        rows[made.line - example.line] = head.removesuffix("#").rstrip()
    return "\n".join(rows)


def _exercise(exercise: Exercise, judged: bool) -> Plan:
    answers = [exercise.starter, *(wrong.source for wrong in exercise.wrongs), exercise.solution]
    return {
        "answers": answers if judged else [],
        "checks": [[check.source, check.line] for check in exercise.checks],
        "solution": exercise.solution,
        "line": exercise.solution_line,
    }
