"""Runs a whole lesson, in a process of its own, and reports what came: the verdict is the parent's.

The runner gets a plan (`plan.py`) and sends one report for each of its units, in order, so that the parent knows at any
moment where the lesson is, and how far it came if it dies.
"""

import contextlib
import json
import os
import random
import sys
import types
import warnings
from typing import Any

from . import awaited, judge, magics, names, promise, reads
from .drawn import count_figures, forget_figures
from .fork import Report, Send
from .lesson import Example
from .needs import missing
from .plan import Plan
from .run import Ran, describe, run, show_pieces

MEMORY = 4 << 30  # bytes that a lesson may take beyond what the parent has


def run_plan(plan: Plan, send: Send) -> None:
    """Run a whole lesson in this process, which is its own."""
    if not plan["gpu"]:  # CUDA reserves more addresses than any machine has memory
        _limit_memory()
    sys.argv[:], sys.orig_argv[:] = [""], [sys.executable]  # as at a prompt: how the check was called is its own matter
    noticed = reads.watch() if plan["watched"] else None
    run_units(plan, send)
    send({"end": True, "reads": noticed.take() if noticed else None})


def run_units(plan: Plan, send: Send) -> None:
    """Run every unit of a lesson, and send a report for each, in order."""
    magics.shell = plan["shell"]
    with warnings.catch_warnings(), contextlib.closing(awaited):
        if not sys.warnoptions:  # what the caller (pytest, say) makes of its own warnings is not the lesson's matter
            warnings.simplefilter("default")
        _prepare(plan)
        groups: dict[str, Group] = {}
        for number, unit in enumerate(plan["units"]):
            name = unit["group"]
            if name not in groups:
                groups[name] = Group(plan["path"], plan["apart"])
            groups[name].enter()
            send({"unit": number, **groups[name].run_unit(unit)})


def rehearse() -> None:
    """Run a little of what lessons do, before processes are forked: what Python sets up once, it sets up here."""
    import numpy as np

    reads.loaded()
    group = Group("<rehearsal>")
    for source in (
        "import numpy as np\nx = np.arange(3.0)",
        "def f(x):\n    return x**2",
        "f(x)",
        "f(x).sum()",
        "[1, 'a']",
    ):
        unit = {"requires": "", "source": source, "line": 1, "raises": False, "target": "", "observe": ["..."]}
        with np.printoptions(legacy="1.25"):
            json.dumps(group.run_unit(unit))


class Group:
    """A namespace that examples share, and what in it cannot be trusted since something failed."""

    def __init__(self, filename: str, apart: bool = True):
        self.filename, self.apart = filename, apart
        self.module = types.ModuleType("__main__")
        self.lost: dict[str, int] = {}  # name → line of the example that failed to give it its value

    def enter(self) -> None:
        """Be `__main__`: pickle and dataclasses look names up there."""
        sys.modules["__main__"] = self.module

    def run_unit(self, unit: Plan) -> Report:
        """Run an example or try an exercise; or say why not: it needs what is not here, or what failed before."""
        exercise = unit.get("exercise")
        source = exercise["solution"] if exercise else unit["source"]
        if reason := missing(unit["requires"]):
            return {"skipped": reason}
        if cause := self._cause(source):
            self._lose(source, cause)
            return {"depends": cause}
        if exercise:
            return self._try_exercise(exercise, unit["timeout"] or judge.SECONDS, unit["line"])
        return self._run_example(unit)

    def _run_example(self, unit: Plan) -> Report:
        namespace = self.module.__dict__
        source, figure = unit["source"], unit.get("figure") or {}
        if figure.get("begins"):
            forget_figures()
        ran = run(source, namespace, self.filename, unit["line"])
        if ran.error is not None and not unit["raises"]:
            self._lose(source, unit["line"])
            if type(ran.error) is NameError and isinstance(ran.error.name, str):
                self.lost.setdefault(ran.error.name, unit["line"])  # nothing defines it: told once
        else:
            for name in names.bound(source) if self.lost else ():
                self.lost.pop(name, None)
        return {
            "output": ran.output,
            "noise": ran.noise[-2000:],
            "error": describe(ran.error, self.filename) if ran.error else None,
            "facts": [] if ran.error else _facts(unit, ran, namespace),
            "figures": count_figures() if figure.get("ends") else None,
        }

    def _try_exercise(self, exercise: Plan, seconds: float, line: int) -> Report:
        """Judge the starter, the wrong answers and the solution; then leave the solution in the namespace."""
        namespace = self.module.__dict__
        checks = [Example(source, at) for source, at in exercise["checks"]]
        verdicts = [judge.judge(checks, namespace, answer, seconds, self.apart) for answer in exercise["answers"]]
        ran = run(exercise["solution"], namespace, self.filename, exercise["line"])
        if ran.error is not None:
            self._lose(exercise["solution"], line)
        return {"verdicts": [[verdict.passed, verdict.words] for verdict in verdicts]}

    def _cause(self, source: str) -> int:
        """The line of the failure that this source depends on, or 0."""
        if not self.lost:
            return 0
        if names.EVERYTHING in self.lost:
            return self.lost[names.EVERYTHING]
        return min((self.lost[name] for name in names.read(source) if name in self.lost), default=0)

    def _lose(self, source: str, line: int) -> None:
        for name in names.bound(source):
            self.lost.setdefault(name, line)


def _prepare(plan: Plan) -> None:
    """The state in which every lesson starts."""
    import numpy as np

    os.environ.setdefault("MPLBACKEND", "agg")
    np.set_printoptions(legacy="1.25")  # NumPy scalars show as plain numbers, as in the shell
    np.random.seed(plan["seed"])
    random.seed(plan["seed"])
    if "fluxrepl.nn" in sys.modules or "fluxrepl" in repr(plan["units"]):  # in an answer or a check, too
        import fluxrepl

        fluxrepl.seed(plan["seed"])
    pieces = [(unit["line"], unit["source"]) for unit in plan["units"] if "source" in unit]
    exercises = [unit["exercise"] for unit in plan["units"] if "exercise" in unit]
    show_pieces(plan["path"], plan["rows"], [*pieces, *((made["line"], made["solution"]) for made in exercises)])


def _limit_memory() -> None:
    """A lesson that takes all memory gets a MemoryError at its line, instead of taking the machine with it."""
    try:
        import resource

        with open("/proc/self/statm", "rb") as statm:
            taken = int(statm.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))
    except (ImportError, OSError, ValueError):
        pass  # not Linux, or a tighter limit is set already


def _facts(unit: Plan, ran: Ran, namespace: dict[str, Any]) -> list[promise.Fact]:
    """What is known about the value of each promise of an example."""
    if unit["target"] and unit["observe"]:
        ran = run(unit["target"], namespace)
    return [promise.observe(asked, ran.value, ran.last, namespace) for asked in unit["observe"]]
