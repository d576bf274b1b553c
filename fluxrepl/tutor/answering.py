"""The commands that answer a step, or help with it: `:hint :check :answer :solution :skip`."""

from typing import TYPE_CHECKING

from . import quiz as quizzes
from .accepting import leave
from .attempt import Judged, judge_exercise
from .message import Message
from .needs import missing
from .wording import confirmed, letter, promised

if TYPE_CHECKING:
    from .play import Play

NOTHING = "There is nothing to do here: `:next` goes on."

SHOWN_OTHERWISE = (
    "The numbers are right; how they are shown is not. A float shows its point: `2.0`, and `2.` in an array."
)


def hint(play: "Play", argument: str) -> list[Message]:
    """The next hint; `:hint 2` the second; `:hint all` those that were read already and the next."""
    step = play.step
    if step.exercise is None or play.finished:
        return [Message("hint", _way(play))]
    hints = step.exercise.hints
    if not hints:
        return [Message("note", "This exercise has no hint; `:solution` shows an answer.")]
    at = play.hint_at.get(step.key, len(hints) - play.hints_left)
    if argument.isdigit() and 1 <= int(argument) <= min(at + 1, len(hints)):
        return _read(play, int(argument) - 1)
    if argument:
        again = f"`:hint 1` reads the first again{f', up to `:hint {at}`' if at > 1 else ''}; " if at else ""
        return [Message("error", f"no hint {argument} yet; {again}`:hint` gives the next")]
    if at >= len(hints):
        play.hint_at[step.key] = 0
        return [Message("note", "That was the last hint; `:hint` begins again, `:solution` shows an answer.")]
    return _read(play, at)


def check(play: "Play", argument: str) -> list[Message]:
    """Judge what the names mean now."""
    if play.step.kind != "exercise" or play.finished:
        return [Message("note", "There is no exercise at this step.")]
    return play.judged(judge_exercise(play.step, None, play.namespace()))


def answer(play: "Play", argument: str) -> list[Message]:
    """Judge what was typed at a quiz."""
    if play.asked_twice and (sure := confirmed(argument)) is not None:
        name, _, what = play.asked_twice.lstrip(":").partition(" ")
        return play.command(name, what) if sure else [Message("note", "Nothing is forgotten.")]
    quiz = play.step.quiz
    if quiz is None or play.finished:
        return [Message("note", "There is no quiz at this step.")]
    given = letter(argument, quiz.choices) if quiz.choices else argument
    if not given:
        return [Message("error", quizzes.asked_for(quiz))]
    if quiz.choices and given not in quiz.choices:
        return [Message("error", f"{argument} is no choice here. {quizzes.asked_for(quiz)}")]
    if quiz.kind == "number" and quizzes.number_in(given) is None:
        return [Message("error", f"{argument} is no number; type one, such as 2.5")]
    right = quizzes.is_right(quiz, given)
    words = "" if right else SHOWN_OTHERWISE if quizzes.same_numbers(quiz, given) else f"Not {given}. Try again."
    return play.judged(Judged(right, words), given)


def solution(play: "Play", argument: str) -> list[Message]:
    """Show the model answer, mark the step as shown, and offer the answer at the prompt."""
    step = play.step
    if step.kind == "read" or play.finished:
        return [Message("note", NOTHING)]
    _note_shown(play)
    if step.quiz:
        return [Message("solution", step.quiz.explanation or f"**{step.quiz.answer}**"), *play.warnings()]
    if step.exercise:
        play.offering = step.exercise.solution
        words = "It is offered to you: run it as it stands, or write it in your own way."
        shown = Message("solution", step.exercise.explanation, step.exercise.solution)
        return [shown, Message("note", words), *play.warnings()]
    return [Message("solution", promised(step), step.source), *play.warnings()]


def skip(play: "Play", argument: str) -> list[Message]:
    """Run the model answer, so that later steps find what it defines, and go on; what is done is only run again."""
    step = play.step
    if play.finished:
        return play.open()
    is_done = play.progress.is_done(play.lesson, step)
    own = play.progress.source(play.lesson, step)
    source = own or (step.exercise.solution if step.exercise else step.source)
    if source and not missing(step.options.requires) and not (is_done and step.key in play.here):
        _note_shown(play)
        play.skipping = True
        return [Message("run", source=source)]
    if is_done:
        return play.advance()
    _note_shown(play)
    leave(play)
    words = [Message("note", f"The answer was {step.quiz.answer}.")] if step.quiz else []
    return [*words, *play.advance()]


def _note_shown(play: "Play") -> None:
    """The learner gets to see the answer; an example is before them anyway."""
    if play.step.quiz or play.step.exercise:
        play.progress.mark_shown(play.lesson, play.step)


def _read(play: "Play", number: int) -> list[Message]:
    step = play.step
    assert step.exercise is not None
    hints = step.exercise.hints
    play.hint_at[step.key] = number + 1
    play.progress.note(play.lesson, step, hints=number + 1)
    title = f"{number + 1} of {len(hints)}" if len(hints) > 1 else ""
    return [Message("hint", hints[number], title=title)]


def _way(play: "Play") -> str:
    """What to do at a step that has no hints of its own."""
    if play.finished or play.is_read:
        return NOTHING
    if play.step.quiz:
        return f"{quizzes.asked_for(play.step.quiz)} `:solution` tells the answer."
    return "Run the example as it stands; change it first, if you like."
