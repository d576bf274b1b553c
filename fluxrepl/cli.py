"""The `fluxrepl` command. It imports only argparse until it knows what is asked, so that the prompt comes at once."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .tutor.report import Finding, Report

OK, FINDINGS, USAGE, INTERNAL = 0, 1, 2, 3
STOPPED = 130  # as shells say it of Ctrl-C
READER_GONE = 141  # and of a closed pipe


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv`; the result is the exit code. A pipe that is closed (`| head`) ends it quietly."""
    try:
        try:
            return _run(argv)
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except BrokenPipeError:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # where the rest of the buffers goes
        return READER_GONE


def _run(argv: Sequence[str] | None) -> int:
    parser = _parser()
    asked = parser.parse_args(argv)
    if asked.command is None:
        from .terminal.app import main as repl

        return repl(code=asked.code) if asked.code is not None else repl()
    if asked.code is not None:
        parser.error(f"-c CODE and `{asked.command}` do not go together")
    return asked.run(asked)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fluxrepl",
        description="A teaching REPL for gradients and layers. Without a command: the REPL.",
        epilog="fluxrepl COMMAND --help tells more. In the REPL, :help lists its commands.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    parser.add_argument("-c", dest="code", metavar="CODE", help="run CODE as a cell, print what it shows, and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    learn = commands.add_parser("learn", help="play a lesson", description="Play a lesson in the REPL.")
    learn.add_argument("lesson", nargs="?", metavar="LESSON", help="number, id or path; else the next unfinished one")
    learn.set_defaults(run=_learn)

    listing = commands.add_parser("lessons", help="list the course with your progress")
    listing.set_defaults(run=_lessons)

    check = commands.add_parser("check", help="run lessons and compare what they promise", description=_CHECK)
    check.add_argument("paths", nargs="+", metavar="PATH", help="a lesson, or a folder of lessons")
    check.add_argument("-j", "--jobs", type=_positive_int, default=1, metavar="N", help="lessons at a time (default 1)")
    check.add_argument("--timeout", type=_seconds, default=60.0, metavar="SECONDS", help="for one lesson (default 60)")
    check.add_argument("--format", choices=["text", "json"], default="text", help="how to report (default text)")
    check.add_argument("-q", "--quiet", action="store_true", help="only findings and the last line")
    check.set_defaults(run=_check)

    new = commands.add_parser("new", help="write a template for a lesson of your own")
    new.add_argument("lesson", metavar="LESSON", help="the file to write, such as 09-my-lesson.md")
    new.set_defaults(run=_new)

    kernel = commands.add_parser("kernel", help="install, list or remove the Jupyter kernel", add_help=False)
    kernel.add_argument("rest", nargs=argparse.REMAINDER, metavar="install|list|remove")
    kernel.set_defaults(run=_kernel)
    return parser


_CHECK = """Run every example of the lessons, each lesson in a process of its own, and compare what comes with what
they promise; try the exercises too. Exit status: 0 all good, 1 findings, 2 no lessons or wrong usage, 3 a fault of
fluxrepl itself."""


class _Version(argparse.Action):
    def __call__(self, parser, namespace, values, option_string=None):
        from .version import __version__

        print(f"fluxrepl {__version__}")
        parser.exit()


def _learn(asked: argparse.Namespace) -> int:
    from .tutor.course import find_lesson, next_unfinished
    from .tutor.problem import LessonError
    from .tutor.progress import Progress

    try:
        if asked.lesson is None:
            name = str(next_unfinished(Progress.load()))
        else:
            name = asked.lesson
            find_lesson(name)  # a wrong name is told before the prompt appears
    except LessonError as error:
        return _usage(str(error))
    from .terminal.app import main as repl

    return repl(lesson=name)


def _lessons(asked: argparse.Namespace) -> int:
    from .tutor.course import find_course, lessons
    from .tutor.progress import Progress

    progress = Progress.load()
    entries = lessons()
    if not entries:
        return _usage(f"no lessons found in {find_course()}")
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


def _check(asked: argparse.Namespace) -> int:
    from .tutor.check import NothingToCheck, check

    try:
        report = check(asked.paths, timeout=asked.timeout, jobs=asked.jobs)
        if asked.format == "json":
            import json

            print(json.dumps(report.as_data(), indent=2))
        else:
            _print_report(report, asked.quiet)
    except NothingToCheck as error:
        return _usage(str(error))
    except KeyboardInterrupt:
        print("fluxrepl: stopped", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        raise  # to `main`
    except Exception:
        import traceback

        traceback.print_exc()
        print("fluxrepl: a fault in fluxrepl itself, not in the lessons; please report it", file=sys.stderr)
        return INTERNAL
    return OK if report.passed else FINDINGS


def _print_report(report: "Report", quiet: bool) -> None:
    """Plain lines; colour only on a terminal."""
    from .tutor.report import folded

    show = _printer()
    for lesson in report.lessons:
        for finding in folded(lesson.findings):
            for style, line in _finding_lines(finding):
                show(line, style)
        if lesson.passed and not quiet:
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


def _new(asked: argparse.Namespace) -> int:
    from .tutor.template import write_template

    try:
        path = write_template(asked.lesson)
    except ValueError as error:
        return _usage(str(error))
    except OSError as error:
        why = error.strerror or error
        return _usage(f"cannot write {error.filename}: {why}; name a file in a folder that is there and can be written")
    print(f"{path} is written; try `fluxrepl check {path}` and `fluxrepl learn {path}`")
    return OK


def _kernel(asked: argparse.Namespace) -> int:
    from .kernel.install import main as kernel

    return kernel(asked.rest)


def _usage(words: str) -> int:
    print(f"fluxrepl: {words}", file=sys.stderr)
    return USAGE


def _positive_int(text: str) -> int:
    number = int(text) if text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of lessons; write 1 or more")
    return number


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds; write one above 0")
    return seconds
