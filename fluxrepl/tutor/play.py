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
from dataclasses import dataclass
from typing import Any, Literal

from .attempt import Judged, Outcome, judge_example, judge_exercise
from .compare import difference
from .lesson import Lesson, Step
from .needs import missing
from .problem import nearest
from .progress import Progress

MessageKind = Literal[
    "prose", "example", "praise", "miss", "hint", "solution", "note", "list", "error", "finished",
    "setup", "run", "quit",
]  # fmt: skip

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
    "reset": "forget what was done: `:reset step`, `:reset lesson`, `:reset all`",
    "quit": "leave the lesson; the REPL stays",
    "help": "these commands",
}

PATIENCE = 3  # misses before a hint is offered


@dataclass(frozen=True)
class Message:
    """Something to show (`text`: Markdown for prose, hint, solution, finished; else plain) or to do (see the top).

    `source` is code: of "example" (what will be at the prompt), "solution", "setup", "run".
    A "miss" of an example has `want` and `got` beside its words.
    """

    kind: MessageKind
    text: str = ""
    source: str = ""
    want: str = ""
    got: str = ""


class Play:
    """A learner's walk through one lesson: `index` is the current step, `finished` whether the last one is behind."""

    def __init__(self, lesson: Lesson, progress: Progress, namespace: Callable[[], dict[str, Any]]):
        self.lesson = lesson
        self.progress = progress
        self.namespace = namespace
        self.finished = False
        self.again = progress.is_finished(lesson)
        self.index = 0 if self.again else progress.place(lesson)
        self._opened = False
        self._is_set_up = 0  # the setup of steps below this one has been run
        self._skipping = False  # the next cell is the model answer
        self._misses: dict[str, int] = {}
        self._hints_read: dict[str, int] = {}
        self._warned = len(progress.warnings)

    @property
    def step(self) -> Step:
        """The current step; the last one when the lesson is finished."""
        return self.lesson.steps[self.index]

    @property
    def prefill(self) -> str:
        """What to put at the prompt: the example's source, the exercise's starter, or nothing. No final newline."""
        return "" if self.finished else _code(self.step).rstrip("\n")

    @property
    def hints_left(self) -> int:
        """How many hints of this step have not been read (for a toolbar)."""
        hints = self.step.exercise.hints if self.step.exercise else ()
        return len(hints) - self._hints_read.get(self.step.key, 0)

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
        return [source for source in sources if source.strip()]

    def open(self) -> list[Message]:
        """What to show on arriving at the current step."""
        if self.finished:
            return [Message("finished", self._farewell())]
        messages = [*self._setup(), *self._greeting()]
        step = self.step
        if step.prose.strip():
            messages.append(Message("prose", step.prose))
        if code := _code(step):
            messages.append(Message("example", source=code))
        if reason := missing(step.options.requires):
            messages.append(Message("note", f"This example {reason}. `:next` goes on."))
        self.progress.move(self.lesson, step)
        return messages + self._warnings()

    def is_answer(self, text: str) -> bool:
        """Whether this input answers the current quiz, so that it must not be run as code."""
        quiz = self.step.quiz
        return quiz is not None and not self.finished and _letter(text) in quiz.choices

    def ran(self, outcome: Outcome) -> list[Message]:
        """What to show after the shell ran a cell: nothing, a miss, or praise and the next step."""
        if self.finished:
            return []
        if self._skipping:
            self._skipping = False
            return self._skipped(outcome)
        step = self.step
        if step.kind == "quiz":
            return self._answer(outcome.source) if self.is_answer(outcome.source) else []
        if step.kind == "example" and not missing(step.options.requires):
            return self._judged(judge_example(step, outcome, self.namespace()), outcome.source)
        if step.kind == "exercise":
            return self._judged(judge_exercise(step, outcome, self.namespace()), outcome.source)
        return []

    def command(self, name: str, argument: str = "") -> list[Message]:
        """Obey `:name argument`. An unknown name gives an "error" message with close matches."""
        if name not in COMMANDS:
            return [Message("error", f"no command :{name}; {nearest(name, list(COMMANDS))}")]
        self._skipping = False
        return getattr(self, f"_{name}")(argument.strip())

    # The commands, each by its name.

    def _next(self, argument: str) -> list[Message]:
        step, notes = self.step, []
        if self.finished:
            return self.open()
        if step.kind == "read" or missing(step.options.requires):
            self.progress.mark(self.lesson, step, "passed")
        elif not self.progress.is_done(self.lesson, step):
            notes.append(Message("note", f"Step {self.index + 1} is left undone. `:skip` would have run it; `:back` returns."))
        return notes + self._advance()

    def _back(self, argument: str) -> list[Message]:
        if self.finished:
            self.finished = False
        elif self.index == 0:
            return [Message("note", "This is the first step.")]
        else:
            self.index -= 1
        return self.open()

    def _goto(self, argument: str) -> list[Message]:
        steps = self.lesson.steps
        if argument.isdigit():
            found = [int(argument) - 1] if 0 < int(argument) <= len(steps) else []
        else:
            found = [index for index, step in enumerate(steps) if argument and _matches(step, argument)]
        if not found:
            text = f"no step {argument}; there are {len(steps)}" if argument else "go where? `:goto 3`, or part of a title"
            return [Message("error", f"{text}; `:list` shows them")]
        before = [number + 1 for number in range(found[0]) if not self.progress.is_done(self.lesson, steps[number])]
        self.index, self.finished = found[0], False
        skipped = [number for number in before if steps[number - 1].kind in ("example", "exercise")]
        words = f"Steps not done before this one: {_ranges(skipped)}. What they define may be missing."
        return [*([Message("note", words)] if skipped else []), *self.open()]

    def _list(self, argument: str) -> list[Message]:
        rows = []
        for index, step in enumerate(self.lesson.steps):
            if argument and not _matches(step, argument):
                continue
            here = "→" if index == self.index and not self.finished else " "
            rows.append(f"{here} {self._tick(step)} {index + 1:>2}  {_label(step)}")
        return [Message("list", "\n".join(rows) or f"no step mentions {argument!r}")]

    def _show(self, argument: str) -> list[Message]:
        return self.open()

    def _hint(self, argument: str) -> list[Message]:
        step = self.step
        if step.exercise is None:
            words = {
                "example": "Press Enter to run the example as it stands; change it first, if you like.",
                "quiz": "Type the letter of the answer. `:solution` tells it.",
                "read": "There is nothing to do here: `:next` goes on.",
            }
            return [Message("hint", words[step.kind])]
        hints, number = step.exercise.hints, self._hints_read.get(step.key, 0)
        if number == len(hints):
            self._hints_read[step.key] = 0
            return [Message("note", "That was the last hint; `:hint` begins again, `:solution` shows an answer.")]
        self._hints_read[step.key] = number + 1
        return [Message("hint", hints[number])]

    def _check(self, argument: str) -> list[Message]:
        if self.step.kind != "exercise" or self.finished:
            return [Message("note", "There is no exercise at this step.")]
        judged = judge_exercise(self.step, None, self.namespace())
        return self._judged(judged, self._defined())

    def _answer(self, argument: str) -> list[Message]:
        quiz = self.step.quiz
        if quiz is None or self.finished:
            return [Message("note", "There is no quiz at this step.")]
        given = _letter(argument) if quiz.choices else argument
        if quiz.choices and given not in quiz.choices:
            return [Message("error", f"{argument or 'that'} is not a choice; type one of {', '.join(quiz.choices)}")]
        right = given == quiz.answer if quiz.choices else difference(quiz.answer, given) is None
        if not right:
            return self._judged(Judged(words=f"Not {given}. Try again."), "")
        explanation = [Message("prose", quiz.explanation)] if quiz.explanation else []
        self.progress.mark(self.lesson, self.step, "passed")
        return [Message("praise", "Right."), *explanation, *self._advance()]

    def _solution(self, argument: str) -> list[Message]:
        step = self.step
        if step.kind == "read" or self.finished:
            return [Message("note", "There is nothing to solve here: `:next` goes on.")]
        self.progress.mark_shown(self.lesson, step)
        if step.quiz:
            return [Message("solution", step.quiz.explanation or f"**{step.quiz.answer}**"), *self._warnings()]
        if step.exercise:
            note = Message("note", "`:skip` runs it and goes on.")
            shown = Message("solution", step.exercise.explanation, step.exercise.solution)
            return [shown, note, *self._warnings()]
        return [Message("solution", _promised(step), step.source), *self._warnings()]

    def _skip(self, argument: str) -> list[Message]:
        step = self.step
        if self.finished:
            return self.open()
        source = step.exercise.solution if step.exercise else step.source
        if source and not missing(step.options.requires):
            self._skipping = True
            return [Message("run", source=source)]
        self.progress.mark(self.lesson, step, "passed" if step.kind == "read" else "skipped")
        words = f"The answer was {step.quiz.answer}." if step.quiz else ""
        return [*([Message("note", words)] if words else []), *self._advance()]

    def _reset(self, argument: str) -> list[Message]:
        if argument == "step":
            self.progress.reset(self.lesson, self.step)
            words = "This step is forgotten."
        elif argument in ("lesson", "all"):
            self.progress.reset(self.lesson if argument == "lesson" else None)
            self.index, self.finished = 0, False
            words = "This lesson is forgotten." if argument == "lesson" else "All lessons are forgotten."
        else:
            return [Message("error", "reset what? `:reset step`, `:reset lesson` or `:reset all`")]
        self._misses.clear()
        self._hints_read.clear()
        return [Message("note", f"{words} Names you have defined stay."), *self.open()]

    def _quit(self, argument: str) -> list[Message]:
        return [Message("note", "The lesson is left; what you did is kept."), Message("quit")]

    def _help(self, argument: str) -> list[Message]:
        return [Message("list", "\n".join(f":{name:<9} {words}" for name, words in COMMANDS.items()))]

    # What commands and cells lead to.

    def _judged(self, judged: Judged, source: str) -> list[Message]:
        if judged.passed:
            praise = [Message("praise", "Solved.")] if self.step.kind == "exercise" else []
            self.progress.mark(self.lesson, self.step, "passed", source)
            return praise + self._advance()
        if not judged.words:
            return []
        misses = self._misses[self.step.key] = self._misses.get(self.step.key, 0) + 1
        miss = Message("miss", judged.words, want=judged.want, got=judged.got)
        return [miss, Message("note", self._offer())] if misses % PATIENCE == 0 else [miss]

    def _offer(self) -> str:
        if self.step.exercise and self.hints_left:
            return "`:hint` helps; `:solution` shows an answer."
        return "`:solution` shows an answer; `:skip` runs it and goes on."

    def _skipped(self, outcome: Outcome) -> list[Message]:
        notes = []
        if outcome.error is not None and not (self.step.examples and self.step.examples[-1].error):
            notes.append(Message("note", "It failed: an earlier step may not have been run. `:back` goes there."))
        self.progress.mark(self.lesson, self.step, "skipped", outcome.source)
        return notes + self._advance()

    def _advance(self) -> list[Message]:
        if self.index + 1 < len(self.lesson.steps):
            self.index += 1
        else:
            self.finished = True
        return self.open()

    def _setup(self) -> list[Message]:
        """Hidden code up to this step that has not been run yet."""
        steps = self.lesson.steps[self._is_set_up : self.index + 1]
        self._is_set_up = max(self._is_set_up, self.index + 1)
        return [Message("setup", source=step.setup) for step in steps if step.setup.strip()]

    def _greeting(self) -> list[Message]:
        first, self._opened = not self._opened, True
        if first and self.again:
            return [Message("note", "You have finished this lesson before; it begins again. `:list` shows its steps.")]
        if first and self.index:
            return [Message("note", f"You are at step {self.index + 1} of {len(self.lesson.steps)}. `:back` and `:list` look back.")]
        return []

    def _farewell(self) -> str:
        left = [i + 1 for i, step in enumerate(self.lesson.steps) if not self.progress.is_done(self.lesson, step)]
        skipped = sum(self.progress.state(self.lesson, step) == "skipped" for step in self.lesson.steps)
        words = [f"That was **{self.lesson.title}**: {self.done} of {len(self.lesson.steps)} steps done"]
        words += [f"{skipped} of them skipped"] if skipped else []
        words += [f"left undone: {_ranges(left)} (`:goto {left[0]}`)"] if left else []
        return "; ".join(words) + ".\n\n`:learn` opens the next lesson, `:list` shows the steps, `:quit` leaves."

    def _warnings(self) -> list[Message]:
        new, self._warned = self.progress.warnings[self._warned :], len(self.progress.warnings)
        return [Message("note", warning) for warning in new]

    def _tick(self, step: Step) -> str:
        state = self.progress.state(self.lesson, step)
        return {"passed": "✓", "skipped": "»"}.get(state, " ")

    def _defined(self) -> str:
        """Code to replay for an answer that was given in several cells: the model answer stands in."""
        return self.step.exercise.solution if self.step.exercise else ""


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
    if missing(step.options.requires):
        return ""
    return step.exercise.starter if step.exercise else step.source


def _letter(text: str) -> str:
    return text.strip().rstrip(".)").strip()


def _promised(step: Step) -> str:
    """What an example must show, in words for Markdown."""
    last = step.examples[-1]
    if last.error:
        return f"It raises `{last.error}`."
    promised = [f"`{made.text}`" for made in last.promises]
    return f"It gives {', '.join(promised)}." if promised else (f"It shows\n\n```\n{last.want}```" if last.want else "")


def _label(step: Step) -> str:
    """A step in one line: its section, and what is done there."""
    if step.kind != "example":
        return step.title
    lines = [line for line in step.examples[-1].source.split("\n") if line.strip()]
    code = lines[-1] if step.examples[-1].promises else lines[0]
    return f"{step.title} · {code.partition('  #')[0].strip()[:50]}"


def _matches(step: Step, words: str) -> bool:
    return words.lower() in f"{step.key} {_label(step)}".lower()


def _ranges(numbers: list[int]) -> str:
    """`2–4, 7` for 2, 3, 4, 7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
