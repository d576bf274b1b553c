"""The command line, run as a process: what it prints and with which status it ends."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAD = "---\ntitle: A lesson\nid: a-lesson\n---\n\n"
GOOD = HEAD + "```pycon\n>>> 1 + 1\n2\n\n```\n"
BAD = GOOD.replace("\n2\n", "\n3\n").replace("id: a-lesson", "id: another")


@pytest.fixture
def fluxrepl(tmp_path):
    """Run `fluxrepl` with an empty home folder."""
    environment = {**os.environ, "FLUXREPL_HOME": str(tmp_path / "home"), "HOME": str(tmp_path), "COLUMNS": "100"}

    def run(*arguments, **options):
        command = [sys.executable, "-m", "fluxrepl", *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=120, check=False, **options
        )

    return run


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "lessons"
    place.mkdir()
    (place / "01-good.md").write_text(GOOD)
    return place


def test_good_lessons_pass_with_status_0(fluxrepl, folder):
    done = fluxrepl("check", folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{folder}/01-good.md: ok",
        "1 lesson, 1 example, 0 exercises: all passed",
    ]


def test_quiet_says_only_the_last_line(fluxrepl, folder):
    assert fluxrepl("check", "-q", folder).stdout == "1 lesson, 1 example, 0 exercises: all passed\n"


def test_a_wrong_digit_gives_status_1_and_names_file_and_line(fluxrepl, folder):
    (folder / "02-bad.md").write_text(BAD)
    done = fluxrepl("check", "lessons/")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "lessons/01-good.md: ok",
        "lessons/02-bad.md:7: the output differs at line 1: `3` was promised, `2` came",
        "    1 + 1",
        "  want: 3",
        "  got:  2",
        "        ^",
        "2 lessons, 2 examples, 0 exercises: 1 finding in 1 lesson",
    ]


def test_a_malformed_lesson_gives_status_1(fluxrepl, folder):
    (folder / "02-bad.md").write_text(BAD.replace("pycon", "pycon {nrun}"))
    done = fluxrepl("check", "-q", "lessons")
    assert done.returncode == 1
    assert "lessons/02-bad.md:6: unknown option `nrun`" in done.stdout
    assert "did you mean `norun`?" in done.stdout


def test_followers_of_a_failure_are_one_line(fluxrepl, folder):
    text = HEAD + "```pycon\n>>> x = 1 / 0\n>>> x\n1\n>>> x\n1\n>>> x\n1\n\n```\n"
    (folder / "01-good.md").write_text(text)
    lines = fluxrepl("check", folder).stdout.splitlines()
    assert f"{folder}/01-good.md:8: not run: depends on line 7 (so do lines 10, 12)" in lines
    assert not any("01-good.md:10" in line for line in lines)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "empty"], "no lessons found in empty"),
        (["check", "nowhere"], "no such file or folder: nowhere"),
        (["check"], "the following arguments are required: PATH"),
        (["check", "-j", "0", "lessons"], "'0' is not a number of lessons"),
        (["check", "--timeout", "soon", "lessons"], "'soon' is no number of seconds"),
        (["check", "--format", "xml", "lessons"], "invalid choice: 'xml'"),
        (["zzz"], "no command zzz, and no such file; the commands are learn, lessons,"),
        (["chekc", "lessons"], "there is no command chekc, and no such file; did you mean `fluxrepl check`?"),
        (["-c"], "argument -c: expected one argument"),
        (["-i", "-m"], "argument -m: expected one argument"),
        (["nowhere.py"], "there is no file nowhere.py"),
        (["lessons/"], "lessons/ is a folder, and has no __main__.py to run"),
        (["lessons/01-good.md"], "is a lesson: `fluxrepl learn lessons/01-good.md` plays it, `fluxrepl check"),
        (["learn", "no-such-lesson"], "no such lesson"),
        (["learn", "nowhere.md"], "no such lesson"),
        (["new", "lessons/01-good.md"], "exists already"),
        (["new", "nowhere/02-new.md"], "cannot write nowhere/02-new.md: No such file or directory; name a file in"),
        (["new", ""], "'' names no file"),
        (["new", "empty"], "empty is a folder; name a file in it, such as empty/09-my-lesson.md"),
        (["new", "--bogus", "x"], "usage: fluxrepl new "),
        (["--bogus"], "usage: fluxrepl      "),
        (["check", ""], "an empty path names no lesson"),
        (["doctor", "x"], "usage: fluxrepl doctor [-h] [--json]\nfluxrepl doctor: error: unrecognized arguments: x"),
        (["doctor", "--json", "x"], "fluxrepl doctor: error: unrecognized arguments: x"),
        (["lessons", "x"], "usage: fluxrepl lessons [-h]\nfluxrepl lessons: error: unrecognized arguments: x"),
        (["-x", "file"], "fluxrepl: error: unrecognized arguments: -x"),
        (["kernel", "install", "--prefix", ""], "an empty path names no folder"),
    ],
)
def test_wrong_usage_gives_status_2_and_says_why(fluxrepl, folder, tmp_path, arguments, said):
    (tmp_path / "empty").mkdir()
    done = fluxrepl(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_of_our_own_gives_status_3(monkeypatch, capsys, folder):
    from fluxrepl import cli
    from fluxrepl.tutor import check

    def fail(*args, **options):
        raise RuntimeError("a fault")

    monkeypatch.setattr(check, "check", fail)
    assert cli.main(["check", str(folder)]) == 3
    assert "a fault in fluxrepl itself" in capsys.readouterr().err


def test_a_lesson_that_takes_too_long_is_stopped(fluxrepl, folder):
    (folder / "02-slow.md").write_text(BAD.replace("1 + 1\n3", "while True: pass"))
    done = fluxrepl("check", "--timeout", "1", "-j", "2", folder)
    assert done.returncode == 1
    assert f"{folder}/02-slow.md:7: the lesson took longer than 1 second here" in done.stdout


def test_json_is_the_whole_report(fluxrepl, folder):
    (folder / "02-bad.md").write_text(BAD)
    done = fluxrepl("check", "--format", "json", folder)
    report = json.loads(done.stdout)
    assert (done.returncode, report["passed"]) == (1, False)
    assert [lesson["passed"] for lesson in report["lessons"]] == [True, False]
    assert report["lessons"][1]["findings"][0]["line"] == 7


def test_there_is_no_colour_in_a_pipe(fluxrepl, folder):
    assert "\x1b" not in fluxrepl("check", folder).stdout


def test_the_version(fluxrepl):
    from fluxrepl import __version__

    assert fluxrepl("--version").stdout == f"fluxrepl {__version__}\n"


def test_the_help_names_every_command(fluxrepl):
    done = fluxrepl("--help")
    assert done.returncode == 0
    for command in ("learn", "lessons", "check", "new", "kernel", "doctor"):
        assert command in done.stdout


def test_the_help_of_a_command_begins_with_its_own_usage(fluxrepl):
    assert fluxrepl("lessons", "--help").stdout.startswith("usage: fluxrepl lessons [-h]\n")


def test_the_course_is_listed_with_minutes_and_ticks(fluxrepl):
    done = fluxrepl("lessons")
    assert done.returncode == 0
    first = done.stdout.splitlines()[0]
    assert first.split()[0] == "00"
    assert "min" in first
    assert "0/" in first
    assert "taking-gradients" in done.stdout


def test_a_finished_lesson_has_a_tick(tmp_path, fluxrepl):
    from fluxrepl.tutor.course import lessons
    from fluxrepl.tutor.progress import Progress

    lesson = lessons()[0].lesson
    progress = Progress(tmp_path / "home" / "progress.json")
    for step in lesson.steps:
        progress.mark(lesson, step, "passed")
    assert fluxrepl("lessons").stdout.startswith("✓ 00")


def test_a_new_lesson_passes_its_check(fluxrepl, tmp_path):
    made = fluxrepl("new", "09-my-own")
    assert made.stdout.startswith("09-my-own.md is written")
    assert "`fluxrepl check '10 my own.md'`" in fluxrepl("new", "10 my own").stdout, "as a shell takes it"
    done = fluxrepl("check", "09-my-own.md")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "1 lesson, 7 examples, 1 exercise: all passed")


def test_the_prompt_is_not_kept_waiting():
    heavy = ["numpy", "yaml", "markdown_it", "rich", "IPython", "prompt_toolkit"]
    code = f"import sys, fluxrepl.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_import_fluxrepl_costs_next_to_nothing():
    code = "import sys; before = set(sys.modules); import fluxrepl; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    own = {"fluxrepl", "fluxrepl.version", "importlib", "warnings"}
    assert {name for name in ast.literal_eval(done.stdout) if not name.startswith("importlib._")} <= own


def test_ctrl_c_stops_a_check_without_a_traceback(folder, tmp_path):
    import signal
    import time

    started = tmp_path / "started"
    code = f"open({str(started)!r}, 'w').close()\n>>> while True: pass"
    (folder / "01-good.md").write_text(GOOD.replace("1 + 1\n2", code))
    command = [sys.executable, "-m", "fluxrepl", "check", str(folder)]
    checker = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not started.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    checker.send_signal(signal.SIGINT)
    err = checker.communicate(timeout=30)[1]
    assert (checker.returncode, err) == (130, "fluxrepl: stopped\n")


@pytest.mark.parametrize("command", ["lessons", "check lessons", "check --help", "--version", "kernel list", "-c 1+1"])
def test_a_closed_pipe_ends_every_command_quietly(command, folder):
    reader, writer = os.pipe()
    os.close(reader)
    environment = {**os.environ, "FLUXREPL_HOME": str(folder / "home")}
    done = subprocess.run(
        [sys.executable, "-m", "fluxrepl", *command.split()],
        stdout=writer, stderr=subprocess.PIPE, env=environment, cwd=folder.parent, text=True, timeout=120, check=False,
    )  # fmt: skip
    os.close(writer)
    assert done.stderr == ""
    assert done.returncode in (0, 141)  # argparse swallows the error of writing its help
