"""Notebook 7 opens a notebook that names our kernel, and runs it."""

from pathlib import Path
from typing import Any

import nbformat

from .conftest import WINDOW, Server
from .notebook import Notebook


def test_notebook_7_runs_a_notebook_of_ours(browser: Any, classic: Server) -> None:
    spec = {"name": "fluxrepl", "display_name": "Flux (fluxrepl)", "language": "python"}
    cells = [nbformat.v4.new_code_cell("gradient(lambda x: x**2, 3.0)"), nbformat.v4.new_code_cell("Dense(3, 4)")]
    written = nbformat.v4.new_notebook(metadata={"kernelspec": spec}, cells=cells)
    nbformat.write(written, Path(classic.work) / "lesson.ipynb")
    page = browser.new_page(viewport=WINDOW)
    try:
        notebook = Notebook(page)
        page.goto(f"{classic.url}/notebooks/lesson.ipynb?token={classic.token}")
        notebook.wait_idle()
        notebook.cell(0).locator(".cm-content").click()
        assert "(6.0,)" in notebook.output(notebook.run())
        assert notebook.run().locator("table").count() == 1
    finally:
        page.close()
