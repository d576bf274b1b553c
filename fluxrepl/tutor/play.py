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
from typing import Any, Literal, Protocol

from .lesson import Lesson, Step
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


class Outcome(Protocol):
    """What a front tells about a cell that ran."""

    source: str
    output: str  # what was printed and displayed, as doctest would see it
    error: BaseException | None


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
    """A learner's walk through one lesson."""

    lesson: Lesson
    index: int  # of the current step
    finished: bool  # walked past the last step; `step` stays the last one

    def __init__(self, lesson: Lesson, progress: Progress, namespace: Callable[[], dict[str, Any]]):
        raise NotImplementedError

    @property
    def step(self) -> Step:
        """The current step."""
        raise NotImplementedError

    @property
    def prefill(self) -> str:
        """What to put at the prompt: the example's source, the exercise's starter, or nothing. No final newline."""
        raise NotImplementedError

    @property
    def hints_left(self) -> int:
        """How many hints of this step have not been read (for a toolbar)."""
        raise NotImplementedError

    @property
    def done(self) -> int:
        """How many steps are done (for a toolbar)."""
        raise NotImplementedError

    def replay(self) -> list[str]:
        """The sources to run quietly before `open`, when a lesson is taken up again: setup and accepted code so far."""
        raise NotImplementedError

    def open(self) -> list[Message]:
        """What to show on arriving at the current step."""
        raise NotImplementedError

    def is_answer(self, text: str) -> bool:
        """Whether this input answers the current quiz, so that it must not be run as code."""
        raise NotImplementedError

    def ran(self, outcome: Outcome) -> list[Message]:
        """What to show after the shell ran a cell: nothing, a miss, or praise and the next step."""
        raise NotImplementedError

    def command(self, name: str, argument: str = "") -> list[Message]:
        """Obey `:name argument`. An unknown name gives an "error" message with close matches."""
        raise NotImplementedError


def walkthrough(lesson: Lesson) -> Iterator[tuple[Step, str]]:
    """Each step with what to type there to pass it: the example, the solution, the quiz's letter, or `:next`.

    Where the text equals `prefill`, Enter is enough.
    """
    raise NotImplementedError
