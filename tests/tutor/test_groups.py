"""Groups share one namespace in the player: where a lesson would fail there, and passes its check, that is told."""

import re
from pathlib import Path

import pytest

from fluxrepl.tutor.check import check
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.play import walkthrough

from .conftest import EXERCISE
from .test_play import Learner

PAGE = Path(__file__).parents[2] / "docs" / "lesson-format.md"
EXAMPLES = re.findall(r"^````markdown\n(.*?)^````$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def blocks(*pieces):
    """A block for each piece; `group: code` puts it into a group."""
    found = []
    for piece in pieces:
        group, code = re.fullmatch(r"(?:(\w+): )?(.*)", piece, re.DOTALL).groups()
        found.append(f"```python{f' {{group={group}}}' if group else ''}\n{code}\n```\n")
    return "\n".join(found)


CLASHES = {
    "another value": (["x = 1", "apart: x = 2", "x    # => 1"], 17, "`x`"),
    "the group's own": (["apart: x = 2", "x = 1", "apart: x    # => 2"], 17, "`x`"),
    "counted on": (["n = 1", "apart: n = 5", "n = n + 1\nn    # => 2"], 17, "`n`"),
    "in a function": (["k = 2\ndef f(x):\n    return k * x", "apart: k = 3", "f(1)    # => 2"], 19, "`k`"),
    "the function itself": (["def f(x):\n    return x", "a: def f(x):\n    return 2 * x", "f(1)  # => 1"], 19, "`f`"),
}


@pytest.mark.parametrize("name", CLASHES)
def test_a_name_that_another_group_takes_is_told(write, name):
    pieces, line, what = CLASHES[name]
    path = write("01.md", blocks(*pieces))
    (finding,) = check([path]).findings
    assert (finding.line, finding.what.split()[0]) == (line, what)
    learner = Learner(read(path))
    for _, text in walkthrough(learner.play.lesson):
        learner.types(text)
    assert not learner.play.finished, "it would have been played"


def test_the_words_name_the_group_and_say_what_to_do(write):
    (remark,) = read(write("01.md", blocks("x = 1", "apart: x = 2", "x"))).remarks
    assert remark.words == (
        "`x` is another in the player and in notebooks; groups share one namespace there, and group `apart` gave it a "
        "value last; give one of the two another name"
    )


def test_it_is_told_in_an_exercise_too(write):
    body = EXERCISE.replace("return 2 * x", "return two * x").replace("It is short:", "")
    found = read(write("01.md", blocks("two = 2", "apart: two = 3") + "\n" + body)).remarks
    assert [remark.what.split()[0] for remark in found] == ["`two`"]


HARMLESS = {
    "one after the other": ["x = 1\nx    # => 1", "apart: x = 2\nx    # => 2", "other: x = 3\nx    # => 3"],
    "one group": ["only: x = 1", "only: x    # => 1"],
    "the same import": ["import math", "apart: import math\nmath.pi", "math.pi    # => ~3.14 ± 0.01"],
    "the same definition": ["import math\ndef f(): return math.pi", "a: import math\ndef f(): return math.pi", "f()"],
    "a parameter": ["def f(x): return x", "apart: x = 2", "f(1)    # => 1"],
    "given anew": ["x = 1", "apart: x = 2", "x = 3\nx    # => 3"],
    "in a loop": ["x = 1", "apart: x = 2", "for x in (1, 2):\n    print(x)"],
}


@pytest.mark.parametrize("name", HARMLESS)
def test_groups_that_do_not_meet_are_left_in_peace(write, name):
    assert check([write("01.md", blocks(*HARMLESS[name]))]).findings == []


@pytest.mark.parametrize("text", EXAMPLES, ids=[text.strip().split("\n")[0][:30] for text in EXAMPLES])
def test_an_example_of_the_reference_can_be_played_to_its_end(write, text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # an example writes a file
    path = write("01.md", text, head="") if text.startswith("---") else write("01.md", text)
    learner = Learner(read(path))
    for _, typed in walkthrough(learner.play.lesson):
        learner.types(typed)
    assert learner.play.finished
