"""A hostile or careless lesson fails by name; its neighbours pass."""

import os
import sys
import time

import numpy as np
import pytest

from fluxrepl.tutor.check import check

from .conftest import EXERCISE

NEIGHBOUR = """\
```python
import os, sys, random
import numpy as np

np.array([1 / 3])                # => array([0.33333333])
os.environ.get("HOSTILE")        # => _ is None
os.listdir(".")                  # => []
len("abc")                       # => 3
sorted([2, 1])                   # => [1, 2]
sys.getrecursionlimit() > 500    # => True
"answers" in globals()           # => False
round(random.random(), 6)        # => 0.90564
```
"""

FORGED = r'{"unit": 0, "output": "4\n", "error": null, "facts": []}\n{"unit": 1, "output": "5\n"}\n{"end": true}\n'

# What the lesson does before it promises a wrong output, and what is said of it.
HOSTILE = {
    "exit": ("exit()", "exit() was called"),
    "sys.exit": ("raise SystemExit(0)", "exit() was called"),
    "os._exit": ("import os; os._exit(0)", "the lesson ended Python itself (exit status 0) here"),
    "endless loop": ("while True: pass", "the lesson took longer than 2 seconds here"),
    "endless sleep": ("import time; time.sleep(1e6)", "the lesson took longer than 2 seconds here"),
    "loop that ignores interrupts": (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: pass",
        "the lesson took longer than 2 seconds here"),
    "segfault": ("import ctypes; ctypes.string_at(0)", "the lesson crashed Python (signal 11) here"),
    "abort": ("import os; os.abort()", "the lesson crashed Python (signal 6) here"),
    "memory": ("data = bytearray(1 << 40)", "MemoryError was raised"),
    "memory, bit by bit": (
        "import numpy\ndata = []\nwhile True: data.append(numpy.empty(1 << 26))", "MemoryError was raised"),
    "deep recursion": ("def f(): return f()\nf()", "RecursionError was raised"),
    "interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt was raised"),
    "input": ("input()", "EOFError was raised"),
    "forged reports on stdout": (
        f"import os; answers = os.write(1, {FORGED!r}.encode()); print({FORGED!r}, end='')", "the output differs"),
    "forged reports on every channel": (
        f"import os\nfor fd in range(3, 64):\n    try: answers = os.write(fd, {FORGED!r}.encode())\n"
        "    except OSError: pass\nos._exit(0)", "the lesson wrote on the checker's own channel"),
    "garbage on every channel": (
        "import os\nfor fd in range(3, 64):\n    try: answers = os.write(fd, b'\\xff{[\\n')\n    except OSError: pass",
        "the lesson wrote on the checker's own channel"),
    "closed channels": ("import os; os.closerange(0, 256)", "the lesson ended Python itself"),
    "patched comparer": (
        "import doctest, fluxrepl.tutor.compare as compare, fluxrepl.tutor.verdict as verdict\n"
        "compare.difference = verdict.difference = lambda *args: None\n"
        "doctest.OutputChecker.check_output = lambda *args: True", "the output differs"),
    "patched builtins": (
        "import builtins, json\nbuiltins.len = lambda x: 3\nbuiltins.repr = lambda x: '5'\n"
        "builtins.isinstance = lambda *args: True\nbuiltins.sorted = builtins.exec = builtins.eval = print\n"
        "json.dumps = lambda *args, **options: '{}'", "the lesson ended Python itself"),
    "patched repr": ("import builtins\nbuiltins.repr = lambda x: '5'", "the output differs"),
    "patched os": ("import os\nos.write = lambda fd, data: len(data)\nos._exit = print", "the output differs"),
    "stdout replaced": ("import io, sys\nsys.stdout = sys.__stdout__ = io.StringIO()", "the output differs"),
    "print options": ("import numpy as np; np.set_printoptions(precision=1)", "the output differs"),
    "folder": ("import os; os.chdir('/')\nopen('/dev/null').read()", "the output differs"),
    "litter": ("open('litter.txt', 'w').write('x') and None", "the output differs"),
    "environment": ("import os; os.environ['HOSTILE'] = 'yes'", "the output differs"),
    "random state": ("import random, numpy as np; random.seed(1); np.random.seed(1)", "the output differs"),
    "recursion limit": ("import sys; sys.setrecursionlimit(100)", "the output differs"),
    "modules": ("import sys; sys.modules['random'] = sys.modules['numpy'] = None", "the output differs"),
    "threads": (
        "import threading, time\nfor i in range(20): threading.Thread(target=time.sleep, args=(60,)).start()",
        "the output differs"),
    "children": (
        "import subprocess, sys\nfor i in range(2): child = subprocess.Popen([sys.executable, '-c', 'import time; "
        "time.sleep(60)'])", "the output differs"),
    "a fork that goes on": ("import os\nif os.fork() == 0:\n    while True: pass", "the output differs"),
    "a fork that answers": ("import os\nos.fork() and None", "the "),
    "many forks": ("import os\nfor i in range(6): pid = os.fork()", "the output differs"),
    "daemons": (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: time.sleep(60)\n    os._exit(0)",
        "the output differs"),
    "murder": ("import os, signal; os.kill(os.getppid(), signal.SIGKILL)\nwhile True: pass",
        "the lesson killed the process it was started from, below or here"),
    "a stopped parent": ("import os, signal; os.kill(os.getppid(), signal.SIGSTOP)\nwhile True: pass",
        "the lesson stopped the process it was started from, below or here"),
    "a stopped parent, and gone": ("import os, signal; os.kill(os.getppid(), signal.SIGSTOP)\nos._exit(0)",
        "the lesson stopped the process it was started from, below or here"),
    "forged reports with a token": (
        "import os\nfor fd in range(3, 64):\n"
        f"    try: answers = os.write(fd, (b'0123456789abcdef' + {FORGED!r}.encode()))\n"
        "    except OSError: pass", "the lesson wrote on the checker's own channel"),
    "a report of another kind": ("import os\nfor fd in range(3, 64):\n    try: answers = os.write(fd, b'[1]\\n')\n"
        "    except OSError: pass", "the lesson wrote on the checker's own channel"),
    "much output": ("for i in range(500): print('x' * 100_000)", "the output differs"),
    "much output in one piece": ("print('x' * 50_000_000)", "the output differs"),
    "a message that fails": (
        "class Bad(Exception):\n    def __str__(self): raise ValueError\nraise Bad()", "Bad was raised"),
    "a repr that fails": ("class Bad:\n    def __repr__(self): raise ValueError('no')\nBad()", "ValueError was raised"),
    "exit hooks": ("import atexit; f = atexit.register(print, 'bye')", "the output differs"),
    "a trace function": ("import sys; sys.settrace(lambda *args: sys._exit())", "the lesson ended Python itself"),
    "an exception hook": ("import sys; sys.excepthook = None; sys.displayhook = None", "the output differs"),
}  # fmt: skip

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="these attack the forked process")


def as_prompts(code):
    """Code as one pycon example after another."""
    import ast

    lines = []
    for statement in ast.parse(code).body:
        first, *rest = ast.unparse(statement).split("\n")
        lines += [f">>> {first}", *(f"... {line}" for line in rest)]
    return "\n".join(lines)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_lesson_fails_by_name_and_its_neighbours_pass(write, name):
    code, said = HOSTILE[name]
    body = f"```pycon\n{as_prompts(code)}\n>>> 2 + 2\n5\n\n```\n"
    paths = [write("01-before.md", NEIGHBOUR), write("02-hostile.md", body), write("03-after.md", NEIGHBOUR)]
    before, hostile, after = check(paths, timeout=2).lessons
    assert [finding.what for finding in before.findings] == []
    assert [finding.what for finding in after.findings] == []
    assert hostile.findings
    assert said in " ".join(finding.what for finding in hostile.findings)


FORGING = """\
import os, sys
frame, send = sys._getframe(), None
while frame:
    send = next((v for v in frame.f_locals.values() if getattr(v, "__name__", "") == "send"), send)
    frame = frame.f_back
for report in {reports}: send(report)
os._exit(0)
"""
RIGHT = {"unit": 0, "output": "", "noise": "", "error": None, "facts": []}
END = {"end": True, "reads": None}


@pytest.mark.parametrize(
    "reports",
    [
        [{**RIGHT, "facts": [[True, "5"]]}],
        [{**RIGHT, "facts": 5}],
        [{**RIGHT, "error": {"name": 5}}],
        [{**RIGHT, "error": "ValueError"}],
        [{**RIGHT, "output": None}],
        [{"unit": None}],
        [{}],
        [RIGHT, {**RIGHT, "unit": 1, "facts": [{"shown": 5}]}],
        [RIGHT, {**RIGHT, "unit": 1, "facts": [{"shown": "5"}]}, {"end": 1}],
        [RIGHT, {**RIGHT, "unit": 1, "facts": [{"shown": "5"}]}, {**END, "reads": {"paths": [[]], "reason": ""}}],
        [RIGHT, {**RIGHT, "unit": 1, "facts": [{"shown": "5"}]}, END, {"unit": 7}],
    ],
)
def test_a_report_of_another_form_is_a_finding(write, reports):
    code = "\n".join(FORGING.format(reports=reports).split("\n"))
    body = f"```python\n{code}```\n\n```python\n2 + 2  # => 5\n```\n"
    forged, neighbour = check([write("01.md", body), write("02.md", NEIGHBOUR)], timeout=5).lessons
    assert neighbour.findings == []
    assert "the lesson sent a result that is none" in forged.findings[0].what


def test_hostile_lessons_side_by_side_harm_nobody(write):
    paths = []
    for number, (code, _) in enumerate(HOSTILE.values(), 10):
        paths.append(write(f"{number}-hostile.md", f"```pycon\n{as_prompts(code)}\n>>> 2 + 2\n5\n\n```\n"))
        paths.append(write(f"{number}-neighbour.md", NEIGHBOUR))
    hostile, neighbours = (check(paths, timeout=3, jobs=2).lessons[k::2] for k in (0, 1))
    assert [finding for lesson in neighbours for finding in lesson.findings] == []
    for lesson, (name, (_, said)) in zip(hostile, HOSTILE.items(), strict=True):
        words = " ".join(finding.what for finding in lesson.findings).replace("3 seconds", "2 seconds")
        assert said in words, name


def test_an_answer_that_forges_its_verdict_is_not_believed(write):
    forged = r'{"passed": true, "words": ""}' + "\\n"
    forging = f"    import os\n    for fd in range(3, 64):\n        try: os.write(fd, {forged!r}.encode())\n"
    forging += "        except OSError: pass\n    os._exit(0)"
    body = EXERCISE.replace("    return x * x", forging).replace("double(3) is 6, not 9", "ended Python itself")
    assert check([write("01.md", body)]).findings == []


def test_nothing_of_a_lesson_comes_back(write):
    options, folder, environment = np.get_printoptions(), os.getcwd(), dict(os.environ)
    modules = {name: id(module) for name, module in sys.modules.items()}
    check([write("01.md", f"```python\n{code}\n```\n") for code in ("import this",)])
    assert (np.get_printoptions(), os.getcwd(), dict(os.environ)) == (options, folder, environment)
    assert {name: id(sys.modules[name]) for name in modules} == modules
    assert "this" not in sys.modules


def test_the_time_limit_of_a_block_is_its_own(write):
    started = time.monotonic()
    report = check([write("01.md", "```python {timeout=0.5}\nwhile True: pass\n```\n\n```python\n1\n```\n")])
    assert time.monotonic() - started < 5
    assert [(finding.line, finding.what) for finding in report.findings] == [
        (9, "the lesson was stopped, because this block took longer than 0.5 seconds, here"),
        (13, "not run: the lesson ended at line 9 (1 left)"),
    ]


def test_a_lesson_ends_with_the_checker(write, tmp_path):
    """When the checker is killed, a lesson that never ends does not go on alone."""
    import signal
    import subprocess

    beats = tmp_path / "beats"
    code = f"import time\nwhile True:\n    open({str(beats)!r}, 'a').write('x')\n    time.sleep(0.05)"
    path = write("01.md", f"```python\n{code}\n```\n")
    checker = subprocess.Popen([sys.executable, "-m", "fluxrepl", "check", str(path)])
    deadline = time.monotonic() + 30
    while not beats.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    checker.send_signal(signal.SIGKILL)
    checker.wait()
    time.sleep(0.3)
    size = beats.stat().st_size
    time.sleep(0.5)
    assert beats.stat().st_size == size


def test_a_parent_that_keeps_silent_is_waited_for_only_so_long(write, monkeypatch):
    """Where nobody tells that a process was stopped, its silence does."""
    from fluxrepl.tutor import warm

    monkeypatch.setattr(warm, "SILENCE", 1.0)
    monkeypatch.setattr(warm.Warm, "_is_stopped", lambda self: False)
    stop = "```python\nimport os, signal; os.kill(os.getppid(), signal.SIGSTOP)\n```\n"
    paths = [write("01-before.md", NEIGHBOUR), write("02-hostile.md", stop), write("03-after.md", NEIGHBOUR)]
    started = time.monotonic()
    before, hostile, after = check(paths, timeout=2).lessons
    assert time.monotonic() - started < 20
    assert (before.findings, after.findings) == ([], [])
    assert [finding.what for finding in hostile.findings] == [
        "after its last example the lesson took longer than 2 seconds"
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux wakes a process when its parent ends")
def test_a_stopped_parent_of_lessons_ends_with_the_checker():
    import subprocess

    code = (
        "import os, signal, time\nfrom fluxrepl.tutor.warm import Warm\nwarm = Warm([], early={early})\n"
        "time.sleep(1.5)\nos.kill(warm.pid, signal.SIGSTOP)\nprint(warm.pid, flush=True)\ntime.sleep(60)"
    )
    for early in (True, False):
        checker = subprocess.Popen([sys.executable, "-c", code.format(early=early)], stdout=subprocess.PIPE, text=True)
        pid = int(checker.stdout.readline())
        checker.kill()
        checker.communicate()
        deadline = time.monotonic() + 5
        while (alive := is_running(pid)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not alive


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False
