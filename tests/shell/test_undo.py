"""`:undo`: what a cell did is taken back; what cannot be is told."""

import random
import timeit
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxrepl.shell.memento import Memento

LESSON = """---
title: Sums
id: sums
---

# Sums

```pycon
>>> total = 1 + 1
>>> total
2

```

Twice:

```pycon
>>> total = 2 * total
>>> total
4

```

### Exercise: fill

Write `filled`.

```python {starter=filled}
filled = ...
```

<details><summary>Hint</summary>

Ones.

</details>

<details><summary>Solution</summary>

```python {solution=filled}
filled = np.ones(3)
```

</details>

<!-- fluxrepl:check filled
assert np.sum(filled) == 3, "the sum is 3"
-->

<!-- fluxrepl:wrong filled says="the sum is 3"
filled = np.zeros(3)
-->
"""


@pytest.fixture
def open_lesson(shell, tmp_path: Path):
    path = tmp_path / "01-sums.md"
    path.write_text(LESSON, encoding="utf-8")
    assert shell.start_lesson(str(path))
    shell.said.clear()
    return shell


def undo(shell) -> str:
    shell.said.clear()
    shell.command(":undo")
    return shell.words


def test_a_new_name_is_gone_and_a_changed_one_is_back(open_lesson) -> None:
    shell = open_lesson
    shell.run("a, gradient_before = 1, gradient")
    shell.run("a, b, gradient = 5, 6, 7")
    assert undo(shell) == ("Taken back: `a, b, gradient = 5, 6, 7`\n`b` is gone. `a` and `gradient` are as they were.")
    assert shell.run("(a, gradient is gradient_before)").value == (1, True)
    assert "b" not in shell.user_ns


@pytest.mark.parametrize(
    ("made", "changed", "still"),
    [
        ("a = [1, [2]]", "a[1].append(3); a.append(4)", "a == [1, [2]]"),
        ("a = {'w': 1}", "a['w'] = 2; a['b'] = 3", "a == {'w': 1}"),
        ("a = {1, 2}", "a.add(3)", "a == {1, 2}"),
        ("a = np.zeros((2, 2))", "a += 1", "a.sum() == 0"),
        ("a = np.zeros(3); b = a[1:]", "b[:] = 1", "a.sum() == 0 and b.base is a"),
        ("a = ([1], 2)", "a[0].clear()", "a == ([1], 2)"),
        ("a = Dense(3, 2); w = a.weight.copy()", "a.weight[...] = 7", "(a.weight == w).all()"),
        ("a = Chain(Dense(3, 2)); w = a[0].weight", "a[0].weight = None", "a[0].weight is w"),
        ("a = [0]; b = a", "a.append(1)", "a is b and b == [0]"),
        ("def f(seen=[]):\n    seen.append(1)\n    return len(seen)", "f()", "f() == 1"),
        ("class P:\n    pass\na = P(); a.x = [1]", "a.x.append(2); a.y = 3", "a.x == [1] and not hasattr(a, 'y')"),
        (
            "class P:\n    __slots__ = ('__w',)\n    def __init__(self):\n        self.__w = [1]\na = P()",
            "a._P__w.append(2); a._P__w = 3",
            "a._P__w == [1]",
        ),
        ("from collections import deque\na = deque([1])", "a.append(2)", "list(a) == [1]"),
        ("a = bytearray(b'x')", "a += b'y'", "a == b'x'"),
        ("a = np.array([[1], None], dtype=object)", "a[0].append(2); a[1] = 3", "a[0] == [1] and a[1] is None"),
        ("a = []; a.append(a)", "a.append(1)", "len(a) == 1"),
        ("a = np.random.default_rng(0); r = a.bit_generator.state", "a.random()", "a.bit_generator.state == r"),
    ],
)
def test_what_a_cell_changed_in_place_is_as_before(open_lesson, made: str, changed: str, still: str) -> None:
    shell = open_lesson
    shell.run(made)
    shell.run(changed)
    assert "Taken back" in undo(shell)
    assert bool(shell.run(still).value)


def test_random_numbers_come_again(open_lesson) -> None:
    shell = open_lesson
    shell.run("import random")
    draw = "a = random.random(), np.random.rand(), Dense(2, 2).weight.tolist()"
    shell.run(draw)
    first = shell.user_ns["a"]
    undo(shell)
    shell.run(draw)
    assert shell.user_ns["a"] == first


def test_cells_that_only_look_are_passed_over(open_lesson) -> None:
    shell = open_lesson
    shell.run("a = 1")
    shell.run("a = 2")
    shell.run("a")
    assert undo(shell).startswith("Taken back: `a = 2`")
    assert undo(shell).startswith("Taken back: `a = 1`")
    assert undo(shell) == "There is nothing to take back: no cell of this lesson has changed anything."


def test_a_cell_that_raised_half_way_is_taken_back(open_lesson) -> None:
    shell = open_lesson
    shell.run("a = [1]")
    shell.run("a.append(2); 1/0")
    undo(shell)
    assert shell.user_ns["a"] == [1]


def test_the_lesson_goes_back_to_the_step_of_the_cell(open_lesson) -> None:
    shell = open_lesson
    shell.run("total = 1 + 1\ntotal")
    assert shell.play.index == 1
    said = undo(shell)
    assert shell.play.index == 0
    assert "`total` is gone." in said


def test_a_skipped_answer_is_taken_back_too(open_lesson) -> None:
    shell = open_lesson
    shell.command(":skip")
    assert (shell.play.index, shell.user_ns["total"]) == (1, 2)
    undo(shell)
    assert (shell.play.index, "total" in shell.user_ns) == (0, False)


def test_as_cells_of_a_notebook_commands_are_not_what_is_taken_back(open_lesson) -> None:
    shell = open_lesson
    shell.run_cell("a = 1", store_history=True)
    shell.run_cell("%lesson hint", store_history=True)
    shell.run_cell(":list", store_history=True)
    shell.run_cell(":skip", store_history=True)
    shell.run_cell(":undo", store_history=True)
    assert (shell.play.index, "total" in shell.user_ns, shell.user_ns["a"]) == (0, False, 1)
    shell.run_cell("%lesson undo", store_history=True)
    assert "a" not in shell.user_ns


def test_what_cannot_be_copied_is_told_by_name(open_lesson) -> None:
    shell = open_lesson
    shell.run("numbers = (n for n in range(9)); a = 7")
    shell.run("a = next(numbers)")
    assert "`numbers` stays as it is now: a generator, which cannot be copied." in undo(shell)
    assert shell.user_ns["a"] == 7
    shell.run("next(numbers)")
    assert undo(shell) == (
        "Taken back: `next(numbers)`\n`numbers` stays as it is now: a generator, which cannot be copied."
    )


def test_what_is_too_large_is_told(open_lesson, monkeypatch) -> None:
    from fluxrepl.shell import memento

    monkeypatch.setattr(memento, "ROOM", 1000)
    shell = open_lesson
    shell.run("big = np.zeros(1000)")
    shell.run("big += 1; a = 1")
    assert "`big` stays as it is now: too large to keep a copy." in undo(shell)
    assert shell.user_ns["big"][0] == 1


def test_very_long_lists_cost_no_more_than_a_moment(open_lesson, monkeypatch) -> None:
    from fluxrepl.shell import memento

    monkeypatch.setattr(memento, "SECONDS", 0.01)
    shell = open_lesson
    shell.run("many = [[n] for n in range(200_000)]")
    shell.run("many[0].append(1); a = 1")
    assert "`many` stays as it is now: too large to keep a copy." in undo(shell)


def test_without_a_lesson_there_is_no_undo(shell) -> None:
    shell.run("a = 1")
    assert "belongs to a lesson" in undo(shell)


def test_what_many_moments_keep_of_large_arrays_is_bounded(open_lesson, monkeypatch) -> None:
    from fluxrepl.shell import undo as undoing

    monkeypatch.setattr(undoing, "ROOM", 3 * 8000)
    shell = open_lesson
    shell.run("big = np.zeros(1000); still = np.zeros(1000)")
    for _ in range(8):
        shell.run("big += 1")
    assert 1 < len(shell.lessons.undo.moments) <= 3
    assert "Taken back" in undo(shell)
    assert shell.user_ns["big"][0] == 7


def test_the_names_are_kept_in_far_less_time_than_a_cell_takes(open_lesson) -> None:
    shell = open_lesson
    shell.run("model = Chain(Dense(64, 32), Dense(32, 10)); data = [np.zeros((100, 64)) for _ in range(20)]")
    best = min(timeit.repeat(lambda: Memento(shell.user_ns), number=1, repeat=5))
    assert best < 0.05


# Any structure


LEAVES = (
    st.integers(0, 9) | st.text(max_size=2) | st.lists(st.integers(0, 9), max_size=3).map(lambda v: np.array(v, float))
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


def mutate(value, draw: random.Random) -> None:
    """Change something, anywhere in a structure."""
    parts = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if parts and draw.random() < 0.6:
        mutate(draw.choice(parts), draw)
    elif isinstance(value, list):
        draw.choice([value.clear, value.reverse, lambda: value.append([1]), lambda: value.insert(0, value)])()
    elif isinstance(value, dict):
        draw.choice(
            [value.clear, lambda: value.update(a=1, z=value), lambda: value.pop(next(iter(value), None), None)]
        )()
    elif isinstance(value, np.ndarray):
        value += 1


@given(TREES, TREES, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_any_structure_is_as_before_whatever_is_done_to_it(a, b, draw) -> None:
    names = {"a": a, "b": b, "both": [a, b, a]}
    before = repr(names)
    kept = Memento(names)
    for _ in range(5):
        mutate(draw.choice(list(names.values())), draw)
    names["new"] = 1
    names.pop(draw.choice(["a", "b", "none"]), None)
    kept.restore(names)
    assert repr({name: names[name] for name in ("a", "b", "both")}) == before
    assert len(names) == 3
    assert names["both"][0] is names["both"][2] is names["a"]


# After a miss


def test_after_a_miss_what_was_there_is_as_before_and_the_next_try_passes(open_lesson, capsys) -> None:
    shell = open_lesson
    shell.run("total = 1 + 1\ntotal")
    shell.run("total = 3 * total\ntotal")
    assert "`total` is again as before this try." in shell.words
    assert shell.user_ns["total"] == 2
    shell.run("total = 2 * total\ntotal")
    assert shell.play.index == 2


def test_after_a_miss_at_an_exercise_the_try_itself_stays_to_be_looked_at(open_lesson) -> None:
    shell = open_lesson
    shell.command(":goto 3")
    shell.run("data = np.ones(3)")
    shell.run("data[0] = 5; filled = data")
    assert "the sum is 3" in shell.words
    assert np.array_equal(shell.user_ns["filled"], [1, 1, 1])
    assert "`data` is again as before this try." in shell.words


def test_exploring_is_never_put_back(open_lesson) -> None:
    shell = open_lesson
    shell.run("total = 1 + 1\ntotal")
    shell.run("total = 50")
    assert shell.user_ns["total"] == 50


def test_of_an_object_that_has_no_fields_nothing_is_lost() -> None:
    bare = type("Bare", (), {"__slots__": (), "__module__": "__main__"})
    assert Memento({"a": bare()}).lost == {}
