"""The whole report as JSON, for programs."""

import argparse
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fluxrepl.tutor.report import Report


def write(report: "Report", asked: argparse.Namespace) -> None:
    print(json.dumps(report.as_data(), indent=2))
