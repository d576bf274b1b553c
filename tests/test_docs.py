"""The documentation is true: its lesson passes its check, its commands exist, its links lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
WRITING = (ROOT / "docs" / "writing-lessons.md").read_text(encoding="utf-8")


def fluxrepl(*args: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "fluxrepl", *args], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_link_leads_somewhere(page):
    for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} → {target}"


def headings(page: Path) -> set[str]:
    """The anchors of a page, as GitHub makes them of its headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda p: p.name)
def test_every_link_into_a_page_leads_to_a_heading(page):
    for target, anchor in re.findall(r"\]\((?!http)([^)#]*)#([^)]+)\)", page.read_text(encoding="utf-8")):
        assert anchor in headings(page.parent / target if target else page), f"{page.name} → {target}#{anchor}"


def test_the_whole_lesson_passes_its_check(tmp_path):
    (lesson,) = re.findall(r"^`````markdown\n(.*?)^`````$", WRITING, re.DOTALL | re.MULTILINE)
    (tmp_path / "mean.md").write_text(lesson, encoding="utf-8")
    done = fluxrepl("check", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 lesson, 4 examples, 1 exercise" in done.stdout


def test_a_new_lesson_passes_its_check(tmp_path):
    assert fluxrepl("new", str(tmp_path / "my-lesson.md")).returncode == 0
    assert fluxrepl("check", str(tmp_path / "my-lesson.md")).returncode == 0


def test_every_decision_says_context_choice_and_price():
    for page in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        assert all(f"**{word}.**" in text for word in ("Context", "Choice", "Price")), page.name


def test_the_architecture_page_names_every_folder_of_the_package():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    folders = [p.name for p in (ROOT / "fluxrepl").iterdir() if p.is_dir() and (p / "__init__.py").exists()]
    assert [name for name in folders if f"{name}/" not in text] == []


def test_no_page_names_a_path_of_somebodys_machine():
    for page in [ROOT / "README.md", *PAGES, *sorted((ROOT / "lessons").glob("*.md"))]:
        assert not re.search(r"(?<![\w.~-])/(home|root|work|tmp)/\w", page.read_text(encoding="utf-8")), page.name


@pytest.mark.parametrize("page", ["docs/learning.md", "docs/jupyter.md", "lessons/00-how-a-lesson-works.md"])
def test_where_a_notebook_offers_the_next_example_is_said_in_one_way(page):
    words = " ".join((ROOT / page).read_text(encoding="utf-8").replace("*", "").split())
    assert "offered in a new cell above the one you are in" in words
    assert "↑ once, then Shift-Enter" in words


def test_each_loss_that_lesson_04_speaks_of_is_there_and_lesson_07_uses_the_one_it_names():
    import fluxrepl

    (four,), (seven,) = ([*(ROOT / "lessons").glob(f"{number}-*.md")] for number in ("04", "07"))
    (promise,) = re.findall(r"\*\*Softmax twice\.\*\*(.*?)\n\n", four.read_text(encoding="utf-8"), re.DOTALL)
    losses = re.findall(r"`(\w*crossentropy)`", promise)
    assert losses == ["crossentropy", "logitcrossentropy"]
    assert all(hasattr(fluxrepl, loss) for loss in losses)
    assert "which lesson 07 uses" in " ".join(promise.split())
    assert f"{losses[-1]}(m(x), y)" in seven.read_text(encoding="utf-8")
