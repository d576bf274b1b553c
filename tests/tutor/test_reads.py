"""What a lesson reads is noted; what was loaded before it is looked at once, not in each copy of a warm process."""

import importlib.util
import subprocess
import sys

import pytest

PAGES = """
import os, resource, sys
from fluxrepl.tutor import runner

def pages(watched):
    plan = {"path": "x.md", "seconds": 9, "seed": 1, "rows": 1, "gpu": False, "watched": watched, "shell": "",
            "apart": True, "units": []}
    reading, writing = os.pipe()
    if os.fork() == 0:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        runner.run_plan(plan, lambda report: None)
        taken = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
        os.write(writing, str(taken).encode())
        os._exit(0)
    os.wait()
    return int(os.read(reading, 99))

import numpy
runner.rehearse()
print(pages(True) - pages(False))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="pages are counted as Linux does")
def test_noting_what_is_read_costs_a_lesson_few_pages():
    told = subprocess.run([sys.executable, "-c", PAGES], capture_output=True, text=True, check=True).stdout
    assert int(told) < 200


IMPORTS = """
from fluxrepl.tutor import reads
import yaml
before = sorted(reads.loaded().packages)
noticed = reads.watch()
import numpy
after = noticed.take()["packages"]
print([package.rsplit("/")[-1] for package in after if package not in before], {*before} < {*after})
"""


def test_a_module_that_a_lesson_imports_is_noted_beside_what_was_loaded_before(tmp_path):
    told = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert told.stdout == "['numpy'] True\n"


MISSING = """
import importlib.util
from fluxrepl.tutor import reads
noticed = reads.watch()
assert importlib.util.find_spec("soundfile") is None
print(repr(noticed.take()["reason"]))
"""


@pytest.mark.skipif(importlib.util.find_spec("soundfile") is not None, reason="it is installed")
def test_a_package_that_is_only_asked_for_reads_nothing(tmp_path):
    told = subprocess.run([sys.executable, "-c", MISSING], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert told.stdout == "''\n"
