"""Notebook 7 opens a lesson that was exported, and runs it from the first cell to the last."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from .conftest import WINDOW, Server
from .notebook import Notebook

LESSONS = Path(__file__).parents[2] / "lessons"


@pytest.fixture
def opened(browser: Any, classic: Server) -> Any:
    """The first lesson as a notebook, in Notebook 7."""
    file = Path(classic.work) / "lesson.ipynb"
    command = [sys.executable, "-m", "fluxrepl", "export", str(LESSONS / "01-taking-gradients.md"), "-o", str(file)]
    subprocess.run(command, check=True, capture_output=True)
    page = browser.new_page(viewport=WINDOW)
    notebook = Notebook(page)
    page.goto(f"{classic.url}/notebooks/lesson.ipynb?token={classic.token}")
    page.get_by_text("Flux (fluxrepl)").first.wait_for()
    notebook.wait_idle()
    yield notebook, file
    page.close()


def test_an_exported_lesson_runs(opened: Any) -> None:
    notebook, file = opened
    codes = [cell for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == "code"]
    notebook.page.get_by_role("menuitem", name="Run", exact=True).click()
    notebook.page.get_by_text("Run All Cells", exact=True).click()
    notebook.page.wait_for_timeout(1000)
    notebook.page.wait_for_function(
        "[...document.querySelectorAll('.jp-InputPrompt')].every(prompt => !prompt.innerText.includes('*'))"
    )
    notebook.wait_idle()
    notebook.page.keyboard.press("Control+S")
    notebook.page.wait_for_timeout(1500)
    ran = [cell for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == "code"]
    assert len(ran) == len(codes)
    assert all(cell.execution_count for cell in ran if cell.source.strip())
    may_fail = {cell.id for cell in ran if "raises-exception" in cell.metadata.get("tags", ())}
    errors = [cell.source for cell in ran for output in cell.outputs if output.output_type == "error"]
    assert [cell.source for cell in ran if cell.source in errors and cell.id not in may_fail] == []
