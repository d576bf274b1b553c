"""`check --watch`: a save checks what changed and what requires it, whatever state the file is in."""

import os
import signal
import subprocess
import sys
import time

import pytest

from fluxrepl.cli import main
from fluxrepl.tutor.check import check
from fluxrepl.tutor.settings import Settings
from fluxrepl.tutor.watch import Watch

HEAD = "---\ntitle: T\nid: {id}\nrequires: [{requires}]\n---\n\n"
GOOD = "```pycon\n>>> 1 + 1\n2\n\n```\n"
BAD = "```pycon\n>>> 1 + 1\n3\n\n```\n"


@pytest.fixture
def lessons(tmp_path):
    """A folder with a, b and c; b requires a. `lessons("a", text)` saves one, a second later than the last time."""
    seconds = iter(range(1_700_000_000, 1_800_000_000))

    def save(name, body, requires=""):
        path = tmp_path / f"{name}.md"
        path.write_text(HEAD.format(id=name, requires=requires) + body if body else "")
        at = next(seconds)
        os.utime(path, (at, at))
        return path

    save.folder = tmp_path
    save("a", GOOD)
    save("b", GOOD, "a")
    save("c", GOOD)
    return save


@pytest.fixture
def watch(lessons):
    made = Watch([lessons.folder], Settings())
    made.begin(check([lessons.folder]))
    return made


def names(paths):
    return [path.stem for path in paths]


def checked(made):
    return {report.path.stem: report.passed for report in made.reports}


def test_where_nothing_changed_nothing_is_checked(watch):
    assert watch.again() is None


def test_a_save_checks_what_changed_and_what_requires_it(lessons, watch):
    lessons("a", BAD)
    made = watch.again()
    assert names(made.changed) == ["a"]
    assert checked(made) == {"a": False, "b": True}
    assert made.standing == "3 lessons, 3 examples, 0 exercises: 1 finding in 1 lesson"
    lessons("c", GOOD)
    made = watch.again()
    assert checked(made) == {"c": True}
    assert made.standing.endswith("1 finding in 1 lesson")
    lessons("a", GOOD)
    assert watch.again().standing.endswith("all passed")


def test_what_is_required_by_way_of_another_counts_too(lessons):
    lessons("c", GOOD, "b")
    watch = Watch([lessons.folder], Settings())
    lessons("a", GOOD)
    assert checked(watch.again()) == {"a": True, "b": True, "c": True}


@pytest.mark.parametrize(
    "half", ["", "---\ntitle: T\n", "---\n", HEAD.format(id="a", requires="a") + "```pycon\n>>> 1 +"]
)
def test_a_half_saved_lesson_is_told_and_checked_again_when_it_is_whole(lessons, watch, half):
    path = lessons("a", GOOD)
    path.write_text(half)
    made = watch.again()
    assert checked(made)["a"] is False
    lessons("a", GOOD)
    assert checked(watch.again()) == {"a": True, "b": True}


def test_a_lesson_that_is_deleted_or_renamed_is_gone_and_may_come_back(lessons, watch):
    path = lessons.folder / "a.md"
    path.rename(lessons.folder / "d.md")
    made = watch.again()
    assert (names(made.gone), names(made.changed)) == (["a"], ["d"])
    assert checked(made) == {"d": True, "b": True}
    (lessons.folder / "d.md").unlink()
    made = watch.again()
    assert names(made.gone) == ["d"]
    assert checked(made) == {"b": False}  # it requires what is gone
    lessons("a", GOOD)
    assert checked(watch.again()) == {"a": True, "b": True}


def test_an_id_that_is_taken_by_a_copy_is_told(lessons, watch):
    (lessons.folder / "d.md").write_text((lessons.folder / "a.md").read_text())
    made = watch.again()
    assert checked(made)["d"] is False


def test_a_folder_may_become_empty(lessons, watch):
    for path in lessons.folder.glob("*.md"):
        path.unlink()
    made = watch.again()
    assert (sorted(names(made.gone)), made.standing) == (["a", "b", "c"], "no lessons are left")
    lessons("a", GOOD)
    assert checked(watch.again()) == {"a": True}


def test_only_what_was_asked_for_is_checked(lessons):
    watch = Watch([lessons.folder], Settings(ignore=("b",)))
    lessons("a", GOOD)
    lessons("b", GOOD, "a")
    assert checked(watch.again()) == {"a": True}
    watch = Watch([lessons.folder / "a.md"], Settings())
    lessons("c", BAD)
    assert watch.again() is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "json"], "--watch tells of one save after the other as text"),
        (["--fix"], "--watch and --fix do not"),
        (["--dask", "tcp://nowhere:1"], "leave --lesson and --dask away"),
    ],
)
def test_what_does_not_go_with_watching_is_told(lessons, capsys, words, said):
    assert main(["check", "--watch", *words, str(lessons.folder)]) == 2
    assert said in capsys.readouterr().err


def test_without_the_library_it_says_what_to_install(lessons, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    monkeypatch.setattr("fluxrepl.cli.check_watch.find_spec", lambda name: None)
    assert main(["check", "--watch", str(lessons.folder)]) == 2
    assert "pip install 'fluxrepl[watch]'" in capsys.readouterr().err


def test_the_command_tells_of_each_save_rests_between_them_and_ends_with_ctrl_c(lessons):
    pytest.importorskip("watchfiles")
    command = [sys.executable, "-m", "fluxrepl", "check", "--watch", str(lessons.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            _read_until(process, "Ctrl-C ends")
            time.sleep(0.5)
            lessons("a", BAD)
            told = _read_until(process, "1 finding in 1 lesson")
            assert "a.md: 1 found" in told
            assert "want: 3" in told
            assert "b.md: ok, 1 example (requires what changed)" in told
            before = _seconds_of(process.pid)
            time.sleep(1.5)
            assert _seconds_of(process.pid) - before < 0.3
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 130
            assert process.stderr.read() == "fluxrepl: stopped\n"
        finally:
            process.kill()


def _read_until(process, words):
    told = ""
    while words not in told:
        line = process.stdout.readline()
        assert line, told
        told += line
    return told


def _seconds_of(pid):
    """What a process has used of a processor; 0 where that cannot be seen."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
