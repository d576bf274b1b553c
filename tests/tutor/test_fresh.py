"""Lessons in fresh interpreters: where nothing can be forked, and where a GPU is used."""

import os
import sys
import time

import pytest

from fluxrepl.tutor.check import check

GOOD = "```pycon\n>>> 1 + 1\n2\n\n```\n"


def test_time_limits_hold_and_neighbours_pass(write):
    slow = "```python {timeout=1}\nwhile True: pass\n```\n"
    paths = [write("01.md", GOOD), write("02.md", slow), write("03.md", GOOD)]
    started = time.monotonic()
    report = check(paths, forking=False, jobs=2)
    assert time.monotonic() - started < 30
    assert [lesson.passed for lesson in report.lessons] == [True, False, True]
    assert report.findings[0].what == "the lesson was stopped, because this block took longer than 1 second, here"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import os; os._exit(0)", "the lesson ended Python itself (exit status 0) here"),
        (
            "import os\nfor fd in range(0, 64):\n    try: n = os.write(fd, b'{}\\n')\n    except OSError: pass",
            "own channel",
        ),
        ("exit()", "exit() was called"),
    ],
)
def test_a_hostile_lesson_fails_by_name(write, code, said):
    report = check([write("01.md", f"```python\n{code}\n```\n"), write("02.md", GOOD)], forking=False)
    assert said in report.lessons[0].findings[0].what
    assert report.lessons[1].passed


def test_large_outputs_come_through(write):
    body = "```pycon\n>>> print('x' * 500_000)\nx...x\n\n```\n" * 3
    assert check([write("01.md", body)], forking=False).passed


def test_all_time_holds(write):
    paths = [write(f"{number:02}.md", "```python\nwhile True: pass\n```\n") for number in range(3)]
    report = check(paths, forking=False, total_timeout=2)
    assert (report.passed, len(report.unchecked)) == (False, 2)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="every lesson has a fresh interpreter here")
def test_a_lesson_with_gpu_blocks_is_no_copy_of_another_process(write):
    """CUDA cannot be used in a copy of a process that has used it, nor should every lesson pay for loading it."""
    body = f"```pycon\n>>> import os\n>>> os.getppid() == {os.getpid()}\nTrue\n\n```\n"
    gpu = "\n```python {requires=gpu}\nimport cupy\n```\n"
    report = check([write("01.md", body + gpu), write("02.md", body)])
    assert [lesson.passed for lesson in report.lessons] == [True, False]


@pytest.mark.skipif(sys.platform == "win32", reason="no threads beside a fork there")
def test_a_check_beside_other_threads_forks_nothing_of_them(write, monkeypatch):
    import threading

    prompts = ">>> import sys, threading\n>>> threading.active_count(), 'pytest' in sys.modules\n(1, False)\n"
    body = f"```pycon\n{prompts}\n```\n"
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert check([write("01.md", body)]).findings == []
    finally:
        stop.set()
        thread.join()
