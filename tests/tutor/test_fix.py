"""`check --fix` writes what is shown, as the author writes, where nothing else is wrong; and no other byte."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxrepl.cli import main
from fluxrepl.tutor.check import check
from fluxrepl.tutor.compare import difference
from fluxrepl.tutor.fix import edits_for, fix
from fluxrepl.tutor.isolate import Run
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.renew import renewed
from fluxrepl.tutor.rewrite import Edit, FileChanged, Source, styled, uncommitted
from fluxrepl.tutor.settings import Settings


def fix_one(path: Path, force: bool = False):
    fixed = list(fix([path], Settings(), force))
    return fixed[0] if fixed else None


def passes(path: Path) -> bool:
    return check([path]).passed


BODY = """\
<!-- fluxrepl:setup
>>> import numpy as np
>>> print("ready")
not ready

-->

Some prose with 0.5 and array([0.5, 0.5]).

```pycon
>>> x = np.array([1.0, 2.0]) / 3
>>> x
array([0.5, 0.5])
>>> x[0], "0.5"
(0.34, '0.4')
>>> for i in range(3):
...     print("row", i)
row 1
>>> print("a\\n\\nb")
a
>>> None
None
>>> x.sum()
1.0

```

- a list

  ```pycon
  >>> {"b": x[1]}
  {'b': 0.77}

  ```

```python
y = 2 * x      # => array([0.77, 1.33])
y.shape    # => (3,)
{}.get(1)  # => 3
y          #=>   array shape (3, 1)
"# => no"  # => '# => yes'
```
"""

FIXED = BODY.replace("not ready", "ready")
for before, after in [
    ("array([0.5, 0.5])\n>>> x[0]", "array([0.33333333, 0.66666667])\n>>> x[0]"),
    ("(0.34, '0.4')", "(0.33, '0.5')"),
    ("row 1\n", "row 0\nrow 1\nrow 2\n"),
    ("\na\n>>> None\nNone\n", "\na\n<BLANKLINE>\nb\n>>> None\n"),
    ("{'b': 0.77}", "{'b': 0.67}"),
    ("# => array([0.77, 1.33])", "# => array([0.67, 1.33])"),
    ("# => (3,)", "# => (2,)"),
    ("{}.get(1)  # => 3", "{}.get(1)  # => None"),
    ("#=>   array shape (3, 1)", "#=>   array shape (2,)"),
    ("# => '# => yes'", "# => '# => no'"),
]:
    assert before in FIXED
    FIXED = FIXED.replace(before, after)


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["unix", "windows"])
def test_everything_that_is_shown_is_written_and_nothing_else(write, ends):
    path = write("01.md", BODY)
    head = path.read_text().removesuffix(BODY)
    path.write_bytes((head + BODY).replace("\n", ends).encode())
    fixed = fix_one(path)
    assert (fixed.changes, fixed.refused) == (12, "")
    assert path.read_bytes().decode() == (head + FIXED).replace("\n", ends)
    assert passes(path)
    assert fix_one(path) is None


def test_the_diff_shows_what_changed(write):
    path = write("01.md", "```pycon\n>>> 1 + 1\n3\n\n```\n")
    lines = fix_one(path).diff.split("\n")
    assert lines[:2] == [f"--- {path}", f"+++ {path}"]
    assert [line for line in lines if line[:1] in "+-"][2:] == ["-3", "+2", ""]


def test_what_a_lesson_shows_in_its_diff_has_colours_and_acts_on_no_terminal():
    diff = "--- a.md\n+++ a.md\n@@ -1 +1 @@\n ---\n----\n+\x1b[31m\n"
    assert [style for _, style in styled(diff)] == ["bold", "bold", "cyan", "", "red", "green"]
    assert list(styled(diff))[-1][0] == "+\\x1b[31m"


def test_a_mark_at_the_start_and_a_missing_last_newline_stay(write):
    path = write("01.md", "```pycon\n>>> 1 + 1\n3\n\n```\n\nthe end")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    before = path.read_bytes()
    assert not fix_one(path).refused
    assert path.read_bytes() == before.replace(b"\n3\n", b"\n2\n")


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(write, tmp_path):
    path = write("01.md", "```pycon\n>>> 1 + 1\n3\n\n```\n")
    path.chmod(0o640)
    link = tmp_path / "02.md"
    link.symlink_to(path)
    assert not fix_one(link).refused
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(tmp_path)) == ["01.md", "02.md"]


REFUSED = {
    "an error": (">>> 1 / 0\n1", "ZeroDivisionError was raised", 9),
    "an error below a promise": (">>> 1\n2\n>>> 1 / 0", "ZeroDivisionError was raised", 11),
    "another error": (">>> 1 / 0\nTraceback (most recent call last):\n    ...\nValueError: no", "another error", 9),
    "no error": (
        ">>> 1\nTraceback (most recent call last):\n    ...\nValueError: no",
        "an error was promised and none came",
        9,
    ),
    "an end": (">>> 1\n2\n>>> exit()", "exit() was called", 11),
    "a process that vanishes": (">>> 1\n2\n>>> import os; os._exit(0)", "ended Python itself", 11),
    "a gap that does not fit": (">>> [1, 2]\n{1, ..., 3}", "no place for its `...`", 9),
    "a time": (">>> import time\n>>> time.time_ns()\n3", "differs from run to run", 10),
    "an address": (">>> object()\n1", "differs from run to run", 9),
    "an order of texts": (">>> ['a', *{str(i) for i in range(99)}]\n1", "differs from run to run", 9),
    "a prompt": (">>> print('>>> 1')\n1", "taken for Markdown or a prompt", 9),
    "a fence": (">>> print('```')\n1", "taken for Markdown or a prompt", 9),
    "what cannot be seen": (">>> print('a\\x1b[0mb')\n1", "characters that cannot be seen", 9),
    "too much": (">>> print('x ' * 20_000)\n1", "too long", 9),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_lesson_with_anything_else_stays_as_it_is(write, name):
    code, said, line = REFUSED[name]
    path = write("01.md", f"```pycon\n{code}\n\n```\n")
    before = path.read_bytes()
    fixed = fix_one(path)
    assert said in fixed.refused
    assert fixed.line == line
    assert path.read_bytes() == before
    assert str(fixed).startswith(f"{path}:{line}: not fixed: ")


def test_the_key_of_a_quiz_is_the_authors(write):
    path = write("01.md", "How much?\n\n<!-- fluxrepl:quiz sum answer=5\n2 + 2\n-->\n")
    assert fix_one(path).refused == "the key of a quiz and its expression differ; look which of the two is wrong"


@pytest.mark.parametrize(
    ("promise", "said"),
    [
        ("1 + 1  # => _ > 3", "is more than a text"),
        ("1 + 1  # => ~3 ± 0.5", "is more than a text"),
        ("'a'    # => array shape (2,)", "is more than a text"),
        ("[1, 2]  # => [1, ..., 3]", "cannot be written in its place"),
        ("__import__('random').random()  # => 0.5", "differs from run to run"),
        ("id(object())  # => 5", "differs from run to run"),
    ],
)
def test_a_promise_that_is_more_than_a_text_is_the_authors(write, promise, said):
    path = write("01.md", f"```python\n{promise}\n```\n")
    before = path.read_bytes()
    assert said in fix_one(path).refused
    assert path.read_bytes() == before


def test_a_malformed_lesson_and_one_that_is_gone_are_refused(write, tmp_path):
    assert "not Python" in fix_one(write("01.md", "```pycon\n>>> 1 +\n\n```\n")).refused
    assert "no such file" in fix_one(tmp_path / "gone.md").refused
    (tmp_path / "02.md").write_bytes(b"\xff")
    assert "not UTF-8" in fix_one(tmp_path / "02.md").refused


def git(folder, *words):
    given = ["-c", "user.name=a", "-c", "user.email=a@b.c", *words]
    subprocess.run(["git", "-C", str(folder), *given], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    try:
        git(tmp_path, "init", "-q")
    except FileNotFoundError:
        pytest.skip("needs git")
    return tmp_path


def test_what_git_could_not_bring_back_is_not_overwritten(write, repository):
    path = write("01.md", "```pycon\n>>> 1 + 1\n3\n\n```\n")
    assert "it is not in git yet" in fix_one(path).refused
    git(repository, "add", "01.md")
    assert "changes that are not committed" in fix_one(path).refused
    git(repository, "commit", "-qm", "one")
    path.write_text(path.read_text() + "\nmore\n")
    before = path.read_text()
    assert (
        "changes that are not committed, so git could not bring it back; commit it, or add --force"
        in fix_one(path).refused
    )
    assert path.read_text() == before
    assert not fix_one(path, force=True).refused
    assert path.read_text() == before.replace("\n3\n", "\n2\n")


def test_a_clean_file_in_git_is_fixed(write, repository):
    path = write("01.md", "```pycon\n>>> 1 + 1\n3\n\n```\n")
    git(repository, "add", "01.md")
    git(repository, "commit", "-qm", "one")
    assert not fix_one(path).refused


def test_git_has_no_say_outside_of_a_repository(tmp_path, monkeypatch):
    path = tmp_path / "01.md"
    path.write_text("x")
    assert uncommitted(path) == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert uncommitted(path) == ""


def test_a_file_that_somebody_else_writes_is_left_to_them(tmp_path):
    path = tmp_path / "01.md"
    path.write_text("one")
    source = Source(path)
    path.write_text("two")
    with pytest.raises(FileChanged):
        source.write("three")
    assert path.read_text() == "two"
    assert os.listdir(tmp_path) == ["01.md"]


@pytest.mark.parametrize(
    ("want", "got", "text"),
    [
        ("0.33", "0.6666666666666666", "0.67"),
        ("array([0.33, 0.25])", "array([0.14285714, 0.5       ])", "array([0.14, 0.5])"),
        ("array([0.33])", "array([ 0.14285714, -0.85714286])", "array([ 0.14, -0.86])"),
        ("array([1., 2.])", "array([0.33333333, 2.        ])", "array([0.33333333, 2.        ])"),
        ("loss 0.25 after 3 steps", "loss 0.12345 after 4 steps", "loss 0.12 after 4 steps"),
        ("1.2e-05", "3.4567e-07", "3.5e-07"),
        ("0.5", "0.3333333333333333", "0.3333333333333333"),
        ("0.33", "0.00012345", "0.00"),
        ("(0.33+1.67j)", "(0.66666+1.0001j)", "(0.67+1.00j)"),
        ("[0, 1, ..., 9]", "[0, 1, 2, 3, 8]", "[0, 1, ..., 8]"),
        ("array([0.33, ..., 9.12])", "array([0.6666, 4.5, 8.1234])", "array([0.67, ..., 8.12])"),
        ("<function f at 0x...>", "<function g at 0x7f00>", "<function g at 0x...>"),
        ("Epoch 1: ...\ndone 0.33", "Epoch 2: 0.3 s\ndone 0.6666", "Epoch 2: ...\ndone 0.67"),
        ("[1, ...]", "(1, 2)", "(1, ...)"),
        ("...\nend", "a\nb", "...\nb"),
    ],
)
def test_a_want_is_renewed_as_its_author_writes(want, got, text):
    assert renewed(want, got, lambda new: difference(new, got) is None) == text


@pytest.mark.parametrize(("want", "got"), [("[1, ..., 3]", "{'a': 1}"), ("a ... b ... c", "x y"), ("'a...'", "'b'")])
def test_gaps_are_not_filled(want, got):
    assert renewed(want, got, lambda new: difference(new, got) is None) is None


OUTPUTS = st.one_of(
    st.integers().map(str),
    st.floats().map(repr),
    st.complex_numbers().map(repr),
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=20).map(repr),
    st.lists(st.floats(width=32), max_size=5).map(repr),
    st.dictionaries(st.text("abé", max_size=3), st.integers(), max_size=3).map(repr),
)


@given(want=OUTPUTS, got=OUTPUTS)
def test_what_is_renewed_fits(want, got):
    new = renewed(want, got, lambda new: difference(new, got) is None)
    assert new is None or difference(new, got) is None
    assert new is not None or "..." in want


WORDS = st.text(st.sampled_from("ab 0.5é—`_*>"), max_size=30).map(lambda text: "x " + text.strip() + "x")
EXAMPLES = st.tuples(st.lists(OUTPUTS, min_size=0, max_size=3), st.lists(OUTPUTS, min_size=0, max_size=3), WORDS)


@settings(max_examples=60, deadline=None)
@given(
    examples=st.lists(EXAMPLES, min_size=1, max_size=4),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    indent=st.sampled_from(["", "  "]),
    last=st.booleans(),
    mark=st.sampled_from(["", "\ufeff"]),
)
def test_all_but_the_wants_keeps_its_bytes(tmp_path_factory, examples, end, indent, last, mark):
    def lesson(number: int) -> str:
        rows = [f"{mark}---", "title: t", "id: i", "---", ""]
        for example in examples:
            shown = [indent + row for row in example[number]]
            rows += [example[2], "", "```pycon", f"{indent}>>> print(0.5)", *shown, "", "```", ""]
        return end.join([*rows, "the end"]) + (end if last else "")

    path = tmp_path_factory.mktemp("lesson") / "01.md"
    path.write_bytes(lesson(0).encode())
    read_lesson = read(path)
    outputs = ["".join(f"{row}\n" for row in example[1]) for example in examples]
    reports = [{"unit": at, "output": output, "error": None, "facts": []} for at, output in enumerate(outputs)]
    run = Run(read_lesson, [*reports, {"end": True}])
    source = Source(path)
    edits = list(edits_for(read_lesson, source, run, [run]))
    changed = source.edited(edits)
    kept = [difference("\n".join(old), "\n".join(new)) is None for old, new, _ in examples]
    assert len(edits) == len(examples) - sum(kept)
    path.write_bytes(changed.encode())
    again = read(path)
    assert list(edits_for(again, Source(path), Run(again, run.reports), [run])) == []
    assert _without_wants(changed, end) == _without_wants(lesson(0), end)


def _without_wants(text: str, end: str) -> list[str]:
    """The lines of a lesson but those between a prompt and the blank line below it."""
    kept, inside = [], False
    for row in text.split(end):
        inside = inside and row != ""
        if not inside:
            kept.append(row)
        inside = inside or ">>> " in row
    return kept


@given(st.text(), st.data())
def test_edits_change_only_their_places(tmp_path_factory, text, data):
    path = tmp_path_factory.mktemp("source") / "a.md"
    path.write_bytes(text.encode("utf-8", "ignore"))
    source = Source(path)
    places = sorted(data.draw(st.sets(st.integers(0, len(source.text)), max_size=6)))
    pairs = list(zip(places[::2], places[1::2], strict=False))
    edits = [Edit(start, stop, f"<{start}>") for start, stop in pairs]
    expected, place = "", 0
    for edit in edits:
        expected += source.text[place : edit.start] + edit.text
        place = edit.end
    assert source.edited(edits[::-1]) == expected + source.text[place:]
    assert source.edited([]).encode() == source.data


def test_the_command_shows_the_diff_and_then_how_the_lessons_stand(write, capsys, monkeypatch):
    path = write("01.md", "```pycon\n>>> 1 + 1\n3\n\n```\n")
    broken = write("02.md", "```pycon\n>>> 1 / 0\n\n```\n")
    assert main(["check", "--fix", str(path), str(broken)]) == 1
    shown = capsys.readouterr().out
    assert "-3\n+2\n" in shown
    assert f"{path}: 1 promise fixed\n" in shown
    assert f"{broken}:9: not fixed: ZeroDivisionError was raised" in shown
    assert shown.index("promise fixed") < shown.index(f"{path}: ok")
    assert main(["check", "--fix", str(path)]) == 0


TOGETHER = [
    (["--force"], "--force says how to --fix"),
    (["--fix", "--untrusted"], "--fix and --untrusted do not go"),
    (["--fix", "--lesson", "lesson.md"], "--fix and --lesson do not go"),
]


@pytest.mark.parametrize(("words", "said"), TOGETHER)
def test_words_that_do_not_go_together_are_told(write, capsys, words, said):
    assert main(["check", *words, str(write("01.md", "text"))]) == 2
    assert said in capsys.readouterr().err


def test_with_another_format_the_diff_goes_to_stderr(write, capsys):
    path = write("01.md", "```pycon\n>>> 1 + 1\n3\n\n```\n")
    assert main(["check", "--fix", "--format", "json", str(path)]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("{")
    assert "+2" in shown.err


def test_lines_keep_their_ends_where_those_are_mixed(tmp_path):
    path = tmp_path / "01.md"
    head = b"---\ntitle: T\nid: a\n---\n\n```pycon\n"
    path.write_bytes(head + b">>> print('a\\nb\\nc')\r\nx\ny\r\n>>> 1 + 1\n3\r\n\n```\n")
    assert not fix_one(path).refused
    assert path.read_bytes() == head + b">>> print('a\\nb\\nc')\r\na\nb\r\nc\r\n>>> 1 + 1\n2\r\n\n```\n"
