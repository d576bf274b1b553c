"""Whether what a learner ran is what a step asked for, is an attempt at it, or is something else altogether.

Something else is never commented on: in a lesson the REPL stays a REPL.
"""

import io
import re
import tokenize
from dataclasses import dataclass
from typing import Any, Protocol

from . import names, promise
from .compare import difference, error_fits
from .judge import judge
from .lesson import Example, Exercise, Step
from .run import describe, run, text_of


class Outcome(Protocol):
    """What a front tells about a cell that ran."""

    @property
    def source(self) -> str: ...
    @property
    def output(self) -> str: ...  # what was printed and displayed, as doctest would see it
    @property
    def error(self) -> BaseException | None: ...
    @property
    def value(self) -> Any: ...  # of the last expression


@dataclass(frozen=True)
class Judged:
    """What came of a cell: `passed`, or `words` for a miss that should be told, or neither."""

    passed: bool = False
    words: str = ""
    want: str = ""
    got: str = ""


SILENT = Judged()
PASSED = Judged(passed=True)

# What a word processor or a PDF puts where Python wants plain characters.
LOOKALIKES = {
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "″": '"', "‘": "'", "’": "'", "′": "'", "´": "'",
    "−": "-", "–": "-", "—": "-", "×": "*", "⋅": "*", "·": "*", "÷": "/", "²": "**2", "³": "**3",
    "≤": "<=", "≥": ">=", "≠": "!=", "…": "...", "\u00a0": "a plain space", "\u200b": "nothing",
}  # fmt: skip
QUOTES = [character for character, plain in LOOKALIKES.items() if plain in ('"', "'")]
INVISIBLE = {"\u00a0": "a space that does not break", "\u200b": "a space of no width"}


def slip(outcome: Outcome) -> str:
    """A slip that explains an error better than Python can: a blank left open, a character from a PDF."""
    if isinstance(outcome.error, SyntaxError) and (character := _strange(outcome.error, outcome.source)):
        name = INVISIBLE.get(character, character)
        return f"The character {name} is not the one Python knows: write {LOOKALIKES[character]} instead."
    if _has_blank(outcome.source):
        return "There is still a blank ___ to fill in."
    return ""


def judge_example(step: Step, outcome: Outcome, namespace: dict[str, Any]) -> Judged:
    """Whether a cell showed what the example of `step` promises."""
    if isinstance(outcome.error, SyntaxError) and (told := slip(outcome)):
        return Judged(words=told)  # what it was to be cannot be read: only that it was to run
    same = names.same_code(step.source, outcome.source)
    bound = names.bound(step.source) - {names.EVERYTHING}
    asked = names.read(names.last_expression(step.source))
    last = step.examples[-1]
    answers = bool(last.target) and last.target in names.bound(outcome.source)
    asks = answers or (bool(asked) and asked <= names.read(names.last_expression(outcome.source)))
    plain = not bound and not asked and bool(names.last_expression(outcome.source))
    if not (same or asks or plain or bound & names.bound(outcome.source)):
        return SILENT
    if outcome.error is not None or last.error:
        return _judge_error(last, outcome, same, step.options.rtol)
    if not all(name in namespace for name in bound):
        return SILENT  # typed piece by piece: not all of it is there yet
    missed = _miss(step, last, outcome, namespace)
    return missed if missed.passed or same or asks else SILENT


def judge_exercise(step: Step, outcome: Outcome | None, namespace: dict[str, Any]) -> Judged:
    """Whether the exercise of `step` is solved; without an outcome, the learner asked (`:check`)."""
    exercise = step.exercise
    assert exercise is not None
    if outcome is not None:
        asked = names.bound(exercise.starter) | names.bound(exercise.solution)
        tried = bool(asked & names.bound(outcome.source))
        words = set(re.findall(r"\w+", outcome.source)) if isinstance(outcome.error, SyntaxError) else set()
        if (tried or asked & words) and (told := slip(outcome)):
            return Judged(words=told)
        if outcome.error is None and not tried and (other := _right_but_for_its_name(exercise, outcome, namespace)):
            return Judged(words=other)
        if outcome.error is not None or not (tried or asked & names.read(outcome.source)):
            return SILENT
    elif missing := _unanswered(exercise, namespace):
        return Judged(words=f"Nothing was answered yet: `{missing}` is not defined. Write it at the prompt first.")
    verdict = judge(exercise.checks, namespace)
    if verdict.passed:
        return PASSED
    return Judged(words=verdict.words) if outcome is None or tried else SILENT


def untouched(step: Step, source: str) -> str:
    """What to tell who runs the first lines of an exercise as they came: it is no try yet."""
    if step.exercise is None or source.split() != step.exercise.starter.split():
        return ""
    gap = next((f"`{gap}`" for gap in ("___", "...", "pass") if gap in source), "")
    where = f"write your own in the place of the {gap}" if gap else "change it into your own"
    return f"This is still as it came: {where}."


def _right_but_for_its_name(exercise: Exercise, outcome: Outcome, namespace: dict[str, Any]) -> str:
    """What to tell of a function that does what is asked for, and is called otherwise; of any other, nothing."""
    asked, parameters = names.function(exercise.starter)
    made, same = names.function(outcome.source)
    if not asked or not made or same != parameters or made not in namespace:
        return ""
    verdict = judge(exercise.checks, {**namespace, asked: namespace[made]})
    return f"That does it, but it is called `{made}`; the exercise asks for `{asked}`." if verdict.passed else ""


def is_only_text(text: str, namespace: dict[str, Any]) -> bool:
    """Whether a line can only be what something shows: `array([1., 2.])` where there is no `array`, or `[1. 2.]`."""
    line = text.strip()
    if not line or "\n" in line:
        return False
    if asked := names.read(names.last_expression(line)):
        return not asked & namespace.keys()
    return re.fullmatch(r"[\d\s.,;eE+\-()\[\]{}]+", line) is not None


def _unanswered(exercise: Exercise, namespace: dict[str, Any]) -> str:
    """The name that an answer would define, where there is none of those yet."""
    asked = sorted((names.bound(exercise.starter) or names.bound(exercise.solution)) - {names.EVERYTHING})
    return "" if any(name in namespace for name in asked) else "".join(asked[:1])


def _judge_error(last: Example, outcome: Outcome, same: bool, rtol: float | None) -> Judged:
    error = outcome.error
    if error is None:
        missed = Judged(words="No error came, and one was promised.", want=last.error, got=outcome.output)
        return missed if same else SILENT
    if last.error and error_fits(last.error, describe(error), rtol):
        return PASSED
    if words := slip(outcome):
        return Judged(words=words)
    if not same or isinstance(error, KeyboardInterrupt):
        return SILENT  # the traceback says it
    words = f"The example raised {type(error).__name__}."
    if isinstance(error, NameError):
        words += " An earlier step may not have been run: `:back` goes there."
    promises = "\n".join(made.text for made in last.promises)
    want, got = last.error or last.want or promises, describe(error)
    return Judged(words=words, want=want, got=f"{got['name']}: {got['message']}" if want else "")


def _miss(step: Step, last: Example, outcome: Outcome, namespace: dict[str, Any]) -> Judged:
    rtol, signed_zero = step.options.rtol, step.options.signed_zero
    if last.want is not None and difference(last.want, outcome.output, rtol, signed_zero):
        return Judged(words="That is not what the example shows.", want=last.want, got=outcome.output)
    value, shown = outcome.value, _last(outcome)
    if last.target and last.promises:
        again = run(last.target, dict(namespace))
        value, shown = again.value, again.last
    for made in last.promises:
        fact = promise.observe(made.text, value, shown, namespace)
        if got := promise.broken(made.text, fact, rtol, signed_zero):
            return Judged(words="The example promises something else.", want=made.text, got=got)
    return PASSED


def _last(outcome: Outcome) -> str:
    """What a promise is about: the text of the value, or the last line that was printed if there is none."""
    if outcome.value is None:
        return outcome.output.rstrip("\n").rpartition("\n")[2]
    try:
        return text_of(outcome.value)
    except Exception:
        return outcome.output  # its `repr` fails, which the shell has told


def _strange(error: SyntaxError, source: str) -> str:
    """The character that Python stumbled over, if it is one that looks like another; quotes may also leave one open."""
    message = str(error.msg)
    if "unterminated" in message:
        return next((character for character in QUOTES if character in source), "")
    if "character" not in message:
        return ""
    code = re.search(r"U\+([0-9A-F]{4,6})", message)
    return chr(int(code[1], 16)) if code and chr(int(code[1], 16)) in LOOKALIKES else ""


def _has_blank(source: str) -> bool:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return False
    return any(token.type == tokenize.NAME and token.string == "___" for token in tokens)
