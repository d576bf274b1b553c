"""The bar of a lesson under the prompt."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fluxrepl.tutor.play import Play

Fragments = list[tuple[str, str]]

BAR_WIDTH = 12


def status_bar(play: "Play", width: int = 1000, is_empty: bool = False) -> Fragments:
    """The bar of a lesson: its title, the step, how much is done, hints left, the keys to know, as far as they fit.

    `is_empty`: nothing stands at the prompt, so that Enter has nothing to run.
    """
    total = len(play.lesson.steps)
    filled = round(BAR_WIDTH * play.done / total) if total else BAR_WIDTH
    parts: Fragments = [
        ("class:bar.name", f" {play.lesson.title} "),
        ("class:bar.step", f" {min(play.index + 1, total)}/{total} "),
        ("class:bar.done", "━" * filled),
        ("class:bar.left", "─" * (BAR_WIDTH - filled)),
    ]
    hints = 0 if play.finished else play.hints_left
    for key, does in [*([(":hint", f"{hints} left")] if hints else []), *_keys(play, is_empty)]:
        more = [("class:bar", "  "), ("class:bar.key", key), ("class:bar", f" {does}" if does else "")]
        if sum(len(text) for _, text in parts + more) > width:
            break
        parts += more
    return parts


def _keys(play: "Play", is_empty: bool) -> list[tuple[str, str]]:
    if play.finished:
        ahead = [(":learn", "opens the next lesson")] if play.next_title else []
        return [*ahead, (":list", "shows the steps"), ("F1", "help")]
    if is_empty and play.prefill:
        return [("Tab", "brings the code back"), (":next", ""), ("F1", "help")]
    keys = {
        "read": [("Enter", "goes on")],
        "example": [("Enter", "runs it"), ("Ctrl-C", "clears it")],
        "exercise": [("Enter", "hands it in")],
        "quiz": [("a, b …", "answers")],
    }
    return [*keys["read" if play.is_read else play.step.kind], (":next", ""), ("F1", "help")]
