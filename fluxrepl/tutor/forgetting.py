"""The commands that forget: `:reset` begins a step, a lesson or everything again, `:forget` drops a lesson and leaves.

What more than a step was is asked about first, and the file as it was is kept beside the new one.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from .message import Message

if TYPE_CHECKING:
    from .play import Play

NAMES_STAY = "Names you have defined stay."


def reset(play: "Play", argument: str) -> list[Message]:
    """Begin again: `step`, `lesson` or `all`."""
    what, _, word = argument.partition(" ")
    if what not in ("step", "lesson", "all") or word.strip() not in ("", "yes"):
        return [Message("error", "reset what? `:reset step`, `:reset lesson` or `:reset all`")]
    if what == "step":
        play.progress.reset(play.lesson, play.step)
        play.forget_tries()
        return [Message("note", f"This step is forgotten. {NAMES_STAY}"), *play.go(play.index)]
    about = f"your {play.done} steps in this lesson" if what == "lesson" else "what you did in every lesson"
    nothing = what == "lesson" and not play.done
    if not (word or nothing or _asked_before(play, f":reset {what}")):
        return [Message("note", f"This would forget {about}. To do it, type `:reset {what}` once more.")]
    kept = play.progress.reset(play.lesson if what == "lesson" else None)
    play.forget_tries()
    scope = "this lesson" if what == "lesson" else "all lessons"
    words = f"What you did in {scope} is forgotten. {_where(kept)}{NAMES_STAY}"
    return [Message("note", words), *play.go(0)]


def forget(play: "Play", argument: str) -> list[Message]:
    """Forget the lesson, as if it had never been opened, and leave it."""
    if argument not in ("", "yes"):
        return [Message("error", "`:forget` forgets this lesson; `:reset step` only this step")]
    if play.done and not (argument or _asked_before(play, ":forget")):
        words = f'This would forget "{play.lesson.title}", as if it had never been opened, and leave it.'
        return [Message("note", f"{words} To do it, type `:forget` once more.")]
    kept = play.progress.reset(play.lesson)
    play.forget_tries()
    return [Message("note", f"The lesson is forgotten and left. {_where(kept)}{NAMES_STAY}"), Message("quit")]


def _asked_before(play: "Play", command: str) -> bool:
    """Whether the same was asked just before; if not, it is noted that it is asked now."""
    if play.asked_twice == command:
        return True
    play.asked_twice = command
    return False


def _where(kept: Path | None) -> str:
    """Where the old file is."""
    return f"How it was is kept in {kept}; to have it back, quit and rename that to progress.json. " if kept else ""
