"""The lessons of benchmarks/check are what they are said to be: good ones pass everywhere, a planted error is found."""

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

from fluxrepl.tutor.check import check

ROOT = Path(__file__).parents[1]


def benchmark_lessons():
    sys.path.insert(0, str(ROOT))
    try:
        from benchmarks.check import lessons
    finally:
        sys.path.remove(str(ROOT))
    return lessons


lessons = benchmark_lessons()


@pytest.fixture
def folder(tmp_path):
    lessons.write_lessons(tmp_path / "lessons", 4)
    return tmp_path / "lessons"


def test_they_have_20_prompts_each_and_pass_here_and_under_stock_doctest(folder):
    for file in folder.glob("*.md"):
        assert doctest.testfile(str(file), module_relative=False) == doctest.TestResults(0, 20)
    report = check([folder])
    assert report.findings == []
    assert [lesson.examples for lesson in report.lessons] == [18] * 4  # and 2 in the setup


def test_a_planted_error_is_found(folder):
    lessons.plant_error(folder)
    (finding,) = check([folder]).findings
    assert (finding.path.name, finding.want, finding.got) == ("0002-lesson.md", "(6,)\n", "(5,)\n")


def test_the_benchmark_runs(tmp_path):
    command = [sys.executable, "-m", "benchmarks.check.run", "--lessons", "3", "--rounds", "1", "--only=--trusted"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("| 3 lessons × 20 prompts |")
    assert [line.split(" | ")[0] for line in lines[2:]] == [
        "| stdlib doctest, one process, no isolation",
        "| fluxrepl check --trusted",
    ]
