"""From what a lesson's process reported to findings. Nothing here runs in that process, so no lesson can touch it."""

from . import promise
from .compare import difference, error_fits
from .fork import Report
from .isolate import Run
from .lesson import Example, Exercise, Lesson
from .plan import Unit, units
from .report import Finding, LessonReport


def verdict(run: Run) -> LessonReport:
    """What a run shows about its lesson."""
    lesson = run.lesson
    judged = LessonReport(lesson.path, lesson.title, seconds=run.seconds)
    expected = units(lesson)
    heard = run.reports[: len(expected)]
    for number, (unit, report) in enumerate(zip(expected, heard, strict=False)):
        if report.get("unit") != number:
            judged.findings.append(
                _finding(lesson, unit.line, "ended", "the lesson wrote on the checker's own channel")
            )
            return judged
        _judge(lesson, unit, report, judged)
    if len(heard) < len(expected):
        _not_reached(lesson, expected[len(heard) :], run.ended or "ended Python itself", judged)
    elif run.ended:
        last = expected[-1].line if expected else 0
        judged.findings.append(_finding(lesson, last, "ended", f"after its last example the lesson {run.ended}"))
    return judged


def _judge(lesson: Lesson, unit: Unit, report: Report, judged: LessonReport) -> None:
    if isinstance(reason := report.get("skipped"), str) and unit.block.options.requires:
        judged.skipped.append((unit.line, reason))
        return
    if isinstance(cause := report.get("depends"), int):
        what = f"not run: depends on line {cause}"
        judged.findings.append(_finding(lesson, unit.line, "not run", what))
    elif unit.example:
        judged.findings += _judge_example(lesson, unit, unit.example, report)
    else:
        assert unit.block.exercise
        judged.findings += _judge_exercise(lesson, unit.block.exercise, report)
    if unit.block.kind == "exercise":
        judged.exercises += 1
    elif unit.block.kind != "setup":
        judged.examples += 1


def _judge_example(lesson: Lesson, unit: Unit, example: Example, report: Report) -> list[Finding]:
    options = unit.block.options
    error = report.get("error")
    if error or example.error:
        return _judge_error(lesson, example, report, options.rtol)
    found = []
    if example.want is not None:
        output = str(report.get("output", ""))
        if parted := difference(example.want, output, options.rtol, options.signed_zero):
            found.append(
                _finding(
                    lesson, example.line, "output", f"the output differs at {parted}", example, example.want, output
                )
            )
    facts = report.get("facts", [])
    for number, made in enumerate(example.promises):
        fact = facts[number] if number < len(facts) else {}
        if got := promise.broken(made.text, fact, options.rtol, options.signed_zero):
            what = f"the promise `# => {made.text}` is not kept"
            found.append(_finding(lesson, made.line, "promise", what, example, made.text, got))
    return found


def _judge_error(lesson: Lesson, example: Example, report: Report, rtol: float | None) -> list[Finding]:
    error, output = report.get("error"), str(report.get("output", ""))
    if not error:
        what = "no error was raised"
        return [_finding(lesson, example.line, "output", what, example, example.error, output or "(no output)")]
    raised = "\n".join([f"{error['name']}: {error['message']}".removesuffix(": "), *error["notes"]])
    if not example.error:
        what = "exit() was called" if error["name"] == "SystemExit" else f"{error['name']} was raised"
        inner = error.get("line", 0)
        note = f"raised at line {inner}" if inner and inner != example.line else ""
        return [_finding(lesson, example.line, "error", what, example, (example.want or "").rstrip(), raised, note)]
    if error_fits(example.error, error, rtol):
        return []
    what = "another error was raised"
    return [_finding(lesson, example.line, "error", what, example, example.error, raised)]


def _judge_exercise(lesson: Lesson, exercise: Exercise, report: Report) -> list[Finding]:
    name = exercise.name
    verdicts = report.get("verdicts", [])
    if len(verdicts) != len(exercise.wrongs) + 2:
        return [_finding(lesson, exercise.line, "exercise", f"exercise `{name}` could not be judged")]
    starter, *wrongs, solution = verdicts
    found = []
    if starter[0]:
        what = f"the starter of `{name}` passes its check already"
        found.append(_finding(lesson, exercise.line, "exercise", what, note="leave something to do, or check more"))
    if not solution[0]:
        what = f"the solution of `{name}` does not pass its check"
        found.append(_finding(lesson, exercise.solution_line, "exercise", what, got=solution[1]))
    for wrong, (passed, words) in zip(exercise.wrongs, wrongs, strict=True):
        if passed:
            what = f"a wrong answer to `{name}` passes the check"
            found.append(_finding(lesson, wrong.line, "exercise", what, want=wrong.says, got="passed"))
        elif wrong.says not in words:
            what = f"a wrong answer to `{name}` is not told its words"
            found.append(_finding(lesson, wrong.line, "exercise", what, want=wrong.says, got=words))
    return found


def _not_reached(lesson: Lesson, rest: list[Unit], ended: str, judged: LessonReport) -> None:
    """The process is gone: the unit it was at is to blame, and nothing after it was run."""
    first, *later = rest
    source = first.example if first.example else None
    judged.findings.append(_finding(lesson, first.line, "ended", f"the lesson {ended} here", source))
    if later:
        what = f"not run: the lesson ended at line {first.line} ({len(later)} left)"
        judged.findings.append(_finding(lesson, later[0].line, "not run", what))


def _finding(
    lesson: Lesson,
    line: int,
    kind: str,
    what: str,
    example: Example | None = None,
    want: str = "",
    got: str = "",
    note: str = "",
) -> Finding:
    source = example.source.rstrip("\n") if example else ""
    return Finding(lesson.path, line, kind, what, source, want, got, note)
