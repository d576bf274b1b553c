"""Checks on a Dask cluster of two worker processes, of which some are lost."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from fluxrepl.cli import main
from fluxrepl.tutor import cluster, shard
from fluxrepl.tutor.check import check
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.settings import Settings
from fluxrepl.tutor.task import Task
from tutor.conftest import EXERCISE
from tutor.sandboxed import reason

distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")

CLUSTER = """\
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as made:
        print(made.scheduler_address, flush=True)
        sys.stdin.read()
"""

# A lesson that finds the worker on whose behalf it runs, among its ancestors, and kills it.
MURDER = """\
```python
import os, signal, time

def parent(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return int(stat.read().rpartition(")")[2].split()[1])

pid = os.getppid()
while b"fluxrepl.tutor" in open(f"/proc/{pid}/cmdline", "rb").read():
    pid = parent(pid)
os.kill(pid, signal.SIGKILL)
time.sleep(30)
```
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A cluster in processes of its own."""
    script = tmp_path_factory.mktemp("cluster") / "cluster.py"
    script.write_text(CLUSTER)
    environment = {**os.environ, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
    process = subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, env=environment,
    )  # fmt: skip
    yield process.stdout.readline().strip()
    process.stdin.close()
    process.stdout.close()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def on_cluster(paths, address, **settings):
    return check(paths, dask=address, **settings)


def test_it_finds_what_a_check_here_finds(write, address):
    good = write("01.md", "```pycon\n>>> 1 + 1\n2\n\n```\n")
    wrong = write("02.md", "```pycon\n>>> 1 + 1\n3\n\n```\n\n```python\nimport os\nos._exit(3)\n```\n")
    far, here = on_cluster([good, wrong], address), check([good, wrong])
    told = [[(f.line, f.kind, f.what) for f in report.findings] for report in (far, here)]
    assert told[0] == told[1]
    assert len(told[0]) == 2


def test_a_worker_that_is_lost_loses_nothing(write, address):
    """Killed in mid-run: its lessons are run by the other, each is told of once."""
    body = "```python\nimport time\ntime.sleep(0.7)\n1 + 1  # => 2\n```\n"
    paths = [write(f"{number:02}.md", body) for number in range(8)]
    heard = []
    killer = threading.Thread(target=_kill_a_worker, args=(address, 1.5))
    killer.start()
    report = check(paths, observer=lambda one: heard.append(one.path), dask=address)
    killer.join()
    assert report.passed
    assert [lesson.examples for lesson in report.lessons] == [1] * 8
    assert sorted(heard) == paths


def _kill_a_worker(address, seconds):
    time.sleep(seconds)
    with distributed.Client(address, set_as_default=False) as client:
        pids = client.run(os.getpid)
    os.kill(next(iter(pids.values())), signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="the lesson looks for its worker in /proc")
def test_a_lesson_that_brings_every_worker_down_fails_by_name(write, address):
    good = "```pycon\n>>> 1 + 1\n2\n\n```\n"
    paths = [write("01.md", good), write("02.md", MURDER), write("03.md", good)]
    first, murder, last = on_cluster(paths, address).lessons
    assert first.passed
    assert last.passed
    assert "could not be run on the cluster (every worker that tried it was lost" in murder.findings[0].what


def test_time_limits_hold_on_the_cluster(write, address):
    slow = write("01.md", "```python\nwhile True: pass\n```\n")
    report = on_cluster([slow], address, timeout=1)
    assert "took longer than 1 second here" in report.findings[0].what
    started = time.monotonic()
    report = on_cluster([slow], address, total_timeout=2)
    assert time.monotonic() - started < 10
    assert not report.passed


def test_what_a_lesson_names_travels_with_it(write, tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "loss.png").write_bytes(b"\x89PNG")
    (tmp_path.parent / "secret.txt").write_text("no")
    path = write("01.md", "![a loss](figures/loss.png) and [more](../secret.txt), [web](https://example.org)\n")
    (packed,) = json.loads(shard.pack([Task(read(path))], Settings()))["tasks"]
    assert packed["beside"] == {"figures/loss.png": b"\x89PNG".hex()}
    made = shard._task(packed, tmp_path / "there")
    assert made.lesson.text == read(path).text
    assert (tmp_path / "there" / "figures" / "loss.png").read_bytes() == b"\x89PNG"


def test_a_pass_on_the_cluster_is_not_kept_as_one_here(write, address):
    path = write("01.md", "```pycon\n>>> 1 + 1\n2\n\n```\n")
    assert [on_cluster([path], address, cache=True).lessons[0].cached for _ in range(2)] == [False, False]
    assert [check([path], cache=True).lessons[0].cached for _ in range(2)] == [False, True]
    assert on_cluster([path], address, cache=True).lessons[0].cached


def test_submissions_are_judged_on_the_cluster_as_here(write, address, tmp_path, capsys):
    if why := reason():
        pytest.skip(why)
    lesson = write("lesson.md", EXERCISE)
    (tmp_path / "in").mkdir()
    for learner, factor in (("ada", 2), ("bob", 3), ("cleo", 2)):
        (tmp_path / "in" / f"{learner}.py").write_text(f"def double(x):\n    return {factor} * x\n")
    command = ["check", "--untrusted", "--lesson", str(lesson), str(tmp_path / "in"), "-q"]
    assert main(command) == 1
    here = capsys.readouterr().out
    assert main([*command, "--dask", address]) == 1
    assert capsys.readouterr().out == here
    assert [line.split() for line in here.split("\n")[1:4]] == [["ada", "✓"], ["bob", "✗"], ["cleo", "✓"]]
    assert here.endswith("3 submissions of “A small lesson”: 2 solved the exercise\n")


def test_ctrl_c_cancels(write, address, tmp_path):
    started = tmp_path / "started"
    path = write("01.md", f"```python\nimport time\nopen({str(started)!r}, 'w').close()\ntime.sleep(50)\n```\n")
    command = [sys.executable, "-m", "fluxrepl", "check", "--dask", address, str(path)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not started.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "fluxrepl: stopped" in said
    with distributed.Client(address, set_as_default=False) as client:
        deadline = time.monotonic() + 10
        while any(client.processing().values()) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not any(client.processing().values())


def test_an_address_where_nobody_answers_is_told_soon(write, capsys):
    path = write("01.md", "```pycon\n>>> 1\n1\n\n```\n")
    started = time.monotonic()
    assert main(["check", "--dask", "tcp://127.0.0.1:1", str(path)]) == 2
    assert time.monotonic() - started < 15
    err = capsys.readouterr().err
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in err
    assert "dask scheduler" in err


def test_an_address_of_no_known_kind_is_told(write, capsys):
    path = write("01.md", "```pycon\n>>> 1\n1\n\n```\n")
    assert main(["check", "--dask", "nonsense://x:1", str(path)]) == 2
    assert "no Dask scheduler answers at nonsense://x:1" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["nonsense://x", "127.0.0.1:notaport"])
def test_an_address_that_is_none_is_told_before_anything_is_read(address, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["check", "--dask", address, "no-such-lesson.md"])
    assert f"'{address}' is no address; write one with its port" in capsys.readouterr().err


def test_workers_that_differ_are_told(address, monkeypatch, caplog):
    ours = {"fluxrepl": "99.0", "Python": "3.99.1", "NumPy": "9.9"}
    theirs = cluster.versions()
    monkeypatch.setattr(cluster, "versions", lambda: ours)

    class Client:
        def scheduler_info(self, n_workers):
            return {"workers": {"tcp://there": {}}}

        def run(self, function, on_error):
            return {"tcp://there": theirs}

    cluster._compare(Client())
    assert "worker tcp://there differs: fluxrepl" in caplog.text
    assert "3.99.1 here" in caplog.text


def test_without_the_extra_it_says_what_to_install(write, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "distributed", None)
    path = write("01.md", "```pycon\n>>> 1\n1\n\n```\n")
    assert main(["check", "--dask", "tcp://127.0.0.1:1", str(path)]) == 2
    assert "pip install 'fluxrepl[dask]'" in capsys.readouterr().err


def test_an_address_without_a_scheduler_is_told_without_a_traceback(write):
    import subprocess
    import sys

    lesson = write("01.md", "```python\n1\n```\n")
    words = [sys.executable, "-m", "fluxrepl", "check", "--no-cache", "--dask", "x:1", str(lesson)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("fluxrepl: no Dask scheduler answers at x:1 (")
    assert len(done.stderr.splitlines()) == 1
