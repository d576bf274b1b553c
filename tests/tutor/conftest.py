"""Small lessons, written to a temporary folder."""

from pathlib import Path
from textwrap import dedent

import pytest

HEAD = "---\ntitle: A small lesson\nid: lesson-{id}\n---\n\n# A small lesson\n\n"

EXERCISE = """\
### Exercise: double

Write `double(x)`.

```python {starter=double}
def double(x):
    return ___
```

<details><summary>Hint</summary>

Twice as much.

</details>

<details><summary>Hint</summary>

`2 * x`

</details>

<details><summary>Solution</summary>

It is short:

```python {solution=double}
def double(x):
    return 2 * x
```

</details>

<!-- fluxrepl:check double
assert double(3) == 6, f"double(3) is 6, not {double(3)}"
assert double(-1) == -2
-->

<!-- fluxrepl:wrong double says="double(3) is 6, not 9"
def double(x):
    return x * x
-->
"""

QUIZ = """\
### Quiz

Which is larger?

- [ ] a. one
- [ ] b. two

<details><summary>Answer</summary>

**b.** Two is.

</details>

<!-- fluxrepl:quiz larger answer=b -->
"""


@pytest.fixture
def write(tmp_path):
    """`write("01.md", body)` writes a lesson with a proper head; `head=""` writes the body alone."""

    def write(name: str, body: str, head: str = HEAD) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(head.format(id=path.stem) + dedent(body), encoding="utf-8")
        return path

    return write
