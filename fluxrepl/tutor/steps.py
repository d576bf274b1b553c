"""Cuts a lesson into steps: prose gathers until there is something to do; a heading closes a section of only prose.

A pycon fence becomes one step for each output, so that Enter runs the statements up to it; a python fence one for
each promise. Keys of examples come from their content, so that a new step above loses nobody's progress.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from .lesson import Example, Exercise, Options, Quiz, Step

T = TypeVar("T")
TAGS = re.compile(r"</?details[^>]*>|<summary[^>]*>.*?</summary>", re.I)
SUMMARY = re.compile(r"<summary[^>]*>(.*?)</summary>", re.I)


class Steps:
    """The steps of one lesson while it is read; lines count from 0."""

    def __init__(self, lines: list[str]):
        self.lines = list(lines)
        self.hidden: set[int] = set()
        self.cursor = 0  # where the prose begins that no step has taken
        self.title = ""
        self.pending_setup = ""
        self.made: list[dict[str, Any]] = []
        self.quizzes: dict[str, dict[str, Any]] = {}

    def begin(self, line: int) -> None:
        """The front matter ends here."""
        self.cursor = line

    def hide(self, start: int, end: int) -> None:
        """These lines are no prose."""
        self.hidden.update(range(start, end))

    def open_details(self, start: int, end: int, summary: str) -> None:
        """A box that is none of ours: its summary becomes a bold line."""
        for row in range(start, end):
            line = self.lines[row]
            if TAGS.search(line):
                self.lines[row] = TAGS.sub("", SUMMARY.sub(rf"**{summary}**\n", line))

    def heading(self, line: int, title: str) -> None:
        """A new section."""
        if self._has_text(line):
            self._add("read", line, line, line)
        self.title = title

    def setup(self, source: str) -> None:
        """Hidden code that the next step needs."""
        self.pending_setup += source

    def examples(self, kind: str, examples: tuple[Example, ...], options: Options, start: int, end: int) -> None:
        """A fence that runs."""
        groups = up_to_output(examples, _shows) if kind == "pycon" else ((example,) for example in examples)
        for group in groups:
            self._add("example", start, end, group[0].line - 1, examples=group, options=options)

    def exercise(self, name: str, start: int, end: int, options: Options) -> None:
        """An exercise stands at its starter."""
        self._add("exercise", start, end, start, name=name, options=options)

    def quiz(self, quiz: Quiz, start: int, end: int) -> None:
        """A quiz stands at its comment; the question is the prose above."""
        self._add("quiz", start, end, start, quiz=quiz)
        self.quizzes[quiz.name] = self.made[-1]

    def explain_quiz(self, name: str, explanation: str) -> None:
        """The answer box came below the quiz's comment."""
        step = self.quizzes[name]
        step["quiz"] = replace(step["quiz"], explanation=explanation)

    def finish(self) -> None:
        """The end of the file: what is left is read."""
        if self._has_text(len(self.lines)):
            self._add("read", len(self.lines), len(self.lines), self.cursor)

    def built(self, lesson_title: str, exercises: dict[str, Exercise]) -> tuple[Step, ...]:
        """The steps, each with its key and digest."""
        taken: dict[str, int] = {}
        steps = []
        for fields in self.made:
            name = fields.pop("name", "")
            if name:
                fields["exercise"] = exercises.get(name)
            step = Step(key="", digest="", **{**fields, "title": fields["title"] or lesson_title})
            digest = _digest(step)
            key = _key(step, name, digest)
            taken[key] = taken.get(key, 0) + 1
            key = key if taken[key] == 1 else f"{key}-{taken[key]}"
            steps.append(Step(**{**vars(step), "digest": digest, "key": key}))  # a third of the time of `replace`
        return tuple(steps)

    def _add(self, kind: str, start: int, end: int, line: int, **fields: Any) -> None:
        """A step whose fence or comment stands at `start` to `end`; the prose above it is its own."""
        prose = self._prose(start)
        made = {"kind": kind, "title": self.title, "prose": prose, "line": line + 1, "setup": self.pending_setup}
        self.made.append({**made, **fields})
        self.pending_setup = ""
        self.cursor = max(self.cursor, end)

    def _prose(self, end: int) -> str:
        rows = (self.lines[row] for row in range(self.cursor, end) if row not in self.hidden)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip("\n")

    def _has_text(self, end: int) -> bool:
        """Whether the pending prose is more than headings."""
        return any(line.strip() and not line.startswith("#") for line in self._prose(end).split("\n"))


def up_to_output(examples: Iterable[T], shows: Callable[[T], bool]) -> Iterator[tuple[T, ...]]:
    """Examples in groups that each end with one that shows something; the last group may not."""
    group: list[T] = []
    for example in examples:
        group.append(example)
        if shows(example):
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)


def _shows(example: Example) -> bool:
    return bool(example.want or example.error)


def _digest(step: Step) -> str:
    """What progress on a step depends on. A better hint does not undo an answer; another check does."""
    content: list[Any] = [step.kind]
    if step.exercise:
        content += [step.exercise.starter, [check.source for check in step.exercise.checks]]
    elif step.quiz:
        content += [step.prose, step.quiz.answer]
    elif step.examples:
        content += [[e.source, e.want, e.error, [made.text for made in e.promises]] for e in step.examples]
    else:
        content.append(step.prose)
    return hashlib.sha256(repr(content).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _key(step: Step, name: str, digest: str) -> str:
    if step.quiz:
        return step.quiz.name
    return name or f"{step.kind}-{digest[:8]}"
