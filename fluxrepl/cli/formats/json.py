"""The whole report as JSON, for programs."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fluxrepl.tutor.report import Report


def render(report: "Report") -> str:
    """The report as one JSON object."""
    return json.dumps(report.as_data(), indent=2) + "\n"
