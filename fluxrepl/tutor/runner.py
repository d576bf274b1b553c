"""Runs a whole lesson, in a process of its own, and reports what came: the verdict is the parent's.

`units(lesson)` lists what is run, in order; the runner sends one report for each, so that the parent knows at any
moment where the lesson is, and how far it came if it dies. `python -m fluxrepl.tutor.runner LESSON` does the same
where processes cannot be forked.
"""

import os
import random
import sys
import types
from dataclasses import dataclass
from typing import Any

from . import judge, names, promise
from .fork import Report, Send, channel
from .lesson import Block, Example, Exercise, Lesson, read
from .needs import missing
from .run import Ran, describe, run, show_source

SEED = 20
MEMORY = 4 << 30  # bytes that a lesson may take beyond what the parent has


@dataclass(frozen=True)
class Unit:
    """One thing that is run: an example of a block, or a whole exercise."""

    block: Block
    example: Example | None = None

    @property
    def line(self) -> int:
        """Where it stands."""
        return self.example.line if self.example else self.block.line


def units(lesson: Lesson) -> list[Unit]:
    """Everything that a check of `lesson` runs, in order."""
    found: list[Unit] = []
    for block in lesson.blocks:
        found += [Unit(block)] if block.kind == "exercise" else [Unit(block, example) for example in block.examples]
    return found


def run_lesson(lesson: Lesson, send: Send) -> None:
    """Run every unit of `lesson` and send a report for each, in order, then `{"end": True}`."""
    _prepare(uses_gpu=any("gpu" in block.options.needs for block in lesson.blocks))
    show_source(lesson)
    groups: dict[str, Group] = {}
    for number, unit in enumerate(units(lesson)):
        options = unit.block.options
        if options.group not in groups:
            groups[options.group] = Group(str(lesson.path))
        group = groups[options.group]
        group.enter()
        if reason := missing(options.requires):
            report: Report = {"skipped": reason}
        elif unit.example:
            report = group.run_example(unit.example)
        else:
            assert unit.block.exercise
            report = group.try_exercise(unit.block.exercise, options.timeout or judge.SECONDS)
        send({"unit": number, **report})
    send({"end": True})


class Group:
    """A namespace that examples share, and what in it cannot be trusted since something failed."""

    def __init__(self, filename: str):
        self.filename = filename
        self.module = types.ModuleType("__main__")
        self.lost: dict[str, int] = {}  # name → line of the example that failed to give it its value

    def enter(self) -> None:
        """Be `__main__`: pickle and dataclasses look names up there."""
        sys.modules["__main__"] = self.module

    def run_example(self, example: Example) -> Report:
        """Run an example, unless it needs something that an earlier failure left undone."""
        if cause := self._cause(example.source):
            self._lose(example.source, cause)
            return {"depends": cause}
        namespace = self.module.__dict__
        ran = run(example.source, namespace, self.filename, example.line)
        if ran.error is not None and not example.error:
            self._lose(example.source, example.line)
        else:
            for name in names.bound(example.source) if self.lost else ():
                self.lost.pop(name, None)
        return {
            "output": ran.output,
            "noise": ran.noise[-2000:],
            "error": describe(ran.error, self.filename) if ran.error else None,
            "facts": [] if ran.error else _facts(example, ran, namespace),
        }

    def try_exercise(self, exercise: Exercise, seconds: float) -> Report:
        """Judge the starter, the wrong answers and the solution; then leave the solution in the namespace."""
        if cause := self._cause(exercise.solution):
            self._lose(exercise.solution, cause)
            return {"depends": cause}
        namespace = self.module.__dict__
        answers = [exercise.starter, *(wrong.source for wrong in exercise.wrongs), exercise.solution]
        verdicts = [judge.judge(exercise.checks, namespace, answer, seconds) for answer in answers]
        ran = run(exercise.solution, namespace, self.filename, exercise.solution_line)
        if ran.error is not None:
            self._lose(exercise.solution, exercise.line)
        return {"verdicts": [[verdict.passed, verdict.words] for verdict in verdicts]}

    def _cause(self, source: str) -> int:
        """The line of the failure that this source depends on, or 0."""
        if not self.lost:
            return 0
        if names.EVERYTHING in self.lost:
            return self.lost[names.EVERYTHING]
        return min((self.lost[name] for name in names.read(source) if name in self.lost), default=0)

    def _lose(self, source: str, line: int) -> None:
        for name in names.bound(source):
            self.lost.setdefault(name, line)


def _prepare(uses_gpu: bool) -> None:
    """The state in which every lesson starts."""
    import numpy as np

    if not uses_gpu:  # CUDA reserves more addresses than any machine has memory
        _limit_memory()
    os.environ.setdefault("MPLBACKEND", "agg")
    np.set_printoptions(legacy="1.25")  # NumPy scalars show as plain numbers, as in the shell
    np.random.seed(SEED)
    random.seed(SEED)
    try:
        import fluxrepl

        fluxrepl.seed(SEED)
    except (ImportError, AttributeError):
        pass  # a lesson of plain NumPy needs no layers


def _limit_memory() -> None:
    """A lesson that takes all memory gets a MemoryError at its line, instead of taking the machine with it."""
    try:
        import resource

        with open("/proc/self/statm") as statm:
            taken = int(statm.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))
    except (ImportError, OSError, ValueError):
        pass  # not Linux, or a tighter limit is set already


def _facts(example: Example, ran: Ran, namespace: dict[str, Any]) -> list[promise.Fact]:
    """What is known about the value of each promise of an example."""
    value, shown = ran.value, ran.output
    if example.target and example.promises:
        again = run(example.target, namespace)
        value, shown = again.value, again.output
    return [promise.observe(made.text, value, shown, namespace) for made in example.promises]


def main(argv: list[str]) -> int:
    """Run the lesson `argv[0]` in this process; reports go to stdout, what the lesson prints does not."""
    send = channel(os.dup(1))
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    run_lesson(read(argv[0]), send)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
