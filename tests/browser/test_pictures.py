"""The pictures of the documentation, taken from the real thing: `make browser PICTURES=docs/images` keeps them.

Without that, they are taken as well and thrown away: so a scene that no longer works is found by the tests.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .notebook import Notebook

SMALL = {"width": 1000, "height": 820}

DISPLAYS = [
    "flux.seed(0)\n"
    "model = Chain(encoder=Chain(Dense(64, 32, relu), Dense(32, 16, relu)), head=Dense(16, 10), out=softmax)\n"
    "model",
    "rng = np.random.default_rng(0)\n"
    "x, y = rng.normal(size=(50, 64)).astype('f'), np.eye(10, dtype='f')[rng.integers(10, size=50)]\n"
    "gradient(lambda m: mse(m(x), y), model)",
]
TRAINING = [
    "explain(lambda w, b: (3*w + b)**2, 2.0, 1.0)",
    "state = setup(Adam(0.01), model)\n"
    "losses = train(lambda m, x, y: mse(m(x), y), model, [(x, y)] * 400, state, progress=True)",
    "model(np.ones((5, 3), 'f'))",
]


@pytest.fixture
def keep(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., None]:
    """Take a picture, into the folder that was asked for or nowhere."""
    folder = Path(request.config.getoption("--pictures") or tmp_path)

    def take(notebook: Notebook, name: str) -> None:
        file = folder / f"{name}.png"
        notebook.page.mouse.move(5, 5)
        notebook.page.wait_for_timeout(400)
        notebook.picture(file)
        assert file.stat().st_size < 400_000
        if request.config.getoption("--pictures"):
            shrink(file)

    return take


def shrink(file: Path) -> None:
    """Half the bytes: a picture of text needs few colours."""
    try:
        from PIL import Image
    except ImportError:
        return
    with Image.open(file) as picture:
        fewer = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    fewer.save(file, optimize=True)


def prepared(open_lab: Callable[..., Notebook], dark: bool, height: int) -> Notebook:
    """A notebook without JupyterLab's side panel, as tall as the scene."""
    notebook = open_lab(dark=dark)
    notebook.page.set_viewport_size({**SMALL, "height": height})
    notebook.page.keyboard.press("Control+B")
    return notebook


def top(notebook: Notebook) -> None:
    notebook.page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_model_and_its_gradient(open_lab: Any, keep: Any, theme: str) -> None:
    notebook = prepared(open_lab, theme == "dark", 930)
    for cell in DISPLAYS:
        shown = notebook.run(cell)
    shown.locator("summary", has_text="weight").first.click()
    top(notebook)
    assert notebook.page.locator("svg.hist").count() >= 6
    keep(notebook, f"notebook-gradient-{theme}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_steps_a_training_and_an_error(open_lab: Any, keep: Any, theme: str) -> None:
    notebook = prepared(open_lab, theme == "dark", 1120)
    notebook.run(
        "model = Chain(Dense(8, 32, relu), Dense(32, 2), softmax)\n"
        "x = np.random.default_rng(0).normal(size=(50, 8)).astype('f')\n"
        "y = np.stack([x[:, 0] > 0, x[:, 0] <= 0], axis=1).astype('f')"
    )
    for cell in TRAINING:
        shown = notebook.run(cell)
        if "explain" in cell:
            shown.locator("summary", has_text="picture").click()
            notebook.choose(notebook.last)
    assert notebook.page.locator("svg.curve").count() == 1
    keep(notebook, f"notebook-training-{theme}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_lesson(open_lab: Any, keep: Any, theme: str) -> None:
    notebook = prepared(open_lab, theme == "dark", 820)
    notebook.run(":learn 01")
    notebook.run(":next")
    notebook.run_offered()
    keep(notebook, f"notebook-lesson-{theme}")


def test_the_launcher(browser: Any, lab: Any, keep: Any) -> None:
    lab.choose_dark(False)
    page = browser.new_page(viewport={"width": 900, "height": 420})
    page.goto(f"{lab.url}/lab?reset&token={lab.token}")
    page.locator('.jp-LauncherCard[title="Flux (fluxrepl)"]').first.wait_for()
    notebook = Notebook(page)
    notebook.dismiss_news()
    page.keyboard.press("Control+B")
    assert page.locator('.jp-LauncherCard[title="Flux (fluxrepl)"] img').first.evaluate("i => i.naturalWidth") > 0
    keep(notebook, "notebook-launcher")
    page.close()
