"""The lesson that `fluxrepl new` writes: it has a piece of every kind, and passes its check."""

import re
from pathlib import Path

TEMPLATE = """\
---
title: {title}
id: {id}
requires: []
objectives:
  - say here what a reader can do afterwards
minutes: 10
---

# {title}

<!-- A comment is for authors. All below passes `fluxrepl check`: change a piece, and check again. -->

<!-- fluxrepl:setup
>>> from fluxrepl import *

-->

Say why first. Then an example: each `>>>` runs, and what it shows is compared with what stands below it.

```pycon
>>> f = lambda x: 3*x**2 + 2*x + 1
>>> gradient(f, 2.0)
(14.0,)

```

Where numbers are random, promise what must hold of them. `_` is the value.

```python
x = np.random.rand(3)
np.sum(x)                                   # => 0 <= _ <= 3
gradient(lambda x: np.sum(x ** 2), x)[0]    # => array shape (3,)
```

An error that is meant is named in braces, behind the language. `rtol=`, `timeout=` and `group=` stand there too.

```python {{raises=NotScalarError}}
gradient(lambda x: x ** 2, x)
```

Code that is only to be read:

```python {{norun}}
for x, y in data:
    step(model, x, y)
```

Code that needs what not everybody has is skipped where it is missing. Here it would be a GPU, or a library.

```python {{requires=matplotlib}}
from matplotlib import pyplot as plt

plt.plot(x);
```

### Exercise: the slope of a line

Write `slope(a, b)`: the slope of `x -> a*x + b`, taken with `gradient`.

```python {{starter=slope}}
def slope(a, b):
    ...
```

<details><summary>Hint</summary>

A nudge first: `gradient` wants a function and a place, and the place does not matter here.

</details>

<details><summary>Hint</summary>

Then something concrete: `gradient` gives one entry per argument, in a tuple.

</details>

<details><summary>Solution</summary>

```python {{solution=slope}}
def slope(a, b):
    return gradient(lambda x: a * x + b, 1.0)[0]
```

</details>

<!-- fluxrepl:check slope
got = slope(3.0, 1.0)
assert got == 3.0, f"the slope of 3x + 1 is 3.0, not {{got}}"
assert slope(-2.0, 5.0) == -2.0, "the slope of -2x + 5 is -2.0"
-->

<!-- fluxrepl:wrong slope says="is 3.0, not (3.0,)"
def slope(a, b):
    return gradient(lambda x: a * x + b, 1.0)
-->

### Quiz: a choice

What is the gradient of `x -> 5`?

- [ ] a. five
- [ ] b. `None`: nothing flows back to `x`

<details><summary>Answer</summary>

**b.** The result does not depend on `x`.

</details>

<!-- fluxrepl:quiz constant answer=b -->

### Quiz: a number

How steep is the sine at 0?

<details><summary>Answer</summary>

**1.** Its derivative is the cosine.

</details>

<!-- fluxrepl:quiz steep answer="1 ± 0.01"
gradient(np.sin, 0.0)[0]
-->

### Quiz: what does this show?

```python {{quiz=shape}}
np.ones((2, 3)).T.shape
```

<!-- fluxrepl:quiz shape answer="(3, 2)" -->
"""


def write_template(name: str) -> Path:
    """Write a new lesson to the file `name` (`.md` may be left out); a `ValueError` if there is one already."""
    if not Path(name).name.removesuffix(".md").strip():
        raise ValueError(f"{name!r} names no file; write one, such as 09-my-lesson.md")
    if Path(name).is_dir():
        raise ValueError(f"{name} is a folder; name a file in it, such as {Path(name) / '09-my-lesson.md'}")
    path = Path(name) if name.endswith(".md") else Path(f"{name}.md")
    words = re.sub(r"[^a-z0-9]+", "-", path.stem.lower().lstrip("0123456789")).strip("-") or "my-lesson"
    if path.exists():
        raise ValueError(f"{path} exists already; name another file")
    title = words.replace("-", " ").capitalize()
    text = TEMPLATE.format(title=title, id=words if not words.isdigit() else f"lesson-{words}")
    path.write_text(text, encoding="utf-8")
    return path
