"""Gathers an exercise from where its pieces stand in a lesson: starter, solution, hints, checks, wrong answers.

The pieces may come in any order; at the end of the file each exercise must have them all.
"""

import re
from dataclasses import dataclass, field

from .examples import check_parses
from .lesson import Example, Exercise, Wrong
from .problem import Problems, nearest


@dataclass
class Draft:
    """An exercise of which not all pieces have been seen."""

    name: str
    line: int = 0
    starter: str = ""
    solution: str | None = None
    solution_line: int = 0
    checks: list[Example] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    wrongs: list[Wrong] = field(default_factory=list)
    explanation: str = ""
    first_line: int = 0  # where a piece was seen first, for one that has no starter


class Drafts:
    """All exercises of a lesson while it is read. A hint belongs to the starter above it."""

    def __init__(self, problems: Problems):
        self.problems = problems
        self.drafts: dict[str, Draft] = {}
        self.current: Draft | None = None
        self.quizzes: dict[str, int] = {}

    def starter(self, name: str, source: str, line: int) -> None:
        """The code that a learner finds at the prompt."""
        draft = self._draft(name, line)
        if draft.line:
            self.problems.add(
                line, f"a second starter `{name}`", f"the first is at line {draft.line}", "name it otherwise"
            )
            return
        draft.line, draft.starter = line, source
        check_parses(source, line + 1, self.problems)
        self.current = draft

    def solution(self, name: str, source: str, line: int) -> None:
        """The model answer."""
        draft = self._draft(name, line)
        if draft.solution is not None:
            why = f"the first is at line {draft.solution_line - 1}"
            self.problems.add(line - 1, f"a second solution `{name}`", why, "keep one")
            return
        draft.solution, draft.solution_line = source, line
        check_parses(source, line, self.problems)

    def check(self, name: str, source: str, line: int) -> None:
        """Asserts on what an answer does."""
        check_parses(source, line, self.problems)
        self._draft(name, line - 1).checks.append(Example(source, line))

    def wrong(self, name: str, says: str, source: str, line: int) -> None:
        """An answer that is known to be wrong, and the words it must be told."""
        check_parses(source, line, self.problems)
        self._draft(name, line - 1).wrongs.append(Wrong(source, says, line))

    def hint(self, text: str, line: int) -> None:
        """One more hint for the exercise above."""
        if not text.strip():
            self.problems.remark(line, "an empty hint", "a learner opens it in vain", "write a nudge")
        elif self.current is None:
            self.problems.remark(line, "a hint without an exercise above it", "", "put it below a {starter=NAME} block")
        else:
            self.current.hints.append(re.sub(r"\n{3,}", "\n\n", text.strip()))

    def explanation(self, text: str) -> None:
        """What is said around the model answer."""
        if self.current is not None:
            self.current.explanation = text

    def name_quiz(self, name: str, line: int) -> None:
        """Note a quiz's name: it must be the only one."""
        if name in self.quizzes:
            self.problems.add(
                line, f"a second quiz `{name}`", f"the first is at line {self.quizzes[name]}", "name it otherwise"
            )
        self.quizzes[name] = line

    def finish(self) -> dict[str, Exercise]:
        """The exercises that are whole; what is missing in the others goes to `problems`."""
        return {name: made for name, draft in self.drafts.items() if (made := self._finished(draft))}

    def _draft(self, name: str, line: int) -> Draft:
        draft = self.drafts.setdefault(name, Draft(name))
        draft.first_line = draft.first_line or line
        return draft

    def _finished(self, draft: Draft) -> Exercise | None:
        name = draft.name
        if not draft.line:
            known = [other for other, made in self.drafts.items() if made.line]
            write = nearest(name, known) if known else f"write ```python {{starter={name}}}"
            self.problems.add(draft.first_line, f"`{name}` is no exercise", "there is no starter of that name", write)
            return None
        if draft.solution is None:
            why = "nobody could see that it can be solved"
            self.problems.add(
                draft.line, f"exercise `{name}` has no solution", why, f"write ```python {{solution={name}}}"
            )
        if not draft.checks:
            why = "an answer is judged by what it does"
            write = f"write <!-- fluxrepl:check {name} … --> with asserts"
            self.problems.add(draft.line, f"exercise `{name}` has no check", why, write)
        if not draft.hints:
            write = "write <details><summary>Hint</summary>"
            self.problems.remark(draft.line, f"exercise `{name}` has no hint", "a learner may be stuck", write)
        if name in self.quizzes:
            self.problems.add(
                draft.line, f"`{name}` is an exercise and a quiz", "progress goes by the name", "rename one"
            )
        return Exercise(
            name,
            draft.line,
            draft.starter,
            draft.solution or "",
            draft.solution_line,
            tuple(draft.checks),
            tuple(draft.hints),
            tuple(draft.wrongs),
            draft.explanation,
        )
