"""The packages fluxrepl needs, and the extras: what is there, what is missing, what is too old."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from .finding import Finding

FOR_LEARNERS = ("plot", "course", "graph", "lab")  # the extras that are worth a line


def examine() -> Iterator[Finding]:
    try:
        lines = requires("fluxrepl") or []
    except PackageNotFoundError:
        advice = "Install it: python -m pip install -e . (in its folder), or pip install fluxrepl."
        yield Finding("Packages", "fluxrepl", "runs from its sources, and is not installed", "note", advice)
        return
    needed = [line for line in lines if "extra ==" not in line]
    wrong = [said for line in needed if (said := _what_is_wrong(line))]
    if wrong:
        names = " ".join(f"'{_requirement(line)}'" for line in needed if _what_is_wrong(line))
        yield Finding("Packages", "needed", "; ".join(wrong), "bad", f"python -m pip install {names}")
    else:
        yield Finding("Packages", "needed", ", ".join(f"{_name(line)} {version(_name(line))}" for line in needed))
    for extra in FOR_LEARNERS:
        yield from _extra(extra, [line for line in lines if re.search(rf"extra == ['\"]{extra}['\"]", line)])


def _extra(extra: str, lines: list[str]) -> Iterator[Finding]:
    if not lines:
        return
    wrong = [said for line in lines if (said := _what_is_wrong(line))]
    name = f"extra {extra}"
    if wrong:
        advice = f"If you want it: python -m pip install 'fluxrepl[{extra}]' (in a checkout: -e '.[{extra}]')."
        yield Finding("Packages", name, "; ".join(wrong), "note", advice)
    else:
        yield Finding("Packages", name, ", ".join(f"{_name(line)} {version(_name(line))}" for line in lines))


def _what_is_wrong(line: str) -> str:
    """What is wrong with a requirement such as `numpy>=2.0`; "" if it is met."""
    name = _name(line)
    try:
        there = version(name)
    except PackageNotFoundError:
        return f"{name} is missing"
    oldest = re.search(r">=\s*([\d.]+)", line)
    if oldest and _numbers(there) < _numbers(oldest[1]):
        return f"{name} is {there}, and must be {oldest[1]} or newer"
    return ""


def _requirement(line: str) -> str:
    return line.partition(";")[0].strip()


def _name(line: str) -> str:
    found = re.match(r"[\w.-]+", line)
    return found[0] if found else line


def _numbers(text: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", text.partition("rc")[0])[:3]]
