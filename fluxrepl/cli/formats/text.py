"""The report as text for people: lesson by lesson, in order, as soon as each is known; coloured only on a terminal.

On a terminal a bar below the text tells how far the check is; in a pipe or in CI there are only plain lines.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from fluxrepl.shell.palette import colourful
from fluxrepl.tutor.check import Observer
from fluxrepl.tutor.harmless import harmless, harmless_line
from fluxrepl.tutor.pointing import of_finding
from fluxrepl.tutor.report import folded

if TYPE_CHECKING:
    from fluxrepl.tutor.report import Finding, LessonReport, Report

Show = Callable[[str, str], None]  # a line, and its style

LABELS = {  # of each kind of line about want and got: what stands before it, and its style
    "want": ("  want: ", "green"),
    "got": ("  got:  ", "red"),
    "mark": ("        ", "bold"),
    "note": ("        ", ""),
}


class Text(Observer):
    """Prints what is known, in the order of the lessons."""

    def __init__(self, quiet: bool):
        self.quiet = quiet
        self.order: list[Path] = []
        self.waiting: dict[Path, LessonReport] = {}
        self.bar: _Bar | None = _Bar() if colourful(sys.stdout) else None
        self.show: Show = self.bar.show if self.bar else lambda line, style: print(line, flush=True)

    def __enter__(self) -> "Text":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.bar:
            self.bar.stop()

    def begin(self, paths: Sequence[Path]) -> None:
        self.order = list(paths)[::-1]
        if self.bar:
            self.bar.start(len(paths))

    def done(self, report: "LessonReport") -> None:
        self.waiting[report.path] = report
        if self.bar:
            self.bar.advance(report)
        while self.order and self.order[-1] in self.waiting:
            self._print(self.waiting.pop(self.order.pop()))

    def finish(self, report: "Report") -> None:
        """Print what came out of order, where the check was stopped, and the last line."""
        for path in self.order[::-1]:
            if path in self.waiting:
                self._print(self.waiting.pop(path))
        self.show(harmless(report.summary()), "bold green" if report.passed else "bold red")

    def _print(self, report: "LessonReport") -> None:
        for line, style in lesson_lines(report, self.quiet):
            self.show(line, style)


def render(report: "Report") -> str:
    """The same as one plain text, for a file."""
    lines = [line for lesson in report.lessons for line, _ in lesson_lines(lesson, quiet=False)]
    return "\n".join([*lines, harmless(report.summary())]) + "\n"


def lesson_lines(report: "LessonReport", quiet: bool) -> list[tuple[str, str]]:
    """The lines about one lesson, each with its style."""
    if report.passed:
        return (
            [] if quiet else [(f"{harmless_line(str(report.path))}: ok{' (cached)' if report.cached else ''}", "green")]
        )
    lines = [line for finding in folded(report.findings) for line in _finding_lines(finding)]
    return [(harmless(line), style) for line, style in lines]


def _finding_lines(finding: "Finding") -> list[tuple[str, str]]:
    lines = [(f"{harmless_line(finding.place)}: {finding.what}", "red" if finding.kind != "not run" else "dim")]
    lines += [(f"    {line}", "") for line in finding.source.split("\n") if finding.source]
    for line in of_finding(finding):
        label, style = LABELS[line.kind]
        lines.append((label + line.text, style))
    if finding.note:
        lines.append((f"  note: {finding.note}", ""))
    return lines


def printer(stream: TextIO) -> Show:
    """A function that prints a line in a style, which only a terminal shows."""
    if not colourful(stream):
        return lambda line, style: print(line, file=stream, flush=True)
    from rich.console import Console

    console = Console(file=stream, highlight=False, soft_wrap=True)
    return lambda line, style: console.print(line, style=style or None, markup=False)


class _Bar:
    """The line at the bottom of a terminal: how many lessons are done, what was found, how long it took."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self.console = Console(highlight=False, soft_wrap=True)
        columns = [BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeElapsedColumn()]
        self.progress = Progress(*columns, console=self.console, transient=True)
        self.found = 0
        self.task: Any = None

    def start(self, count: int) -> None:
        self.task = self.progress.add_task("lessons", total=count)
        self.progress.start()

    def advance(self, report: "LessonReport") -> None:
        self.found += report.failures
        words = f"lessons, [red]{self.found} found[/red]" if self.found else "lessons"
        self.progress.update(self.task, advance=1, description=words)

    def show(self, line: str, style: str) -> None:
        self.console.print(line, style=style or None, markup=False)

    def stop(self) -> None:
        self.progress.stop()
