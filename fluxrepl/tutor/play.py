"""Playing a lesson: which step the learner is at, what to show, and whether what ran was what was asked.

`Play` has no screen. A front (the terminal, a notebook) does this:

    play = Play(lesson, progress, lambda: shell.user_ns)
    for past in play.replay(): run past.source quietly   # what was accepted in earlier sessions
    show(play.open())                                    # and put `play.prefill` at the prompt
    loop, for each input:
        ":name argument"        → show(play.command(name, argument))
        play.is_answer(input)   → show(play.command("answer", input))      # `b` at a quiz
        anything else           → outcome = shell.run(input); show(play.ran(outcome))

and `show` prints messages, except three kinds that ask the front to act:

    "setup"  run `message.source` quietly (hidden code of the lesson; only its errors are shown); do not call `ran`
    "run"    run `message.source` as if it had been typed, then `show(play.ran(outcome))` as for any input
    "quit"   leave the lesson, not the REPL
"""

import time
from collections.abc import Callable
from typing import Any

from . import accepting, quiz
from .attempt import Judged, Outcome, is_only_text, judge_example, judge_exercise, untouched
from .commands import COMMANDS as COMMANDS
from .commands import OBEY
from .course import unfinished
from .greetings import farewell, greeting
from .lesson import Lesson, Step
from .message import Message as Message
from .names import bound
from .needs import missing
from .pieces import Past, Pieces, past, shown
from .problem import nearest
from .progress import Progress
from .store import as_number
from .walkthrough import walkthrough as walkthrough
from .wording import confirmed, fenced

PATIENCE = 3  # misses before a hint is offered
PAUSE = 900.0  # seconds at a step beyond which nobody was at it


class Play:
    """A learner's walk through one lesson: `index` is the current step, `finished` whether the last one is behind."""

    def __init__(self, lesson: Lesson, progress: Progress, namespace: Callable[[], dict[str, Any]]):
        self.lesson = lesson
        self.progress = progress
        self.namespace = namespace
        self.finished = False
        self.next_title = ""  # of the lesson that `:learn` opens, once this one is finished
        self.skipping = False  # the next cell is the model answer
        self.offering = ""  # the model answer, once shown: to be run, or not
        self.asked_twice = ""  # what `:reset` or `:forget` has asked about: the same once more does it
        self.forgotten = 0  # how often tries were forgotten: what a front offers begins again then
        self.misses: dict[str, int] = {}
        self.hint_at: dict[str, int] = {}  # which hint comes next
        self.is_repeated = progress.is_finished(lesson)
        self.index = 0 if self.is_repeated else progress.place(lesson)
        self._opened = False
        self._replayed = False
        self._is_set_up = 0  # the setup of steps below this one has been run
        self.here: set[str] = set()  # the steps whose accepted code has run in this session
        self.pieces = Pieces()
        self._told = len(progress.warnings)
        self._since = time.monotonic()

    @property
    def step(self) -> Step:
        """The current step; the last one when the lesson is finished."""
        return self.lesson.steps[self.index]

    @property
    def prefill(self) -> str:
        """What to put at the prompt: the example's source, the exercise's starter, a solution that was asked for."""
        return "" if self.finished or self.is_read else (self.offering or _code(self.step)).rstrip("\n")

    @property
    def is_read(self) -> bool:
        """Whether this step only wants to be read: it has no code, or none that can run here."""
        return self.step.kind == "read" or bool(missing(self.step.options.requires))

    @property
    def hints_left(self) -> int:
        """How many hints of this step have not been read (for a toolbar)."""
        hints = self.step.exercise.hints if self.step.exercise else ()
        return max(len(hints) - as_number(self.progress.record(self.lesson, self.step).get("hints")), 0)

    @property
    def done(self) -> int:
        """How many steps are done (for a toolbar)."""
        return self.progress.count(self.lesson)

    def replay(self) -> list[Past]:
        """What to run quietly before `open`, when a lesson is taken up again: setup and accepted code so far."""
        self._is_set_up = self.index
        self.here = {step.key for step in self.lesson.steps[: self.index]}
        found = past(self.lesson, self.progress, self.index)
        self._replayed = bool(found)
        return found

    def open(self) -> list[Message]:
        """What to show on arriving at the current step."""
        self._since = time.monotonic()
        self.offering = ""
        if self.finished:
            self.next_title = next((left.title for left in unfinished(self.progress, after=self.lesson.path)), "")
            return [Message("finished", farewell(self)), *self.warnings()]
        first, self._opened = not self._opened, True
        messages = [*self._setup(), *(greeting(self, self._replayed) if first else [])]
        step = self.step
        reason = missing(step.options.requires)
        prose = f"{step.prose}\n\n{fenced(_code(step))}" if reason else step.prose
        if prose.strip():
            messages.append(Message("prose", prose))
        if self.prefill:
            messages.append(Message("example", source=_code(step)))
        if reason:
            messages.append(Message("note", f"This {step.kind} {reason}. So it is only shown; `:next` goes on."))
        self.progress.move(self.lesson, step)
        return messages + self.warnings()

    def is_answer(self, text: str) -> bool:
        """Whether this input answers the current quiz, so that it must not be run as code."""
        if self.asked_twice and confirmed(text) is not None:
            return True
        asked = self.step.quiz
        if asked is None or self.finished:
            return False
        names = self.namespace()
        other = is_only_text(text, names) if asked.kind == "output" else quiz.is_no_python(text, names)
        return quiz.is_answer(asked, text) or (other and text.strip() not in OBEY)

    def ran(self, outcome: Outcome, random: str = "") -> list[Message]:
        """What to show after the shell ran a cell: nothing, a miss, or praise and the next step.

        `random` is the state of the random numbers before the cell, if it drew from them.
        """
        self.asked_twice = ""
        if self.finished:
            return []
        step = self.step
        if self.skipping:
            self.skipping = False
            return [*accepting.accept_skipped(self, outcome, random), *self.advance()]
        if self.is_answer(outcome.source):
            return self.command("answer", outcome.source)
        judged = Judged()
        if step.kind == "example" and not missing(step.options.requires):
            judged = judge_example(step, outcome, self.namespace())
        elif untouched(step, outcome.source):
            return [Message("note", untouched(step, outcome.source))]
        elif step.kind == "exercise":
            judged = judge_exercise(step, outcome, self.namespace())
        self.pieces.add(step, outcome, random, is_miss=bool(judged.words))
        return self.judged(judged, outcome.source, shown(outcome))

    def free(self, source: str) -> set[str]:
        """The names that a missed try at this step may give another value for good: of an exercise, those it binds."""
        exercise = self.step.exercise
        return bound(exercise.starter) | bound(exercise.solution) | bound(source) if exercise else set()

    def undone(self, index: int, source: str) -> list[Message]:
        """The shell took back a cell that ran at this step: go back there, if it was this cell that led on to here."""
        return accepting.take_back(self, index, source)

    def command(self, name: str, argument: str = "") -> list[Message]:
        """Obey `:name argument`. An unknown name gives an "error" message with close matches."""
        if name not in OBEY:
            return [Message("error", f"no command :{name}; {nearest(name, list(OBEY))}")]
        self.skipping = False
        asked = self.asked_twice
        messages = OBEY[name](self, argument.strip())
        self.asked_twice = "" if self.asked_twice == asked else self.asked_twice
        return messages

    # What commands and cells lead to.

    def judged(self, judged: Judged, source: str = "", output: str = "") -> list[Message]:
        """A step was passed, or missed, or neither."""
        if judged.passed:
            return self._passed(source, output)
        if not judged.words:
            return []
        self.note_time(attempts=1)
        misses = self.misses[self.step.key] = self.misses.get(self.step.key, 0) + 1
        miss = Message("miss", judged.words, want=judged.want, got=judged.got)
        return [miss, Message("note", self._offer())] if misses % PATIENCE == 0 else [miss]

    def go(self, index: int) -> list[Message]:
        """Go to a step."""
        self.note_time()
        self.index, self.finished = index, False
        return self.open()

    def advance(self) -> list[Message]:
        """Go to the next step, or to the end."""
        if self.index + 1 < len(self.lesson.steps):
            return self.go(self.index + 1)
        self.note_time()
        self.finished = True
        return self.open()

    def forget_tries(self) -> None:
        """As if nothing had been tried in this session."""
        self.forgotten += 1
        self.misses.clear()
        self.hint_at.clear()
        self.pieces.clear()
        self._since = time.monotonic()

    def warnings(self) -> list[Message]:
        """What the progress file has to say since last time."""
        new, self._told = self.progress.warnings[self._told :], len(self.progress.warnings)
        return [Message("note", warning) for warning in new]

    def _passed(self, source: str, output: str) -> list[Message]:
        step = self.step
        self.note_time(attempts=1)
        accepting.accept(self, source, output)
        praise = {"exercise": [Message("praise", "Solved.")], "quiz": [Message("praise", "Right.")]}.get(step.kind, [])
        explained = [Message("prose", step.quiz.explanation)] if step.quiz and step.quiz.explanation else []
        return [*praise, *explained, *self.advance()]

    def note_time(self, attempts: int = 0) -> None:
        """Add the time since the last note, as long as somebody may have been there."""
        now = time.monotonic()
        seconds, self._since = min(now - self._since, PAUSE), now
        if not self.finished and (attempts or seconds >= 1):
            self.progress.note(self.lesson, self.step, attempts=attempts, seconds=seconds)

    def _offer(self) -> str:
        if self.step.exercise and self.hints_left:
            return "`:hint` helps; `:solution` shows an answer."
        return "`:solution` shows an answer; `:skip` gives it and goes on."

    def _setup(self) -> list[Message]:
        """Hidden code up to this step that has not been run yet."""
        steps = self.lesson.steps[self._is_set_up : self.index + 1]
        self._is_set_up = max(self._is_set_up, self.index + 1)
        return [Message("setup", source=step.setup) for step in steps if step.setup.strip()]


def _code(step: Step) -> str:
    return step.exercise.starter if step.exercise else step.source
