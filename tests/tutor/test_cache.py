"""What passed and has not changed is not run again; whatever may have changed is."""

import json
import subprocess
import sys
import threading
import time

import pytest

from fluxrepl.tutor import cache as cache_module
from fluxrepl.tutor import surroundings
from fluxrepl.tutor.cache import Cache
from fluxrepl.tutor.check import check

GOOD = "```pycon\n>>> 1 + 1\n2\n\n```\n"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("FLUXREPL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def settle():
    """Wait until what was written is surely older than the next check."""
    time.sleep(0.12)


def cached(*paths, **settings):
    """Which of the lessons were found in the cache."""
    report = check(paths, cache=True, **settings)
    return [lesson.cached for lesson in report.lessons]


def test_a_lesson_that_passed_is_not_run_again(write):
    path = write("01.md", GOOD)
    first = check([path], cache=True)
    again = check([path], cache=True)
    assert (first.lessons[0].cached, again.lessons[0].cached) == (False, True)
    assert again.summary() == "1 lesson, 1 example, 0 exercises: all passed; 1 from the cache"
    assert again.lessons[0].title == "A small lesson"
    assert again.lessons[0].units == first.lessons[0].units == [(9, "1 + 1")]
    data = again.as_data()
    assert (data["cached"], data["lessons"][0]["cached"]) == (1, True)


def test_a_failure_is_run_again(write):
    path = write("01.md", GOOD.replace("\n2\n", "\n3\n"))
    assert cached(path) == [False]
    assert cached(path) == [False]
    assert len(check([path], cache=True).findings) == 1


def test_without_the_option_nothing_is_kept(write, home):
    path = write("01.md", GOOD)
    check([path])
    assert not home.exists()


@pytest.mark.parametrize("changed", ["the text", "an option", "fluxrepl", "what is installed", "a variable"])
def test_what_may_have_changed_is_run_again(write, monkeypatch, changed):
    path = write("01.md", GOOD)
    assert (cached(path), cached(path)) == ([False], [True])
    options = {}
    if changed == "the text":
        write("01.md", GOOD + "more\n")
    elif changed == "an option":
        options = {"repeat": 2}
    elif changed == "fluxrepl":
        monkeypatch.setattr(surroundings, "own_sources", lambda: "other")
    elif changed == "what is installed":
        monkeypatch.setattr(surroundings, "installed", lambda: ["numpy-99.0.dist-info"])
    else:
        monkeypatch.setenv("OMP_NUM_THREADS", "77")
    assert cached(path, **options) == [False]
    assert cached(path, **options) == [True]


def test_how_many_run_at_a_time_changes_nothing(write):
    path = write("01.md", GOOD)
    check([path], cache=True)
    assert cached(path, jobs=2, max_fail=3, shard=(1, 1), select=("01",)) == [True]


def test_a_file_that_the_lesson_reads_is_watched(write, tmp_path):
    data = tmp_path / "data.txt"
    data.write_text("1")
    path = write("01.md", f"```python\nlen(open({str(data)!r}).read()) > 0  # => True\n```\n")
    settle()
    assert (cached(path), cached(path)) == ([False], [True])
    data.write_text("22")
    settle()
    assert (cached(path), cached(path)) == ([False], [True])
    data.unlink()
    assert not check([path], cache=True).passed


def test_a_module_that_the_lesson_imports_is_watched(write, tmp_path, monkeypatch):
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    module = folder / "own_module_of_a_lesson.py"
    module.write_text("value = 1\n")
    settle()
    path = write("01.md", "```pycon\n>>> import own_module_of_a_lesson as own\n>>> own.value\n1\n\n```\n")
    assert (cached(path), cached(path), cached(path)) == ([False], [True], [True])
    module.write_text("value = 22\n")
    assert not check([path], cache=True).passed


def test_a_folder_that_the_lesson_lists_is_watched(write, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    path = write("01.md", f"```python\nimport os\nlen(os.listdir({str(folder)!r})) >= 0  # => True\n```\n")
    assert (cached(path), cached(path)) == ([False], [True])
    (folder / "new").touch()
    assert cached(path) == [False]


def test_what_an_answer_to_an_exercise_reads_is_watched(write, tmp_path):
    from .conftest import EXERCISE

    data = tmp_path / "data.txt"
    data.write_text("1")
    check_line = f"assert open({str(data)!r}).read()\nassert double(3) == 6"
    path = write("01.md", EXERCISE.replace("assert double(3) == 6", check_line))
    settle()
    assert (cached(path), cached(path)) == ([False], [True])
    data.write_text("22")
    assert cached(path) == [False]


def test_the_environment_counts_whoever_looks_at_it(write, monkeypatch):
    path = write("01.md", GOOD)
    assert (cached(path), cached(path)) == ([False], [True])
    monkeypatch.setenv("OWN_VARIABLE", "x")
    assert (cached(path), cached(path)) == ([False], [True])


def test_what_tells_one_terminal_from_another_counts_for_a_lesson_that_looks_at_it(write, monkeypatch):
    looks = write("01.md", "```python\nimport os\nos.environ.get('SSH_TTY')  # => _ is None or _ == 'x'\n```\n")
    other = write("02.md", GOOD)
    assert cached(looks, other) == [False, False]
    monkeypatch.setenv("SSH_TTY", "x")
    assert cached(looks, other) == [False, True]


@pytest.mark.parametrize(
    "code",
    [
        "import os\n_ = os.fork() or os._exit(0)\n1  # => 1",
        "from multiprocessing import get_context\nget_context('fork').Process().start()\n1  # => 1",
        "import os\nos.path.exists('x')  # => False",
        "from pathlib import Path\nPath('x').is_file()  # => False",
        "import os\nos.stat('/').st_size >= 0  # => True",
        "import os\nf = os.open('/', os.O_RDONLY)\nos.close(os.open('tmp', os.O_RDONLY, dir_fd=f))\n1  # => 1",
        "import subprocess\nsubprocess.run(['true']).returncode  # => 0",
        "import os\nos.system('true')  # => 0",
    ],
)
def test_a_lesson_that_cannot_be_followed_is_run_every_time(write, code):
    path = write("01.md", f"```python\n{code}\n```\n")
    assert (cached(path), cached(path)) == ([False], [False])


def test_what_is_wrong_between_lessons_is_found_in_cached_ones(write):
    target = write("there.md", "text\n")
    head = "---\ntitle: x\nid: needs\nrequires: [lesson-there]\n---\n\n"
    path = write("01.md", "[a](there.md)\n", head)
    assert check([path], cache=True).passed
    target.unlink()
    report = check([path], cache=True)
    assert report.lessons[0].cached
    assert [(finding.line, finding.kind) for finding in report.findings] == [(4, "malformed"), (7, "link")]


def entries(home):
    return sorted((home / "cache" / "check").glob("*/*.json"))


DAMAGES = [
    *(b"", b"{", b"[]", b"{}", b"null", b"NaN", b"\xff\xfe", b"\0" * 50, b'{"reads": {}}', b'{"reads": []}'),
    *(b"[" * 100_000, b"9" * 5000, b'{"reads": {}, "examples": Infinity}', b'"text"'),
]


@pytest.mark.parametrize("summed", [False, True])
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: repr(damage[:12]))
def test_a_damaged_entry_is_none(write, home, damage, summed):
    path = write("01.md", GOOD)
    check([path], cache=True)
    (file,) = entries(home)
    file.write_bytes(cache_module._sum(damage).encode() + b"\n" + damage if summed else damage)
    assert (cached(path), cached(path)) == ([False], [True])


def test_an_entry_of_which_one_letter_changed_is_none(write, home):
    path = write("01.md", GOOD)
    check([path], cache=True)
    (file,) = entries(home)
    file.write_bytes(file.read_bytes().replace(b"A small", b"a small"))
    assert cached(path) == [False]


def test_a_folder_that_cannot_be_written_is_no_reason_to_fail(write, home):
    home.parent.mkdir(exist_ok=True)
    home.write_text("a file where a folder should be")
    assert cached(write("01.md", GOOD)) == [False]


def test_checks_at_once_do_not_disturb_each_other(write, home):
    paths = [write(f"{number:02}.md", GOOD) for number in range(6)]
    found = []
    threads = [threading.Thread(target=lambda: found.append(check(paths, cache=True).passed)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 3
    assert [json.loads(file.read_text().partition("\n")[2])["examples"] for file in entries(home)] == [1] * 6
    assert all(cached(*paths))


def test_the_oldest_results_are_dropped(write, home):
    import os

    paths = [write(f"{number:02}.md", GOOD) for number in range(5)]
    check(paths, cache=True)
    for age, file in enumerate(entries(home)):
        os.utime(file, (1_000_000 + age, 1_000_000 + age))
    newest = entries(home)[-2:]
    Cache(home / "cache", []).prune(2)
    assert entries(home) == newest


def test_pruning_happens_by_itself(write, home, monkeypatch):
    monkeypatch.setattr(cache_module, "LIMIT", 2)
    check([write(f"{number:02}.md", GOOD) for number in range(5)], cache=True)
    assert len(entries(home)) == 2


def test_a_check_of_what_did_not_change_imports_neither_numpy_nor_a_parser(write, home):
    path = write("01.md", "```python\nimport numpy as np\nnp.arange(3)  # => array([0, 1, 2])\n```\n")
    heavy = ["numpy", "markdown_it", "yaml", "doctest", "rich", "IPython"]
    code = (
        "import sys; from fluxrepl.cli import main; status = main(['check', sys.argv[1]]);"
        f"print(status, [name for name in {heavy} if name in sys.modules])"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert runs[1].splitlines() == [
        f"{path}: ok (cached)",
        "1 lesson, 1 example, 0 exercises: all passed; 1 from the cache",
        "0 []",
    ]
