"""How a failed example looks in pytest: its source, want and got with a mark where they part, and `path:line`.

What would act on a terminal is written out.
"""

import os
from collections.abc import Iterator

from _pytest._code.code import ReprEntry, ReprExceptionInfo, ReprFileLocation, ReprTraceback

from fluxrepl.tutor.harmless import harmless, harmless_line
from fluxrepl.tutor.pointing import of_finding
from fluxrepl.tutor.report import Finding

LABELS = {"want": "want: ", "got": "got:  ", "mark": "      ", "note": "      "}


class Failed(Exception):
    """An item failed, and this was found."""

    def __init__(self, findings: list[Finding]):
        super().__init__("\n".join(f"{harmless_line(finding.place)}: {harmless(finding.what)}" for finding in findings))
        self.findings = findings


def representation(findings: list[Finding], folder: os.PathLike[str]) -> ReprExceptionInfo:
    """What pytest prints. These are its own classes, so that it travels from a process of pytest-xdist."""
    entries = []
    for finding in findings:
        path = harmless_line(os.path.relpath(finding.path, folder))
        place = ReprFileLocation(path, finding.line, harmless(finding.what))
        entries.append(ReprEntry(list(_lines(finding)), None, None, place, "long"))
    crash = ReprFileLocation(harmless_line(str(findings[0].path)), findings[0].line, harmless(findings[0].what))
    return ReprExceptionInfo(ReprTraceback(entries, None, "long"), crash)


def _lines(finding: Finding) -> Iterator[str]:
    """The source, then lines that begin with `E`, which pytest prints in red."""
    yield from (f"    {row}" for row in harmless(finding.source).split("\n") if finding.source)
    lines = of_finding(finding)
    yield from (f"E   {LABELS[line.kind]}{line.text}" for line in lines)
    if not lines:
        yield f"E   {harmless(finding.what)}"
    if finding.note:
        yield f"E   note: {harmless(finding.note)}"
