"""Makes lessons that every tool can run: Markdown with 20 prompts each, NumPy in all of them.

The outputs are computed, never written by hand, so that stock doctest passes them to the letter.
"""

from pathlib import Path

import numpy as np

HEAD = """\
---
title: "Lesson {number}: sums and shapes"
id: lesson-{number}
objectives:
  - see what an array times a number is
minutes: 5
---

# Lesson {number}: sums and shapes

<!-- fluxrepl:setup
>>> import numpy as np
>>> np.set_printoptions(legacy="1.25")

-->
"""

PART = """
## Part {part}

An array times a number is an array: every entry is multiplied. What a function does to
one number, it does to each of them, and `np.sum` adds them up.

```pycon
>>> x = np.arange({size}.0)
>>> x * {number}
{times}
>>> def f(x):
...     return x**2 + {part}
>>> f(x)
{squares}
>>> np.sum(f(x))
{total}
>>> f(x).shape
({size},)

```
"""


def write_lessons(folder: Path, count: int) -> None:
    """Write `count` lessons with 2 prompts in the setup and three parts of 6 each."""
    np.set_printoptions(legacy="1.25")
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        parts = [_part(number, part) for part in range(1, 4)]
        (folder / f"{number:04}-lesson.md").write_text(HEAD.format(number=number) + "".join(parts), "utf-8")


def plant_error(folder: Path) -> None:
    """Change one digit of one output, in the lesson in the middle."""
    files = sorted(folder.glob("*.md"))
    middle = files[len(files) // 2]
    text = middle.read_text("utf-8")
    assert text.count("\n(5,)\n") == 1
    middle.write_text(text.replace("\n(5,)\n", "\n(6,)\n"), "utf-8")


def _part(number: int, part: int) -> str:
    size = 2 + part
    x = np.arange(float(size))
    squares = x**2 + part
    return PART.format(
        number=number, part=part, size=size, times=repr(x * number), squares=repr(squares), total=repr(np.sum(squares))
    )
