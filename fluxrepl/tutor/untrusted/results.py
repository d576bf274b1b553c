"""What comes out of the sandbox is text from somebody who may wish us ill: parse it, and take only what fits."""

import json
from typing import Any

from ..harmless import harmless

LONGEST = 8 << 20  # bytes of one report


def parsed(line: bytes, clean: bool = True) -> dict[str, Any]:
    """The JSON object in a line, its texts made harmless; `ValueError` says what is wrong with it."""
    if len(line) > LONGEST:
        raise ValueError(f"sent a result of more than {LONGEST >> 20} MB")
    try:
        report = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError):
        report = None
    if not isinstance(report, dict):
        raise ValueError("sent a result that is none (malformed JSON)")
    try:
        return _harmless(report) if clean else report
    except RecursionError:
        raise ValueError("sent a result that is none (too deep)") from None


def _no_number(name: str) -> float:
    return float(name)


def _harmless(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, list):
        return [_harmless(part) for part in value]
    if isinstance(value, dict):
        return {harmless(name): _harmless(part) for name, part in value.items()}
    return value


def fits(report: dict[str, Any], judged: bool) -> bool:
    """Whether a report of the runner has the form that the verdict relies on, for an exercise or an example."""
    if type(report.get("unit")) is not int:
        return False
    if "skipped" in report:
        return isinstance(report["skipped"], str)
    if "depends" in report:
        return type(report["depends"]) is int
    if judged:
        verdicts = report.get("verdicts")
        return isinstance(verdicts, list) and all(map(_is_verdict, verdicts))
    facts = report.get("facts")
    return (
        isinstance(report.get("output"), str)
        and isinstance(report.get("noise"), str)
        and (report.get("error") is None or _is_error(report["error"]))
        and isinstance(facts, list)
        and all(map(_is_fact, facts))
    )


def _is_verdict(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and type(value[0]) is bool and isinstance(value[1], str)


def _is_error(error: Any) -> bool:
    return (
        isinstance(error, dict)
        and all(isinstance(error.get(name), str) for name in ("name", "full", "message"))
        and all(_are_texts(error.get(name)) for name in ("bases", "notes"))
        and type(error.get("line")) is int
    )


def _is_fact(fact: Any) -> bool:
    shape = fact.get("shape") if isinstance(fact, dict) else False
    return (
        isinstance(fact, dict)
        and (shape is None or (isinstance(shape, list) and all(type(size) is int for size in shape)))
        and (fact.get("number") is None or type(fact["number"]) in (int, float))
        and type(fact.get("held", False)) is bool
        and all(isinstance(fact.get(name, ""), str) for name in ("got", "shown"))
    )


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)
