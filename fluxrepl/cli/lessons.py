"""`fluxrepl lessons`: the course, with ticks for what is done."""

import argparse
import sys

from .status import OK, usage


def add(commands) -> argparse.ArgumentParser:
    return commands.add_parser("lessons", help="list the course with your progress")


def run(asked: argparse.Namespace) -> int:
    from fluxrepl.tutor.course import find_course, lessons
    from fluxrepl.tutor.progress import Progress

    progress = Progress.load()
    entries = lessons()
    if not entries:
        return usage(f"no lessons found in {find_course()}")
    width = max(len(entry.lesson.title if entry.lesson else entry.path.name) for entry in entries)
    for entry in entries:
        if entry.lesson is None:
            print(f"  {entry.number:>2}  {entry.path.name:<{width}}  cannot be read: {entry.error}")
            continue
        lesson = entry.lesson
        done, steps = progress.count(lesson), len(lesson.steps)
        minutes = f"{lesson.minutes:g} min" if lesson.minutes else ""
        tick = "✓" if done == steps else " "
        print(f"{tick} {entry.number:>2}  {lesson.title:<{width}}  {minutes:>7}  {done:>3}/{steps} steps  {lesson.id}")
    for warning in progress.warnings:
        print(f"fluxrepl: {warning}", file=sys.stderr)
    print("\nfluxrepl learn        the next one you have not finished")
    print("fluxrepl learn 01     by number, id or path")
    return OK
