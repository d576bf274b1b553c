"""`fluxrepl check` as its users run it: every option right and wrong, every format, a terminal, Ctrl-C."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

HEAD = "---\ntitle: A lesson\nid: {0}\n---\n\n"
GOOD = HEAD + "```pycon\n>>> 1 + 1\n2\n\n```\n"
BAD = GOOD.replace("\n2\n", "\n3\n")
FOLLOWED = HEAD + "```pycon\n>>> x = 1 / 0\n>>> x\n1\n>>> x\n1\n\n```\n"


@pytest.fixture
def fluxrepl(tmp_path):
    """Run `fluxrepl check` in a folder with three lessons: good, bad, good."""
    place = tmp_path / "lessons"
    place.mkdir()
    for name, text in {"01-good": GOOD, "02-bad": BAD, "03-good": GOOD}.items():
        (place / f"{name}.md").write_text(text.format(name[:2] + "-x"))
    environment = {**os.environ, "FLUXREPL_HOME": str(tmp_path / "home"), "COLUMNS": "100"}

    def run(*arguments, command="check"):
        words = [sys.executable, "-m", "fluxrepl", command, *map(str, arguments)]
        return subprocess.run(
            words, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=120, check=False
        )

    return run


def last(done):
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("options", "status", "ended"),
    [
        (["-j", "2"], 1, "3 lessons, 3 examples, 0 exercises: 1 finding in 1 lesson"),
        (["-j", "auto"], 1, "3 lessons, 3 examples, 0 exercises: 1 finding in 1 lesson"),
        (["--repeat", "3", "--seed", "7"], 1, "1 finding in 1 lesson"),
        (["--timeout", "30", "--block-timeout", "5", "--total-timeout", "60"], 1, "1 finding in 1 lesson"),
        (["--ignore", "2"], 0, "2 lessons, 2 examples, 0 exercises: all passed"),
        (["--select", "01,03-x"], 0, "2 lessons, 2 examples, 0 exercises: all passed"),
        (["--select", "0*", "--ignore", "*bad*"], 0, "2 lessons, 2 examples, 0 exercises: all passed"),
        (["--select", "python"], 0, "3 lessons, 0 examples, 0 exercises: all passed"),
        (["--max-fail", "1"], 1, "stopped: 1 found (--max-fail 1); 1 lesson not checked"),
        (["--shard", "1/3"], 0, "1 lesson, 1 example, 0 exercises: all passed"),
        (["--shard", "4/4"], 0, "nothing was checked; part 4 of 4 has no lesson (--shard 4/4)"),
        (["--no-cache"], 1, "1 finding in 1 lesson"),
        (["--trusted"], 1, "run in this process, not apart from each other (--trusted)"),
    ],
)
def test_every_option_does_what_it_says(fluxrepl, options, status, ended):
    done = fluxrepl(*options, "lessons")
    assert (done.returncode, done.stderr) == (status, "")
    assert last(done).endswith(ended)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-j", "many"], "'many' is not a number of lessons; write 1 or more, or auto"),
        (["-j", "0"], "'0' is not a number of lessons"),
        (["--repeat", "0"], "'0' is not a number of rounds; write 1 or more"),
        (["--seed", "-1"], "'-1' is no seed"),
        (["--seed", "99999999999"], "is no seed; write a whole number from 0 to 4294967295"),
        (["--timeout", "-3"], "'-3' is no number of seconds"),
        (["--block-timeout", "nan"], "'nan' is no number of seconds"),
        (["--total-timeout", "soon"], "'soon' is no number of seconds"),
        (["--select", "04"], "--select 04 names no lesson here"),
        (["--select", "01,,02"], "'01,,02' has an empty word"),
        (["--ignore", "god"], "--ignore god names no lesson here"),
        (["--select", "01", "--ignore", "01"], "no lesson is left"),
        (["--max-fail", "none"], "'none' is not a number of findings"),
        (["--shard", "3/2"], "'3/2' is no part of a whole; write 2/3 for the second of three"),
        (["--shard", "2"], "'2' is no part of a whole"),
        (["--trusted", "--untrusted"], "not allowed with argument"),
        (["--dask", "nope"], "'nope' is no address; write one with its port, as tcp://10.0.0.1:8786"),
        (["--dask", ""], "'' is no address"),
        (["--bogus"], "usage: fluxrepl check [-h]"),
        (["--bogus"], "fluxrepl check: error: unrecognized arguments: --bogus"),
        (["--output", "nowhere/report.txt"], "cannot write the report to nowhere/report.txt: No such file"),
    ],
)
def test_a_wrong_option_gives_status_2_and_says_what_to_write(fluxrepl, options, said):
    done = fluxrepl(*options, "lessons")
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_that_is_none_is_told_although_everything_is_in_the_cache(fluxrepl):
    assert fluxrepl("lessons/01-good.md").returncode == 0
    assert fluxrepl("--dask", "nope", "lessons/01-good.md").returncode == 2


def test_the_second_check_runs_only_what_failed(fluxrepl):
    assert last(fluxrepl("lessons")) == "3 lessons, 3 examples, 0 exercises: 1 finding in 1 lesson"
    again = fluxrepl("lessons")
    assert again.stdout.splitlines()[0] == "lessons/01-good.md: ok (cached)"
    assert last(again).endswith("1 finding in 1 lesson; 2 from the cache")
    assert "cache" not in last(fluxrepl("--no-cache", "lessons"))


def test_the_order_is_that_of_the_lessons_however_many_run_at_once(fluxrepl, tmp_path):
    slow = GOOD.format("00-x").replace("1 + 1", "__import__('time').sleep(0.4) or 1 + 1")
    (tmp_path / "lessons" / "00-slow.md").write_text(slow)
    lines = fluxrepl("-j", "3", "lessons").stdout.splitlines()
    assert [line[8:10] for line in lines if line.startswith("lessons/")] == ["00", "01", "02", "03"]


# Formats


def test_github_gets_one_escaped_command_for_each_finding(fluxrepl, tmp_path):
    (tmp_path / "lessons" / "02-bad.md").unlink()
    (tmp_path / "lessons" / "02,bad.md").write_text(BAD.format("02-x").replace("1 + 1", "'50%\\n'"))
    done = fluxrepl("--format", "github", "lessons")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "::error file=lessons/02%2Cbad.md,line=7,title=fluxrepl%3A output::"
        "the output differs at line 1: `3` was promised, `'50%25\\n'` came%0Awant: 3%0Agot: '50%25\\n'",
        "3 lessons, 3 examples, 0 exercises: 1 finding in 1 lesson",
    ]


def test_github_gets_a_warning_for_what_only_follows(fluxrepl, tmp_path):
    (tmp_path / "lessons" / "02-bad.md").write_text(FOLLOWED.format("02-x"))
    commands = fluxrepl("--format", "github", "lessons").stdout.splitlines()[:-1]
    assert [command.split()[0] for command in commands] == ["::error", "::warning"]
    assert "(so does line 10)" in commands[1]


SHAPE = {  # what the usual schema allows: attributes, and children in their order
    "testsuites": ({"name", "time", "tests", "failures", "disabled", "errors"}, ["testsuite"]),
    "testsuite": (
        {
            "name",
            "tests",
            "failures",
            "errors",
            "time",
            "disabled",
            "skipped",
            "timestamp",
            "hostname",
            "id",
            "package",
        },
        ["properties", "testcase", "system-out", "system-err"],
    ),
    "testcase": (
        {"name", "assertions", "time", "classname", "status"},
        ["skipped", "error", "failure", "system-out", "system-err"],
    ),
    "skipped": ({"type", "message"}, []),
    "error": ({"type", "message"}, []),
    "failure": ({"type", "message"}, []),
}
REQUIRED = {"testsuite": {"name", "tests"}, "testcase": {"name", "classname"}}


def assert_shape(element):
    attributes, children = SHAPE[element.tag]
    assert REQUIRED.get(element.tag, set()) <= set(element.keys()) <= attributes
    places = [children.index(child.tag) for child in element]
    assert places == sorted(places)
    for child in element:
        assert_shape(child)


def junit(text):
    root = ElementTree.fromstring(text)
    assert_shape(root)
    suites = list(root)
    for name in ("tests", "failures", "errors"):
        assert int(root.get(name)) == sum(int(suite.get(name)) for suite in suites)
    for suite in suites:
        assert int(suite.get("tests")) == len(suite)
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(name)) == sum(case.find(tag) is not None for case in suite)
    return root


def test_junit_has_a_suite_for_each_lesson_and_a_case_for_each_example(fluxrepl, tmp_path):
    lessons = tmp_path / "lessons"
    (lessons / "03-good.md").write_text(FOLLOWED.format("03-x") + "\n```python {requires=no_such_library}\n1\n```\n")
    (lessons / "04-malformed.md").write_text("```py\n1\n```\n")
    (lessons / "05-odd.md").write_text(BAD.format("05-x").replace("1 + 1", "'\\x00<&'; print('\\x00<&\\x1b')"))
    (lessons / "06-text.md").write_text(HEAD.format("06-x") + "text\n")
    root = junit(fluxrepl("--format", "junit", "lessons").stdout)
    assert root.get("name") == "fluxrepl check"
    assert [suite.get("name") for suite in root] == [f"lessons/{p.name}" for p in sorted(lessons.glob("*.md"))]
    cases = {suite.get("name")[8:10]: list(suite) for suite in root}
    assert [case.get("name") for case in cases["01"]] == ["line 7: 1 + 1"]
    (failure,) = cases["02"][0]
    assert (failure.tag, failure.get("type")) == ("failure", "output")
    assert failure.text == "lessons/02-bad.md:7\n1 + 1\nwant: 3\ngot: 2"
    assert [(case.get("name"), [child.tag for child in case]) for case in cases["03"]] == [
        ("line 7: x = 1 / 0", ["error"]),
        ("line 8: x", ["failure"]),
        ("line 10: x", []),
        ("line 16", ["skipped"]),
    ]
    assert [case.get("name") for case in cases["04"]] == ["line 1: malformed"]
    assert cases["05"][0][0].text.endswith("got: �<&�")
    assert len(cases["06"]) == 1


def test_junit_tells_what_was_not_checked(fluxrepl):
    root = junit(fluxrepl("--format", "junit", "--max-fail", "1", "lessons").stdout)
    assert root[2][0][0].get("message") == "not checked: 1 found (--max-fail 1)"


def test_a_report_goes_to_a_file_and_the_text_to_the_terminal(fluxrepl, tmp_path):
    done = fluxrepl("--format", "junit", "-o", "report.xml", "lessons")
    assert done.stdout.splitlines()[0] == "lessons/01-good.md: ok"
    assert len(junit((tmp_path / "report.xml").read_text("utf-8"))) == 3
    fluxrepl("--format", "json", "-o", "report.json", "lessons")
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (report["cached"], report["passed"], report["stopped"]) == (2, False, "")
    fluxrepl("-o", "report.txt", "lessons")
    assert (tmp_path / "report.txt").read_text("utf-8").splitlines()[-1].startswith("3 lessons, 3 examples")


@pytest.mark.parametrize("shape", ["text", "github"])
def test_what_would_act_on_a_terminal_is_written_out(fluxrepl, tmp_path, shape):
    odd = {
        "1-surrogate": "raise ValueError('\\ud800')",
        "2-acting": "print('\\x1b[31mred\\x00\\x1b]52;c;AAAA\\x07\\u202e')",
        "3-named": "raise type('X' * 1_000_000, (Exception,), {})('é')",
        "4-line\n\x1b": "1  # => 2",
    }
    for name, code in odd.items():
        text = HEAD.format(name[:3].strip("-") + "x") + f"```python\n{code}\n```\n"
        (tmp_path / "lessons" / f"{name}.md").write_text(text.replace("print(", "1 / 0 if print("), "utf-8")
    (tmp_path / "lessons" / "2-acting.md").write_text(
        HEAD.format("2-x") + "```pycon\n>>> " + odd["2-acting"] + "\nx\n\n```\n"
    )
    done = fluxrepl("--format", shape, "lessons")
    assert (done.returncode, done.stderr) == (1, "")
    assert not [sign for sign in done.stdout if ord(sign) < 32 and sign != "\n"]
    assert "\\xd800" in done.stdout
    assert r"\x1b[31mred\x00\x1b]52;c;AAAA\x07\x202e" in done.stdout
    assert r"4-line\n\x1b.md" in done.stdout
    assert len(done.stdout) < 10_000


@pytest.mark.parametrize("encoding", ["ascii:strict", "cp1252:strict"])
@pytest.mark.parametrize("shape", ["text", "github"])
def test_what_the_encoding_of_a_terminal_does_not_have_is_written_as_an_escape(
    fluxrepl, tmp_path, monkeypatch, encoding, shape
):
    path = tmp_path / "lessons" / "02-bad.md"
    path.write_text(BAD.format("02-x").replace("1 + 1", "print('α → 日本')"), "utf-8")
    monkeypatch.setitem(os.environ, "PYTHONIOENCODING", encoding)
    words = [sys.executable, "-m", "fluxrepl", "check", "--format", shape, "lessons"]
    done = subprocess.run(words, capture_output=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    assert rb"\u03b1 \u2192 \u65e5" in done.stdout


# Terminals


@pytest.mark.skipif(sys.platform == "win32", reason="no pty")
def test_a_terminal_gets_a_bar_that_leaves_nothing_behind(fluxrepl, tmp_path):
    import pexpect
    import pyte

    environment = {**os.environ, "FLUXREPL_HOME": str(tmp_path / "home"), "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    child = pexpect.spawn(
        sys.executable, ["-m", "fluxrepl", "check", "lessons"], cwd=str(tmp_path), env=environment, dimensions=(24, 100)
    )
    raw = child.read().decode()
    child.close()
    assert child.exitstatus == 1
    assert "/3" in raw  # how far it is
    screen = pyte.Screen(100, 24)
    pyte.Stream(screen).feed(raw)
    shown = [line.rstrip() for line in screen.display if line.strip()]
    assert shown[0] == "lessons/01-good.md: ok"
    assert shown[-1] == "3 lessons, 3 examples, 0 exercises: 1 finding in 1 lesson"
    assert not any("━" in line for line in shown)


def test_lines_come_while_the_check_goes_on(fluxrepl, tmp_path):
    forever = GOOD.format("09-x").replace("1 + 1", "while True: pass").replace("\n2\n", "\n")
    (tmp_path / "lessons" / "09-forever.md").write_text(forever)
    words = [sys.executable, "-m", "fluxrepl", "check", "lessons"]
    environment = {**os.environ, "FLUXREPL_HOME": str(tmp_path / "home")}
    with subprocess.Popen(words, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as checker:
        assert checker.stdout.readline() == "lessons/01-good.md: ok\n"
        checker.send_signal(signal.SIGINT)


# Ctrl-C

LEAVING = """\
```python
import os, subprocess, sys, time
sleeper = "import time; time.sleep(300)  # {mark}"
subprocess.Popen([sys.executable, "-c", sleeper])
subprocess.Popen([sys.executable, "-c", sleeper], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", sleeper])
    os._exit(0)
time.sleep(0.3)
open({started!r}, "w").close()
{then}
```
"""


def processes(mark):
    """The processes whose command has a text in it."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (place / "cmdline").read_text(errors="replace"):
                found.append(place.name)
        except OSError:
            continue
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are found again on Linux only")
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("then", ["while True: pass", "1  # => 1"])
@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_however_a_check_ends_it_leaves_nothing_behind(fluxrepl, tmp_path, jobs, then, ended_by):
    mark, started = f"mark-{os.getpid()}-{time.monotonic_ns()}", str(tmp_path / "started")
    text = LEAVING.format(mark=mark, started=started, then=then)
    (tmp_path / "lessons" / "00-leaving.md").write_text(HEAD.format("00-x") + text)
    words = [sys.executable, "-m", "fluxrepl", "check", "-j", jobs, "lessons"]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environment = {**os.environ, "FLUXREPL_HOME": str(tmp_path / "home"), "TMPDIR": str(scratch)}
    checker = subprocess.Popen(
        words, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not Path(started).exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert Path(started).exists()
    if "while" in then:
        assert processes(mark)
        checker.send_signal(ended_by)
    said = checker.communicate(timeout=60)[1]
    if ended_by != signal.SIGKILL:
        assert list(scratch.iterdir()) == []
        if "while" in then:
            assert (checker.returncode, said) == (128 + ended_by, "fluxrepl: stopped\n")
    deadline = time.monotonic() + 10
    while processes(mark) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert processes(mark) == []


@pytest.mark.parametrize(
    "code",
    [
        "while True: time.sleep(0.05)",
        "while True: pass",
        "while True:\n    try: time.sleep(5); break\n    except BaseException: pass; break",
    ],
)
@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, "in the background"])
def test_a_check_in_one_process_ends_at_once_when_asked(fluxrepl, tmp_path, code, asked):
    started = tmp_path / "started"
    text = f"```python\nimport time\nopen({str(started)!r}, 'w').close()\n{code}\n```\n\n```python\n1\n```\n"
    (tmp_path / "lessons" / "00-waiting.md").write_text(HEAD.format("00-x") + text)
    words = [sys.executable, "-m", "fluxrepl", "check", "--trusted", "lessons"]
    if asked == "in the background":  # of a script, where Ctrl-C is ignored
        asked, words = signal.SIGTERM, ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *words]
    checker = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not started.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.1)
    checker.send_signal(asked)
    assert checker.communicate(timeout=10) == ("", "fluxrepl: stopped\n")
    assert checker.returncode == 128 + asked


def test_a_lesson_that_raises_the_interrupt_itself_is_a_finding(fluxrepl, tmp_path):
    (tmp_path / "lessons" / "00.md").write_text(HEAD.format("00-x") + "```python\nraise KeyboardInterrupt\n```\n")
    for options in ([], ["--trusted"]):
        done = fluxrepl(*options, "lessons")
        assert done.returncode == 1
        assert "00.md:7: KeyboardInterrupt was raised" in done.stdout


OPTIONS = """--jobs --repeat --seed --timeout --block-timeout --total-timeout --select --ignore --max-fail --shard
--no-cache --format --output --quiet --trusted --untrusted"""


def test_the_help_names_every_option(fluxrepl):
    text = fluxrepl("--help").stdout
    assert [option for option in OPTIONS.split() if not re.search(rf"{option}\b", text)] == []


# What is asked for


def test_what_is_no_plain_file_is_told_and_not_waited_for(fluxrepl, tmp_path):
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "nowhere.md").symlink_to("gone.md")
    for name, said in {
        "pipe.md": "pipe.md is a pipe, a socket or a device",
        "/dev/zero": "/dev/zero is a pipe, a socket or a device",
        "nowhere.md": "nowhere.md is a link to gone.md, which is not there",
    }.items():
        done = fluxrepl(name)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr


def test_in_a_folder_what_is_no_plain_file_is_a_finding(fluxrepl, tmp_path):
    os.mkfifo(tmp_path / "lessons" / "02-bad.md.md")
    (tmp_path / "lessons" / "02-bad.md").unlink()
    (tmp_path / "lessons" / "04-nowhere.md").symlink_to("gone.md")
    done = fluxrepl("lessons")
    assert "02-bad.md.md: a pipe, a socket or a device" in done.stdout
    assert "04-nowhere.md: a link to gone.md, which is not there" in done.stdout
    assert last(done).startswith("4 lessons, 2 examples, 0 exercises: 2 findings in 2 lessons")


@pytest.mark.parametrize(
    "options", [["--ignore", "pycon,python,exercises,links"], ["--select", "python", "--ignore", "python"]]
)
def test_a_check_that_would_judge_nothing_is_refused(fluxrepl, options):
    done = fluxrepl(*options, "lessons")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing would be judged" in done.stderr


@pytest.mark.parametrize(("name", "said"), [("", "it has no name"), (".", "Is a directory"), ("no/r", "No such file")])
def test_a_report_that_cannot_be_written_is_told_before_the_check(fluxrepl, name, said):
    done = fluxrepl("-o", name, "lessons")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_lessons_do_not_see_how_the_check_was_called(fluxrepl, tmp_path):
    text = "```python\nimport sys\nsys.argv  # => ['']\nsys.orig_argv[1:]  # => []\n```\n"
    (tmp_path / "lessons" / "02-bad.md").write_text(HEAD.format("02-x") + text)
    for options in ([], ["--trusted"]):
        assert fluxrepl(*options, "lessons").returncode == 0


def test_ctrl_c_anywhere_in_a_command_is_told_in_a_word(monkeypatch, capsys):
    from fluxrepl.cli import command_line

    def interrupted(argv):
        raise KeyboardInterrupt

    monkeypatch.setattr(command_line, "_run", interrupted)
    assert command_line.main(["check", "x"]) == 130
    assert capsys.readouterr().err == "fluxrepl: stopped\n"
