"""`fluxrepl check --fix`: promises become what is shown, and what changed is printed as a diff."""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fluxrepl.tutor.settings import Settings


def refusal(asked: argparse.Namespace) -> str:
    """Why `--fix` does not go with what else was asked; nothing where it does."""
    if asked.fix and asked.untrusted:
        return "--fix and --untrusted do not go together: code that nobody vouches for would write its own promises"
    if asked.fix and asked.lesson is not None:
        return "--fix and --lesson do not go together: what learners handed in promises nothing; leave one away"
    return "--force says how to --fix: write both" if asked.force and not asked.fix else ""


def fix_lessons(asked: argparse.Namespace, settings: "Settings") -> None:
    """Fix the lessons that fail, and say what was done, or why not."""
    from fluxrepl.tutor.check import check
    from fluxrepl.tutor.fix import fix
    from fluxrepl.tutor.harmless import harmless
    from fluxrepl.tutor.rewrite import styled

    from .formats.text import printer

    report = check(asked.paths, settings)
    failed = [lesson.path for lesson in report.lessons if not lesson.passed]
    stream = sys.stdout if asked.format == "text" and not asked.output else sys.stderr
    show = printer(stream)
    for fixed in fix(failed, settings, asked.force):
        for line, style in styled(fixed.diff):
            show(line, style)
        show(harmless(str(fixed)), "yellow" if fixed.refused else "green")
