"""`fluxrepl check --fix`: wants and promises become what their examples show now, where that is all that is wrong.

Never fixed: an error (it would become an expected one), another error than expected, an exercise, a lesson that did
not come to its end. A lesson with anything of that kind stays as it is, whole: its author must look at it first.
"""

import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from . import promise
from .compare import difference
from .fork import Report
from .isolate import Run, Task, run_apart
from .lesson import Example, Lesson, Options, Promise, read
from .names import code_of
from .plan import SEED, Unit, units
from .problem import LessonError, Problems
from .reader import Reader
from .renew import renewed
from .report import Finding, count
from .rewrite import END, Edit, FileChanged, Source, uncommitted
from .settings import Settings
from .verdict import verdict

FENCE = re.compile(r" {0,3}(?:```|~~~|-->)|>>> ")


@dataclass(frozen=True)
class Fixed:
    """What came of fixing one lesson: the `diff` of what was written, or why it was `refused`, at which line."""

    path: Path
    changes: int = 0
    diff: str = ""
    refused: str = ""
    line: int = 0

    def __str__(self) -> str:
        if self.refused:
            return f"{self.path}{f':{self.line}' if self.line else ''}: not fixed: {self.refused}"
        return f"{self.path}: {count(self.changes, 'promise')} fixed"


class CannotFix(Exception):
    """Why a lesson is left as it is, and the line that tells."""

    def __init__(self, why: str, line: int = 0):
        super().__init__(why)
        self.why, self.line = why, line


def fix(paths: Iterable[Path], settings: Settings, force: bool = False) -> Iterator[Fixed]:
    """Fix lessons that fail; each is run again, and again, so that what differs from run to run is not promised."""
    for path in paths:
        try:
            lesson = read(path)
            source = Source(path)
            first, *again = _runs(lesson, settings)
            edits = list(edits_for(lesson, source, first, again))
            if not edits:
                continue
            if (why := uncommitted(path)) and not force:
                raise CannotFix(f"{why}, so git could not bring it back; commit it, or add --force")
            text = source.edited(edits)
            _verify(lesson, text, first)
            source.write(text)
            yield Fixed(path, len(edits), source.diff(text, str(path)))
        except CannotFix as error:
            yield Fixed(path, refused=error.why, line=error.line)
        except LessonError as error:
            yield Fixed(path, refused=error.problems[0].words, line=error.line)
        except FileChanged:
            yield Fixed(path, refused="it was changed meanwhile; run it again")
        except OSError as error:
            yield Fixed(path, refused=f"it cannot be written: {error.strerror}")


def _runs(lesson: Lesson, settings: Settings) -> list[Run]:
    """A run, and two in interpreters of their own, where the order of sets differs; one from another seed."""
    again = run_apart([Task(lesson), Task(lesson, SEED + 1, 2)], replace(settings, forking=False))
    return [*run_apart([Task(lesson)], settings), *sorted(again, key=lambda run: run.round)]


def edits_for(lesson: Lesson, source: Source, run: Run, again: list[Run]) -> Iterator[Edit]:
    """What to change in a lesson, given a run and others that must show the same; `CannotFix` if that is not all."""
    findings = verdict(run).findings
    for finding in findings:
        if finding.kind not in ("output", "promise", "not run"):
            raise CannotFix(_why(finding), finding.line)
    if not findings:
        return
    for number, unit in enumerate(units(lesson)):
        example, report = unit.example, run.reports[number]
        if example is None or "output" not in report:
            continue
        others = [other.reports[number] if number < len(other.reports) else {} for other in again]
        if example.error:
            if report.get("error") is None:
                raise CannotFix("an error was promised and none came; look whether the code or the promise is wrong",
                                example.line)  # fmt: skip
            continue
        yield from _want_edit(source, unit, example, report, others[:1])
        yield from _promise_edits(source, unit.block.options, example, report, others)


def _verify(lesson: Lesson, text: str, run: Run) -> None:
    """Look whether the new text is the same lesson, and nothing is wrong with it any more."""
    problems = Problems(lesson.path)
    try:
        new = Reader(lesson.path, END.sub("\n", text.removeprefix("\ufeff")), problems).lesson()
    except LessonError:
        new = None
    if problems.found or new is None or _sources(new) != _sources(lesson):
        raise CannotFix("what it shows would be taken for something else in Markdown")
    for finding in verdict(replace(run, lesson=new)).findings:
        raise CannotFix(f"{finding.what}, also when it is written anew", finding.line)


def _sources(lesson: Lesson) -> list[str]:
    """The code of each unit, without its comments."""
    return [code_of(unit.example.source, cell=True) if unit.example else unit.title for unit in units(lesson)]


def _why(finding: Finding) -> str:
    return f"{finding.what}; fix writes new promises only where nothing else is wrong"


def _want_edit(source: Source, unit: Unit, example: Example, report: Report, others: list[Report]) -> Iterator[Edit]:
    options = unit.block.options

    def fits(text: str, one: Report = report) -> bool:
        return difference(text, str(one.get("output")), options.rtol, options.signed_zero) is None

    if example.want is None or fits(example.want):
        return
    got = _shown(str(report["output"]), example.line)
    want = "\n".join("" if row == "<BLANKLINE>" else row for row in example.want.rstrip("\n").split("\n"))
    text = renewed(want, got, fits)
    if text is None:
        raise CannotFix("what came has no place for its `...`; write it anew by hand", example.line)
    if not all(fits(text, other) for other in others):
        raise CannotFix("what it shows differs from run to run; promise less: `...`, or `# =>` with a shape or a range",
                        example.line)  # fmt: skip
    first = example.line + example.source.count("\n")
    prefix = _prefix(source.line(example.line), ">>> " + example.source.split("\n")[0], example.line)
    rows = [(prefix + (row or "<BLANKLINE>")).rstrip() for row in text.split("\n")] if text else []
    yield source.lines_edit(first, example.want.count("\n"), rows)


def _shown(output: str, line: int) -> str:
    """What was shown, as it can stand in a lesson."""
    got = "\n".join(row.rstrip() for row in output.expandtabs().split("\n")).rstrip("\n")
    if any(FENCE.match(row) or row == "<BLANKLINE>" for row in got.split("\n")):
        raise CannotFix("what it shows would be taken for Markdown or a prompt", line)
    if any(sign != "\n" and not sign.isprintable() for sign in got) or "\ufffd" in got:
        raise CannotFix("what it shows has characters that cannot be seen", line)
    if len(got) > 20_000:
        raise CannotFix("what it shows is too long to be read", line)
    return got


def _promise_edits(
    source: Source, options: Options, example: Example, report: Report, others: list[Report]
) -> Iterator[Edit]:
    facts = [list(one.get("facts") or []) for one in (report, *others)]
    for number, made in enumerate(example.promises):
        seen = [fact[number] if number < len(fact) else {} for fact in facts]

        def kept(text: str, fact: promise.Fact) -> bool:
            return not promise.broken(text, fact, options.rtol, options.signed_zero)

        if kept(made.text, seen[0]):
            continue
        if made.key:
            raise CannotFix("the key of a quiz and its expression differ; look which of the two is wrong", made.line)
        text = _new_promise(made, seen[0], lambda text, fact=seen[0]: kept(text, fact))
        if text is None and promise.is_text(made.text):
            raise CannotFix("what came cannot be written in its place; write the promise anew by hand", made.line)
        if text is None:
            raise CannotFix(f"`# => {made.text}` is more than a text; look which of the two is wrong", made.line)
        if not all(kept(text, fact) for fact in seen[1:]):
            raise CannotFix("the value differs from run to run; promise less: a shape, a range, or `_ > 0`", made.line)
        yield _comment_edit(source, example, made, text)


def _new_promise(made: Promise, fact: promise.Fact, fits) -> str | None:
    """The words of a promise that holds; only of a text or a shape can be told what they would be."""
    came = promise.broken(made.text, fact)
    if came.startswith("array shape ") and made.text.startswith("array shape "):
        return came if fits(came) else None
    if not promise.is_text(made.text):
        return None
    flat = " ".join(came.split()) if "\n" in came else came
    text = renewed(made.text, flat, lambda text: text != "" and promise.is_text(text) and fits(text))
    return text if text and text.isprintable() and not promise.fault(text) else None


def _comment_edit(source: Source, example: Example, made: Promise, text: str) -> Edit:
    row = made.line - example.line
    code = example.source.split("\n")[row]
    prefix = len(_prefix(source.line(made.line), code, made.line))
    comments = [
        token.start[1]
        for token in tokenize.generate_tokens(io.StringIO(example.source).readline)
        if token.type == tokenize.COMMENT and token.start[0] == row + 1
    ]
    arrow = promise.ARROW.match(code, comments[-1])
    assert arrow
    end = len(code.rstrip())
    return source.inline_edit(made.line, prefix + arrow.end(), prefix + end, text)


def _prefix(line: str, code: str, number: int) -> str:
    """What stands in a line of the file before the code: the indentation of a list, the sign of a quotation."""
    prefix, found, _ = line.partition(code)
    if not found or prefix.strip(" >"):
        raise CannotFix("its code is laid out in a way that cannot be followed (tabs?)", number)
    return prefix
