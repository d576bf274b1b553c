"""`pytest --fluxrepl-fix`: after the tests, lessons that failed get what their examples show now.

The lessons that failed are known from reports, so that it is the same with and without pytest-xdist, and only one
process writes.
"""

import os
from pathlib import Path

import pytest

from . import settings


class Fixing:
    """Remembers which lessons failed, fixes them at the end, and says what it did."""

    def __init__(self, config: pytest.Config):
        self.config = config
        self.failed: dict[Path, None] = {}
        self.lines: list[tuple[str, str]] = []  # and the style of each
        self.fixed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and (path := getattr(report, "fluxrepl_lesson", "")):
            self.failed[Path(path)] = None

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        from fluxrepl.tutor.fix import fix
        from fluxrepl.tutor.harmless import harmless
        from fluxrepl.tutor.rewrite import styled

        for fixed in fix(
            [Path(os.path.relpath(path)) for path in self.failed],
            settings(self.config),
            self.config.getoption("fluxrepl_force"),
        ):
            self.lines += styled(fixed.diff)
            self.fixed |= not fixed.refused
            self.lines.append((harmless(str(fixed)), "yellow" if fixed.refused else "green"))

    def pytest_terminal_summary(self, terminalreporter) -> None:
        if not self.lines:
            return
        terminalreporter.section("lessons fixed: run the tests again" if self.fixed else "lessons not fixed")
        for line, style in self.lines:
            terminalreporter.line(line, **({style: True} if style else {}))
