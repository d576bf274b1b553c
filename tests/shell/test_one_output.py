"""The checker's lean executor and the shell show the same for every example of every lesson (decision 7)."""

import contextlib
import re
from pathlib import Path

import numpy as np
import pytest

import fluxrepl
from fluxrepl.tutor import awaited
from fluxrepl.tutor.lesson import Lesson, read
from fluxrepl.tutor.run import run, show_pieces

LESSONS = sorted((Path(__file__).parents[2] / "lessons").glob("0*.md"))


def cells(lesson: Lesson):
    """Every example and every solution, in order: (namespace, source, line)."""
    for block in lesson.blocks:
        for example in block.examples:
            if not block.options.norun and not block.options.requires:
                yield block.options.group, example.source, example.line
        if block.exercise:
            yield block.options.group, block.exercise.solution, block.exercise.solution_line


def shown(cells_of_lesson, execute) -> list[tuple[str, str, str]]:
    """What each cell shows: its source, its output, its error."""
    np.random.seed(0)
    fluxrepl.seed(0)
    answers = []
    for _, source, line in cells_of_lesson:
        ran = execute(source, line)
        error = "" if ran.error is None else f"{type(ran.error).__name__}: {ran.error}"
        answers.append((source, re.sub("0x[0-9a-f]+", "0x…", ran.output), error))
    return answers


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_a_lesson_shows_the_same_in_the_checker_and_in_the_shell(path, shell):
    lesson = read(path)
    assert len({group for group, *_ in cells(lesson)}) == 1  # one namespace: one shell will do
    show_pieces(str(path), lesson.text.count("\n") + 1, [(line, source) for _, source, line in cells(lesson)])
    namespace = {"__name__": "__main__"}
    with np.printoptions(legacy="1.25"):
        lean = shown(cells(lesson), lambda source, line: run(source, namespace, str(lesson.path), line))
    whole = shown(cells(lesson), lambda source, line: shell.run(source))
    assert len(lean) >= 10
    for (source, output, error), (_, shell_output, shell_error) in zip(lean, whole, strict=True):
        assert (output, error) == (shell_output, shell_error), source


@pytest.mark.parametrize(
    "source",
    [
        "import asyncio\nawait asyncio.sleep(0, 5)",
        "import asyncio\nx = await asyncio.sleep(0, 5)\nasyncio.get_running_loop() is not None",
        "import asyncio\nawait asyncio.sleep(0, 5);",
        "import asyncio\nprint(1)\nawait asyncio.wait_for(asyncio.sleep(1), 0)",
        "import asyncio\nasync with asyncio.timeout(1) as limit:\n    print(limit.expired())",
        "def f():\n    await g()",
    ],
)
def test_what_waits_shows_the_same_in_the_checker_and_in_the_shell(source, shell):
    with contextlib.closing(awaited):
        (lean,) = shown([("", source, 1)], lambda source, line: run(source, {"__name__": "__main__"}))
    (whole,) = shown([("", source, 1)], lambda source, line: shell.run(source))
    assert lean[1] == whole[1]
    assert lean[2].partition(" (")[0] == whole[2].partition(" (")[0]  # where a SyntaxError is, differs
