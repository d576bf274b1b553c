"""A notebook that is run without a browser, and the page that nbconvert makes of it."""

import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

CELLS = [
    "flux.seed(0)\nmodel = Chain(Dense(4, 30, relu), Dense(30, 1))\nmodel",
    "x, y = np.ones((8, 4), 'f'), np.zeros((8, 1), 'f')\ngradient(lambda m: mse(m(x), y), model)",
    "explain(lambda x: np.sin(x) * 2, 1.0)",
    "train(lambda m, x, y: mse(m(x), y), model, [(x, y)] * 20, setup(Descent(0.01), model), progress=True)",
    "{'<script>alert(1)</script>': np.ones(20)}",
    "model(np.ones(3))",
]


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    folder = tmp_path_factory.mktemp("notebook")
    written = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLUXREPL_HOME", str(folder))
        client = NotebookClient(written, kernel_name="fluxrepl", allow_errors=True, timeout=120)
        return client.execute(cwd=str(folder))


@pytest.fixture(scope="module")
def page(notebook: nbformat.NotebookNode) -> str:
    body, _ = HTMLExporter().from_notebook_node(notebook)
    return body


def test_each_display_has_its_text_beside(notebook: nbformat.NotebookNode) -> None:
    model, gradient, steps, losses, escaped, _ = notebook.cells
    for cell in (model, gradient, steps, escaped):
        (output,) = cell.outputs
        assert "fluxrepl" in output.data["text/html"]
    assert model.outputs[0].data["text/plain"].startswith("Chain(\n  Dense(4, 30, relu),")
    assert (
        gradient.outputs[0]
        .data["text/plain"]
        .replace("\n", "")
        .replace(" ", "")
        .startswith("((layers=((weight=array([[")
    )
    assert steps.outputs[0].data["text/plain"].startswith("step")
    assert losses.outputs[-1].data["text/plain"].startswith("Losses(")


def test_of_a_training_the_last_drawing_stays(notebook: nbformat.NotebookNode) -> None:
    bar, value = notebook.cells[3].outputs
    assert re.match(r"20 steps · loss .* → ", bar.data["text/plain"])
    assert "<progress" not in bar.data["text/html"]
    assert '<svg class="curve"' in bar.data["text/html"]
    assert "text/html" not in value.data


def test_the_page_keeps_the_displays(page: str) -> None:
    assert page.count('class="fluxrepl"') == 5
    assert 'class="hist"' in page
    assert 'class="curve"' in page
    assert "<summary>" in page
    assert "Total: 4 arrays, 181 parameters, 724 bytes." in page


def test_nothing_of_a_value_becomes_a_script(page: str) -> None:
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_error_is_html_with_the_learners_line_marked(page: str) -> None:
    (error,) = re.findall(
        r'<div class="[^"]*jp-RenderedText[^"]*"[^>]*mime-type="application/vnd.jupyter.stderr".*?</pre>', page, re.S
    )
    assert '<span class="ansi-bold">ShapeError</span>' in error
    assert "inside fluxrepl" in error
    assert "Dense(4, 30, relu) takes 4 numbers on the last axis" in " ".join(error.split())


def test_printed_to_pdf_what_was_closed_is_open(page: str, tmp_path: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium, which prints pages to PDF")
    file = tmp_path / "page.html"
    file.write_text(page, encoding="utf-8")
    made = tmp_path / "page.pdf"
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    subprocess.run([*command, f"--print-to-pdf={made}", file.as_uri()], check=True, capture_output=True, timeout=120)
    assert made.read_bytes().startswith(b"%PDF")
