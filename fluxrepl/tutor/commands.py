"""The `:commands` of a lesson, one function each: from a `Play` and the argument to what is shown.

`COMMANDS` has their one-line helps; `:name` calls the function of that name below.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from .attempt import Judged, judge_exercise
from .compare import difference
from .message import Message
from .needs import missing
from .wording import label, letter, matches, promised, ranges

if TYPE_CHECKING:
    from .lesson import Step
    from .play import Play

COMMANDS = {
    "next": "go to the next step",
    "back": "go to the step before",
    "goto": "go to a step: `:goto 3`, or part of its title",
    "list": "the steps, with a tick for each one done; `:list word` searches",
    "show": "show this step again",
    "hint": "a hint; once more for a stronger one",
    "check": "judge the exercise as it stands now",
    "answer": "answer a quiz: `:answer b` (or just `b`)",
    "solution": "show a model answer",
    "skip": "run the model answer and go on",
    "reset": "forget what was done: `:reset step`, `:reset lesson`, `:reset all` (asks first)",
    "quit": "leave the lesson; the REPL stays",
    "help": "these commands",
}

SKIPPED = "»"  # in the list of steps


def _next(play: "Play", argument: str) -> list[Message]:
    step = play.step
    if play.finished:
        return play.open()
    if play.is_read:
        play.progress.mark(play.lesson, step, "passed")
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
    if argument.isdigit():
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
    words = f"Steps not done before this one: {ranges(undone)}. What they define may be missing."
    return [*([Message("note", words)] if undone else []), *play.go(found[0])]


def _list(play: "Play", argument: str) -> list[Message]:
    rows = []
    for index, step in enumerate(play.lesson.steps):
        if not argument or matches(step, argument):
            here = "→" if index == play.index and not play.finished else " "
            rows.append(f"{here} {_tick(play, step)} {index + 1:>2}  {label(step)}")
    skipped = any(row[2] == SKIPPED for row in rows)
    rows += ["", f"✓ done   {SKIPPED} skipped: the model answer was run"] if skipped else []
    return [Message("list", "\n".join(rows) or f"no step mentions {argument!r}")]


def _show(play: "Play", argument: str) -> list[Message]:
    return play.open()


def _hint(play: "Play", argument: str) -> list[Message]:
    step = play.step
    if step.exercise is None or play.finished:
        words = {
            "example": "Run the example as it stands; change it first, if you like.",
            "quiz": "Type the letter of the answer. `:solution` tells it.",
            "read": "There is nothing to do here: `:next` goes on.",
        }
        return [Message("hint", words["read" if play.finished or play.is_read else step.kind])]
    if play.hints_left == 0:
        play.hints_read[step.key] = 0
        return [Message("note", "That was the last hint; `:hint` begins again, `:solution` shows an answer.")]
    number = play.hints_read.get(step.key, 0)
    play.hints_read[step.key] = number + 1
    return [Message("hint", step.exercise.hints[number])]


def _check(play: "Play", argument: str) -> list[Message]:
    if play.step.kind != "exercise" or play.finished:
        return [Message("note", "There is no exercise at this step.")]
    return play.judged(judge_exercise(play.step, None, play.namespace()))


def _answer(play: "Play", argument: str) -> list[Message]:
    quiz = play.step.quiz
    if quiz is None or play.finished:
        return [Message("note", "There is no quiz at this step.")]
    given = letter(argument, quiz.choices) if quiz.choices else argument
    if quiz.choices and given not in quiz.choices:
        words = f"{argument or 'that'} is not a choice; type one of {', '.join(quiz.choices)}"
        return [Message("error", words)]
    right = given == quiz.answer if quiz.choices else difference(quiz.answer, given) is None
    return play.judged(Judged(right, "" if right else f"Not {given}. Try again."))


def _solution(play: "Play", argument: str) -> list[Message]:
    step = play.step
    if step.kind == "read" or play.finished:
        return [Message("note", "There is nothing to solve here: `:next` goes on.")]
    play.progress.mark_shown(play.lesson, step)
    if step.quiz:
        return [Message("solution", step.quiz.explanation or f"**{step.quiz.answer}**"), *play.warnings()]
    if step.exercise:
        shown = Message("solution", step.exercise.explanation, step.exercise.solution)
        return [shown, Message("note", "`:skip` runs it and goes on."), *play.warnings()]
    return [Message("solution", promised(step), step.source), *play.warnings()]


def _skip(play: "Play", argument: str) -> list[Message]:
    step = play.step
    if play.finished:
        return play.open()
    source = step.exercise.solution if step.exercise else step.source
    if source and not missing(step.options.requires):
        play.skipping = True
        return [Message("run", source=source)]
    play.progress.mark(play.lesson, step, "passed" if step.kind == "read" else "skipped")
    words = [Message("note", f"The answer was {step.quiz.answer}.")] if step.quiz else []
    return [*words, *play.advance()]


def _reset(play: "Play", argument: str) -> list[Message]:
    what, _, word = argument.partition(" ")
    if what not in ("step", "lesson", "all") or word.strip() not in ("", "yes"):
        return [Message("error", "reset what? `:reset step`, `:reset lesson` or `:reset all`")]
    if what == "step":
        play.progress.reset(play.lesson, play.step)
        words, place = ["This step is forgotten."], play.index
    elif word or play.resetting == what:
        lesson = play.lesson if what == "lesson" else None
        kept = play.progress.reset(lesson)
        words, place = [f"What you did in {'this lesson' if lesson else 'all lessons'} is forgotten."], 0
        words += (
            [f"How it was is kept in {kept}; to have it back, quit and rename that to progress.json."] if kept else []
        )
    else:
        play.resetting = what
        about = f"your {play.done} steps in this lesson" if what == "lesson" else "what you did in every lesson"
        return [Message("note", f"This would forget {about}. To do it, type `:reset {what}` once more.")]
    play.misses.clear()
    play.hints_read.clear()
    return [Message("note", " ".join([*words, "Names you have defined stay."])), *play.go(place)]


def _quit(play: "Play", argument: str) -> list[Message]:
    return [Message("note", "The lesson is left; what you did is kept."), Message("quit")]


def _help(play: "Play", argument: str) -> list[Message]:
    return [Message("list", "\n".join(f":{name:<9} {words}" for name, words in COMMANDS.items()))]


def _tick(play: "Play", step: "Step") -> str:
    return {"passed": "✓", "skipped": SKIPPED}.get(play.progress.state(play.lesson, step), " ")


OBEY: dict[str, Callable[["Play", str], list[Message]]] = {
    "next": _next,
    "back": _back,
    "goto": _goto,
    "list": _list,
    "show": _show,
    "hint": _hint,
    "check": _check,
    "answer": _answer,
    "solution": _solution,
    "skip": _skip,
    "reset": _reset,
    "quit": _quit,
    "help": _help,
}
