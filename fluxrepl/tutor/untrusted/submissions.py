"""Judges what learners hand in by a teacher's lesson: two processes for each, and a relay between them.

First the lesson is tried on itself: an exercise whose solution passes, and whose wrong answers get their words, with
the check in another process is judged so. The few others are judged in the answer's own process, which a learner
who knows how could deceive; the report says which.
"""

import json
import select
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..harmless import harmless
from ..judge import GONE, SECONDS, too_long
from ..lesson import Exercise, Lesson
from ..needs import missing
from ..plan import units
from ..settings import Settings
from .handed_in import Pieces, Submission
from .judging import Item, names_of
from .limits import Limits
from .sandbox import Job, Sandbox

MOST = 64 << 20  # bytes that go between the two

PASSED, FAILED, NO_ANSWER, UNJUDGED = "passed", "failed", "no answer", "not judged"


@dataclass
class Verdict:
    """What came of one exercise. It is `guarded` if its check ran out of the answer's reach."""

    outcome: str
    words: str = ""
    guarded: bool = True


@dataclass
class Judged:
    """What came of one submission, exercise by exercise."""

    submission: Submission
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether every exercise did."""
        return all(verdict.outcome == PASSED for verdict in self.verdicts.values())


def judge_all(
    lesson: Lesson, submissions: Iterable[Submission], settings: Settings, guarded: frozenset[str] | None = None
) -> list[Judged]:
    """A verdict on each submission, in order; `guarded` where it is known already. `Refused` without a sandbox."""
    wanted = [Judged(submission) for submission in submissions]
    with Sandbox() as sandbox:
        if guarded is None:
            guarded = calibrate(lesson, settings, sandbox)
        list(_run(lesson, wanted, guarded, settings, sandbox))
    return wanted


def calibrate(lesson: Lesson, settings: Settings, sandbox: Sandbox) -> frozenset[str]:
    """The exercises whose check works from another process: on the solution, on each wrong answer, on the starter."""
    solutions: dict[str, Pieces] = {made.name: [(made.solution, True)] for made in lesson.exercises}
    trials: list[tuple[str, dict[str, Pieces], str | None]] = [("", solutions, None)]
    for place, made in enumerate(lesson.exercises):
        before = {name: solutions[name] for name in list(solutions)[:place]}
        for answer, words in [(made.starter, ""), *((wrong.source, wrong.says) for wrong in made.wrongs)]:
            trials.append((made.name, {**before, made.name: [(answer, True)]}, words))
    tried = [Judged(Submission(lesson.path, "", answers)) for _, answers, _ in trials]
    fits = set(solutions)
    list(_run(lesson, tried, frozenset(fits), settings, sandbox))
    for judged, (name, _, says) in zip(tried, trials, strict=True):
        if says is None:
            fits &= {name for name, verdict in judged.verdicts.items() if verdict.outcome == PASSED}
        elif judged.verdicts[name].outcome != FAILED or says not in judged.verdicts[name].words:
            fits.discard(name)
    return frozenset(fits)


def _run(
    lesson: Lesson, wanted: list[Judged], guarded: frozenset[str], settings: Settings, sandbox: Sandbox
) -> Iterator[Judged]:
    """Judge them all, `settings.jobs` at a time."""
    waiting = wanted[::-1]
    running: list[_Pair] = []
    while waiting or running:
        while waiting and len(running) < settings.jobs:
            judged = waiting.pop()
            for made in lesson.exercises:
                problem = judged.submission.problem
                words = problem or judged.submission.lacks.get(made.name, "")
                judged.verdicts[made.name] = Verdict(UNJUDGED if problem else NO_ANSWER, harmless(words))
            todo = [n for n, made in enumerate(lesson.exercises) if made.name in judged.submission.answers]
            if todo:
                running.append(_Pair(lesson, judged, todo, guarded, settings, sandbox))
            else:
                yield judged
        soonest = min((one.due for one in running), default=0.0) - time.monotonic()
        socks = [job for one in running for job in (one.judge, one.answer) if job.open]
        if socks:
            select.select(socks, [], [], min(max(0.0, soonest), 0.05))
        for one in list(running):
            one.relay()
            if one.is_over():
                running.remove(one)
                if left := one.finish():
                    running.append(_Pair(lesson, one.judged, left, guarded, settings, sandbox))
                else:
                    yield one.judged


class _Pair:
    """A judge and an answer, and what each is told: the answer nothing of checks, the judge nothing of the machine."""

    def __init__(
        self, lesson: Lesson, judged: Judged, todo: list[int], guarded: frozenset[str], settings: Settings, box: Sandbox
    ):
        self.lesson, self.judged, self.todo, self.settings = lesson, judged, list(todo), settings
        self.guarded = guarded
        limits = Limits(seconds=settings.timeout)
        asked = {"seed": settings.seed}
        self.answer = box.job({"kind": "answer", "items": self._items(self._for_answer), **asked}, limits)
        self.judge = box.job({"kind": "decide", "items": self._items(self._for_judge), **asked}, limits)
        self.started = time.monotonic()
        self.due = self.started + settings.timeout
        self.late, self.carried, self.at = 0.0, 0, todo[0]
        self.ended = self.told_gone = False

    def _items(self, of_exercise: Callable[[int, Exercise], Item]) -> list[Item]:
        """What a process runs, up to the last exercise that is judged."""
        found: list[Item] = []
        number = 0
        for unit in units(self.lesson):
            common = {"group": unit.block.options.group, "line": unit.line}
            if unit.example and not missing(unit.block.options.requires):
                found.append({**common, "source": unit.example.source})
            elif unit.block.exercise:
                found.append({**common, **of_exercise(number, unit.block.exercise)})
                if number == self.todo[-1]:
                    break
                number += 1
        return found

    def _for_answer(self, number: int, made: Exercise) -> Item:
        """Where there is no answer, what builds on it is not to suffer."""
        return {"exercise": number, "answer": self.judged.submission.answers.get(made.name, [(made.solution, False)])}

    def _for_judge(self, number: int, made: Exercise) -> Item:
        item = {"exercise": number, "judged": number in self.todo, "solution": made.solution}
        names = sorted(names_of(made.starter, made.solution))
        checks = [check.source for check in made.checks]
        return {**item, "names": names, "checks": checks, "apart": made.name in self.guarded}

    def relay(self) -> None:
        """Carry what the judge asks to the answer and what that says to the judge; hear the judge's verdicts."""
        for told in self.judge.reports(clean=False):
            if "far" in told:
                self._carry(self.answer, told["far"])
            elif "judging" in told:
                self.due = min(self.started + self.settings.timeout, time.monotonic() + SECONDS)
                self.late = SECONDS
            elif "exercise" in told and told["exercise"] in self.todo:
                self._note(told["exercise"], told.get("passed") is True, str(told.get("words", "")))
            elif "end" in told:
                self.ended = True
        for said in self.answer.reports(clean=False):
            if self.judge.open:
                self._carry(self.judge, {"far": said})
        if not self.answer.open and not self.told_gone:
            self.told_gone = True
            self.judge.send(b'{"far": null}\n')

    def _carry(self, to: Job, message: Any) -> None:
        data = json.dumps(message).encode() + b"\n"
        self.carried += len(data)
        if self.carried > MOST:
            self.answer.disbelieve(f"sent more than {MOST >> 20} MB")
        else:
            to.send(data)

    def _note(self, number: int, passed: bool, words: str) -> None:
        self.todo.remove(number)
        made = self.lesson.exercises[number]
        if words == GONE and self.answer.fault:
            words = f"it {self.answer.fault}"
        outcome = PASSED if passed else FAILED
        self.judged.verdicts[made.name] = Verdict(outcome, harmless(words)[:4000], made.name in self.guarded)
        self.due, self.late = self.started + self.settings.timeout, 0.0

    def is_over(self) -> bool:
        """Whether no more verdicts are to come."""
        return not self.todo or self.ended or not self.judge.open or time.monotonic() > self.due

    def finish(self) -> list[int]:
        """End both; what is left to be judged by another pair."""
        late = time.monotonic() > self.due and bool(self.todo)
        if late:
            self._note(self.todo[0], False, too_long(self.late or self.settings.timeout))
        elif self.todo and not self._has_told():
            self._note(self.todo[0], False, "it could not be judged: the check ended")
        for job in (self.answer, self.judge):
            job.release()
        self.judged.seconds += time.monotonic() - self.started
        return self.todo

    def _has_told(self) -> bool:
        return self.todo[0] != self.at
