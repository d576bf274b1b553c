"""Gathers a quiz from where its pieces stand: choices, code that is asked about, the answer box, the comment.

The comment makes the quiz; choices and code stand above it, the answer box above or below.
"""

import ast
import re

from .choices import check_choices, check_explanation
from .examples import check_parses
from .exercise import Drafts
from .lesson import Block, Example, Options, Promise, Quiz, is_number
from .markdown import Choice, HiddenPart
from .options import Head
from .problem import Problems, nearest
from .promise import NEAR
from .quiz import slack
from .steps import Steps

TICKED = re.compile(r"`([^`]+)`")


class Questions:
    """All quizzes of a lesson while it is read."""

    def __init__(self, steps: Steps, drafts: Drafts, problems: Problems):
        self.steps, self.drafts, self.problems = steps, drafts, problems
        self.made: dict[str, Quiz] = {}
        self.codes: dict[str, tuple[str, int]] = {}  # what is asked about, and its line
        self.choices: list[Choice] = []
        self.explanation = ""  # of the quiz whose answer box came before its comment
        self.explanation_at = 0  # its line
        self.last = ""  # the quiz above in this section, if its answer box may still come

    def offer(self, choices: list[Choice]) -> None:
        """Choices, for the comment below them."""
        self.choices = choices

    def code(self, name: str, source: str, line: int) -> None:
        """Code whose output is asked for."""
        if name in self.codes:
            why = f"the first is at line {self.codes[name][1]}"
            self.problems.add(line, f"a second block {{quiz={name}}}", why, "join them into one")
        self.codes[name] = source, line

    def explain(self, text: str, line: int) -> None:
        """An answer box: of the quiz above it in its section, if that has none; else of the one whose comment comes."""
        if self.choices or not self.last or self.codes.keys() - self.made.keys():
            self.explanation, self.explanation_at = text, line
        else:
            self.steps.explain_quiz(self.last, text)
            self._check_explanation(self.made[self.last], text, line)
            self.last = ""

    def ask(self, head: Head, part: HiddenPart) -> Block | None:
        """The comment of a quiz; gives a block, if it says how its answer can be checked."""
        offered, self.choices = self.choices, []
        choices = {choice.letter: choice.text for choice in offered}
        at, name = part.start + 1, head.name
        source, _ = self.codes.get(name, ("", 0))
        body = part.body.strip("\n") if part.body.strip() else ""
        answer, checked = head.answer, None
        if source and not choices and not answer:
            answer = body
        elif body and not choices and is_number(self._number(answer, at)[0]):
            checked = self._checked(answer, part)
        elif body:
            why = "only a number may have code below it, and only the output of a {quiz=NAME} block several lines"
            self.problems.add(at, "`fluxrepl:quiz` with text below", why, "close the comment on its first line")
        tolerance = None
        if not source and not choices:
            answer, tolerance = self._number(answer, at)
        self._check_answer(answer, choices, at)
        check_choices(offered, answer, self.problems)
        self.drafts.name_quiz(name, at)
        quiz = Quiz(name, at, answer, choices, self.explanation, tolerance, source)
        self._check_explanation(quiz, self.explanation, self.explanation_at)
        self.last = "" if self.explanation else name
        self.explanation, self.made[name] = "", quiz
        self.steps.quiz(quiz, part.start, part.end)
        return checked

    def section_ends(self) -> None:
        """Choices under a heading "Quiz" should have found their quiz; an answer box below is of another."""
        self.last = ""
        if self.choices and "quiz" in self.steps.title.lower():
            write = "write `<!-- fluxrepl:quiz name answer=a -->` below them"
            self.problems.add(
                self.choices[0].line, "choices of a quiz that is none", "a player asks nothing here", write
            )
            self.choices = []

    def finish(self) -> None:
        """The file ends: every block of code has had its question."""
        for name, (_, line) in self.codes.items():
            if name not in self.made:
                known = [other for other in self.made if other not in self.codes]
                write = nearest(name, known) if known else f"write <!-- fluxrepl:quiz {name} answer=… --> below it"
                self.problems.add(line, f"nothing asks about `{name}`", "there is no quiz of that name", write)

    def want(self, name: str) -> str | None:
        """What the code of a quiz must show: the answer; free, where it is a choice in words."""
        quiz = self.made.get(name)
        if quiz is None:
            return None
        if not quiz.choices:
            return quiz.answer + "\n"
        ticked = TICKED.fullmatch(quiz.choices.get(quiz.answer, ""))
        return ticked[1] + "\n" if ticked else None

    def _check_answer(self, answer: str, choices: dict[str, str], at: int) -> None:
        if not answer:
            self.problems.add(at, "`fluxrepl:quiz` without `answer=`", "nothing could be judged", "write answer=b")
        elif choices and answer not in choices:
            write = f"write one of {', '.join(choices)}"
            self.problems.add(at, f"the answer `{answer}` is not among the choices", "", write)
        elif not choices and len(answer) == 1 and answer.isalpha():
            write = f"write them above as a list: `- [ ] {answer}. some text`"
            self.problems.add(at, "a quiz without choices", f"its answer is the letter {answer}", write)

    def _check_explanation(self, quiz: Quiz, text: str, line: int) -> None:
        check_explanation(text, line, quiz.answer, list(quiz.choices), self.problems)

    def _number(self, answer: str, at: int) -> tuple[str, float | None]:
        """`0.5 ± 0.1` as `0.5` and 0.1; anything else as it is."""
        match = NEAR.fullmatch(answer)
        if not match or not is_number(match[1]):
            return answer, None
        if is_number(match[2]) and float(match[2]) > 0:
            return match[1], float(match[2])
        what = f"`{match[2]}` says not how near an answer must be"
        self.problems.add(at, what, "", f'write answer="{match[1]} ± 0.1"')
        return match[1], None

    def _checked(self, answer: str, part: HiddenPart) -> Block | None:
        """The expression below a quiz's first line: the checker compares it with the answer."""
        line = part.start + 2
        if not check_parses(part.body, line, self.problems):
            return None
        body = ast.parse(part.body).body
        if len(body) != 1 or not isinstance(body[0], ast.Expr):
            why = "it is only checked, and a name that it defined would be missing for a learner"
            self.problems.add(line, "a quiz with more below than an expression", why, "write one expression")
            return None
        number, tolerance = self._number(answer, part.start + 1)
        text = f"~{number} ± {float(slack(number, tolerance)) or 1e-9:g}"
        checked = Example(part.body, line, None, "", (Promise(text, line, answer),))
        return Block("setup", part.start + 1, (checked,), Options())
