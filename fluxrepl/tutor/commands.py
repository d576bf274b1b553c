"""The `:commands` of a lesson: what there is, and those that walk about. Each takes a `Play` and the argument.

`COMMANDS` has their one-line helps; `OBEY` the function of each. Those that answer are in `answering.py`, those that
forget in `forgetting.py`, `:recap` in `recap.py`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from . import answering, forgetting, recap
from .accepting import leave
from .message import Message
from .needs import missing
from .wording import label, matches, ranges

if TYPE_CHECKING:
    from .lesson import Step
    from .play import Play

COMMANDS = {
    "next": "go to the next step",
    "back": "go to the step before",
    "goto": "go to a step: `:goto 3`, or part of its title",
    "list": "the steps, with a tick for each one done; `:list word` searches",
    "show": "show this step again",
    "hint": "a hint, once more for a stronger one; `:hint 1` reads again",
    "check": "judge the exercise as it stands now",
    "answer": "answer a quiz: `:answer b` (or just `b`)",
    "solution": "show a model answer, and offer to run it",
    "skip": "run the model answer and go on; what you have solved stays yours",
    "recap": "write down what you did: `:recap notes.md`, or `notes.ipynb`",
    "reset": "begin again: `:reset step`, `:reset lesson`, `:reset all` (asks first)",
    "forget": "forget this lesson, as if it had never been opened (asks first)",
    "quit": "leave the lesson; the REPL stays",
    "help": "these commands",
}

TICKS = {"done": "✓", "shown": "◦", "skipped": "»", "missing": "–", "open": " "}  # in the list of steps
LEGEND = {"done": "✓ done", "shown": "◦ done after a look at the answer", "skipped": "» skipped"}


def _next(play: "Play", argument: str) -> list[Message]:
    step = play.step
    if play.finished:
        return play.open()
    if play.is_read:
        leave(play)
    elif not play.progress.is_done(play.lesson, step):
        words = f"Step {play.index + 1} is left undone. `:skip` would have run it; `:back` returns."
        return [Message("note", words), *play.advance()]
    return play.advance()


def _back(play: "Play", argument: str) -> list[Message]:
    if not play.finished and play.index == 0:
        return [Message("note", "This is the first step.")]
    return play.go(play.index if play.finished else play.index - 1)


def _goto(play: "Play", argument: str) -> list[Message]:
    steps = play.lesson.steps
    if argument.removeprefix("-").isdecimal():
        found = [int(argument) - 1] if 0 < int(argument) <= len(steps) else []
    else:
        found = [index for index, step in enumerate(steps) if argument and matches(step, argument)]
    if not found:
        words = f"no step {argument}; there are {len(steps)}" if argument else "go where? `:goto 3`, or part of a title"
        return [Message("error", f"{words}; `:list` shows them")]
    undone = [
        number
        for number, step in enumerate(steps[: found[0]], 1)
        if step.kind in ("example", "exercise") and not play.progress.is_done(play.lesson, step)
    ]
    words = f"Not done yet: {ranges(undone)}. What they define may be missing."
    return [*([Message("note", words)] if undone else []), *play.go(found[0])]


def _list(play: "Play", argument: str) -> list[Message]:
    play.progress.refresh()
    found = [(k, step) for k, step in enumerate(play.lesson.steps) if not argument or _mentions(step, argument)]
    standings = {step.key: play.progress.standing(play.lesson, step) for _, step in found}
    rows = []
    for index, step in found:
        here = "→" if index == play.index and not play.finished else " "
        rows.append(f"{here} {TICKS[standings[step.key]]} {index + 1:>2}  {label(step)}")
    if {"skipped", "shown"} & set(standings.values()):
        rows += ["", "   ".join(words for standing, words in LEGEND.items() if standing in standings.values())]
    reasons = {missing(step.options.requires) for _, step in found if standings[step.key] == "missing"}
    rows += ["", *(f"– not here: {reason or 'it could not run'}" for reason in sorted(reasons))] if reasons else []
    return [Message("list", "\n".join(rows) or f"no step mentions {argument!r}")]


def _show(play: "Play", argument: str) -> list[Message]:
    return play.open()


def _quit(play: "Play", argument: str) -> list[Message]:
    play.note_time()
    until = "" if play.progress.store.writable else " until this session ends"
    return [Message("note", f"The lesson is left; what you did is kept{until}."), Message("quit")]


def _help(play: "Play", argument: str) -> list[Message]:
    return [Message("list", "\n".join(f":{name:<9} {words}" for name, words in COMMANDS.items()))]


def _mentions(step: "Step", words: str) -> bool:
    """Whether a step has these words in its title, its code or its prose."""
    return matches(step, words) or words.lower() in f"{step.source}\n{step.prose}".lower()


OBEY: dict[str, Callable[["Play", str], list[Message]]] = {
    "next": _next,
    "back": _back,
    "goto": _goto,
    "list": _list,
    "show": _show,
    "hint": answering.hint,
    "check": answering.check,
    "answer": answering.answer,
    "solution": answering.solution,
    "skip": answering.skip,
    "recap": recap.recap,
    "reset": forgetting.reset,
    "forget": forgetting.forget,
    "quit": _quit,
    "help": _help,
}
