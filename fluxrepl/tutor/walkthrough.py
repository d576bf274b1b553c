"""What to type to get through a lesson: for tests, and for `fluxrepl learn --replay`."""

from collections.abc import Iterator

from .lesson import Lesson, Step
from .needs import missing


def walkthrough(lesson: Lesson) -> Iterator[tuple[Step, str]]:
    """Each step with what to type there to pass it: the example, the solution, the quiz's answer, or `:next`.

    Where the text equals `prefill`, Enter is enough.
    """
    for step in lesson.steps:
        if step.quiz:
            yield step, step.quiz.answer if step.quiz.choices else f":answer {' '.join(step.quiz.answer.split())}"
        elif step.exercise:
            yield step, step.exercise.solution.rstrip("\n")
        elif step.kind == "read" or missing(step.options.requires):
            yield step, ":next"
        else:
            yield step, step.source.rstrip("\n")
