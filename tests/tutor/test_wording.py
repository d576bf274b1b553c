"""How steps are named, and code cut and fenced."""

import pytest

from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.wording import fenced, label, matches, shortened

LONG = """
```pycon
>>> gradient(lambda p: p["w"] * p["x"], {"w": 3.0, "x": 2.0, "another": 4.0})
(1,)

```
"""


def test_a_long_example_is_cut_between_two_words(write):
    (step,) = read(write("01.md", LONG)).steps
    assert label(step) == 'A small lesson · gradient(lambda p: p["w"] * p["x"], {"w": 3.0, "x": 2.0, …'
    assert matches(step, "another"), "the search looks at all of it"


@pytest.mark.parametrize(
    ("text", "longest", "cut"),
    [
        ("short", 5, "short"),
        ("a longer one", 8, "a longe…"),  # one word is most of it
        ("a longer one", 10, "a longer …"),
        ("unbroken" * 9, 10, "unbrokenu…"),
        ("", 0, ""),
    ],
)
def test_what_is_cut_is_as_long_as_it_may_be(text, longest, cut):
    assert shortened(text, longest) == cut


def test_a_fence_is_longer_than_the_backticks_inside():
    assert fenced("x = 1\n") == "```python\nx = 1\n```"
    assert fenced("'''````'''") == "`````python\n'''````'''\n`````"
