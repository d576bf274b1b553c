"""Playing a lesson: which step the learner is at, what to show, and whether what ran was what was asked.

`Play` has no screen. A front (the terminal, a notebook) does this:

    play = Play(lesson, progress, lambda: shell.user_ns)
    for source in play.replay(): run it quietly          # what was accepted in earlier sessions
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

from collections.abc import Callable, Iterator
from typing import Any

from .attempt import Judged, Outcome, judge_example, judge_exercise
from .commands import COMMANDS as COMMANDS
from .commands import OBEY
from .course import unfinished
from .lesson import Lesson, Step
from .message import Message as Message
from .names import bound
from .needs import missing
from .problem import nearest
from .progress import Progress
from .wording import fenced, letter, ranges

PATIENCE = 3  # misses before a hint is offered


class Play:
    """A learner's walk through one lesson: `index` is the current step, `finished` whether the last one is behind."""

    def __init__(self, lesson: Lesson, progress: Progress, namespace: Callable[[], dict[str, Any]]):
        self.lesson = lesson
        self.progress = progress
        self.namespace = namespace
        self.finished = False
        self.next_title = ""  # of the lesson that `:learn` opens, once this one is finished
        self.skipping = False  # the next cell is the model answer
        self.resetting = ""  # what `:reset` has asked about: the same once more does it
        self.misses: dict[str, int] = {}
        self.hints_read: dict[str, int] = {}
        self.is_repeated = progress.is_finished(lesson)
        self.index = 0 if self.is_repeated else progress.place(lesson)
        self._opened = False
        self._replayed = False
        self._is_set_up = 0  # the setup of steps below this one has been run
        self._cells: list[str] = []  # what was defined at this step
        self._warned = len(progress.warnings)

    @property
    def step(self) -> Step:
        """The current step; the last one when the lesson is finished."""
        return self.lesson.steps[self.index]

    @property
    def prefill(self) -> str:
        """What to put at the prompt: the example's source, the exercise's starter, or nothing. No final newline."""
        return "" if self.finished or self.is_read else _code(self.step).rstrip("\n")

    @property
    def is_read(self) -> bool:
        """Whether this step only wants to be read: it has no code, or none that can run here."""
        return self.step.kind == "read" or bool(missing(self.step.options.requires))

    @property
    def hints_left(self) -> int:
        """How many hints of this step have not been read (for a toolbar)."""
        hints = self.step.exercise.hints if self.step.exercise else ()
        return len(hints) - self.hints_read.get(self.step.key, 0)

    @property
    def done(self) -> int:
        """How many steps are done (for a toolbar)."""
        return self.progress.count(self.lesson)

    def replay(self) -> list[str]:
        """The sources to run quietly before `open`, when a lesson is taken up again: setup and accepted code so far."""
        sources = []
        for step in self.lesson.steps[: self.index]:
            sources += [step.setup, self.progress.source(self.lesson, step)]
        self._is_set_up = self.index
        found = [source for source in sources if source.strip()]
        self._replayed = bool(found)
        return found

    def open(self) -> list[Message]:
        """What to show on arriving at the current step."""
        if self.finished:
            self.next_title = next((left.title for left in unfinished(self.progress, after=self.lesson.path)), "")
            return [Message("finished", self._farewell()), *self.warnings()]
        messages = [*self._setup(), *self._greeting()]
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
        quiz = self.step.quiz
        return quiz is not None and not self.finished and letter(text, quiz.choices) in quiz.choices

    def ran(self, outcome: Outcome) -> list[Message]:
        """What to show after the shell ran a cell: nothing, a miss, or praise and the next step."""
        self.resetting = ""
        if self.finished:
            return []
        if outcome.error is None and bound(outcome.source):
            self._cells.append(outcome.source)
        step = self.step
        if self.skipping:
            self.skipping = False
            return self._skipped(outcome)
        if self.is_answer(outcome.source):
            return self.command("answer", outcome.source)
        if step.kind == "example" and not missing(step.options.requires):
            return self.judged(judge_example(step, outcome, self.namespace()))
        if step.kind == "exercise":
            return self.judged(judge_exercise(step, outcome, self.namespace()))
        return []

    def command(self, name: str, argument: str = "") -> list[Message]:
        """Obey `:name argument`. An unknown name gives an "error" message with close matches."""
        if name not in OBEY:
            return [Message("error", f"no command :{name}; {nearest(name, list(OBEY))}")]
        self.skipping = False
        messages = OBEY[name](self, argument.strip())
        self.resetting = self.resetting if name == "reset" else ""
        return messages

    # What commands and cells lead to.

    def judged(self, judged: Judged) -> list[Message]:
        """A step was passed, or missed, or neither."""
        if judged.passed:
            return self._passed()
        if not judged.words:
            return []
        misses = self.misses[self.step.key] = self.misses.get(self.step.key, 0) + 1
        miss = Message("miss", judged.words, want=judged.want, got=judged.got)
        return [miss, Message("note", self._offer())] if misses % PATIENCE == 0 else [miss]

    def go(self, index: int) -> list[Message]:
        """Go to a step."""
        self.index, self.finished, self._cells = index, False, []
        return self.open()

    def advance(self) -> list[Message]:
        """Go to the next step, or to the end."""
        if self.index + 1 < len(self.lesson.steps):
            return self.go(self.index + 1)
        self.finished = True
        return self.open()

    def warnings(self) -> list[Message]:
        """What the progress file has to say since last time."""
        new, self._warned = self.progress.warnings[self._warned :], len(self.progress.warnings)
        return [Message("note", warning) for warning in new]

    def _passed(self) -> list[Message]:
        step = self.step
        defined = "\n".join(self._cells)
        if step.exercise and not defined:  # `:check` found it solved by what was defined at other steps
            defined = step.exercise.solution
        self.progress.mark(self.lesson, step, "passed", defined)
        praise = {"exercise": [Message("praise", "Solved.")], "quiz": [Message("praise", "Right.")]}.get(step.kind, [])
        explained = [Message("prose", step.quiz.explanation)] if step.quiz and step.quiz.explanation else []
        return [*praise, *explained, *self.advance()]

    def _skipped(self, outcome: Outcome) -> list[Message]:
        notes = []
        if outcome.error is not None and not (self.step.examples and self.step.examples[-1].error):
            notes.append(Message("note", "It failed: an earlier step may not have been run. `:back` goes there."))
        self.progress.mark(self.lesson, self.step, "skipped", outcome.source)
        return notes + self.advance()

    def _offer(self) -> str:
        if self.step.exercise and self.hints_left:
            return "`:hint` helps; `:solution` shows an answer."
        return "`:solution` shows an answer; `:skip` gives it and goes on."

    def _setup(self) -> list[Message]:
        """Hidden code up to this step that has not been run yet."""
        steps = self.lesson.steps[self._is_set_up : self.index + 1]
        self._is_set_up = max(self._is_set_up, self.index + 1)
        return [Message("setup", source=step.setup) for step in steps if step.setup.strip()]

    def _greeting(self) -> list[Message]:
        first, self._opened = not self._opened, True
        if first and self.is_repeated:
            return [Message("note", "You have finished this lesson before; it begins again. `:list` shows its steps.")]
        if first and self.index:
            ran = "What you defined before was run again. " if self._replayed else ""
            words = f"You are at step {self.index + 1} of {len(self.lesson.steps)}. {ran}`:back` and `:list` look back."
            return [Message("note", words)]
        return []

    def _farewell(self) -> str:
        left = [i for i, step in enumerate(self.lesson.steps, 1) if not self.progress.is_done(self.lesson, step)]
        skipped = sum(self.progress.state(self.lesson, step) == "skipped" for step in self.lesson.steps)
        words = [f'That was "**{self.lesson.title}**": {self.done} of {len(self.lesson.steps)} steps done']
        words += [f"{skipped} of them skipped"] if skipped else []
        words += [f"left undone: {ranges(left)} (`:goto {left[0]}`)"] if left else []
        ahead = f'`:learn` opens "{self.next_title}".' if self.next_title else "The course is complete."
        return "; ".join(words) + f".\n\n{ahead} `:list` shows the steps, `:quit` leaves."


def walkthrough(lesson: Lesson) -> Iterator[tuple[Step, str]]:
    """Each step with what to type there to pass it: the example, the solution, the quiz's letter, or `:next`.

    Where the text equals `prefill`, Enter is enough.
    """
    for step in lesson.steps:
        if step.quiz:
            yield step, step.quiz.answer if step.quiz.choices else f":answer {step.quiz.answer}"
        elif step.exercise:
            yield step, step.exercise.solution.rstrip("\n")
        elif step.kind == "read" or missing(step.options.requires):
            yield step, ":next"
        else:
            yield step, step.source.rstrip("\n")


def _code(step: Step) -> str:
    return step.exercise.starter if step.exercise else step.source
