"""A pass is kept only where everything the lesson depends on is surely as it was when the check began."""

import importlib.util
import os
import zipfile

import pytest

from fluxrepl.tutor import footprint
from fluxrepl.tutor.check import check

from .test_cache import GOOD, cached, home, settle  # noqa: F401  # a fixture


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Two folders of one's own on the search path."""
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in reversed(folders):
        folder.mkdir()
        monkeypatch.syspath_prepend(str(folder))
    return folders


def test_a_file_written_while_the_lesson_runs_is_no_ground_for_keeping(write, tmp_path):
    data = tmp_path / "data.txt"
    data.write_text("1")
    settle()
    rewrite = f"import pathlib\nopen({str(data)!r}).read()  # => '1'\n"
    path = write("01.md", f"```python\n{rewrite}_ = pathlib.Path({str(data)!r}).write_text('2')\n```\n")
    assert check([path], cache=True).passed
    assert not check([path], cache=True).passed


def test_a_file_written_just_before_the_check_is_no_ground_for_keeping(write, tmp_path):
    data = tmp_path / "data.txt"
    path = write("01.md", f"```python\nlen(open({str(data)!r}).read())  # => 1\n```\n")
    data.write_text("1")
    os.utime(data, (2**32, 2**32))  # written in the future, says the clock of another machine
    assert (cached(path), cached(path)) == ([False], [False])


def test_a_lesson_saved_between_look_up_and_reading_is_kept_as_what_was_read(write, monkeypatch):
    from fluxrepl.tutor import check as module

    path = write("01.md", GOOD.replace("2\n", "3\n"))
    wrong, read = path.read_bytes(), module.read

    def saved_meanwhile(where):
        write("01.md", GOOD)
        return read(where)

    monkeypatch.setattr(module, "read", saved_meanwhile)
    assert check([path], cache=True).passed
    monkeypatch.undo()
    path.write_bytes(wrong)
    assert not check([path], cache=True).passed


def test_the_environment_that_a_module_reads_counts(write, own, monkeypatch, tmp_path):
    monkeypatch.setenv("FLUXREPL_HOME", str(tmp_path / "home"))
    (own[0] / "cache_mode.py").write_text("import os\nmode = os.environ.get('SSH_MODE')\n")
    settle()
    path = write("01.md", "```python\nimport cache_mode\ncache_mode.mode or 'none'  # => 'none'\n```\n")
    assert (cached(path), cached(path)) == ([False], [True])
    monkeypatch.setenv("SSH_MODE", "b")
    assert not check([path], cache=True).passed


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    import cache_later\nexcept ImportError:\n    cache_later = None\ncache_later is None  # => True",
        "import importlib.util\nimportlib.util.find_spec('cache_later') is None  # => True",
        "1  # => 1\n```\n\n```python {requires=cache_later}\nimport cache_later\ncache_later.x  # => 1",
    ],
)
def test_a_module_that_was_missing_and_appears_is_noticed(write, own, code):
    path = write("01.md", f"```python\n{code}\n```\n")
    settle()
    assert (cached(path), cached(path)) == ([False], [True])
    (own[0] / "cache_later.py").write_text("x = 2\n")
    assert not check([path], cache=True).passed


def test_a_module_that_comes_before_another_is_noticed(write, own):
    (own[1] / "cache_shadow.py").write_text("x = 1\n")
    path = write("01.md", "```python\nimport cache_shadow\ncache_shadow.x  # => 1\n```\n")
    settle()
    assert (cached(path), cached(path)) == ([False], [True])
    (own[0] / "cache_shadow.py").write_text("x = 2\n")
    assert not check([path], cache=True).passed


def test_a_folder_that_becomes_a_package_is_noticed(write, own):
    (own[0] / "cache_space").mkdir()
    (own[0] / "cache_space" / "part.py").write_text("x = 1\n")
    path = write("01.md", "```python\nimport cache_space.part\ncache_space.part.x  # => 1\n```\n")
    settle()
    assert (cached(path), cached(path)) == ([False], [True])
    (own[0] / "cache_space" / "__init__.py").write_text("raise ValueError\n")
    assert not check([path], cache=True).passed


def test_a_compiled_module_of_ones_own_is_noticed(write, own):
    import shutil

    compiled = importlib.util.find_spec("numpy.linalg._umath_linalg").origin
    name = "_umath_linalg" + footprint.os.path.basename(compiled).partition("_umath_linalg")[2]
    shutil.copy(compiled, own[0] / name)
    settle()
    path = write("01.md", "```python\nimport _umath_linalg\n_umath_linalg.__name__  # => '_umath_linalg'\n```\n")
    assert (cached(path), cached(path)) == ([False], [True])
    with open(own[0] / name, "ab") as file:
        file.write(b"\0")
    assert cached(path) == [False]


def test_a_changed_package_is_noticed_by_its_content(tmp_path):
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("x = 1\n")
    before = footprint.Packages(tmp_path / "memo").content(str(package))
    os.utime(package / "__init__.py", (1, 1))  # installed again: the same content
    assert footprint.Packages(tmp_path / "memo").content(str(package))[0] == before[0]
    (package / "__init__.py").write_text("x = 2\n")
    assert footprint.Packages(tmp_path / "memo").content(str(package))[0] != before[0]
    (tmp_path / "memo").write_text("[" * 100_000)
    assert footprint.Packages(tmp_path / "memo").content(str(package))[0] != before[0]


def test_packages_count_in_entries(write, monkeypatch):
    path = write("01.md", "```python\nimport numpy as np\nnp.ones(2).sum()  # => 2.0\n```\n")
    assert (cached(path), cached(path)) == ([False], [True])
    monkeypatch.setattr(footprint.Packages, "content", lambda self, package: ("another", 0))
    assert cached(path) == [False]


def test_a_zip_file_of_modules_is_noticed(write, tmp_path):
    archive = tmp_path / "modules.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("cache_zipped.py", "x = 1")
    settle()
    code = f"import sys\nsys.path.insert(0, {str(archive)!r})\nimport cache_zipped\ncache_zipped.x  # => 1"
    path = write("01.md", f"```python\n{code}\n```\n")
    assert (cached(path), cached(path)) == ([False], [True])
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("cache_zipped.py", "x = 2")
    assert not check([path], cache=True).passed


@pytest.mark.skipif(not os.path.isdir("/dev/shm"), reason="no memory that is a folder on this system")
def test_files_in_shared_memory_are_files(write):
    import tempfile

    with tempfile.NamedTemporaryFile("w", dir="/dev/shm") as file:
        file.write("1")
        file.flush()
        settle()
        path = write("01.md", f"```python\nopen({file.name!r}).read()  # => '1'\n```\n")
        assert (cached(path), cached(path)) == ([False], [True])
        file.write("2")
        file.flush()
        assert not check([path], cache=True).passed
