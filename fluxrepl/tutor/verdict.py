"""From what a lesson's process reported to findings. Nothing here runs in that process, so no lesson can touch it."""

from dataclasses import replace

from . import promise
from .compare import difference, error_fits
from .drawn import WRITE, draws_none
from .fork import Report
from .lesson import Example, Exercise, Lesson, Options
from .plan import Unit, units
from .report import Finding, LessonReport
from .settings import Settings
from .task import Run

EVERYTHING = Settings()
LONGEST_NAME = 200  # characters of the name of an error


def verdict(run: Run, settings: Settings = EVERYTHING) -> LessonReport:
    """What a run shows about its lesson."""
    lesson = run.lesson
    judged = LessonReport(lesson.path, lesson.title, seconds=run.seconds)
    expected = units(lesson)
    heard = run.reports[: len(expected)]
    for number, (unit, report) in enumerate(zip(expected, heard, strict=False)):
        if report.get("unit") != number:
            what = "the lesson wrote on the checker's own channel"
            judged.findings.append(_finding(lesson, unit.line, "ended", what, unit.example))
            break
        if run.round == 1 or unit.block.kind in ("python", "setup"):
            _judge(lesson, unit, report, judged, settings)
    else:
        if len(heard) < len(expected):
            _not_reached(lesson, expected[len(heard) :], run.ended or "ended Python itself", judged)
        elif run.ended:
            last = expected[-1].line if expected else 0
            judged.findings.append(_finding(lesson, last, "ended", f"after its last example the lesson {run.ended}"))
    return judged


def verdict_of_rounds(runs: list[Run], settings: Settings) -> LessonReport:
    """What several runs of one lesson show, each from a seed of its own: what fails only sometimes is told with one."""
    runs = sorted(runs, key=lambda run: run.round)
    first = verdict(runs[0], settings)
    if len(runs) == 1:
        return first
    found: dict[tuple[int, str], list[tuple[Run, Finding]]] = {}
    for run in runs:
        judged = first if run is runs[0] else verdict(run, settings)
        for finding in judged.findings:
            if run is runs[0] or finding.kind != "not run":
                found.setdefault((finding.line, finding.kind), []).append((run, finding))
    first.findings = [_in_rounds(cases, len(runs)) for _, cases in sorted(found.items())]
    first.seconds = sum(run.seconds for run in runs)
    return first


def _in_rounds(cases: list[tuple[Run, Finding]], rounds: int) -> Finding:
    """One finding for all rounds that found it."""
    run, finding = cases[0]
    again = any(case.round > 1 for case, _ in cases)
    if len(cases) == rounds or not (again or finding.kind == "promise"):
        return finding
    often = f"in {len(cases)} of {rounds} rounds; first with --seed {run.seed} (round {run.round})"
    return replace(finding, note="; ".join(filter(None, [finding.note, often])))


def _judge(lesson: Lesson, unit: Unit, report: Report, judged: LessonReport, settings: Settings) -> None:
    if isinstance(reason := report.get("skipped"), str) and unit.block.options.requires:
        judged.skipped.append((unit.line, reason))
        return
    kind = KIND_OF.get(unit.block.kind, "")
    if kind and not settings.judges(kind):
        if report.get("error"):
            found = _judge_error(lesson, unit.example, report, None) if unit.example else []
            judged.findings += found
        return
    if isinstance(cause := report.get("depends"), int):
        what = f"not run: depends on line {cause}"
        judged.findings.append(replace(_finding(lesson, unit.line, "not run", what), unit=unit.line))
    elif unit.example:
        judged.findings += _judge_example(lesson, unit, unit.example, report)
        if report.get("figures") == 0 and not any(found.line > unit.block.line for found in judged.findings):
            what = draws_none(unit.block.options.figure)
            judged.findings.append(
                replace(_finding(lesson, unit.block.line, "error", what, note=WRITE), unit=unit.line)
            )
    else:
        assert unit.block.exercise
        found = _judge_exercise(lesson, unit.block.exercise, report)
        judged.findings += [replace(finding, unit=unit.line) for finding in found]
    if unit.block.kind == "setup":
        return
    judged.units.append((unit.line, unit.title))
    if unit.example:
        judged.examples += 1
    else:
        judged.exercises += 1


KIND_OF = {"pycon": "pycon", "python": "python", "exercise": "exercises"}  # of a block → as it is selected


def _judge_example(lesson: Lesson, unit: Unit, example: Example, report: Report) -> list[Finding]:
    options = unit.block.options
    error = report.get("error")
    if error or example.error:
        return _judge_error(lesson, example, report, options.rtol)
    found = []
    if example.want is not None:
        output = str(report.get("output", ""))
        if output != example.want and (parted := difference(example.want, output, options.rtol, options.signed_zero)):
            what = f"the output differs at {parted}"
            one = _finding(lesson, example.line, "output", what, example, example.want, output)
            found.append(replace(one, want_at=parted.want_at, got_at=parted.got_at))
    facts = report.get("facts", [])
    for number, made in enumerate(example.promises):
        fact = facts[number] if number < len(facts) else {}
        if got := promise.broken(made.text, fact, options.rtol, options.signed_zero):
            key = f"the key says {made.key}, and the expression gives {got}" if made.key else ""
            what = key or f"the promise `# => {made.text}` is not kept"
            one = _finding(lesson, made.line, "promise", what, example, made.key or made.text, got)
            found.append(_marked(one, options) if promise.is_text(made.text) else one)
    return found


def _judge_error(lesson: Lesson, example: Example, report: Report, rtol: float | None) -> list[Finding]:
    error, output = report.get("error"), str(report.get("output", ""))
    if not error:
        what = "no error was raised"
        return [_finding(lesson, example.line, "output", what, example, example.error, output or "(no output)")]
    name = _cut(error["name"])
    raised = "\n".join([f"{name}: {error['message']}".removesuffix(": "), *error["notes"]])
    if not example.error:
        what = "exit() was called" if error["name"] == "SystemExit" else f"{name} was raised"
        inner = error.get("line", 0)
        note = f"raised at line {inner}" if inner and inner != example.line else ""
        return [_finding(lesson, example.line, "error", what, example, (example.want or "").rstrip(), raised, note)]
    if error_fits(example.error, error, rtol):
        return []
    what = "another error was raised"
    return [_marked(_finding(lesson, example.line, "error", what, example, example.error, raised), Options(rtol=rtol))]


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "…"


def _marked(finding: Finding, options: Options) -> Finding:
    """A finding that tells where want and got part."""
    parted = difference(finding.want, finding.got, options.rtol, options.signed_zero)
    return replace(finding, want_at=parted.want_at, got_at=parted.got_at) if parted else finding


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
    finding = _finding(lesson, first.line, "ended", f"the lesson {ended} here", first.example)
    judged.findings.append(replace(finding, unit=first.line))
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
    return Finding(lesson.path, line, kind, what, source, want, got, note, example.line if example else 0)
