"""`await` outside functions, as at the prompt: in every way a lesson is run, on one event loop."""

import subprocess
import sys

import pytest

from fluxrepl.tutor import awaited
from fluxrepl.tutor.check import check
from fluxrepl.tutor.run import run

LESSON = """\
```python
import asyncio

await asyncio.sleep(0, 5)       # => 5
```

```pycon
>>> async def twice(x):
...     await asyncio.sleep(0.01)
...     return 2 * x
>>> async def start():
...     return asyncio.create_task(twice(3))
>>> task = await start()
>>> 1 + 1
2
>>> await task
6
>>> await twice(1);
>>> [await twice(x) for x in range(3)]
[0, 2, 4]
>>> await asyncio.gather(twice("a"), twice(b"b"))
['aa', b'bb']
>>> asyncio.get_running_loop()
Traceback (most recent call last):
    ...
RuntimeError: no running event loop

```

### Exercise: later

```python {starter=later}
async def later(x):
    ...
```

<details><summary>Hint</summary>

Wait.

</details>

<details><summary>Solution</summary>

```python {solution=later}
async def later(x):
    return await twice(x)
```

</details>

<!-- fluxrepl:check later
got = await later(4)
assert got == 8, f"got {got}"
-->

<!-- fluxrepl:wrong later says="got 4"
async def later(x):
    return x
-->
"""


@pytest.fixture(autouse=True)
def loop_is_closed():
    yield
    awaited.close()


@pytest.mark.parametrize("way", [{}, {"forking": False}, {"trusted": True}], ids=str)
def test_await_runs_in_examples_checks_and_answers(write, way):
    report = check([write("01.md", LESSON)], **way)
    assert [(found.line, found.what, found.got) for found in report.findings] == []
    assert report.lessons[0].examples == 10


def test_a_lesson_that_waits_is_kept_by_the_cache(write, tmp_path, monkeypatch):
    monkeypatch.setenv("FLUXREPL_HOME", str(tmp_path / "home"))
    path = write("01.md", LESSON)
    assert [check([path], cache=True).lessons[0].cached for _ in range(2)] == [False, True]


@pytest.mark.parametrize("way", [{}, {"trusted": True}], ids=str)
def test_who_waits_for_ever_is_stopped(write, way):
    path = write("01.md", "```pycon\n>>> import asyncio\n>>> await asyncio.Event().wait()\nTrue\n\n```\n")
    (found,) = check([path], timeout=1, **way).findings
    assert "took longer than 1 second" in found.what


def test_what_a_lesson_leaves_running_ends_with_it_unseen(write, capsys):
    first = (
        "import asyncio\n\nasync def tick():\n    try:\n        await asyncio.sleep(9)\n    finally:\n"
        "        print('tick')\n\nasync def start():\n    global task\n    task = asyncio.create_task(tick())\n"
        "    await asyncio.sleep(0)\n\nawait start()\n"
    )
    second = "```pycon\n>>> import asyncio\n>>> print(await asyncio.sleep(0.01))\nNone\n\n```\n"
    paths = [write("01.md", f"```python\n{first}```\n"), write("02.md", second)]
    assert check(paths, trusted=True).passed
    assert capsys.readouterr() == ("", "")


def test_errors_keep_their_line_and_output_comes_before_them():
    ran = run("import asyncio\nprint('on')\nawait asyncio.sleep(0)\n1 / 0", {}, "lesson.md", 10)
    assert (ran.output, type(ran.error)) == ("on\n", ZeroDivisionError)
    (last,) = [
        frame.tb_lineno
        for frame in _frames(ran.error.__traceback__)
        if frame.tb_frame.f_code.co_filename == "lesson.md"
    ]
    assert last == 13


def _frames(trace):
    while trace:
        yield trace
        trace = trace.tb_next


def test_who_does_not_wait_does_not_load_asyncio():
    code = (
        "import sys; from fluxrepl.tutor.run import run; from fluxrepl.tutor import awaited; "
        "run('1 + 1', {}); awaited.close(); print('asyncio' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True, timeout=60) == "False\n"
