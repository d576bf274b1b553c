"""`fluxrepl learn --replay`: a lesson played from its first step to its last by its own solutions, as a learner would.

At a terminal everything is real: the prompt, its keys, what stands there already; only the typing is ours. In a pipe
the same cells go to the same shell. A step that does not go on is told, and ends its lesson. Nothing of it is kept:
it has a home folder of its own.
"""

import atexit
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prompt_toolkit.key_binding import KeyPress
from prompt_toolkit.keys import Keys

from fluxrepl.shell.palette import is_dumb

from .notes import note
from .prompt import Prompt
from .repl import Repl
from .session import Session

if TYPE_CHECKING:
    from fluxrepl.tutor.lesson import Lesson, Step

SHOWN = 0.02  # seconds that a prompt stands before the keys come


class Typed(Prompt):
    """A prompt at which keys are pressed by themselves: `answer` is what is to be entered."""

    answer = ""

    def _at_start(self) -> None:
        super()._at_start()
        loop = self.session.app.loop
        if loop is not None:
            loop.call_later(SHOWN, self._press)

    def _press(self) -> None:
        processor = self.session.app.key_processor
        processor.feed_multiple([*self._keys(), KeyPress(Keys.ControlM)])
        processor.process_keys()

    def _keys(self) -> list[KeyPress]:
        """What a learner presses before Enter: nothing, if the answer stands there already or only reading is left."""
        if self.answer == self.text or (self.answer == ":next" and not self.text):
            return []
        clear = [KeyPress(Keys.ControlC)] if self.text else []
        if "\n" in self.answer:
            return [*clear, KeyPress(Keys.BracketedPaste, self.answer)]
        return [*clear, *(KeyPress(character) for character in self.answer)]


class AtTerminal(Repl):
    """Answers at the prompt."""

    reader: Any

    def answer(self, text: str) -> None:
        """Let the answer be typed, and run."""
        self.reader.answer = text
        self._safely(self._turn)

    def _reader(self) -> Typed:
        return Typed(self.late, note, self.show_help)


class InPipe(Session):
    """Answers without a prompt; what is not printed as an example is printed as typed."""

    def __init__(self) -> None:
        super().__init__(prompted=False)

    def answer(self, text: str) -> None:
        """Print the answer, and run it."""
        from .player import echo

        if text != self.play.prefill:
            echo(text)
        self.submit(text)


def replay(lessons: "list[Lesson]") -> int:
    """Play these lessons; the exit status is 1 if one does not come to its end."""
    os.environ["FLUXREPL_HOME"] = home = tempfile.mkdtemp(prefix="fluxrepl-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)  # after IPython, which writes its history at the end
    at_terminal = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty() and not is_dumb()
    player = AtTerminal() if at_terminal else InPipe()
    told = [_play(player, lesson) for lesson in lessons]
    player.late.finish()
    print()
    for line, _ in told:
        print(line)
    return int(not all(passed for _, passed in told))


def _play(player: AtTerminal | InPipe, lesson: "Lesson") -> tuple[str, bool]:
    """Play one lesson; a line on how it went, and whether it came to its end."""
    from fluxrepl.tutor.progress import Progress
    from fluxrepl.tutor.walkthrough import walkthrough

    shell, started = player.late.get(), time.monotonic()
    shell.reset(new_session=False)
    shell.lessons.play, shell.lessons.progress = None, Progress()
    if not shell.start_lesson(str(lesson.path)):
        return f"✗ {lesson.title}: it could not be opened", False
    total = len(lesson.steps)
    for number, (step, text) in enumerate(walkthrough(lesson), 1):
        why = _answer(player, shell, step, text)
        if why:
            place = f"{Path(lesson.path).name}:{step.line}"
            return f'✗ {lesson.title}: step {number} of {total} ("{step.title}", {place}) {why}', False
    return f"✓ {lesson.title}: {total} steps, {time.monotonic() - started:.1f} s", True


def _answer(player: AtTerminal | InPipe, shell: Any, step: "Step", text: str) -> str:
    """Answer one step; why it did not go on, or nothing."""
    play = shell.play
    if step.kind == "example" and text != ":next" and play.prefill != text:
        return "was not offered at the prompt"
    index = play.index
    player.answer(text)
    if player.status is not None:
        return "ended the session"
    if shell.play is not play:
        return "left the lesson"
    went_on = play.finished if index + 1 == len(play.lesson.steps) else play.index == index + 1
    if not (went_on and play.progress.is_done(play.lesson, step)):
        return f"did not go on after {text!r}"
    return ""
