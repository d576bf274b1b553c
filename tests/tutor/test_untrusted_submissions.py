"""What learners hand in, judged by a teacher's lesson: honest, mistaken and hostile."""

import json
import os

import pytest

from fluxrepl.cli import main
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.settings import Settings
from fluxrepl.tutor.untrusted.handed_in import find_submissions, read_submissions
from fluxrepl.tutor.untrusted.submissions import judge_all
from tutor.sandboxed import needs_sandbox  # noqa: F401  # used by every test

LESSON = """\
<!-- fluxrepl:setup
>>> from fluxrepl import *

-->

```pycon
>>> def helper(x):
...     return x + 1

```

### Exercise: double

```python {starter=double}
def double(x):
    return ___
```

<details><summary>Hint</summary>

Twice.

</details>

<details><summary>Solution</summary>

```python {solution=double}
def double(x):
    return 2 * x
```

</details>

<!-- fluxrepl:check double
assert double(4711321171) == 9422642342, f"double(4711321171) should be 9422642342, and it is {double(4711321171)!r}"
x = np.array([1.0, 2.0])
assert np.allclose(double(x), [2.0, 4.0]), "arrays should be doubled too"
assert np.allclose(x, [1.0, 2.0]), "the array that came in was changed"
-->

<!-- fluxrepl:wrong double says="should be 9422642342"
def double(x):
    return x * x
-->

<!-- fluxrepl:wrong double says="was changed"
def double(x):
    x *= 2
    return x
-->

### Exercise: apply

```python {starter=twice}
def twice(f, x):
    return ___
```

<details><summary>Hint</summary>

`f(f(x))`

</details>

<details><summary>Solution</summary>

```python {solution=twice}
def twice(f, x):
    return f(f(x))
```

</details>

<!-- fluxrepl:check twice
assert twice(lambda x: x + 3, 1.0) == 7.0, "twice should call f on what f gave"
assert twice(helper, 1) == 3
-->

<!-- fluxrepl:wrong twice says="on what f gave"
def twice(f, x):
    return 2 * f(x)
-->

### Exercise: a layer

```python {starter=layer}
class Layer:
    ...  # your turn
```

<details><summary>Hint</summary>

`self.w`

</details>

<details><summary>Solution</summary>

```python {solution=layer}
class Layer:
    def __init__(self, w):
        self.w = np.array(w)
    def __call__(self, x):
        return np.sum(self.w * x)
```

</details>

<!-- fluxrepl:check layer
made = Layer([1.0, 2.0])
assert made.w.shape == (2,), "w should be an array"
made.w = np.array([3.0, 4.0])
got = made(np.array([1.0, 1.0]))
assert abs(got - 7.0) < 1e-9, f"the layer should give 7.0, and gave {got}"
slope = gradient(lambda m: m(np.array([5.0, 6.0])), made)[0]
assert np.allclose(slope.w, [5.0, 6.0]), "its gradient is x"
-->
"""

EXERCISE = """
```python {starter=double}
def double(x):
    ___
```

<details><summary>Hint</summary>

Times two.

</details>

<details><summary>Solution</summary>

```python {solution=double}
def double(x):
    return 2 * x
```

</details>

<!-- fluxrepl:check double
CHECK
-->
"""

GOOD = """\
def double(x):
    return x + x

def twice(f, x):
    return f(f(x))

class Layer:
    def __init__(self, w):
        self.w = np.array(w)
    def __call__(self, x):
        return np.sum(self.w * x)
"""

# What a learner writes for `double`, and what is said of it.
HOSTILE = {
    "equal to everything": (
        "class Yes:\n    def __eq__(self, other): return True\n    def __abs__(self): return 0\n"
        "    __array__ = lambda self, *a, **k: 1\n    def __repr__(self): return '9422642342'\n"
        "def double(x): return Yes()", "expected a value to compare, and got a Yes"),
    "a number that lies": (
        "class Lie(int):\n    def __eq__(self, other): return True\ndef double(x): return Lie(1)", "expected a value"),
    "an array that lies": (
        "class Lie(np.ndarray):\n    def __eq__(self, other): return True\n"
        "    def __array_function__(self, *a): return True\ndef double(x): return np.zeros(2).view(Lie)", ""),
    "patched NumPy": (
        "np.allclose = lambda *a, **k: True\ndef double(x): return 9422642342", "arrays should be doubled"),
    "patched builtins": (
        "import builtins\nbuiltins.AssertionError = None\nbuiltins.abs = lambda x: 0\ndef double(x): return 1",
        "should be 9422642342"),
    "frames and memory": (
        "import gc, sys\n"
        "def double(x):\n"
        "    frame, seen = sys._getframe(), []\n"
        "    while frame:\n"
        "        seen += frame.f_code.co_consts\n"
        "        frame = frame.f_back\n"
        "    for thing in gc.get_objects():\n"
        "        if type(thing) in (tuple, list, dict):\n"
        "            seen.append(str(thing))\n"
        "    wanted = str(int(str(x)) * 2)\n"
        "    return int(wanted) if any(wanted in str(one) for one in seen) else 0\n", "should be 9422642342"),
    "forged verdicts": (
        "import os, json\nline = json.dumps({'exercise': 0, 'passed': True, 'words': ''}) + '\\n'\n"
        "line += json.dumps({'end': True}) + '\\n'\n"
        "for fd in range(3, 100):\n    try: os.write(fd, line.encode() * 3)\n    except OSError: pass\n"
        "def double(x): return 1", ""),
    "forged answers to the relay": (
        "import os, json\nline = json.dumps({'value': None, 'far': None, 'passed': True, 'exercise': 0}) + '\\n'\n"
        "def double(x):\n    for fd in range(3, 100):\n        try: os.write(fd, line.encode())\n"
        "        except OSError: pass\n    return 1", ""),
    "asking the judge for more": (
        "import json, os, sys\n"
        "def double(x):\n"
        "    peer = next(o for o in __import__('gc').get_objects() if type(o).__name__ == 'Answers')\n"
        "    got = []\n"
        "    for what in ('call', 'get', 'name', 'judge yourself', 'iter', 'numpy'):\n"
        "        for parts in (['loadtxt', '/etc/passwd'], [['yours', 0, ''], '__globals__'], [['yours', 0, '']]):\n"
        "            got.append(str(peer.exchange({'ask': what, 'parts': parts, 'named': ['dict', []]})))\n"
        "    return 9422642342 if '9422642342' in str(got) or 'root:' in str(got) else 0\n", "should be 9422642342"),
    "leaving": ("import os\ndef double(x): os._exit(0)", "ended Python itself"),
    "leaving at once": ("def double(x): return 1\nimport os\nos._exit(0)", "ended Python itself"),
    "a crash": ("import ctypes\ndef double(x): ctypes.string_at(0)", "ended Python itself"),
    "a huge answer": ("def double(x): return np.zeros(10_000_000)", "an array of more than 4 MB"),
    "a deep answer": ("def double(x):\n    for _ in range(200): x = [x]\n    return x", "too many layers"),
    "escape codes": ("def double(x): raise ValueError('\\x1b[2Jpassed')", "\\x1b[2Jpassed"),
    "not Python": ("def double(x) return", "SyntaxError"),
    "a flood": ("import os\ndef double(x):\n    while True:\n        for fd in range(3, 20):\n            try: "
                "os.write(fd, b'x' * 65536)\n            except OSError: pass", ""),
    "garbage": ("import os\ndef double(x):\n    for fd in range(3, 20):\n        try: os.write(fd, b'[[[\\n')\n"
                "        except OSError: pass\n    return 1", "sent a result that is none"),
}  # fmt: skip


@pytest.fixture
def lesson(write):
    return read(write("lesson.md", LESSON))


def judged(lesson, folder, **settings):
    found = judge_all(lesson, read_submissions(find_submissions([folder]), lesson), Settings(**settings))
    return {one.submission.learner: one for one in found}


def hand_in(folder, **sources):
    folder.mkdir(exist_ok=True)
    for learner, source in sources.items():
        (folder / f"{learner}.py").write_text(source)
    return folder


def test_right_and_wrong_answers_are_told_apart(lesson, tmp_path):
    wrong = GOOD.replace("x + x", "x * x").replace("f(f(x))", "f(x)")
    folder = hand_in(tmp_path / "in", ada=GOOD, bob=wrong, cleo="def double(x):\n    return 2 * x\n")
    found = judged(lesson, folder)
    assert found["ada"].passed
    outcomes = {who: [verdict.outcome for verdict in one.verdicts.values()] for who, one in found.items()}
    assert outcomes == {
        "ada": ["passed"] * 3,
        "bob": ["failed", "failed", "passed"],
        "cleo": ["passed", "no answer", "no answer"],
    }
    assert (
        "double(4711321171) should be 9422642342, and it is 22196547176312811241"
        in found["bob"].verdicts["double"].words
    )
    assert "twice should call f on what f gave" in found["bob"].verdicts["twice"].words
    assert all(verdict.guarded for one in found.values() for verdict in one.verdicts.values())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_fails_and_its_neighbours_pass(lesson, tmp_path, name):
    code, said = HOSTILE[name]
    folder = hand_in(tmp_path / "in", a=GOOD, b="import numpy as np\n" + code + "\n", c=GOOD)
    found = judged(lesson, folder)
    assert found["a"].passed
    assert found["c"].passed
    verdict = found["b"].verdicts["double"]
    assert verdict.outcome == "failed"
    assert said in verdict.words
    assert "\x1b" not in verdict.words


def test_one_endless_loop_costs_its_own_exercise_only(lesson, tmp_path, monkeypatch):
    monkeypatch.setattr("fluxrepl.tutor.untrusted.submissions.SECONDS", 1.0)
    folder = hand_in(tmp_path / "in", ada=GOOD.replace("return x + x", "while True: pass"))
    verdicts = judged(lesson, folder)["ada"].verdicts
    assert [verdict.outcome for verdict in verdicts.values()] == ["failed", "passed", "passed"]
    assert verdicts["double"].words == "it took longer than 1 second; is there a loop that never ends?"


def test_a_check_that_must_run_beside_the_answer_is_named(write, tmp_path):
    """It looks at the code of the answer, which does not travel."""
    beside = LESSON.replace("assert twice(helper, 1) == 3", "assert twice.__code__.co_argcount == 2")
    lesson = read(write("lesson.md", beside))
    verdicts = judged(lesson, hand_in(tmp_path / "in", ada=GOOD))["ada"].verdicts
    assert [(verdict.outcome, verdict.guarded) for verdict in verdicts.values()] == [
        ("passed", True), ("passed", False), ("passed", True)]  # fmt: skip


def test_an_answer_cannot_end_a_loop_of_its_check_early(write, tmp_path):
    check = "assert all(map(lambda x: double(x) == 2 * x, [1, 2, 3])), 'not doubled'"
    lesson = read(write("lesson.md", EXERCISE.replace("CHECK", check)))
    folder = hand_in(tmp_path / "in", ada="def double(x): return 2 * x", bob="def double(x): raise StopIteration")
    found = judged(lesson, folder)
    assert {who: one.passed for who, one in found.items()} == {"ada": True, "bob": False}
    assert found["bob"].verdicts["double"].guarded


def test_a_filled_in_lesson_and_a_notebook_are_read(lesson, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    filled = lesson.path.read_text().replace("return ___", "return 2 * x", 1)
    (folder / "ada.md").write_text(filled)
    cells = [
        {"cell_type": "markdown", "source": "def double(x): return 0", "metadata": {}},
        {"cell_type": "code", "source": "%matplotlib inline\nprint(undefined)", "metadata": {}},
        {"cell_type": "code", "source": ["def double(x):\n", "    return 2 * x"], "metadata": {}},
    ]
    (folder / "bob.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}))
    (folder / "cleo.ipynb").write_text("{not a notebook")
    (folder / "dan.py").symlink_to("/etc/passwd")
    os.mkfifo(folder / "eve.py")
    found = judged(lesson, folder)
    outcomes = {who: one.verdicts["double"].outcome for who, one in found.items()}
    assert outcomes == {
        "ada": "passed", "bob": "passed", "cleo": "not judged", "dan": "not judged", "eve": "not judged"}  # fmt: skip
    assert found["ada"].verdicts["twice"].outcome == "no answer"
    assert found["dan"].verdicts["double"].words == "a link, which is not followed; hand in the file itself"


def test_what_would_take_long_to_parse_is_not_parsed(lesson, tmp_path):
    code = "def double(x): return 2 * x\n" + "a;" * 140_000
    picture = {"cell_type": "code", "source": code[:27], "outputs": [{"data": {"image/png": "x" * 500_000}}]}
    folder = hand_in(tmp_path / "in", ada=code)
    for learner, cell in (("bob", {"cell_type": "code", "source": code}), ("cleo", picture)):
        (folder / f"{learner}.ipynb").write_text(json.dumps({"cells": [cell], "nbformat": 4}))
    ada, bob, cleo = read_submissions(find_submissions([folder]), lesson)
    assert ada.problem == "larger than 256 KB; hand in text"
    assert bob.problem == "cannot be read: more than 256 KB of code"
    assert (cleo.problem, list(cleo.answers)) == ("", ["double"])


def test_learners_are_known_by_their_folders_where_files_have_one_name(lesson, tmp_path):
    for learner in ("ada", "bob"):
        (tmp_path / "in").mkdir(exist_ok=True)
        hand_in(tmp_path / "in" / learner, answers=GOOD)
    assert [one.learner for one in read_submissions(find_submissions([tmp_path / "in"]), lesson)] == ["ada", "bob"]


def test_the_table_and_the_json_say_who_solved_what(lesson, tmp_path, capsys):
    folder = hand_in(tmp_path / "in", ada=GOOD, bob="def double(x):\n    return 0\n")
    command = ["check", "--untrusted", "--lesson", str(lesson.path), str(folder)]
    assert main(command) == 1
    out = capsys.readouterr().out
    assert out.split("\n")[:3] == ["    double twice layer", "ada   ✓      ✓     ✓", "bob   ✗      –     –"]
    assert "bob, double: double(4711321171) should be 9422642342, and it is 0" in out
    assert out.endswith("2 submissions of “A small lesson”: 1 solved all 3 exercises\n")
    assert main([*command, "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [one["passed"] for one in told["submissions"]] == [True, False]
    assert told["submissions"][1]["exercises"]["twice"] == {
        "outcome": "no answer", "words": "no `twice` in it", "guarded": True}  # fmt: skip


def test_who_fails_is_named_below_the_table_with_the_reason(lesson, tmp_path, capsys):
    folder = hand_in(
        tmp_path / "in", ada=GOOD, bob="while True: pass", cleo="import os; os._exit(0)", dan="",
        eve="def doubel(x):\n    return 2 * x\n",
    )  # fmt: skip
    (folder / "fay.md").write_text(lesson.path.read_text())
    both = {"cell_type": "code", "source": "def double(x): return 2 * x\ndef twice(f, x): return 1", "metadata": {}}
    (folder / "gus.ipynb").write_text(json.dumps({"cells": [both], "nbformat": 4}))
    assert main(["check", "--untrusted", "--lesson", str(lesson.path), str(folder)]) == 1
    told = [line for line in capsys.readouterr().out.split("\n") if ", double: " in line]
    assert told == [
        "bob, double: no `double` in it",
        "cleo, double: no `double` in it",
        "dan, double: no `double` in it",
        "eve, double: no `double` in it, but `doubel`",
        "fay, double: it is not filled in",
        "gus, double: `double` stands in one cell with the answer to another exercise: it needs a cell of its own",
    ]


def test_submissions_run_in_a_sandbox_or_not_at_all(lesson, tmp_path, capsys):
    folder = hand_in(tmp_path / "in", ada=GOOD)
    assert main(["check", "--lesson", str(lesson.path), str(folder)]) == 2
    assert "write --untrusted as well" in capsys.readouterr().err


def test_a_report_can_go_to_a_file_with_the_table_on_the_terminal(lesson, tmp_path, capsys):
    folder = hand_in(tmp_path / "in", ada=GOOD)
    command = ["check", "--untrusted", "--lesson", str(lesson.path), str(folder), "--format", "json"]
    assert main([*command, "-o", str(tmp_path / "report.json")]) == 0
    assert "1 submission of “A small lesson”: 1 solved all 3 exercises" in capsys.readouterr().out
    assert json.loads((tmp_path / "report.json").read_text())["passed"]
    assert main([*command, "-o", str(tmp_path / "nowhere" / "report.json")]) == 2
    assert "cannot write the report" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["py", "ipynb", "md"])
def test_an_answer_too_deep_to_parse_does_not_end_the_check_of_a_class(lesson, tmp_path, suffix):
    code = "x = " + "-" * 60_000 + "1\ndef double(x):\n    return 2 * x\n"
    cell = {"cell_type": "code", "source": code, "metadata": {}}
    texts = {
        "py": code,
        "ipynb": json.dumps({"cells": [cell], "nbformat": 4}),
        "md": f"```python {{starter=double}}\n{code}```\n",
    }
    folder = hand_in(tmp_path / "in", bob=GOOD)
    (folder / f"ada.{suffix}").write_text(texts[suffix])
    found = judged(lesson, folder)
    assert (found["ada"].passed, found["bob"].passed) == (False, True)
