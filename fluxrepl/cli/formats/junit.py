"""The report as JUnit XML, which CI systems draw: a suite for each lesson, a case for each example and exercise."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from fluxrepl.tutor.report import folded

if TYPE_CHECKING:
    from fluxrepl.tutor.report import Finding, LessonReport, Report

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in any XML 1.0 text
CRASHES = ("error", "ended")  # what JUnit calls an error, and not a failure


def render(report: "Report") -> str:
    """An XML document."""
    suites = [_suite(lesson) for lesson in report.lessons]
    suites += [_unchecked(str(path), report) for path in report.unchecked]
    root = Element("testsuites", name="fluxrepl check")
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, 0)) for suite in suites)))
    root.set("time", f"{sum(lesson.seconds for lesson in report.lessons):.3f}")
    root.extend(suites)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(lesson: "LessonReport") -> Element:
    suite = Element("testsuite", name=_text(str(lesson.path)))
    for name, findings in _cases(lesson):
        case = _case(suite, name)
        for finding in findings:
            kind = "error" if finding.kind in CRASHES else "failure"
            SubElement(case, kind, message=_text(finding.what), type=finding.kind).text = _text(_details(finding))
    for line, reason in lesson.skipped:
        SubElement(_case(suite, f"line {line}"), "skipped", message=_text(reason))
    return _counted(suite, lesson.seconds)


def _cases(lesson: "LessonReport") -> Iterator[tuple[str, list["Finding"]]]:
    """Every example and exercise with what was found there; then what belongs to none of them."""
    left = folded(lesson.findings)
    for line, title in lesson.units:
        mine = [finding for finding in left if finding.unit == line]
        left = [finding for finding in left if finding.unit != line]
        yield f"line {line}: {title}", mine
    for finding in left:
        yield f"line {finding.line}: {finding.kind}", [finding]
    if not lesson.units and not lesson.findings and not lesson.skipped:
        yield "text", []


def _unchecked(path: str, report: "Report") -> Element:
    """A lesson that was not reached: an error, unless something else has failed the check already."""
    suite = Element("testsuite", name=_text(path))
    kind = "skipped" if report.findings else "error"
    SubElement(_case(suite, "lesson"), kind, message=_text(f"not checked: {report.stopped}"))
    return _counted(suite, 0.0)


def _case(suite: Element, name: str) -> Element:
    return SubElement(suite, "testcase", name=_text(name), classname=suite.get("name", ""))


def _counted(suite: Element, seconds: float) -> Element:
    suite.set("tests", str(len(suite)))
    for name, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(kind) is not None for case in suite)))
    suite.set("time", f"{seconds:.3f}")
    return suite


def _details(finding: "Finding") -> str:
    parts = [finding.place, finding.source]
    parts += [f"want: {finding.want.rstrip()}"] if finding.want else []
    parts += [f"got: {finding.got.rstrip()}"] if finding.got else []
    return "\n".join(filter(None, [*parts, finding.note]))


def _text(text: str) -> str:
    return FORBIDDEN.sub("�", text)
