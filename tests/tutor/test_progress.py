"""Progress is kept whole: by content, through crashes, beside a second session."""

import json
import os
import subprocess
import sys

import pytest

from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.progress import Progress

BODY = "One.\n\n```pycon\n>>> 1\n1\n>>> 2\n2\n\n```\n"


@pytest.fixture
def lesson(write):
    return read(write("01.md", BODY))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "progress.json"


def test_what_was_marked_is_there_the_next_time(lesson, path):
    Progress(path).mark(lesson, lesson.steps[0], "passed", "1\n")
    again = Progress(path)
    assert (again.state(lesson, lesson.steps[0]), again.source(lesson, lesson.steps[0])) == ("passed", "1\n")
    assert (again.count(lesson), again.is_finished(lesson), again.place(lesson)) == (1, False, 1)
    assert again.warnings == []


def test_the_place_is_kept(lesson, path):
    Progress(path).move(lesson, lesson.steps[1])
    assert Progress(path).place(lesson) == 1


def test_progress_on_changed_content_does_not_count(lesson, path, write):
    Progress(path).mark(lesson, lesson.steps[0], "passed")
    changed = read(write("01.md", BODY.replace(">>> 1\n1", ">>> 3\n3")))
    assert Progress(path).count(changed) == 0


def test_two_sessions_lose_nothing_of_each_other(lesson, path):
    one, two = Progress(path), Progress(path)
    one.mark(lesson, lesson.steps[0], "passed")
    two.mark(lesson, lesson.steps[1], "skipped")
    assert one.state(lesson, lesson.steps[0]) == "passed"
    assert Progress(path).is_finished(lesson)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"version": 1}', '{"version": 1, "lessons": []}', '{"version": "1", "lessons": {}}',
     '{"version": 1, "lessons": {"a": 3}}', '{"version": 1, "lessons": {"a": {"steps": {"b": 1}}}}', "\ufffd\0"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_set_aside_and_said_so(lesson, path, text):
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    progress = Progress(path)
    assert progress.warnings == [f"{path} could not be read; it is kept as progress.json.bak, and a new one begins"]
    assert path.with_name("progress.json.bak").read_text("utf-8") == text
    progress.mark(lesson, lesson.steps[0], "passed")
    assert Progress(path).count(lesson) == 1


def test_a_second_bad_file_does_not_replace_the_first(path):
    path.parent.mkdir()
    for text in ("{one", "{two"):
        path.write_text(text)
        Progress(path)
    assert path.with_name("progress.json.bak").read_text() == "{one"
    assert path.with_name("progress.json.bak2").read_text() == "{two"


def test_bytes_that_are_no_text_are_set_aside(path):
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\x00")
    assert "could not be read" in Progress(path).warnings[0]


def test_a_file_of_a_newer_version_is_left_alone_and_another_kept_beside_it(lesson, path):
    path.parent.mkdir()
    newer = '{"version": 99, "lessons": {"of-tomorrow": ["shape", "unknown"]}}'
    path.write_text(newer)
    progress = Progress(path)
    assert "was written by a newer fluxrepl, and is left as it is" in progress.warnings[0]
    progress.mark(lesson, lesson.steps[0], "passed")
    progress.reset(lesson, lesson.steps[1])
    assert path.read_text() == newer
    assert progress.path.name == "progress-v2.json"
    assert Progress(path).count(lesson) == 1


def test_a_newer_fluxrepl_that_runs_beside_this_one_is_not_written_over(lesson, path):
    progress = Progress(path)
    progress.mark(lesson, lesson.steps[0], "passed")
    newer = '{"version": 99}'
    path.write_text(newer)
    progress.mark(lesson, lesson.steps[1], "passed")
    assert path.read_text() == newer
    assert progress.is_finished(lesson)
    assert Progress(path).count(lesson) >= 1


def test_a_file_of_version_1_is_brought_up_to_date(lesson, path):
    path.parent.mkdir()
    first, second = lesson.steps
    steps = {first.key: {"digest": first.digest, "state": "passed", "source": "1\n", "shown": True}}
    path.write_text(json.dumps({"version": 1, "lessons": {lesson.id: {"at": second.key, "steps": steps}}}))
    progress = Progress(path)
    assert (progress.count(lesson), progress.place(lesson), progress.warnings) == (1, 1, [])
    assert (progress.source(lesson, first), progress.standing(lesson, first)) == ("1\n", "shown")
    progress.note(lesson, first, attempts=1)
    assert json.loads(path.read_text())["version"] == 2


def test_what_a_file_holds_beside_what_is_known_stays(lesson, path):
    Progress(path).mark(lesson, lesson.steps[0], "passed")
    data = json.loads(path.read_text())
    data["lessons"][lesson.id]["steps"][lesson.steps[0].key]["remark"] = "well done"
    data["school"] = "here"
    path.write_text(json.dumps(data))
    Progress(path).mark(lesson, lesson.steps[0], "skipped")
    after = json.loads(path.read_text())
    assert after["lessons"][lesson.id]["steps"][lesson.steps[0].key]["remark"] == "well done"
    assert after["school"] == "here"


def test_attempts_add_up_over_sessions_and_hints_are_the_most_read(lesson, path):
    step = lesson.steps[0]
    one, two = Progress(path), Progress(path)
    one.note(lesson, step, attempts=1, hints=2, seconds=1.5)
    two.note(lesson, step, attempts=2, hints=1, seconds=2.5)
    record = Progress(path).record(lesson, step)
    assert (record["attempts"], record["hints"], record["seconds"]) == (3, 2, 4.0)


def test_a_very_long_output_is_cut(lesson, path):
    Progress(path).mark(lesson, lesson.steps[0], "passed", output="x" * 100_000)
    assert len(path.read_text()) < 10_000


def test_a_place_that_cannot_be_written_is_said_once_and_work_goes_on(lesson, tmp_path):
    (tmp_path / "file").write_text("")
    progress = Progress(tmp_path / "file" / "progress.json")
    progress.mark(lesson, lesson.steps[0], "passed")
    progress.mark(lesson, lesson.steps[1], "passed")
    assert progress.is_finished(lesson)
    assert len(progress.warnings) == 1
    assert "progress is kept until this session ends" in progress.warnings[0]


def test_a_write_that_fails_leaves_the_old_file(lesson, path, monkeypatch):
    Progress(path).mark(lesson, lesson.steps[0], "passed")
    before = path.read_text()

    def full(*args, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    progress = Progress(path)
    progress.mark(lesson, lesson.steps[1], "passed")
    assert "No space left on device" in progress.warnings[0]
    assert path.read_text() == before
    assert {file.name for file in path.parent.iterdir()} <= {"progress.json", ".progress.json.lock"}


def side_by_side(code, lesson, path, count):
    """Run `count` processes of `code`, let go together once all are ready."""
    sessions = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(lesson.path), str(path), str(who)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for who in range(count)
    ]  # fmt: skip
    for session in sessions:
        session.stdout.readline()
    for session in sessions:
        session.stdin.write("go\n")
        session.stdin.flush()
    for session in sessions:
        session.communicate(timeout=120)
        assert session.returncode == 0


SESSION = """
import sys
from pathlib import Path
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.progress import Progress
lesson, progress, first = read(Path(sys.argv[1])), Progress(Path(sys.argv[2])), int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for step in lesson.steps[first::2]:
    progress.mark(lesson, step, "passed")
"""


def test_two_processes_that_write_at_once_lose_nothing_of_each_other(path, write):
    lesson = read(write("01.md", "Many.\n\n```pycon\n" + "".join(f">>> {n}\n{n}\n" for n in range(300)) + "\n```\n"))
    side_by_side(SESSION, lesson, path, 2)
    assert Progress(path).count(lesson) == 300


MANY = """
import random, sys
from pathlib import Path
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.progress import Progress
lesson, progress, who = read(Path(sys.argv[1])), Progress(Path(sys.argv[2])), int(sys.argv[3])
draw = random.Random(who)
print("ready", flush=True)
sys.stdin.readline()
for step in lesson.steps[who::4]:
    for act in draw.sample(["mark", "attempt", "hint", "move"], 4):
        if act == "mark":
            progress.mark(lesson, step, draw.choice(["passed", "skipped"]), source=f"by {who}")
        elif act == "attempt":
            progress.note(lesson, step, attempts=1)
        elif act == "hint":
            progress.note(lesson, step, hints=2)
        else:
            progress.move(lesson, step)
    progress.note(lesson, lesson.steps[-1], attempts=1)
"""


def test_four_processes_that_do_anything_at_once_lose_nothing(path, write):
    lesson = read(write("01.md", "Many.\n\n```pycon\n" + "".join(f">>> {n}\n{n}\n" for n in range(81)) + "\n```\n"))
    side_by_side(MANY, lesson, path, 4)
    progress = Progress(path)
    assert progress.warnings == []
    for number, step in enumerate(lesson.steps):
        record = progress.record(lesson, step)
        assert (record["source"], record["hints"]) == (f"by {number % 4}", 2)
        assert record["attempts"] == (1 if number < 80 else 1 + 81)


ACCEPTED = """
import sys
from pathlib import Path
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.progress import Progress
lesson, progress = read(Path(sys.argv[1])), Progress(Path(sys.argv[2]))
for number, step in enumerate(lesson.steps):
    progress.mark(lesson, step, "passed")
    print(number, flush=True)
"""


@pytest.mark.parametrize("after", [1, 7, 40])
def test_a_session_that_is_killed_loses_nothing_that_was_accepted(path, write, after):
    lesson = read(write("01.md", "Many.\n\n```pycon\n" + "".join(f">>> {n}\n{n}\n" for n in range(300)) + "\n```\n"))
    with subprocess.Popen(
        [sys.executable, "-c", ACCEPTED, str(lesson.path), str(path)], stdout=subprocess.PIPE, text=True
    ) as session:
        for line in session.stdout:
            if int(line) == after:
                session.kill()
                break
        accepted = [after, *(int(line) for line in session.stdout)]
    progress = Progress(path)
    assert progress.warnings == []
    assert all(progress.is_done(lesson, step) for step in lesson.steps[: max(accepted) + 1])


def test_what_a_killed_session_left_half_written_is_removed_later(path):
    path.parent.mkdir()
    old, young = path.with_name(".progress.json.old.new"), path.with_name(".progress.json.young.new")
    for left in (old, young):
        left.write_text("{")
    os.utime(old, (0, 0))
    Progress(path)
    assert (old.exists(), young.exists()) == (False, True)


def test_reset_of_a_lesson_keeps_the_old_file(lesson, path):
    progress = Progress(path)
    progress.mark(lesson, lesson.steps[0], "passed")
    kept = progress.reset(lesson)
    assert progress.count(lesson) == 0
    assert kept == path.with_name("progress.json.bak")
    assert Progress(kept).count(lesson) == 1


def test_reset_of_everything_keeps_the_old_file(lesson, path):
    progress = Progress(path)
    progress.mark(lesson, lesson.steps[0], "passed")
    assert progress.reset() == path.with_name("progress.json.bak")
    assert progress.warnings == []
    assert progress.count(lesson) == 0
    assert Progress(path).count(lesson) == 0
    assert path.with_name("progress.json.bak").exists()


def test_the_home_of_progress_can_be_chosen(tmp_path, monkeypatch):
    monkeypatch.setenv("FLUXREPL_HOME", str(tmp_path / "mine"))
    assert Progress.load().path == tmp_path / "mine" / "progress.json"
    monkeypatch.delenv("FLUXREPL_HOME")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert Progress.load().path.name == "progress.json"


def test_progress_without_a_path_is_kept_in_memory(lesson):
    progress = Progress()
    progress.mark(lesson, lesson.steps[0], "passed")
    progress.reset()
    assert (progress.count(lesson), progress.warnings) == (0, [])
