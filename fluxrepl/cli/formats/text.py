"""The report of a check as text: plain lines, coloured only on a terminal."""

import argparse
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fluxrepl.tutor.report import Finding, Report


def write(report: "Report", asked: argparse.Namespace) -> None:
    from fluxrepl.tutor.report import folded

    show = _printer()
    for lesson in report.lessons:
        for finding in folded(lesson.findings):
            for style, line in _finding_lines(finding):
                show(line, style)
        if lesson.passed and not asked.quiet:
            show(f"{lesson.path}: ok", "green")
    show(report.summary(), "bold green" if report.passed else "bold red")


def _finding_lines(finding: "Finding") -> list[tuple[str, str]]:
    lines = [("red" if finding.kind != "not run" else "dim", f"{finding.place}: {finding.what}")]
    lines += [("", f"    {line}") for line in finding.source.split("\n") if finding.source]
    if finding.want or finding.kind == "output":
        lines += [("green", f"  want: {line}") for line in _lines(finding.want)]
    if finding.got or finding.kind == "output":
        lines += [("red", f"  got:  {line}") for line in _lines(finding.got)]
    if finding.note:
        lines.append(("", f"  note: {finding.note}"))
    return lines


def _lines(text: str) -> list[str]:
    lines = text.rstrip("\n").split("\n") if text.strip() else ["(nothing)"]
    return lines if len(lines) <= 40 else [*lines[:40], f"… {len(lines) - 40} more lines"]


def _printer():
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return lambda line, style: print(line)
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    return lambda line, style: console.print(line, style=style or None, markup=False)
