"""`fluxrepl export`, `import` and `figures`: what they write, what they refuse, and with which status they end."""

import json

import nbformat
import pytest

from fluxrepl.cli import main
from fluxrepl.tutor.course import find_lesson

LESSON = "---\ntitle: Mine\nid: mine\n---\n\n# Mine\n\n```pycon\n>>> 1 + 1\n2\n\n```\n"
DRAWN = """
```python {requires=matplotlib figure=figures/a.png}
from matplotlib import pyplot
pyplot.plot([1, 2]);
```
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to be in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_there_and_back_in_files(here, capsys):
    (here / "mine.md").write_bytes(LESSON.replace("\n", "\r\n").encode())
    assert main(["export", "mine.md"]) == 0
    nbformat.validate(nbformat.read(here / "mine.ipynb", as_version=4))
    assert main(["import", "mine.ipynb", "-o", "again.md"]) == 0
    assert (here / "again.md").read_bytes() == (here / "mine.md").read_bytes()
    assert capsys.readouterr().out == "mine.ipynb is written\nagain.md is written\n"


def test_a_lesson_of_the_course_is_written_to_this_folder(here):
    assert main(["export", "01"]) == 0
    assert (here / "01-taking-gradients.ipynb").exists()


def test_pictures_that_a_notebook_elsewhere_would_miss_are_told(here, capsys):
    assert main(["export", "07"]) == 0
    assert "has figures/loss.png; copy that beside the notebook" in capsys.readouterr().err
    (here / "figures").mkdir()
    (here / "figures" / "loss.png").write_bytes(b"")
    assert main(["export", "07", "--force"]) == 0
    assert capsys.readouterr().err == ""


def test_a_lesson_elsewhere_is_written_beside_itself(here):
    (here / "far").mkdir()
    (here / "far" / "mine.md").write_text(LESSON)
    assert main(["export", "far/mine.md"]) == 0
    assert (here / "far" / "mine.ipynb").exists()


def test_minus_prints_the_notebook_and_the_lesson(here, capfdbinary):
    (here / "mine.md").write_text(LESSON)
    assert main(["export", "mine.md", "-o", "-", "--outputs"]) == 0
    notebook = json.loads(capfdbinary.readouterr().out)
    assert notebook["cells"][-1]["outputs"][0]["data"] == {"text/plain": ["2"]}
    (here / "mine.ipynb").write_text(json.dumps(notebook))
    assert main(["import", "mine.ipynb", "-o", "-"]) == 0
    assert capfdbinary.readouterr().out == LESSON.encode()


def test_nothing_is_overwritten_unless_it_is_asked_for(here, capsys):
    (here / "mine.md").write_text(LESSON)
    (here / "mine.ipynb").write_text("precious")
    assert main(["export", "mine.md"]) == 2
    assert "exists already; name another file with -o, or overwrite it with --force" in capsys.readouterr().err
    assert (here / "mine.ipynb").read_text() == "precious"
    assert main(["export", "mine.md", "--force"]) == 0
    assert main(["import", "mine.ipynb"]) == 2
    assert main(["import", "mine.ipynb", "--force"]) == 0
    assert (here / "mine.md").read_text() == LESSON
    assert [path.name for path in here.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("export nothing.md", 1, "nothing.md: no such lesson"),
        ("export bad.md", 1, "bad.md:5: unknown option `norum`"),
        ("import nothing.ipynb", 2, "nothing.ipynb: there is no such file"),
        ("import good.md", 2, "good.md: it is no notebook"),
        ("export good.md -o nowhere/a.ipynb", 2, "cannot write nowhere/a.ipynb"),
        ("export good.md -o .", 2, "names no file"),
        ("figures nothing.md", 2, "nothing.md"),
        ("figures bad.md", 1, "bad.md:5: unknown option `norum`"),
    ],
)
def test_what_cannot_be_done_is_told(here, capfd, asked, status, said):
    (here / "good.md").write_text(LESSON)
    (here / "bad.md").write_text("---\ntitle: x\nid: x\n---\n```python {norum}\n1\n```\n")
    assert main(asked.split()) == status
    told = capfd.readouterr()
    assert said in told.err + told.out


def test_a_lesson_that_became_malformed_in_the_notebook_is_written_and_told(here, capsys):
    path = here / "x.ipynb"
    assert main(["export", "00", "-o", "x.ipynb"]) == 0
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "<summary>Hint</summary>" not in cell.source]
    nbformat.write(notebook, path)
    assert main(["import", "x.ipynb"]) == 1
    said = capsys.readouterr().err
    assert "x.md:" in said
    assert "has no hint" in said
    assert (here / "x.md").exists()


def test_groups_share_a_namespace_in_a_notebook_and_that_is_said(here, capsys):
    (here / "mine.md").write_text(LESSON.replace("```pycon", "```pycon {group=other}"))
    assert main(["export", "mine.md"]) == 0
    assert "the groups other share one namespace" in capsys.readouterr().err


def test_figures_are_drawn_to_the_files_that_blocks_name(here, capsys):
    pytest.importorskip("matplotlib")
    (here / "mine.md").write_text(LESSON + DRAWN)
    assert main(["figures", "mine.md"]) == 0
    first = (here / "figures" / "a.png").read_bytes()
    assert first.startswith(b"\x89PNG")
    assert main(["figures", "mine.md"]) == 0
    assert (here / "figures" / "a.png").read_bytes() == first
    assert capsys.readouterr().out == "figures/a.png is drawn\n" * 2


def test_a_block_that_draws_nothing_or_fails_is_told(here, capsys):
    pytest.importorskip("matplotlib")
    (here / "mine.md").write_text(LESSON + DRAWN.replace("pyplot.plot([1, 2]);", "x = 1") + "\n```python\n1 / 0\n```\n")
    assert main(["figures", "mine.md"]) == 1
    said = capsys.readouterr().out
    assert "mine.md:14: the block draws no figure, and says {figure=figures/a.png}" in said
    assert "mine.md:20: ZeroDivisionError was raised" in said


def test_every_figure_of_the_course_is_there():
    text = find_lesson("07").read_text("utf-8")
    assert "figure=figures/loss.png" in text
    assert (find_lesson("07").parent / "figures" / "loss.png").read_bytes().startswith(b"\x89PNG")
