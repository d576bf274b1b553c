"""The reference of the lesson format is true: each of its examples passes the check, and it tells of everything."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from fluxrepl.tutor import options
from fluxrepl.tutor.check import check
from fluxrepl.tutor.frontmatter import KEYS
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.template import write_template

PAGE = (Path(__file__).parent.parent / "docs" / "lesson-format.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^````markdown\n(.*?)^````$", PAGE, re.DOTALL | re.MULTILINE)
HEAD = "---\ntitle: x\nid: x\n---\n\n"


def lesson(text: str, folder: Path) -> Path:
    path = folder / "lesson.md"
    path.write_text(text if text.startswith("---") else HEAD + text, encoding="utf-8")
    return path


@pytest.mark.parametrize("text", EXAMPLES, ids=[text.strip().split("\n")[0][:30] for text in EXAMPLES])
def test_an_example_of_the_reference_passes_its_check(text, tmp_path):
    report = check([lesson(text, tmp_path)])
    assert report.passed, [str(finding) for found in report.lessons for finding in found.findings]


def test_there_is_an_example_of_every_kind(tmp_path):
    read_all = [read(lesson(text, tmp_path)) for text in EXAMPLES]
    quizzes = {step.quiz.kind for found in read_all for step in found.steps if step.quiz}
    kinds = {block.kind for found in read_all for block in found.blocks}
    assert quizzes == {"choice", "number", "output"}
    assert kinds == {"setup", "pycon", "python", "exercise"}


def test_every_option_key_and_comment_is_explained():
    assert [name for name in options.KNOWN if f"| `{{{name}" not in PAGE] == []
    assert [key for key in KEYS if f"| `{key}` |" not in PAGE] == []
    assert [kind for kind in options.HEADS if f"fluxrepl:{kind}" not in PAGE] == []


def test_the_template_has_a_piece_of_every_kind(tmp_path):
    path = write_template(str(tmp_path / "my-lesson"))
    found = read(path)
    assert check([path]).passed
    assert {block.kind for block in found.blocks} == {"setup", "pycon", "python", "exercise"}
    assert {step.quiz.kind for step in found.steps if step.quiz} == {"choice", "number", "output"}
    assert all(option in found.text for option in ("{norun}", "{raises=", "{requires=", "{starter=", "{quiz="))
    (exercise,) = found.exercises
    assert len(exercise.hints) == 2
    assert exercise.wrongs


def test_the_template_runs_under_stock_doctest(tmp_path):
    path = write_template(str(tmp_path / "my-lesson"))
    done = subprocess.run([sys.executable, "-m", "doctest", str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


COMMANDS = [
    line[2:] for block in re.findall(r"^```console\n(.*?)^```$", PAGE, re.S | re.M) for line in block.split("\n")[:-1]
]


def test_the_commands_do_what_the_page_says(tmp_path):
    whole = next(text for text in EXAMPLES if "figure=curve.png" in text)
    lesson(whole, tmp_path).rename(tmp_path / "my-lesson.md")
    before = (tmp_path / "my-lesson.md").read_bytes()
    for command in COMMANDS:
        program, *rest = shlex.split(command)
        run = [sys.executable, *(["-m", "fluxrepl"] if program == "fluxrepl" else []), *rest]
        done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, (command, done.stderr)
        if "schema" in command:
            assert Path(done.stdout.strip()).is_file()
    assert (tmp_path / "curve.png").exists()
    assert (tmp_path / "my-lesson.ipynb").exists()
    assert (tmp_path / "my-lesson.md").read_bytes() == before


def test_every_link_within_the_page_leads_to_a_heading():
    headings = [
        re.sub(r"[^\w -]", "", line[3:].lower()).replace(" ", "-") for line in re.findall(r"^## .*", PAGE, re.M)
    ]
    assert [target for target in re.findall(r"\]\(#([\w-]+)\)", PAGE) if target not in headings] == []
