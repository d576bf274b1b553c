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
