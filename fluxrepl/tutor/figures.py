"""Draws the figures of a lesson: runs it, and saves what each block with {figure=FILE} has drawn.

So a picture on a page is what its code draws, and nobody has to paste it.
"""

import os
from pathlib import Path
from typing import Any

import numpy as np

from .drawn import WRITE, count_figures, draws_none, forget_figures
from .lesson import Block, Lesson
from .needs import missing
from .problem import Problem
from .run import describe, run

DOTS_PER_INCH = 150
SEED = 20  # a figure drawn again is the same


def draw(lesson: Lesson) -> tuple[list[Path], list[Problem]]:
    """Run `lesson` in this process and write its figures; the files written, and what kept others from being."""
    import fluxrepl

    os.environ["MPLBACKEND"] = "agg"
    np.random.seed(SEED)
    fluxrepl.seed(SEED)
    namespaces: dict[str, dict[str, Any]] = {}
    written: list[Path] = []
    problems: list[Problem] = []
    for block in lesson.blocks:
        namespace = namespaces.setdefault(block.options.group, {"__name__": "__main__"})
        if reason := missing(block.options.requires):
            if block.options.figure:
                what = f"the figure {block.options.figure} was not drawn"
                problems.append(Problem(lesson.path, block.line, what, f"this block {reason}"))
            continue
        if block.options.figure:
            forget_figures()
        problem = _run(lesson, block, namespace)
        if problem is None and block.options.figure:
            target = lesson.path.parent / block.options.figure
            problem = _save(lesson, block, target)
            written += [] if problem else [target]
        problems += [problem] if problem else []
    return written, problems


def _run(lesson: Lesson, block: Block, namespace: dict[str, Any]) -> Problem | None:
    pieces = [(example.source, example.line, example.error) for example in block.examples]
    if block.exercise:
        pieces = [(block.exercise.solution, block.exercise.solution_line, "")]
    for source, line, expected in pieces:
        ran = run(source, namespace, str(lesson.path), line)
        if ran.error is not None and not expected:
            told = describe(ran.error, str(lesson.path))
            what = f"{told['name']} was raised"
            return Problem(lesson.path, told["line"] or line, what, told["message"], "see `fluxrepl check`")
    return None


def _save(lesson: Lesson, block: Block, target: Path) -> Problem | None:
    if not count_figures():
        return Problem(lesson.path, block.line, draws_none(block.options.figure), "", WRITE)
    from matplotlib import pyplot

    metadata = {"Software": None} if target.suffix == ".png" else None  # the same figure is the same file
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        pyplot.gcf().savefig(target, dpi=DOTS_PER_INCH, metadata=metadata)
    except OSError as error:
        return Problem(lesson.path, block.line, f"cannot write {target}", error.strerror or str(error))
    forget_figures()
    return None
