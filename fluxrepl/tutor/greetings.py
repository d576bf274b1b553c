"""What the player says when a lesson is opened, and when it is over."""

from typing import TYPE_CHECKING

from . import quiz
from .message import Message
from .wording import ranges

if TYPE_CHECKING:
    from .play import Play


def greeting(play: "Play", replayed: bool) -> list[Message]:
    """Say that the lesson was played before, or where the learner is; `replayed`: whether earlier code was run."""
    if play.is_repeated:
        return [Message("note", "You have finished this lesson before; it begins again. `:list` shows its steps.")]
    if play.index:
        more = "What you defined before was run again." if replayed else "`:list` shows them."
        return [Message("note", f"You are at step {play.index + 1} of {len(play.lesson.steps)}. {more}")]
    return []


def caption(play: "Play") -> str:
    """Where the learner is, in one line, for a front without a bar."""
    step, left = play.step, play.hints_left
    ways = {
        "read": ["`:next` goes on"],
        "example": ["run it, or change it first"],
        "exercise": [f"{left} hint{'s' * (left != 1)}: `:hint`"] if left else ["`:solution` shows an answer"],
        "quiz": [quiz.asked_for(step.quiz).rstrip(".")] if step.quiz else [],
    }
    place = f"Step {play.index + 1} of {len(play.lesson.steps)}"
    done = [f"{play.done} done"] if play.done else []
    return " · ".join([place, *done, *ways["read" if play.is_read else step.kind], "`:help`"])


def farewell(play: "Play") -> str:
    """What was done, what was left, and what comes next; Markdown."""
    lesson, steps = play.lesson, play.lesson.steps
    standings = [play.progress.standing(lesson, step) for step in steps]
    left = [number for number, standing in enumerate(standings, 1) if standing == "open"]
    words = [f'That was "**{lesson.title}**": {play.done} of {len(steps)} steps done']
    words += [f"{skipped} of them skipped"] if (skipped := standings.count("skipped")) else []
    words += [f"{shown} after a look at the answer"] if (shown := standings.count("shown")) else []
    words += [f"{missing} of them could not run here"] if (missing := standings.count("missing")) else []
    words += [f"left undone: {ranges(left)} (`:goto {left[0]}`)"] if left else []
    ahead = f'`:learn` opens "{play.next_title}".' if play.next_title else "The course is complete."
    ways = "`:recap` keeps what you did as a file, `:list` shows the steps, `:quit` leaves."
    return "; ".join(words) + f".\n\n{ahead} {ways}"
