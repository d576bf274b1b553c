"""Hostile code in the sandbox: it reaches nothing of this machine or of others, and fails by name."""

import contextlib
import os
import sys
import time
from pathlib import Path

import pytest

from fluxrepl.tutor.check import check
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.settings import Settings
from fluxrepl.tutor.task import Task
from fluxrepl.tutor.untrusted.command import SYSTEM
from fluxrepl.tutor.untrusted.lessons import run_untrusted
from fluxrepl.tutor.verdict import verdict
from tutor.sandboxed import needs_sandbox  # noqa: F401  # used by every test

SECRET = "the-answer-is-4711"

NEIGHBOUR = """\
```python
import os, sys
import numpy as np

np.array([1 / 3])                # => array([0.33333333])
os.listdir(".")                  # => []
"work" in os.listdir("..")       # => True
os.environ.get("HOSTILE")        # => _ is None
```
"""

# The folders at the root in which Python, its packages and fluxrepl lie.
PYTHON = {
    path.split("/")[1]
    for path in (*SYSTEM, sys.prefix, sys.base_prefix, os.path.realpath(sys.executable), os.path.realpath(__file__))
}

# What a lesson tries, as an expression or statements that leave `got`; and what `got` must be.
CONFINED = {
    "host files": ("got = [p for p in ('/etc/passwd', '/etc/shadow', '/root/.ssh', '/home', '/var/log', '/boot') "
                   "if os.path.exists(p)]", "[]"),
    "files at the root": (f"got = sorted({{*os.listdir('/')}} - {PYTHON} - {{os.getcwd().split('/')[1]}})",
                          f"{sorted({'dev', 'etc', 'proc'} - PYTHON)}"),
    "etc": ("got = sorted(set(os.listdir('/etc')) - {'ld.so.cache'})", "[]"),
    "the secret beside the lesson": ("got = [folder for folder, _, files in os.walk('/') if 'secret.txt' in files]",
                                     "[]"),
    "environment": ("got = sorted(set(os.environ) & {'USER', 'SSH_AUTH_SOCK', 'PATH', 'FLUXREPL_SECRET'})",
                    "[]"),
    "home": ("got = os.path.expanduser('~') == os.path.dirname(os.getcwd())", "True"),
    "own name": ("import socket\ngot = socket.gethostname()", "'fluxrepl'"),
    "user": ("got = os.getuid() != 0 and os.geteuid() == os.getuid()", "True"),
    "becoming root": ("got = refused(lambda: os.setuid(0)) != ''", "True"),
    "network": ("import socket\ngot = refused(lambda: socket.socket())", "'PermissionError'"),
    "a listening socket": ("import socket\ngot = refused(lambda: socket.socket(socket.AF_UNIX))", "'PermissionError'"),
    "a name server": ("import socket\ngot = refused(lambda: socket.getaddrinfo('localhost', 80)) != ''", "True"),
    "devices": ("got = sorted(os.listdir('/dev'))", "['full', 'null', 'random', 'shm', 'urandom', 'zero']"),
    "proc": ("got = os.listdir('/proc')", "[]"),
    "sys": ("got = os.path.exists('/sys')", "False"),
    "writing to Python": ("import numpy\ngot = refused(lambda: open(numpy.__file__, 'a')) != ''", "True"),
    "writing to the root": ("got = refused(lambda: open('/x', 'w'))", "'OSError'"),
    "writing to dev": ("got = refused(lambda: open('/dev/x', 'w'))", "'OSError'"),
    "ptrace of the parent": ("got = call('ptrace', 16, os.getppid())", "'EPERM'"),
    "ptrace of itself": ("got = call('ptrace', 0)", "'EPERM'"),
    "memory of the parent": ("got = call('process_vm_readv', 1, 0, 0, 0, 0, 0)", "'EPERM'"),
    "mount": ("got = call('mount', b'x', b'/tmp', b'tmpfs', 0, b'')", "'EPERM'"),
    "umount": ("got = call('umount2', b'/proc', 2)", "'EPERM'"),
    "unshare": ("got = call('unshare', 0x10000000)", "'EPERM'"),
    "clone with namespaces": ("got = call('clone', 0x10000000 | 17, 0, 0, 0, 0)", "'EPERM'"),
    "clone3": ("got = call('clone3', 0, 0)", "'ENOSYS'"),
    "setns": ("got = call('setns', 0, 0)", "'EPERM'"),
    "chroot": ("got = call('chroot', b'/')", "'EPERM'"),
    "bpf": ("got = call('bpf', 0, 0, 0)", "'EPERM'"),
    "keyctl": ("got = call('keyctl', 0, 0)", "'EPERM'"),
    "perf_event_open": ("got = call('perf_event_open', 0, 0, 0, 0, 0)", "'EPERM'"),
    "userfaultfd": ("got = call('userfaultfd', 0)", "'EPERM'"),
    "io_uring": ("got = call('io_uring_setup', 1, 0)", "'ENOSYS'"),
    "kexec": ("got = call('kexec_load', 0, 0, 0, 0)", "'EPERM'"),
    "memory files": ("got = call('memfd_create', b'x', 0)", "'ENOSYS'"),
    "shared memory": ("got = call('shmget', 1, 4096, 0o1000)", "'EPERM'"),
    "a filter of its own": ("got = call('seccomp', 1, 0, 0)", "'EPERM'"),
    "the clock": ("import time\ngot = refused(lambda: time.clock_settime(time.CLOCK_REALTIME, 0))",
                  "'PermissionError'"),
    "typing into a terminal": ("import fcntl\ngot = refused(lambda: fcntl.ioctl(0, 0x5412, b'x'))",
                               "'PermissionError'"),
    "raising its limits": ("import resource\ngot = refused(lambda: resource.setrlimit(resource.RLIMIT_NPROC, "
                           "(9999, 9999)))", "'ValueError'"),
    "signals to everybody": ("import signal\ngot = refused(lambda: os.kill(-1, signal.SIGKILL))",
                             "'ProcessLookupError'"),
    "stopping the parent": ("import signal\ngot = refused(lambda: os.kill(os.getppid() or 2, signal.SIGSTOP))",
                            "'ProcessLookupError'"),
    "the first process": ("got = os.getpid(), os.getppid()", "(1, 0)"),
    "processes of others": ("got = [pid for pid in range(2, 3000) if alive(pid)]", "[]"),
    "a fork bomb": ("got = fork_until_refused() < 40", "True"),
    "threads without end": ("got = threads_until_refused() < 40", "True"),
    "a full disk": ("got = refused(lambda: open('big', 'wb').write(bytes(200 << 20)))", "'OSError'"),
    "many files that fill it": ("got = fill() <= 80 << 20", "True"),
    "files without end": ("got = refused(lambda: [open(str(i), 'w').close() for i in range(9999)])", "'OSError'"),
    "open files without end": ("got = refused(lambda: [os.dup(1) for i in range(9999)])", "'OSError'"),
    "a memory bomb": ("got = refused(lambda: bytearray(8 << 30))", "'MemoryError'"),
    "expected answers in memory": ("import gc\ngot = [o for o in gc.get_objects() if type(o) is dict and "
                                   "any(type(v) is str and v.endswith('4711') for v in o.values())]", "[]"),
    "frames above": ("import sys\nframe, got = sys._getframe(), []\nwhile frame:\n    got += [str(v) for v in "
                     "frame.f_locals.values() if str(v).endswith('4711')]\n    frame = frame.f_back", "[]"),
    "programs": ("got = [path for path in ('/bin/sh', '/usr/bin/su', '/usr/bin/env') if os.path.exists(path)]", "[]"),
}  # fmt: skip

TOOLS = """\
```python
import ctypes, errno, os, platform, threading, time

from fluxrepl.tutor.untrusted.filter import ABSENT, ARCHITECTURES, REFUSED

libc = ctypes.CDLL(None, use_errno=True)

def call(name, *arguments):
    column, _, clone, _, _ = ARCHITECTURES[platform.machine()]
    number = clone if name == "clone" else {**REFUSED, **ABSENT}[name][column]
    libc.syscall(number, *arguments)
    return errno.errorcode[ctypes.get_errno()]

def refused(act):
    try:
        act()
    except BaseException as error:
        return type(error).__name__
    return ""

def alive(pid):
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True

def fork_until_refused():
    for count in range(1000):
        try:
            if os.fork() == 0:
                time.sleep(100)
        except OSError:
            return count
    return count

def threads_until_refused():
    for count in range(1000):
        try:
            threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
        except RuntimeError:
            return count
    return count

def fill():
    written = 0
    try:
        for count in range(1000):
            with open(f"part{count}", "wb", buffering=0) as file:
                written += file.write(bytes(1 << 20))
    except OSError:
        pass
    return written
```
"""


def judged(*paths, timeout=20, jobs=1):
    """The reports on lessons, in order."""
    return check(paths, untrusted=True, timeout=timeout, jobs=jobs).lessons


@pytest.fixture(scope="module")
def everything(tmp_path_factory, needs_sandbox):  # noqa: F811
    """What each attempt got: one lesson each, all in one sandbox, two at a time."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "secret.txt").write_text(SECRET)
    os.environ["FLUXREPL_SECRET"] = SECRET
    paths = []
    for number, (name, (code, want)) in enumerate(CONFINED.items()):
        path = folder / f"{number:02}.md"
        head = f"---\ntitle: {name}\nid: id-{number}\n---\n\n# Hostile\n\n"
        path.write_text(f"{head}{TOOLS}\n```python\n{code}\ngot  # => {want}\n```\n\n```pycon\n>>> 6 * 7\n42\n\n```\n")
        paths.append(path)
    reports = judged(*paths, jobs=2)
    del os.environ["FLUXREPL_SECRET"]
    return dict(zip(CONFINED, reports, strict=True))


@pytest.mark.parametrize("name", CONFINED)
def test_an_attempt_is_refused_and_the_rest_goes_on(everything, name):
    assert [(finding.what, finding.want, finding.got) for finding in everything[name].findings] == []


# What ends badly, and what is said of it.
ENDS = {
    "_exit": ("import os\nos._exit(0)", "ended Python itself"),
    "an endless loop": ("while True: pass", "took longer than 4 seconds"),
    "an endless sleep": ("import time\ntime.sleep(1e6)", "took longer than 4 seconds"),
    "stopping itself": ("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nwhile True: pass",
                        "took longer than 4 seconds"),
    "a crash": ("import ctypes\nctypes.string_at(0)", "crashed Python (signal 11)"),
    "memory together": (
        "import os, time\nfor i in range(8):\n    if os.fork() == 0:\n        kept = bytearray(b'x') * (400 << 20)\n"
        "        time.sleep(100)\ntime.sleep(100)", "took too much memory"),
    "shared memory together": (
        "import mmap, os, time\nfor i in range(8):\n    if os.fork() == 0:\n        kept = mmap.mmap(-1, 400 << 20)\n"
        "        for at in range(0, 400 << 20, 4096): kept[at] = 1\n        time.sleep(100)\ntime.sleep(100)",
        "took too much memory"),
    "much output": ("import os\nfor fd in range(3, 64):\n    try:\n        for i in range(800): "
                    "os.write(fd, b'x' * 65536)\n    except OSError: pass", "sent "),
    "a trickle from many": (
        "import os\ngood = []\nfor fd in range(3, 64):\n    try: os.write(fd, b'x'); good.append(fd)\n"
        "    except OSError: pass\nos.fork(), os.fork()\nwhile True:\n    for fd in good: os.write(fd, b'x')",
        "took longer than 4 seconds"),
    "garbage on every descriptor": (
        "import os\nfor fd in range(3, 64):\n    try: os.write(fd, b'\\xff{[\\n')\n    except OSError: pass",
        "sent a result that is none"),
    "a pile of brackets": (
        "import os\nfor fd in range(3, 64):\n    try: os.write(fd, b'[' * 100_000 + b'\\n')\n    except OSError: pass",
        "sent a result that is none"),
    "reports of the wrong form": (
        "import os\nfor fd in range(3, 64):\n    try: os.write(fd, b'{\"unit\": 0, \"output\": 7}\\n')\n"
        "    except OSError: pass\nos._exit(0)", "sent a result that is none"),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDS)
def test_what_ends_badly_fails_by_name_and_its_neighbours_pass(write, name):
    code, said = ENDS[name]
    paths = [write("1.md", NEIGHBOUR), write("2.md", f"```python\n{code}\n```\n"), write("3.md", NEIGHBOUR)]
    before, hostile, after = judged(*paths, timeout=20 if "memory together" in name else 4)
    assert [finding.what for finding in [*before.findings, *after.findings]] == []
    assert len(hostile.findings) == 1
    assert said in hostile.findings[0].what


def test_fifty_megabytes_of_output_are_cut(write):
    path = write("1.md", "```pycon\n>>> print('x' * 50_000_000)\n4\n\n```\n\n```pycon\n>>> 1\n1\n\n```\n")
    (report,) = judged(path)
    assert len(report.findings) == 1
    assert len(report.findings[0].got) < 1_100_000


def test_what_would_act_on_a_terminal_is_written_out(write):
    path = write("1.md", "```pycon\n>>> print('\\x1b[2Jall passed\\u202e\\ud800')\nno\n\n```\n")
    (report,) = judged(path)
    assert report.findings[0].got == "\\x1b[2Jall passed\\x202e\\xd800\n"


def test_nothing_outlives_its_submission(write):
    """Not a daemon in a session of its own, not a child that ignores every signal."""
    code = (
        "import os, signal, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        for number in (1, 2, 15): signal.signal(number, signal.SIG_IGN)\n"
        "        os.dup2(os.open('/dev/zero', 0), 9)\n        time.sleep(7311)\n    os._exit(0)\nos.wait() and None"
    )
    before = _processes()
    reports = judged(write("1.md", f"```python\n{code}\n```\n"), write("2.md", NEIGHBOUR))
    assert [finding.what for report in reports for finding in report.findings] == []
    deadline = time.monotonic() + 5
    while (left := _processes() - before) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == set()


def _processes():
    """Processes of this machine that belong to a sandbox."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if b"fluxrepl.tutor.untrusted.warm" in path.read_bytes():
                found.add(path.parent.name)
    return found


def test_submissions_that_run_together_do_not_meet(write):
    """One leaves files, memory and signals about; another looks for them."""
    leave = (
        "import os, time, signal\nopen('../mine', 'w').write('x')\nopen('/dev/shm/mine', 'w').write('x')\n"
        "for i in range(20):\n    try: os.kill(-1, signal.SIGKILL)\n    except OSError: pass\n    time.sleep(0.05)\n"
    )
    look = (
        "import os, time\nseen = set()\nfor i in range(20):\n    seen |= set(os.listdir('..')) | "
        "set(os.listdir('/dev/shm'))\n    time.sleep(0.05)\nsorted(seen)  # => ['work']"
    )
    reports = judged(write("1.md", f"```python\n{leave}\n```\n"), write("2.md", f"```python\n{look}\n```\n"), jobs=2)
    assert [(finding.what, finding.got) for report in reports for finding in report.findings] == []


def test_a_forged_report_does_not_know_what_is_wanted(write):
    """A lesson may lie about itself, but what it must show is not in its process."""
    forge = (
        "import os, json, sys\n"
        "told = json.dumps({'unit': 0, 'output': '', 'noise': '', 'error': None, 'facts': []})\n"
        "seen = json.dumps({'unit': 1, 'output': 'guess\\n', 'noise': '', 'error': None, 'facts': []})\n"
        "for fd in range(3, 64):\n    try: os.write(fd, (told + '\\n' + seen + '\\n').encode())\n"
        "    except OSError: pass\nos._exit(0)"
    )
    (report,) = judged(write("1.md", f"```python\n{forge}\n```\n\n```pycon\n>>> 6 * 7\n42\n\n```\n"))
    assert report.findings[0].what == "the output differs at line 1: `42` was promised, `guess` came"


def test_nothing_of_the_sandbox_is_left_when_the_checker_is_killed(write, tmp_path):
    import signal
    import subprocess
    import sys

    path = write("1.md", "```python\nwhile True: pass\n```\n")
    before = _processes()
    checker = subprocess.Popen([sys.executable, "-m", "fluxrepl", "check", "--untrusted", str(path)])
    deadline = time.monotonic() + 30
    while len(_processes() - before) < 4 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(_processes() - before) >= 4
    checker.send_signal(signal.SIGKILL)
    checker.wait()
    while (left := _processes() - before) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == set()


def test_a_sandbox_that_is_lost_is_made_again(write):
    """Killed from outside, as by a machine without memory: what ran is run again, the rest goes on."""
    import signal

    slow = f"```python\nimport time\ntime.sleep(2)\n```\n\n{NEIGHBOUR}"
    paths = [write("1.md", NEIGHBOUR), write("2.md", slow), write("3.md", NEIGHBOUR)]
    before = _processes()
    runs = run_untrusted([Task(read(path)) for path in paths], Settings(jobs=2))
    done = [next(runs)]
    for pid in _processes() - before:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)
    done += runs
    assert sorted(run.lesson.path for run in done) == paths
    assert [finding.what for run in done for finding in verdict(run).findings] == []


@pytest.mark.parametrize("name", ["link", "pipe", "folder", "device", "huge"])
def test_what_is_not_a_plain_file_is_not_opened(write, tmp_path, name):
    folder = tmp_path / "handed-in"
    write("handed-in/1.md", NEIGHBOUR)
    made = folder / "2.md"
    if name == "link":
        secret = tmp_path / "secret.txt"
        secret.write_text(SECRET)
        made.symlink_to(secret)
    elif name == "pipe":
        os.mkfifo(made)
    elif name == "folder":
        made.mkdir()
    elif name == "device":
        made.symlink_to("/dev/zero")
    else:
        made.write_bytes(b"x" * (3 << 20))
    before, odd = judged(folder)
    assert [finding.what for finding in before.findings] == []
    said = {"link": "a link, which is not followed", "device": "a link, which is not followed",
            "pipe": "not a plain file", "folder": "not a plain file", "huge": "larger than 256 KB"}[name]  # fmt: skip
    assert said in odd.findings[0].what
    assert SECRET not in str(odd)
