"""A notebook in a browser, as its user meets it: keys, buttons, and what is seen."""

from typing import Any

KERNEL = "Flux (fluxrepl)"
PATIENCE = 60_000  # milliseconds


class Notebook:
    """An open notebook of JupyterLab or of Notebook 7, which are drawn alike."""

    def __init__(self, page: Any):
        self.page = page
        page.set_default_timeout(PATIENCE)

    @classmethod
    def from_launcher(cls, page: Any, url: str) -> "Notebook":
        """Open JupyterLab, and a new notebook by the card of our kernel."""
        opened = cls(page)
        page.goto(url)
        card = page.locator(f'.jp-LauncherCard[data-category="Notebook"][title="{KERNEL}"]')
        card.wait_for()
        opened.dismiss_news()
        card.click()
        page.get_by_text(f"{KERNEL} | Idle").wait_for()
        opened.wait_idle()
        return opened

    def dismiss_news(self) -> None:
        """JupyterLab asks once whether it may fetch news."""
        self.page.wait_for_timeout(500)
        no = self.page.locator(".jp-toast-button", has_text="No")
        if no.count():
            no.first.click()

    def wait_idle(self) -> None:
        """Until the kernel is there and does nothing."""
        self.page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').first.wait_for(state="attached")
        self.page.wait_for_timeout(300)

    # ---- cells

    def cell(self, number: int) -> Any:
        return self.page.locator(".jp-Notebook .jp-Cell").nth(number)

    @property
    def active(self) -> Any:
        return self.page.locator(".jp-Notebook .jp-Cell.jp-mod-active")

    @property
    def last(self) -> int:
        return self.page.locator(".jp-Notebook .jp-Cell").count() - 1

    def write(self, source: str) -> None:
        """Write into the active cell, in place of what is there; pasted, so that no bracket closes by itself."""
        self.active.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(source)

    def source(self) -> str:
        return self.active.locator(".cm-content").inner_text().strip("\n\u200b")

    def place(self) -> int:
        """The number of the active cell, from 0."""
        return self.page.evaluate(
            "[...document.querySelectorAll('.jp-Notebook .jp-Cell')].findIndex(c => c.matches('.jp-mod-active'))"
        )

    def start(self, source: str | None = None) -> Any:
        """Begin to run the active cell, and return it; the next one is active then."""
        if source is not None:
            self.write(source)
        cell = self.cell(self.place())
        self.page.keyboard.press("Shift+Enter")
        return cell

    def run(self, source: str | None = None) -> Any:
        """Run the active cell to its end."""
        prompt = self.cell(self.place()).locator(".jp-InputPrompt")
        before = prompt.inner_text()
        cell = self.start(source)
        for _ in range(PATIENCE // 100):
            text = prompt.inner_text()
            if any(map(str.isdigit, text)) and text != before:
                break
            self.page.wait_for_timeout(100)
        else:
            raise TimeoutError(f"the cell did not end: {text}")
        self.wait_idle()
        return cell

    def choose(self, number: int) -> None:
        """Make a cell the active one."""
        self.cell(number).locator(".cm-content").click()

    def run_offered(self) -> Any:
        """Run the cell that a lesson has put below its step: the arrow leads up to it from the empty one after it."""
        self.page.keyboard.press("ArrowUp")
        self.page.wait_for_timeout(200)
        assert self.source(), "the lesson has offered nothing"
        return self.run()

    def output(self, cell: Any) -> str:
        return cell.locator(".jp-OutputArea").inner_text()

    # ---- what Lab offers beside

    def complete(self, text: str) -> list[str]:
        """Write and press Tab once: what is offered, or nothing where it was filled in at once."""
        self.write(text)
        self.page.keyboard.press("Tab")
        box = self.page.locator(".jp-Completer:not(.lm-mod-hidden) .jp-Completer-item")
        box.first.wait_for()
        return [item.strip() for item in box.locator(".jp-Completer-match").all_inner_texts()]

    def command(self, name: str) -> None:
        """Press a button of the notebook's toolbar by its command."""
        self.page.locator(
            f'.jp-Notebook-toolbar [data-command="{name}"], .jp-Toolbar [data-command="{name}"]'
        ).first.click()

    def picture(self, path: Any, clip: Any = None) -> None:
        self.page.screenshot(path=str(path), clip=clip)
