"""Programs that run for a lesson: what they write is no text on a terminal, but an output to be compared."""

import subprocess
import sys
from typing import Any


def run_program(shell: Any, command: str) -> None:
    """As IPython's `system`; what the command writes goes to `sys.stdout` and `sys.stderr`. It is asked nothing."""
    command = shell.var_expand(command, depth=1)
    ran = subprocess.run(
        command, shell=True, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False
    )
    sys.stdout.write(ran.stdout)
    sys.stderr.write(ran.stderr)
    shell.user_ns["_exit_code"] = ran.returncode
