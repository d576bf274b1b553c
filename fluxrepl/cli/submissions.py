"""`fluxrepl check --untrusted --lesson LESSON PATH…`: what learners handed in, as a table, a line for each of them."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from .formats import save
from .status import FINDINGS, OK, usage

if TYPE_CHECKING:
    from fluxrepl.tutor.lesson import Lesson
    from fluxrepl.tutor.settings import Settings
    from fluxrepl.tutor.untrusted.submissions import Judged

MARKS = {"passed": "✓", "failed": "✗", "no answer": "–", "not judged": "!"}


def run(asked: argparse.Namespace, settings: "Settings") -> int:
    """Judge them all; the status is that of a check. Errors about what was asked are told by the caller."""
    from fluxrepl.tutor.course import find_lesson
    from fluxrepl.tutor.lesson import read
    from fluxrepl.tutor.problem import LessonError
    from fluxrepl.tutor.untrusted.handed_in import find_submissions, read_submissions

    if not settings.untrusted:
        return usage("--lesson judges what others wrote, which runs in a sandbox: write --untrusted as well")
    if asked.format not in ("text", "json"):
        return usage(f"submissions are reported as text or json, not as {asked.format}")
    try:
        lesson = read(find_lesson(asked.lesson))
    except LessonError as error:
        return usage(str(error))
    if not lesson.exercises:
        return usage(f"{lesson.path} has no exercises, so there is nothing to judge")
    handed_in = read_submissions(find_submissions(asked.paths), lesson)
    if settings.dask:
        from fluxrepl.tutor.untrusted.parts import judge_on_cluster

        judged = judge_on_cluster(lesson, handed_in, settings)
    else:
        from fluxrepl.tutor.untrusted.submissions import judge_all

        judged = judge_all(lesson, handed_in, settings)
    _write(lesson, judged, asked)
    return OK if all(one.passed for one in judged) else FINDINGS


def _write(lesson: "Lesson", judged: "list[Judged]", asked: argparse.Namespace) -> None:
    report = text = "\n".join(_text(lesson, judged, asked.quiet)) + "\n"
    if asked.format == "json":
        import json

        report = json.dumps(as_data(lesson, judged), indent=2) + "\n"
    sys.stdout.write(text if asked.output else report)
    if asked.output:
        save(report, asked.output)


def as_data(lesson: "Lesson", judged: "list[Judged]") -> dict[str, Any]:
    """For `--format json`."""
    return {
        "version": 1,
        "lesson": {"id": lesson.id, "title": lesson.title, "path": str(lesson.path)},
        "passed": all(one.passed for one in judged),
        "summary": _summary(lesson, judged),
        "submissions": [
            {
                "learner": one.submission.learner,
                "path": str(one.submission.path),
                "passed": one.passed,
                "seconds": round(one.seconds, 3),
                "exercises": {name: vars(verdict) for name, verdict in one.verdicts.items()},
            }
            for one in judged
        ],
    }


def _text(lesson: "Lesson", judged: "list[Judged]", quiet: bool) -> list[str]:
    from fluxrepl.tutor.harmless import harmless_line as harmless

    names = [made.name for made in lesson.exercises]
    learners = [harmless(one.submission.learner) for one in judged]
    width = max(map(len, learners))
    lines = [" ".join([" " * width, *names])]
    for learner, one in zip(learners, judged, strict=True):
        marks = (f"{MARKS[one.verdicts[name].outcome]:^{len(name)}}" for name in names)
        lines.append(" ".join([f"{learner:<{width}}", *marks]).rstrip())
    lines.append("")
    for learner, one in zip(learners, judged, strict=True):
        for name, verdict in one.verdicts.items():
            if verdict.outcome != "passed" and not quiet:
                first, *rest = (verdict.words or verdict.outcome).split("\n")
                lines += [f"{learner}, {name}: {first}", *(f"  {line}" for line in rest)]
    near = sorted({name for one in judged for name, verdict in one.verdicts.items() if not verdict.guarded})
    if near:
        lines.append(
            f"note: {', '.join(near)}: judged in the answer's own process, because the check needs to be there; "
            "who knows how could deceive it, so look at those answers"
        )
    return [*lines, _summary(lesson, judged)]


def _summary(lesson: "Lesson", judged: "list[Judged]") -> str:
    solved = sum(one.passed for one in judged)
    noun = "submission" if len(judged) == 1 else "submissions"
    exercises = len(lesson.exercises)
    what = "the exercise" if exercises == 1 else f"all {exercises} exercises"
    return f"{len(judged)} {noun} of “{lesson.title}”: {solved} solved {what}"
