"""The result of a check, as plain data: what was found, where, and what was counted."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be. `kind` sorts it: malformed, link, output, error, promise, exercise,
    ended, not run."""

    path: Path
    line: int
    kind: str
    what: str
    source: str = ""
    want: str = ""
    got: str = ""
    note: str = ""

    @property
    def place(self) -> str:
        """`path:line`, as compilers write it."""
        return f"{self.path}:{self.line}" if self.line else str(self.path)


@dataclass
class LessonReport:
    """What came of one lesson: counts of what was run, findings, and what could not be run here, with the reason."""

    path: Path
    title: str = ""
    findings: list[Finding] = field(default_factory=list)
    examples: int = 0
    exercises: int = 0
    skipped: list[tuple[int, str]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


@dataclass
class Report:
    """What came of all lessons."""

    lessons: list[LessonReport] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether nothing was found anywhere."""
        return all(lesson.passed for lesson in self.lessons)

    @property
    def findings(self) -> list[Finding]:
        """All findings, lesson by lesson."""
        return [finding for lesson in self.lessons for finding in lesson.findings]

    def summary(self) -> str:
        """One line: how many lessons, examples and exercises, and whether they passed."""
        examples = sum(lesson.examples for lesson in self.lessons)
        exercises = sum(lesson.exercises for lesson in self.lessons)
        counted = [_count(len(self.lessons), "lesson"), _count(examples, "example"), _count(exercises, "exercise")]
        if self.passed:
            ended = "all passed"
        else:
            failed = sum(not lesson.passed for lesson in self.lessons)
            ended = f"{_count(len(self.findings), 'finding')} in {_count(failed, 'lesson')}"
        return f"{', '.join(counted)}: {ended}{self._skipped()}"

    def _skipped(self) -> str:
        reasons: dict[str, int] = {}
        for lesson in self.lessons:
            for _, reason in lesson.skipped:
                reasons[reason] = reasons.get(reason, 0) + 1
        words = "; ".join(f"{_count(number, 'example')} skipped ({reason})" for reason, number in reasons.items())
        return f"; {words}" if words else ""

    def as_data(self) -> dict[str, Any]:
        """For `--format json`."""
        return {
            "version": 1,
            "passed": self.passed,
            "summary": self.summary(),
            "lessons": [
                {
                    "path": str(lesson.path),
                    "title": lesson.title,
                    "passed": lesson.passed,
                    "examples": lesson.examples,
                    "exercises": lesson.exercises,
                    "seconds": round(lesson.seconds, 3),
                    "skipped": [{"line": line, "reason": reason} for line, reason in lesson.skipped],
                    "findings": [
                        {name: value for name, value in vars(finding).items() if name != "path"}
                        for finding in lesson.findings
                    ],
                }
                for lesson in self.lessons
            ],
        }


def _count(number: int, noun: str) -> str:
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
            folded[number] = replace(finding, what=f"{finding.what} (so do lines {lines})")
    return folded
