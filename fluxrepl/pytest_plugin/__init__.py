"""The pytest plugin: `pytest lessons/` checks lessons, each example an item with a line of its own.

Nothing of fluxrepl but this file is loaded until a lesson is found, so that it costs other projects nothing.
"""

import re
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fluxrepl.tutor.settings import Settings

HEAD = 4096  # bytes in which the front matter of a lesson tells that it is one
IDENTITY = re.compile(rb"^(?:id|title)[ \t]*:", re.M)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("fluxrepl", "lessons (fluxrepl)")
    fix = "write what the examples of failing lessons show now into them, where nothing else is wrong"
    group.addoption("--fluxrepl-fix", action="store_true", help=fix)
    force = "with --fluxrepl-fix: also where git shows changes in a lesson that are not committed"
    group.addoption("--fluxrepl-force", action="store_true", help=force)
    parser.addini("fluxrepl_timeout", "seconds that one lesson may take (default 60)", default="60")
    parser.addini(
        "fluxrepl_lessons", "which Markdown files may be lessons, as glob patterns (default *.md)", "args", ["*.md"]
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix != ".md" or not any(map(file_path.match, parent.config.getini("fluxrepl_lessons"))):
        return None
    if not looks_like_lesson(file_path):
        return None
    from .items import LessonFile

    return LessonFile.from_parent(parent, path=file_path)


def seconds(config: pytest.Config) -> float:
    """What the project's settings allow for one lesson."""
    text = str(config.getini("fluxrepl_timeout"))
    try:
        given = float(text)
    except ValueError:
        given = 0.0
    if not 0 < given < float("inf"):
        raise pytest.UsageError(f"fluxrepl_timeout = {text} is no number of seconds; write one above 0")
    return given


def settings(config: pytest.Config) -> "Settings":
    """How the lessons of a project are checked."""
    from fluxrepl.shell import TRANSLATES
    from fluxrepl.tutor.settings import Settings

    return Settings(timeout=seconds(config), shell=TRANSLATES)


def looks_like_lesson(path: Path) -> bool:
    """Whether a Markdown file is a lesson: its front matter has an id and a title. Others' files are left alone."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD).removeprefix(b"\xef\xbb\xbf")
    except OSError:
        return False
    if not re.match(rb"---[ \t]*\r?\n", head):
        return False
    front = re.split(rb"\r?\n---[ \t]*\r?\n", head, maxsplit=1)[0]
    return len({found[:2] for found in IDENTITY.findall(front)}) == 2


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    if path := getattr(item, "fluxrepl_lesson", ""):
        report.fluxrepl_lesson = path
        if report.skipped and isinstance(report.longrepr, tuple):
            report.longrepr = (path, item.line, report.longrepr[2])  # type: ignore[attr-defined]  # ours have a line
    return report


def pytest_configure(config: pytest.Config) -> None:
    seconds(config)
    if config.getoption("fluxrepl_fix") and not hasattr(config, "workerinput"):  # under xdist: only where reports meet
        from .fixing import Fixing

        config.pluginmanager.register(Fixing(config), "fluxrepl-fixing")
