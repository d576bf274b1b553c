"""The bar of a lesson under the prompt."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fluxrepl.tutor.play import Play

Fragments = list[tuple[str, str]]

BAR_WIDTH = 12
ROOMY = 90  # columns; with fewer, the bar is half as long

LAST = {"F1": 1, ":next": 2, "Ctrl-C": 3}  # what gives way where there is not room for all, the last first

QUIZ = {
    "choice": ("a, b …", "answers"),
    "number": ("a number", "answers"),
    "output": (":answer", "what it shows"),
}


def status_bar(play: "Play", width: int = 1000, is_empty: bool = False) -> Fragments:
    """The bar of a lesson: its title, the step, how much is done, hints left, the keys to know, as far as they fit.

    `is_empty`: nothing stands at the prompt, so that Enter has nothing to run.
    """
    total = len(play.lesson.steps)
    length = BAR_WIDTH if width >= ROOMY else BAR_WIDTH // 2
    filled = _filled(play.done, total, length)
    parts: Fragments = [
        ("class:bar.name", f" {play.lesson.title} "),
        ("class:bar.step", f" {min(play.index + 1, total)}/{total} "),
        ("class:bar.done", "━" * filled),
        ("class:bar.left", "─" * (length - filled)),
    ]
    hints = 0 if play.finished else play.hints_left
    keys = [*([(":hint", f"{hints} left")] if hints else []), *_keys(play, is_empty)]
    for key, does in _fitting(keys, width - sum(len(text) for _, text in parts)):
        parts += [("class:bar", "  "), ("class:bar.key", key), ("class:bar", f" {does}" if does else "")]
    return parts


def _filled(done: int, total: int, length: int) -> int:
    """So much of the bar; something as soon as one step is done, all of it only when all are."""
    return length if done >= total else min(max(round(length * done / total), done > 0), length - 1)


def _fitting(keys: list[tuple[str, str]], room: int) -> list[tuple[str, str]]:
    """Those that fit, in their order; where there is not room for all, those that `LAST` names give way."""
    kept: list[tuple[str, str]] = []
    for key in sorted(keys, key=lambda each: LAST.get(each[0], 0)):
        room -= sum(len(word) for word in key) + 2 + bool(key[1])
        if room < 0:
            break
        kept.append(key)
    return [key for key in keys if key in kept]


def _keys(play: "Play", is_empty: bool) -> list[tuple[str, str]]:
    if play.finished:
        ahead = [(":learn", "opens the next lesson")] if play.next_title else []
        return [*ahead, (":list", "shows the steps"), ("F1", "help")]
    if is_empty and play.prefill:
        return [("Tab", "brings it back"), (":next", ""), ("F1", "help")]
    if play.is_read:
        return [("Enter", "goes on"), ("F1", "help")]
    keys = {
        "example": [("Enter", "runs it"), ("Ctrl-C", "clears it"), (":next", "")],
        "exercise": [("Enter", "hands it in"), (":next", "")],
        "quiz": [QUIZ.get(getattr(play.step.quiz, "kind", ""), ("Enter", "answers")), (":next", "")],
    }
    return [*keys.get(play.step.kind, []), ("F1", "help")]
