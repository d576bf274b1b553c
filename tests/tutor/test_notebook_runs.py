"""An exported lesson runs from top to bottom in the Flux kernel, and gives there what it promises."""

import nbformat
import pytest
from nbclient import NotebookClient

from fluxrepl.tutor.compare import difference
from fluxrepl.tutor.course import find_course, lesson_files
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.needs import missing
from fluxrepl.tutor.notebook.files import as_notebook
from fluxrepl.tutor.notebook.importing import import_text
from fluxrepl.tutor.notebook.writing import shown_by

COURSE = lesson_files(find_course())


@pytest.mark.parametrize("path", COURSE, ids=lambda path: path.stem)
def test_an_exported_lesson_runs_from_top_to_bottom(path, tmp_path, monkeypatch):
    monkeypatch.setenv("FLUXREPL_HOME", str(tmp_path))
    notebook = nbformat.reads(as_notebook(read(path)), as_version=4)
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()  # an error in a cell that may not fail would be raised here
    assert client.kernel_name == "fluxrepl"
    ran = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in ran)
    missed = []
    for cell in ran:
        kept = cell.metadata.fluxrepl
        needs = kept.get("opening", "").partition("requires=")[2].partition("}")[0].split(" ")[0]
        if "expected" in kept and not missing(needs) and "Traceback" not in kept.expected:
            parted = difference(kept.expected, shown_by(cell) or "")
            missed += [(cell.source, str(parted))] if parted else []
    assert missed == []
    assert import_text(notebook).encode() == path.read_bytes()  # having run it changes nothing
