"""The form of a report: what comes from the process of a lesson is looked at once, where it arrives.

A lesson can write what it likes where its reports go. Who judges reports relies on the types of what is in them.
"""

from typing import Any

Data = dict[str, Any]


def fits(report: Data, judged: bool) -> bool:
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


def is_end(report: Data) -> bool:
    """Whether a report is the last one, which tells what the lesson read."""
    if report.get("end") is not True:
        return False
    reads = report.get("reads")
    return reads is None or (isinstance(reads, dict) and all(map(_is_plain, reads.values())))


def _is_plain(noted: Any) -> bool:
    """A list of texts, or a table of what is one thing each, or one thing."""
    if isinstance(noted, list):
        return _are_texts(noted)
    values = noted.values() if isinstance(noted, dict) else [noted]
    return all(value is None or isinstance(value, str | int | float) for value in values)


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
