"""The allocator's thresholds: raised in a shell, left alone when asked, and by a mere import."""

import platform
import subprocess
import sys

import pytest

ON_GLIBC = sys.platform.startswith("linux") and platform.libc_ver()[0] == "glibc"

FAULTS = """
import resource
import numpy as np
{start}
from fluxrepl import gradient

def loss(x):
    y = np.exp(np.sin(np.log(np.sqrt(x * x + 1))))
    return np.sum((1 - np.tanh(y)) ** 2)

def faults():
    for _ in range(10): gradient(loss, np.ones(30_000))
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

before = faults()
print(faults() - before)
"""


def page_faults(start: str, **env: str) -> int:
    """How many pages ten gradients of a mid-size array ask the system for."""
    import os

    done = subprocess.run(
        [sys.executable, "-c", FAULTS.format(start=start)],
        capture_output=True, text=True, check=True, env={**os.environ, **env},
    )  # fmt: skip
    return int(done.stdout)


TUNE = "from fluxrepl.shell.allocator import keep_freed_memory; assert keep_freed_memory() is {}"


@pytest.mark.parametrize("made_by", [TUNE.format(ON_GLIBC), "from fluxrepl.shell.core import make_shell; make_shell()"])
def test_a_shell_keeps_freed_memory(made_by, tmp_path):
    faults = page_faults(made_by, HOME=str(tmp_path), FLUXREPL_HOME=str(tmp_path), FLUXREPL_ALLOCATOR="")
    assert faults < 1000 or not ON_GLIBC  # without it, it is about 8,000


def test_it_can_be_left_to_the_system():
    faults = page_faults(TUNE.format(False), FLUXREPL_ALLOCATOR="system")
    assert faults > 1000 or not ON_GLIBC


def test_a_mere_import_changes_nothing():
    faults = page_faults("import fluxrepl; fluxrepl.gradient")
    assert faults > 1000 or not ON_GLIBC
