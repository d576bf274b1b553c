"""JupyterLab, from the launcher to a restart."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from .notebook import Notebook

Open = Callable[..., Notebook]


def test_a_cell_with_a_gradient_runs(open_lab: Open) -> None:
    notebook = open_lab()
    assert notebook.page.locator(".jp-KernelName, .jp-Toolbar-kernelName").first.inner_text() == "Flux (fluxrepl)"
    assert "(14.0,)" in notebook.output(notebook.run("gradient(lambda x: 3*x**2 + 2*x + 1, 2.0)"))
    table = notebook.run("Chain(Dense(10, 5, relu), Dense(5, 2), softmax)")
    assert table.locator("tbody tr").count() == 4
    assert table.locator("tfoot").inner_text() == "Total: 4 arrays, 67 parameters, 268 bytes."


def test_the_first_tab_completes(open_lab: Open) -> None:
    notebook = open_lab()
    assert "gradient" in notebook.complete("grad")
    notebook.page.keyboard.press("Escape")
    assert ".weight" in notebook.complete("Dense(3, 4).")
    notebook.page.keyboard.press("Escape")
    assert notebook.complete("\\sigma") == ["σ"]
    notebook.page.keyboard.press("Enter")
    notebook.page.wait_for_function("document.querySelector('.jp-mod-active .cm-content').innerText.includes('σ')")


def test_shift_tab_opens_help(open_lab: Open) -> None:
    notebook = open_lab()
    notebook.write("Dense")
    notebook.page.keyboard.press("Shift+Tab")
    tip = notebook.page.locator(".jp-Tooltip")
    tip.wait_for()
    assert "n_in" in tip.inner_text()


def test_two_steps_of_a_lesson_are_played(open_lab: Open) -> None:
    notebook = open_lab()
    first = notebook.run("%lesson learn 01")
    assert first.locator("h1, h2").count() >= 1
    second = notebook.run("%lesson next")
    assert "Here is a function of one number" in notebook.output(second)
    example = notebook.run_offered()
    assert "17" in notebook.output(example)
    assert "gradient(f, 2)" in notebook.output(example)
    notebook.choose(notebook.last)
    assert "✓" in notebook.output(notebook.run(":list"))


def test_a_training_is_followed_and_its_curve_stays(open_lab: Open) -> None:
    notebook = open_lab()
    cell = notebook.start(
        "import time\nline, x = Dense(1, 1), np.ones((5, 1), 'f')\n"
        "def loss(m, x, y):\n    time.sleep(0.02)\n    return mse(m(x), y)\n"
        "losses = train(loss, line, [(x, 3*x)] * 120, setup(Descent(0.1), line))"
    )
    cell.locator("progress").wait_for()
    cell.locator("svg.curve").wait_for()
    cell.get_by_text("✓").wait_for()
    assert cell.locator("progress").count() == 0
    assert cell.locator(".jp-OutputArea-child").count() == 1
    assert re.search(r"120 steps · loss", notebook.output(cell))


def test_a_busy_cell_is_interrupted(open_lab: Open) -> None:
    notebook = open_lab()
    cell = notebook.start("print('it is ' + 'busy', flush=True)\nwhile True: pass")
    cell.get_by_text("it is busy").wait_for()
    notebook.command("notebook:interrupt-kernel")
    cell.get_by_text("KeyboardInterrupt").first.wait_for()
    assert "2" in notebook.output(notebook.run("1 + 1"))


def test_a_restart_begins_anew(open_lab: Open) -> None:
    notebook = open_lab()
    notebook.run("x = 1")
    notebook.command("notebook:restart-kernel")
    notebook.page.locator(".jp-Dialog .jp-mod-accept").click()
    notebook.page.wait_for_timeout(500)
    notebook.wait_idle()
    assert "NameError" in notebook.output(notebook.run("x"))
    assert "(6.0,)" in notebook.output(notebook.run("gradient(lambda x: x**2, 3.0)"))


def test_on_paper_all_is_open(open_lab: Open) -> None:
    notebook = open_lab()
    cell = notebook.run("{'weight': np.arange(100.0)}")
    assert not cell.locator(".more").is_visible()
    notebook.page.emulate_media(media="print")
    assert cell.locator(".more").bounding_box()["height"] > 20


def test_a_gradient_opens_and_closes_by_keyboard(open_lab: Open) -> None:
    notebook = open_lab()
    cell = notebook.run("{'weight': np.arange(100.0)}")
    inside = cell.locator(".more")
    assert not inside.is_visible()
    cell.locator("summary", has_text="weight").focus()
    notebook.page.keyboard.press("Enter")
    inside.wait_for()
    assert "mean 49.5" in inside.inner_text()
    notebook.page.keyboard.press("Enter")
    assert not inside.is_visible()


SHOWN = """
d = Dense(3, 3); d.weight[:] = np.nan
from IPython.display import display
display(Chain(Chain(Dense(10, 50, relu)), d))
display(gradient(lambda m: np.sum(m(np.ones(10, 'f'))), Chain(Dense(10, 50, relu), Dense(50, 2))), {'bad': np.array([np.nan] * 9)})
display(explain(lambda x: np.sin(x) * 2 + 0 * x, 1.0))
line, x = Dense(1, 1), np.ones((5, 1), 'f')
train(lambda m, x, y: mse(m(x), y), line, [(x, 3*x)] * 30, setup(Descent(0.1), line))
"""  # noqa: E501

CONTRASTS = """
() => {
  const channel = c => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4 };
  const parse = text => { const n = text.match(/[\\d.]+/g).map(Number);
    const unit = text.startsWith('color(') ? 255 : 1; return [n[0]*unit, n[1]*unit, n[2]*unit, n.length > 3 ? n[3] : 1] };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const over = (top, under) => [0, 1, 2].map(k => top[k] * top[3] + under[k] * (1 - top[3]));
  const paper = node => { for (; node; node = node.parentElement) {
    const c = parse(getComputedStyle(node).backgroundColor); if (c[3] > 0.5) return c } return [255, 255, 255, 1] };
  const found = [];
  const walker = document.createTreeWalker(document.querySelector('.jp-Notebook'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), node = walker.currentNode.parentElement;
    if (!text || !node.closest('.fluxrepl') || node.closest('style, title')) continue;
    const style = getComputedStyle(node), under = paper(node);
    const ink = over(parse(node instanceof SVGElement ? style.fill : style.color), under);
    const [a, b] = [light(ink), light(under)].sort((p, q) => q - p);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push(`${text.slice(0, 20)}: ${ratio.toFixed(2)} (${node.className.baseVal ?? node.className})`);
  }
  return found;
}
"""  # noqa: E501


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_word_can_be_read_in_both_themes(open_lab: Open, dark: bool) -> None:
    notebook = open_lab(dark=dark)
    cell = notebook.run(SHOWN)
    assert cell.locator(".fluxrepl").count() == 5
    notebook.page.evaluate("document.querySelectorAll('.fluxrepl details').forEach(d => d.open = true)")
    found: list[Any] = notebook.page.evaluate(CONTRASTS)
    assert found == []
