"""The report as workflow commands of GitHub Actions: each finding becomes a note beside its line in a pull request."""

from typing import TYPE_CHECKING

from fluxrepl.tutor.harmless import harmless, harmless_line
from fluxrepl.tutor.report import folded

if TYPE_CHECKING:
    from fluxrepl.tutor.report import Finding, Report


def render(report: "Report") -> str:
    """One command a finding, then the last line of the text."""
    commands = [_command(finding) for lesson in report.lessons for finding in folded(lesson.findings)]
    if report.stopped:
        commands.append(f"::error title=fluxrepl check::{_data(f'stopped: {report.stopped}')}")
    return "\n".join([*commands, harmless_line(report.summary())]) + "\n"


def _command(finding: "Finding") -> str:
    level = "warning" if finding.kind == "not run" else "error"
    place = f"file={_property(harmless_line(finding.path.as_posix()))}" + (
        f",line={finding.line}" if finding.line else ""
    )
    return f"::{level} {place},title={_property(f'fluxrepl: {finding.kind}')}::{_data(_words(finding))}"


def _words(finding: "Finding") -> str:
    words = [finding.what]
    words += [f"want: {finding.want.rstrip()}"] if finding.want.strip() else []
    words += [f"got: {finding.got.rstrip()}"] if finding.got.strip() else []
    return "\n".join([*words, *([f"note: {finding.note}"] if finding.note else [])])


def _data(text: str) -> str:
    """Text as the message of a command: a line break would end it."""
    return harmless(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Text as a property of a command: a comma or a colon would end it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
