"""The findings as text, or as JSON."""

import json
import sys
import textwrap
from dataclasses import asdict
from shutil import get_terminal_size

from .finding import Finding

SIGNS = {"ok": "✓", "note": "·", "bad": "✗"}
PLAIN_SIGNS = {"ok": "+", "note": "-", "bad": "!"}
HUES = {"ok": "green", "note": "yellow", "bad": "bold red"}
NAMES = 16  # columns of the names


def print_json(findings: list[Finding]) -> None:
    from fluxrepl.version import __version__

    works = not any(finding.status == "bad" for finding in findings)
    data = {"fluxrepl": __version__, "works": works, "findings": [asdict(finding) for finding in findings]}
    print(json.dumps(data, indent=2))


def print_text(findings: list[Finding]) -> None:
    part = ""
    for finding in findings:
        if finding.part != part:
            print(("\n" if part else "") + _paint("bold", finding.part))
            part = finding.part
        print(f"  {_sign(finding.status)} {finding.name:<{NAMES}} {finding.value}")
        if finding.advice:
            print(textwrap.indent(textwrap.fill(finding.advice, _width(), break_on_hyphens=False), " " * 6))
    print("\n" + _summary(findings))


def _summary(findings: list[Finding]) -> str:
    bad = sum(finding.status == "bad" for finding in findings)
    notes = sum(finding.status == "note" for finding in findings)
    could = f"{notes} {'thing' if notes == 1 else 'things'} could be better ({_sign('note')})" if notes else ""
    if bad:
        does = f"{bad} {'thing does' if bad == 1 else 'things do'} not work ({_sign('bad')})"
        return f"{does}; {could}." if could else f"{does}."
    return f"All that is needed works; {could}." if could else "All is well."


def _width() -> int:
    return min(get_terminal_size().columns, 110) - 7


def _sign(status: str) -> str:
    try:
        SIGNS[status].encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return PLAIN_SIGNS[status]
    return _paint(HUES[status], SIGNS[status])


def _paint(style: str, text: str) -> str:
    from fluxrepl.shell import palette

    if not palette.colourful(sys.stdout):
        return text
    return f"{palette.code(style) or chr(27) + '[1m'}{text}{palette.PLAIN}"
