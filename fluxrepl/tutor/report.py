"""The result of a check, as plain data: what was found, where, and what was counted."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be. `kind` sorts it: malformed, link, output, error, promise, exercise,
    ended, not run. `unit` is the line of the example or exercise it belongs to; 0 for the lesson as a whole."""

    path: Path
    line: int
    kind: str
    what: str
    source: str = ""
    want: str = ""
    got: str = ""
    note: str = ""
    unit: int = 0
    want_at: tuple[int, int, int] | None = None  # where want and got part: line, column, how many characters
    got_at: tuple[int, int, int] | None = None

    @property
    def place(self) -> str:
        """`path:line`, as compilers write it."""
        return f"{self.path}:{self.line}" if self.line else str(self.path)


@dataclass
class LessonReport:
    """What came of one lesson: counts of what was run, findings, and what could not be run here, with the reason.

    `units` are the line and the title of each example and exercise that was judged. A `cached` report is of an earlier
    check, from which nothing has changed.
    """

    path: Path
    title: str = ""
    findings: list[Finding] = field(default_factory=list)
    examples: int = 0
    exercises: int = 0
    skipped: list[tuple[int, str]] = field(default_factory=list)
    seconds: float = 0.0
    units: list[tuple[int, str]] = field(default_factory=list)
    cached: bool = False

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def failures(self) -> int:
        """How many findings there are, without those that only follow from another."""
        return sum(finding.kind != "not run" for finding in self.findings)


@dataclass
class Report:
    """What came of all lessons. `unchecked` are those that were not reached, because the check was `stopped`."""

    lessons: list[LessonReport] = field(default_factory=list)
    unchecked: list[Path] = field(default_factory=list)
    stopped: str = ""
    remark: str = ""  # what the reader should know about how it was checked

    @property
    def passed(self) -> bool:
        """Whether everything was checked and nothing was found."""
        return not self.stopped and all(lesson.passed for lesson in self.lessons)

    @property
    def findings(self) -> list[Finding]:
        """All findings, lesson by lesson."""
        return [finding for lesson in self.lessons for finding in lesson.findings]

    def summary(self) -> str:
        """One line: how many lessons, examples and exercises, and whether they passed."""
        examples = sum(lesson.examples for lesson in self.lessons)
        exercises = sum(lesson.exercises for lesson in self.lessons)
        counted = [count(len(self.lessons), "lesson"), count(examples, "example"), count(exercises, "exercise")]
        failed = sum(not lesson.passed for lesson in self.lessons)
        passed = "all passed" if self.lessons else "nothing was checked"
        ended = f"{count(len(self.findings), 'finding')} in {count(failed, 'lesson')}" if failed else passed
        return "; ".join([f"{', '.join(counted)}: {ended}", *self._remarks()])

    def _remarks(self) -> list[str]:
        cached = sum(lesson.cached for lesson in self.lessons)
        words = [f"{cached} from the cache"] if cached else []
        reasons: dict[str, int] = {}
        for lesson in self.lessons:
            for _, reason in lesson.skipped:
                reasons[reason] = reasons.get(reason, 0) + 1
        words += [f"{count(number, 'example')} skipped ({reason})" for reason, number in reasons.items()]
        if self.stopped:
            words.append(f"stopped: {self.stopped}; {count(len(self.unchecked), 'lesson')} not checked")
        return [*words, self.remark] if self.remark else words

    def as_data(self) -> dict[str, Any]:
        """For `--format json`."""
        return {
            "version": 1,
            "passed": self.passed,
            "summary": self.summary(),
            "cached": sum(lesson.cached for lesson in self.lessons),
            "stopped": self.stopped,
            "unchecked": [str(path) for path in self.unchecked],
            "lessons": [_lesson_data(lesson) for lesson in self.lessons],
        }


def _lesson_data(lesson: LessonReport) -> dict[str, Any]:
    return {
        "path": str(lesson.path),
        "title": lesson.title,
        "passed": lesson.passed,
        "cached": lesson.cached,
        "examples": lesson.examples,
        "exercises": lesson.exercises,
        "seconds": round(lesson.seconds, 3),
        "skipped": [{"line": line, "reason": reason} for line, reason in lesson.skipped],
        "findings": [
            {name: value for name, value in vars(finding).items() if name != "path"} for finding in lesson.findings
        ],
    }


def count(number: int, noun: str) -> str:
    """`1 lesson`, `2 lessons`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def folded(findings: list[Finding]) -> list[Finding]:
    """Follow-up failures of one cause become one line, at the first of them."""
    folded: list[Finding] = []
    followers: dict[str, list[int]] = {}
    for finding in findings:
        if finding.kind == "not run":
            followers.setdefault(finding.what, []).append(finding.line)
        if finding.kind != "not run" or len(followers[finding.what]) == 1:
            folded.append(finding)
    for number, finding in enumerate(folded):
        if rest := followers.get(finding.what, [])[1:]:
            lines = ", ".join(str(line) for line in rest)
            so = f"so do lines {lines}" if len(rest) > 1 else f"so does line {lines}"
            folded[number] = replace(finding, what=f"{finding.what} ({so})")
    return folded
