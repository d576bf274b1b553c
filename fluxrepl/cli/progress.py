"""`fluxrepl progress`: how far a learner is; as JSON for a teacher."""

import argparse
import sys

from .status import OK, usage

WHAT = """How far you are in each lesson: steps done, attempts, hints, time. With --json the same step by step, for a
teacher or a script; the learner's own code is in it only with --answers."""


def add(commands) -> argparse.ArgumentParser:
    parser = commands.add_parser("progress", help="how far you are; --json for teachers", description=WHAT)
    parser.add_argument("--json", action="store_true", help="step by step, as JSON (docs/learning.md explains it)")
    parser.add_argument("--answers", action="store_true", help="with --json: what was written, and what it showed, too")
    parser.add_argument("--file", metavar="FILE", help="a progress file of somebody else, which is only read")
    return parser


def run(asked: argparse.Namespace) -> int:
    from pathlib import Path

    from fluxrepl.tutor.course import lessons
    from fluxrepl.tutor.progress import Progress
    from fluxrepl.tutor.standing import standing

    if asked.answers and not asked.json:
        return usage("--answers goes with --json")
    try:
        progress = Progress.of_file(Path(asked.file)) if asked.file else Progress.load()
    except ValueError as error:
        return usage(str(error))
    report = standing(progress, lessons(), asked.answers)
    if asked.json:
        import json

        print(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        _print(report["lessons"])
    for warning in progress.warnings:
        print(f"fluxrepl: {warning}", file=sys.stderr)
    return OK


def _print(lessons: list[dict]) -> None:
    begun = [lesson for lesson in lessons if lesson["first"] or lesson["at"]]
    if not begun:
        print("Nothing has been done yet: `fluxrepl learn` begins.")
        return
    titles = [lesson["title"] or lesson["id"] for lesson in begun]
    width = max(map(len, titles))
    for lesson, title in zip(begun, titles, strict=True):
        through = lesson["done"] + lesson["shown"] + lesson["skipped"] + lesson["missing"]
        tick = "✓" if lesson["finished"] else " "
        steps = f"{through:>3}/{lesson['total'] or '?'} steps"
        print(f"{tick} {lesson['number'] or '':>2}  {title:<{width}}  {steps:<13}{_more(lesson)}".rstrip())


def _more(lesson: dict) -> str:
    minutes = round(lesson["seconds"] / 60)
    words = [
        f"{lesson['shown']} after a look" if lesson["shown"] else "",
        f"{lesson['skipped']} skipped" if lesson["skipped"] else "",
        f"{lesson['missing']} not here" if lesson["missing"] else "",
        f"{lesson['hints']} hint{'s' * (lesson['hints'] != 1)}" if lesson["hints"] else "",
        f"{minutes} min" if minutes else "",
    ]
    return "  " + " · ".join(word for word in words if word)
