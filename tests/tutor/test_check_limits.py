"""Rounds, seeds, time limits, the order of running, and checking in this process."""

import os
import time

import pytest

from fluxrepl.tutor import fork
from fluxrepl.tutor.check import Observer, check
from fluxrepl.tutor.timings import Timings

from .conftest import EXERCISE

GOOD = "```pycon\n>>> 1 + 1\n2\n\n```\n"
BAD = GOOD.replace("\n2\n", "\n3\n")
SLOW = "```python\nwhile True: pass\n```\n"
RANDOM = """\
```python
import random
x = random.random()
x  # => _ > 0.5
```
"""


def said(report):
    return [(finding.line, finding.kind, finding.what, finding.note) for finding in report.findings]


# Rounds


def test_a_promise_that_holds_only_sometimes_is_told_with_its_seed(write):
    path = write("01.md", RANDOM)
    assert check([path], seed=20).passed
    (finding,) = check([path], repeat=8).findings
    assert (finding.line, finding.kind) == (11, "promise")
    assert finding.what == "the promise `# => _ > 0.5` is not kept"
    often, _, first = finding.note.partition("; first with --seed ")
    assert often.startswith("in ")
    assert often.endswith(" of 8 rounds")
    seed = int(first.split()[0])
    assert first == f"{seed} (round {seed - 19})"
    assert not check([path], seed=seed).passed


def test_a_promise_that_never_holds_is_told_as_ever(write):
    report = check([write("01.md", RANDOM.replace("0.5", "1"))], repeat=3)
    assert [(kind, note) for _, kind, _, note in said(report)] == [("promise", "")]


def test_only_promises_are_tried_again(write):
    shown = "```pycon\n>>> import random; round(random.random(), 6)\n0.90564\n\n```\n"
    report = check([write("01.md", shown + RANDOM.replace("0.5", "0") + "\n" + EXERCISE)], repeat=4)
    assert said(report) == []
    assert (report.lessons[0].examples, report.lessons[0].exercises) == (2, 1)


def test_an_error_in_some_rounds_is_told(write):
    body = "```python\nimport random\nx = [0] * int(random.random() + 0.5)\nx[0]  # => 0\n```\n"
    report = check([write("01.md", body)], repeat=6)
    ((line, kind, what, note),) = said(report)
    assert (line, kind, what) == (9, "error", "IndexError was raised")
    assert " of 6 rounds; first with --seed " in note


def test_a_lesson_without_promises_runs_once(write):
    runs = []

    class Counting(Observer):
        def done(self, report):
            runs.append(report.seconds)

    check([write("01.md", GOOD)], observer=Counting(), repeat=50)
    assert len(runs) == 1


# Time


def test_every_example_has_its_time(write):
    started = time.monotonic()
    report = check([write("01.md", GOOD + SLOW)], block_timeout=0.3)
    assert time.monotonic() - started < 10
    assert said(report)[0][2] == "the lesson was stopped, because this block took longer than 0.3 seconds, here"


def test_a_block_may_ask_for_more_time_than_others_have(write):
    body = "```python {timeout=20}\nimport time\ntime.sleep(0.5)\n```\n"
    assert check([write("01.md", body)], block_timeout=0.2).passed


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("trusted", [False, True])
def test_when_all_time_is_up_nothing_is_green(write, jobs, trusted):
    paths = [write("01.md", GOOD), write("02.md", SLOW), write("03.md", SLOW), write("04.md", GOOD)]
    started = time.monotonic()
    report = check(paths, total_timeout=1.5, jobs=jobs, trusted=trusted)
    assert time.monotonic() - started < 20
    assert not report.passed
    assert report.stopped == "the whole check took longer than 1.5 seconds"
    assert paths[3] in report.unchecked
    assert "stopped: the whole check took longer than 1.5 seconds" in report.summary()
    assert any("the time for the whole check was up" in what for _, _, what, _ in said(report))


def test_a_check_that_is_done_in_time_is_not_stopped(write):
    report = check([write("01.md", GOOD)], total_timeout=60)
    assert (report.passed, report.stopped, report.unchecked) == (True, "", [])


# Stopping early


def test_the_check_stops_at_so_many_findings(write):
    paths = [write(f"{number:02}.md", BAD) for number in range(6)]
    report = check(paths, max_fail=2)
    assert [lesson.path for lesson in report.lessons] == paths[:2]
    assert report.unchecked == paths[2:]
    assert report.summary().endswith("2 findings in 2 lessons; stopped: 2 found (--max-fail 2); 4 lessons not checked")


def test_what_was_found_before_anything_ran_counts_only_when_it_is_told(write, tmp_path, monkeypatch):
    monkeypatch.setenv("FLUXREPL_HOME", str(tmp_path / "home"))
    passes = write("00.md", GOOD)
    assert check([passes], cache=True).passed
    paths = [write(f"{number:02}.md", "```py\n1\n```\n\n```py\n1\n```\n") for number in range(1, 5)] + [passes]
    told = []
    report = check(paths, max_fail=3, cache=True, observer=told.append)
    assert [lesson.path for lesson in told] == [lesson.path for lesson in report.lessons] == paths[:2]
    assert (report.stopped, report.unchecked) == ("4 found (--max-fail 3)", paths[2:])
    assert "4 findings in 2 lessons; stopped: 4 found (--max-fail 3); 3 lessons not checked" in report.summary()


def test_what_only_follows_from_a_failure_does_not_count(write):
    body = "```pycon\n>>> x = 1 / 0\n>>> x\n1\n>>> x\n1\n\n```\n"
    paths = [write("01.md", body), write("02.md", GOOD), write("03.md", BAD)]
    report = check(paths, max_fail=2)
    assert (report.stopped, len(report.lessons)) == ("", 3)


# Order


def test_the_longest_lesson_of_last_time_begins_first(write, tmp_path, monkeypatch):
    monkeypatch.setenv("FLUXREPL_HOME", str(tmp_path / "home"))
    times = {"01": 0.05, "02": 0.9, "03": 0.5}
    paths = [
        write(f"{name}.md", f"```python\nimport time\ntime.sleep({t})\nlen('a')  # => 2\n```\n")
        for name, t in times.items()
    ]
    check(paths, cache=True, jobs=2)
    timings = Timings(tmp_path / "home" / "cache")
    assert sorted(timings.seconds, key=timings.seconds.get) == [str(paths[0]), str(paths[2]), str(paths[1])]
    order = []

    class Asking(Observer):
        def done(self, report):
            order.append(report.path.stem)

    check(paths, observer=Asking(), cache=True, jobs=2)
    assert order == ["03", "01", "02"]  # 02 and 03 begin, 03 ends, 01 begins and ends


def test_unreadable_timings_are_none(tmp_path):
    (tmp_path / "timings.json").write_text('{"a": "b", "c": 1.5}')
    assert Timings(tmp_path).seconds == {"c": 1.5}
    (tmp_path / "timings.json").write_text("[")
    assert Timings(tmp_path).seconds == {}


# In this process


def test_trusted_lessons_get_the_same_verdicts(write):
    body = GOOD + BAD.replace("1 + 1", "2 + 2") + RANDOM.replace("0.5", "1") + "\n" + EXERCISE
    path = write("01.md", body)
    apart, here = check([path]), check([path], trusted=True)
    assert said(apart) == said(here)
    assert here.summary().endswith("run in this process, not apart from each other (--trusted)")


@pytest.mark.skipif(not fork.available, reason="no forks here at all")
def test_trusted_lessons_are_not_forked(write):
    path = write("01.md", f"```python\nimport os\nos.getpid()  # => {os.getpid()}\n```\n\n{EXERCISE}")
    assert check([path], trusted=True).passed


IN_A_SOLUTION = """\
```python {starter=layer}
def layer():
    return ___
```

<details><summary>Solution</summary>

```python {solution=layer}
def layer():
    from fluxrepl import Dense

    return Dense(1, 1)
```

</details>

<!-- fluxrepl:check layer
assert layer()
-->

```pycon
>>> layer().weight.item()
0

```
"""


def test_weights_drawn_in_a_solution_are_the_same_in_every_run(write):
    """Also in an interpreter that has loaded fluxrepl for nothing else."""
    path = write("01.md", IN_A_SOLUTION)
    got = [check([path], forking=False).findings[-1].got for _ in range(2)]
    assert got[0] == got[1]
    assert -3 < float(got[0]) < 3


CARELESS = {
    "print options": "import numpy as np; np.set_printoptions(precision=1)",
    "folder": "import os; os.chdir('/')",
    "environment": "import os; os.environ['CARELESS'] = 'yes'",
    "search path": "import sys; sys.path.insert(0, '/nowhere')",
    "litter": "with open('litter.txt', 'w') as f: _ = f.write('x')",
    "exit": "exit()",
    "os._exit": "import os; os._exit(0)",
    "endless loop": "while True: pass",
    "its own folder": "import os, shutil; shutil.rmtree(os.getcwd())",
    "a process": "import multiprocessing as m; p = m.get_context('fork').Process(target=int); p.start(); p.join()",
    "a fork that goes on": "import os; fork = os.fork(); fork and os.waitpid(fork, 0)",
}


@pytest.mark.parametrize("name", CARELESS)
def test_a_careless_trusted_lesson_harms_nobody(write, name):
    neighbour = """\
    ```python
    import numpy as np, os, sys
    np.array([1 / 3])        # => array([0.33333333])
    os.listdir(".")          # => []
    "CARELESS" in os.environ # => False
    "/nowhere" in sys.path   # => False
    ```
    """
    paths = [write("01.md", f"```python\n{CARELESS[name]}\nlen('abc')  # => 2\n```\n"), write("02.md", neighbour)]
    before = os.getcwd(), dict(os.environ), os._exit
    careless, after = check(paths, trusted=True, timeout=1).lessons
    assert not careless.passed
    assert after.findings == []
    assert before == (os.getcwd(), dict(os.environ), os._exit)
