"""`fluxrepl check --watch`: after each save a few lines about what changed, below what is there already."""

import argparse
import itertools
import sys
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fluxrepl.tutor.report import Report
    from fluxrepl.tutor.settings import Settings
    from fluxrepl.tutor.watch import Round, Watch


def refusal(asked: argparse.Namespace) -> str:
    """Why `--watch` does not go with what else was asked; nothing where it does."""
    if asked.format != "text" or asked.output:
        return "--watch tells of one save after the other as text: leave --format and --output away"
    if asked.lesson is not None or asked.dask:
        return "--watch checks lessons here while they are written: leave --lesson and --dask away"
    if asked.fix:
        return "--watch and --fix do not go together: a file just saved has changes that git does not have"
    if find_spec("watchfiles") is None:
        return "--watch needs the library watchfiles; write `pip install 'fluxrepl[watch]'`"
    return ""


def watched(asked: argparse.Namespace, settings: "Settings") -> "Watch":
    """What will be watched, as it is before the first check."""
    from fluxrepl.tutor.watch import Watch

    return Watch(asked.paths, settings)


def go_on(watch: "Watch", asked: argparse.Namespace, report: "Report") -> None:
    """Go on checking after the first `report`, until Ctrl-C."""
    from fluxrepl.tutor.watch import saves

    from .formats.text import printer

    show = printer(sys.stdout)
    watch.begin(report)
    show(f"watching {' '.join(asked.paths)}; Ctrl-C ends", "dim")
    for _ in itertools.chain([None], saves(asked.paths)):
        if made := watch.again():
            _tell(made, show)


def _tell(made: "Round", show) -> None:
    from fluxrepl.tutor.report import count

    from .formats.text import lesson_lines

    at = time.strftime("%H:%M:%S")
    for path in made.gone:
        show(f"{at}  {path} is gone", "yellow")
    for report in made.reports:
        words = [f"ok, {count(report.examples, 'example')}" if report.passed else f"{report.failures} found"]
        words += [f"{report.seconds:.2f} s"] if report.seconds and not report.cached else []
        also = "" if report.path in made.changed else " (requires what changed)"
        show(f"{at}  {report.path}: {', '.join(words)}{also}", "green" if report.passed else "bold red")
        for line, style in lesson_lines(report, quiet=True):
            show(f"  {line}", style)
    show(f"  {made.standing}", "dim")
