"""`fluxrepl doctor`: look at everything fluxrepl stands on, and say what to do about what is found.

Each part is examined by a file of its own and yields `Finding`s; a part whose examination itself fails is a finding.
"""

import argparse

WHAT = """Look at Python, packages, NumPy, the GPU, Jupyter, folders, lessons and terminal, and say what to do about
each finding. Nothing is changed. Exit status: 0 all that is needed works, 1 something does not."""


def add(commands) -> argparse.ArgumentParser:
    parser = commands.add_parser("doctor", help="look for what is wrong, and say what to do", description=WHAT)
    parser.add_argument("--json", action="store_true", help="the findings as JSON")
    return parser


def run(asked: argparse.Namespace) -> int:
    from .examine import examine
    from .report import print_json, print_text

    findings = examine()
    (print_json if asked.json else print_text)(findings)
    return int(any(finding.status == "bad" for finding in findings))
