"""What is written down of a step that is left behind: solved, skipped, read, or not to be run here; and taken back.

A step that was solved keeps the learner's own code: neither `:skip` nor the model answer takes its place.
"""

from typing import TYPE_CHECKING

from .attempt import Outcome
from .message import Message
from .names import same_code
from .needs import missing
from .pieces import shown

if TYPE_CHECKING:
    from .play import Play


def accept(play: "Play", source: str, output: str) -> None:
    """The step is solved, by this cell in the end."""
    defined, random = play.pieces.answer(play.step)
    solution = play.step.exercise.solution if play.step.exercise else ""
    play.here.add(play.step.key)
    if not (is_solved(play) and same_code(solution, source or defined)):
        play.progress.mark(play.lesson, play.step, "passed", defined, answer=source, output=output, random=random)


def accept_skipped(play: "Play", outcome: Outcome, random: str) -> list[Message]:
    """The lesson ran code in the learner's place."""
    play.here.add(play.step.key)
    if not is_solved(play):
        play.progress.mark(play.lesson, play.step, "skipped", outcome.source, output=shown(outcome), random=random)
    if outcome.error is None or (play.step.examples and play.step.examples[-1].error):
        return []
    return [Message("note", "It failed: an earlier step may not have been run. `:back` goes there.")]


def leave(play: "Play") -> None:
    """The step is left without code: it was read, it is a quiz that was skipped, or it cannot run here."""
    if not play.progress.is_done(play.lesson, play.step):
        state = "passed" if play.step.kind == "read" else "skipped"
        play.progress.mark(play.lesson, play.step, "missing" if missing(play.step.options.requires) else state)


def take_back(play: "Play", index: int, source: str) -> list[Message]:
    """The shell took back a cell of this step: go back there, if it was this cell that led on to here."""
    step = play.lesson.steps[index]
    play.pieces.take_back(step, source)
    play.here.discard(step.key)
    at = len(play.lesson.steps) if play.finished else play.index
    if index == at:
        return []
    record = play.progress.record(play.lesson, step)
    if index + 1 == at and source in (record.get("answer"), record.get("source")):
        return play.go(index)
    return [Message("note", f"It ran at step {index + 1}: `:goto {index + 1}` goes there.")]


def is_solved(play: "Play") -> bool:
    """Whether the current step was solved by the learner, today or another day."""
    return play.progress.state(play.lesson, play.step) == "passed"
