"""What `--select`, `--ignore` and `--shard` leave to be checked."""

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxrepl.tutor.check import check
from fluxrepl.tutor.find import NothingToCheck
from fluxrepl.tutor.selection import part, select, shares

from .conftest import EXERCISE


@pytest.fixture
def files(write):
    head = "---\ntitle: x\nid: {id}\n---\n\ntext\n"
    names = {
        "00-start.md": "start",
        "01-taking-gradients.md": "gradients",
        "02-models.md": "models",
        "10-more.md": "more",
    }
    return [write(name, "", head.replace("{id}", identity)) for name, identity in names.items()]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (["1"], ["01"]),
        (["01"], ["01"]),
        (["gradients"], ["01"]),
        (["01-taking-gradients"], ["01"]),
        (["01-taking-gradients.md"], ["01"]),
        (["0*"], ["00", "01", "02"]),
        (["*model*", "more"], ["02", "10"]),
        (["gr*"], ["01"]),
        (["0[12]*"], ["01", "02"]),
        (["pycon"], ["00", "01", "02", "10"]),
        (["pycon", "2"], ["02"]),
    ],
)
def test_a_word_selects_lessons_by_number_id_name_or_pattern(files, words, left):
    assert [path.name[:2] for path in select(files, words, [])] == left


def test_what_is_ignored_is_left_out(files):
    assert [path.name[:2] for path in select(files, [], ["0*"])] == ["10"]
    assert [path.name[:2] for path in select(files, ["0*"], ["models", "nothing-like-it*"])] == ["00", "01"]


@pytest.mark.parametrize(
    ("wanted", "unwanted", "said"),
    [
        (["gradient"], [], r"--select gradient names no lesson here; did you mean `gradients`\?"),
        (["exercise"], [], r"did you mean `exercises`\?"),
        (["zzz*"], [], "--select zzz[*] names no lesson here; write a number, an id"),
        ([], ["modells"], r"--ignore modells names no lesson here; did you mean `models`"),
        (["models"], ["models"], "no lesson is left"),
    ],
)
def test_a_word_that_names_nothing_is_an_error(files, wanted, unwanted, said):
    with pytest.raises(NothingToCheck, match=said):
        select(files, wanted, unwanted)


def test_kinds_that_are_not_selected_run_but_are_not_judged(write):
    body = """\
    ```pycon
    >>> x = 1
    >>> x
    2

    ```

    ```python
    x  # => 3
    ```

    [a](nowhere.md)

    """
    path = write("01.md", dedent(body) + EXERCISE.replace("return x * x", "return 2 * x"))

    def kinds(**settings):
        return [finding.kind for finding in check([path], **settings).findings]

    assert kinds() == ["output", "promise", "link", "exercise"]
    assert kinds(select=("pycon",)) == ["output"]
    assert kinds(select=("python", "links")) == ["promise", "link"]
    assert kinds(ignore=("exercises", "links")) == ["output", "promise"]
    assert check([path], select=("pycon",)).lessons[0].exercises == 0


def test_an_error_is_told_also_in_blocks_that_are_not_judged(write):
    path = write("01.md", "```python\nx = 1 / 0\n```\n\n```pycon\n>>> x\n1\n\n```\n")
    assert [finding.kind for finding in check([path], select=("pycon",)).findings] == ["error", "not run"]


SIZES = st.lists(st.integers(0, 1000), max_size=60)


@given(SIZES, st.integers(1, 12))
def test_parts_are_disjoint_cover_everything_and_are_the_same_every_time(sizes, count):
    share = shares(sizes, count)
    assert len(share) == len(sizes)
    assert set(share) <= set(range(1, count + 1))
    assert share == shares(sizes, count)


@given(SIZES, st.integers(1, 12))
def test_parts_are_balanced_to_within_the_longest_lesson(sizes, count):
    share = shares(sizes, count)
    loads = [
        sum(size + 1 for size, number in zip(sizes, share, strict=True) if number == k) for k in range(1, count + 1)
    ]
    assert max(loads) - min(loads) <= max(sizes, default=0) + 1


def test_the_parts_of_a_folder_are_checked_by_different_machines(write, tmp_path):
    for number in range(7):
        write(f"{number:02}.md", "text\n" * (number + 1))
    parts = [[lesson.path for lesson in check([tmp_path], shard=(k, 3)).lessons] for k in (1, 2, 3)]
    assert sorted(path for paths in parts for path in paths) == sorted(tmp_path.glob("*.md"))
    assert all(parts)


def test_more_parts_than_lessons_leave_some_empty(write, tmp_path):
    path = write("01.md", "text\n")
    assert [len(part([path], k, 3)) for k in (1, 2, 3)] == [1, 0, 0]
    assert check([tmp_path], shard=(3, 3)).summary().endswith("part 3 of 3 has no lesson (--shard 3/3)")


def test_an_id_that_is_taken_is_found_by_the_part_that_has_the_second_lesson(write, tmp_path):
    head = "---\ntitle: x\nid: same\n---\n\n"
    write("01.md", "text\n", head)
    write("02.md", "text\n", head)
    found = [[finding.path.name for finding in check([tmp_path], shard=(k, 2)).findings] for k in (1, 2)]
    assert sorted(found) == [[], ["02.md"]]
