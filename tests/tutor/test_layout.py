"""`fluxrepl fmt` lays a lesson out so that stock doctest runs it, and changes nothing of what it says."""

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fluxrepl.cli import main
from fluxrepl.tutor.layout import formatted
from fluxrepl.tutor.rewrite import Source

UNTIDY = """\
<!-- fluxrepl:setup
>>> import math
-->

Prose keeps its spaces:   \n
```pycon
>>> 1 + 1
2   \n>>> "spaces in a string   "
'spaces in a string   '
>>> x = '''a   \n... b'''
```

```pycon
>>> math.pi > 3
True

```

- in a list

  ```pycon{signed_zero}
  >>> 0.0
  0.0
  ```

> ```pycon
> >>> 1
> 1
> ```

```python{rtol=0.1}
a = 1    #=>1
a        #   =>   1
b = "#=> no"
a        # => 1
```

```pycon
```

```text
>>> 1
2
```

````markdown
```pycon
>>> 1
1
```
````
"""

TIDY = """\
<!-- fluxrepl:setup
>>> import math

-->

Prose keeps its spaces:   \n
```pycon
>>> 1 + 1
2
>>> "spaces in a string   "
'spaces in a string   '
>>> x = '''a   \n... b'''

```

```pycon
>>> math.pi > 3
True

```

- in a list

  ```pycon {signed_zero}
  >>> 0.0
  0.0

  ```

> ```pycon
> >>> 1
> 1
>
> ```

```python {rtol=0.1}
a = 1    # => 1
a        # => 1
b = "#=> no"
a        # => 1
```

```pycon
```

```text
>>> 1
2
```

````markdown
```pycon
>>> 1
1
```
````
"""


def laid_out(path):
    return formatted(Source(path))


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old"])
@pytest.mark.parametrize("last", ["", "\n\nthe end"])
def test_what_stock_doctest_needs_is_put_in_and_nothing_else_changes(write, ends, last):
    path = write("01.md", UNTIDY)
    head = path.read_text().removesuffix(UNTIDY)
    path.write_bytes((head + UNTIDY + last).replace("\n", ends).encode())
    assert laid_out(path).encode() == (head + TIDY + last).replace("\n", ends).encode()


def test_laying_out_twice_changes_nothing_more(write):
    path = write("01.md", TIDY)
    assert laid_out(path).encode() == path.read_bytes()


def test_the_result_runs_under_stock_doctest(write):
    body = "```pycon\n>>> 1 + 1\n2\n```\n\n```pycon\n>>> x = 3\n```\n\n```pycon{rtol=0.1}\n>>> x\n3 \n```\n"
    path = write("01.md", body)
    stock = [sys.executable, "-m", "doctest", str(path)]
    assert subprocess.run(stock, capture_output=True, check=False).returncode == 1
    assert main(["fmt", str(path)]) == 0
    assert subprocess.run(stock, capture_output=True, check=False).returncode == 0


def test_a_malformed_lesson_is_laid_out_where_it_can_be(write):
    body = "```pycon {unknown}\n>>> 1\n1\n```\n\n```pycon\n>>> 1 +\n```\n\n"
    body += "```python\nx = (  #=> 1\n```\n\n```pycon\n>>> 1\n"
    path = write("01.md", body)
    text = path.read_text()
    assert laid_out(path) == text.replace("\n1\n```", "\n1\n\n```").replace("1 +\n```", "1 +\n\n```")


def test_code_too_deep_to_be_compared_as_a_program_is_compared_as_a_text(write):
    path = write("01.md", "```pycon{rtol=0.1}\n>>> " + " + ".join("1" * 900) + "\n900\n```\n")
    assert laid_out(path) == path.read_text().replace("pycon{", "pycon {").replace("\n```\n", "\n\n```\n")


LINES = st.sampled_from(
    ["```pycon", "```pycon{rtol=1}", "```python{norun}", "```", "~~~", ">>> 1", "... 2", "1  ", "1", "", "  ", "x #=>1",
     "<!-- fluxrepl:setup", "-->", "- a", "  ```pycon", "  >>> 1", "  ```", "> ```pycon", "> >>> 1", "> ```", "text  ",
     "<details><summary>Hint</summary>", "</details>", ">>> '''a  ", "b'''", "\t>>> 1", "```pycon\t"]
)  # fmt: skip


@example(lines=["```pycon", ">>> 1", "> ```"], end="\n")  # which is in the fence, and does not close it
@given(lines=st.lists(LINES, max_size=15), end=st.sampled_from(["\n", "\r\n"]))
def test_only_blank_lines_and_spaces_are_put_in_or_taken_out(tmp_path_factory, lines, end):
    path = tmp_path_factory.mktemp("lesson") / "01.md"
    path.write_bytes(end.join(["---", "title: t", "id: i", "---", "", *lines]).encode())
    before = path.read_text()
    text = laid_out(path)
    assert "".join(text.replace(">", "").split()) == "".join(before.replace(">", "").split())
    path.write_bytes(text.encode())
    assert laid_out(path) == text


def test_the_command_writes_and_tells_what_it_did(write, capsys):
    path = write("01.md", "```pycon\n>>> 1\n1\n```\n")
    good = write("02.md", "text\n")
    assert main(["fmt", str(path), str(good)]) == 0
    shown = capsys.readouterr()
    assert shown.out == f"{path}: laid out\n"
    assert shown.err == "1 lesson laid out, 1 lesson left as they are\n"
    assert "1\n\n```" in path.read_text()


def test_check_writes_nothing_and_says_it_with_its_status(write, capsys):
    path = write("01.md", "```pycon\n>>> 1\n1\n```\n")
    before = path.read_bytes()
    assert main(["fmt", "--check", str(path)]) == 1
    assert capsys.readouterr().out == f"{path}: would be laid out\n"
    assert path.read_bytes() == before
    main(["fmt", str(path)])
    assert main(["fmt", "--check", str(path)]) == 0


def test_diff_shows_what_would_change(write, capsys):
    path = write("01.md", "```pycon\n>>> 1\n1\n```\n")
    before = path.read_bytes()
    assert main(["fmt", "--diff", str(path)]) == 0
    assert "\n+\n ```\n" in capsys.readouterr().out
    assert path.read_bytes() == before
    assert main(["fmt", "--diff", "--check", str(path)]) == 1


def test_what_cannot_be_read_is_told_and_the_rest_is_laid_out(write, tmp_path, capsys):
    (tmp_path / "00.md").write_bytes(b"\xff")
    path = write("01.md", "```pycon\n>>> 1\n1\n```\n")
    assert main(["fmt", str(tmp_path)]) == 1
    assert "00.md: left as it is: it is not UTF-8" in capsys.readouterr().err
    assert "1\n\n```" in path.read_text()
    assert main(["fmt", str(tmp_path / "gone.md")]) == 2


def test_the_lessons_of_the_course_are_laid_out():
    from fluxrepl.tutor.course import find_course

    assert main(["fmt", "--check", str(find_course())]) == 0
