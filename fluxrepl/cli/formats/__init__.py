"""How a report is written: one file for each `--format`, with a function `write(report, asked)`.

`write` prints to stdout. A new format is a new file here and a name in `FORMATS`.
"""

import argparse
import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fluxrepl.tutor.report import Report

FORMATS = ("text", "json")


def write(report: "Report", asked: argparse.Namespace) -> None:
    """Write the report in the format that was asked for."""
    importlib.import_module(f".{asked.format}", __name__).write(report, asked)
