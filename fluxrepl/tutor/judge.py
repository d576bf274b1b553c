"""Judges an answer to an exercise by what it does: its check runs beside a copy of the namespace, with a time limit.

On Linux the copy is a forked process, so that a check can change nothing of the learner's, array contents included,
and can be stopped whatever it does. Elsewhere, and once a GPU is in use (its handle does not survive a fork), the
check runs in this process on a copy of the names.
"""

import contextlib
import copy
import sys
import threading
import time
from _thread import interrupt_main
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import fork, places, reads
from .lesson import Example
from .run import Ran, run
from .task import in_seconds

SECONDS = 10.0
GONE = "it ended Python itself before it could be judged (exit, or a crash)"

ringing = threading.Event()  # set while an interrupt is the end of an answer's time, not Ctrl-C


@dataclass(frozen=True)
class Verdict:
    """Whether an answer passed, and if not, what to tell its author."""

    passed: bool
    words: str = ""


def judge(
    checks: Sequence[Example],
    namespace: dict[str, Any],
    answer: str | None = None,
    seconds: float = SECONDS,
    apart: bool = True,
) -> Verdict:
    """Run `answer`, if one is given, then `checks`, in a copy of `namespace`; the first thing that fails decides."""
    if not apart or not _can_fork():
        return _judge_here(checks, namespace, answer, seconds)

    def work(send: fork.Send) -> None:
        verdict = run_checks(checks, dict(namespace), answer)
        noticed = reads.current.take() if reads.current else None
        send({"passed": verdict.passed, "words": verdict.words, "reads": noticed})

    try:
        reports, ended = fork.ask(work, seconds)
    except KeyboardInterrupt:
        return Verdict(False, "stopped before it was judged")
    if ended == "timeout":
        return Verdict(False, too_long(seconds))
    if len(reports) != 1 or type(reports[0].get("passed")) is not bool:
        return Verdict(False, GONE)
    if reads.current and reports[0].get("reads"):
        reads.current.add(reports[0]["reads"])
    return Verdict(reports[0]["passed"], str(reports[0].get("words", "")))


def _can_fork() -> bool:
    return sys.platform == "linux" and "cupy" not in sys.modules


def run_checks(checks: Sequence[Example], namespace: dict[str, Any], answer: str | None = None) -> Verdict:
    """Run `answer`, if one is given, then `checks`, right here and in `namespace` itself."""
    sources = [] if answer is None else [("<answer>", answer)]
    sources += [("<check>", check.source) for check in checks]
    for filename, source in sources:
        ran = run(source, namespace, filename)
        if ran.error is not None:
            return Verdict(False, words_of(ran, filename, source))
    return Verdict(True)


def words_of(ran: Ran, filename: str, source: str) -> str:
    """What to tell: an assert's own message, else what it asserted; any other error by its message and its places."""
    error = ran.error
    assert error is not None
    try:
        message = str(error)
    except Exception:
        message = ""
    name = type(error).__name__
    if isinstance(error, AssertionError):
        return message or f"this does not hold: {places.failing_line(error, filename, source)}"
    if isinstance(error, SystemExit):
        return "it calls exit(), which ends Python"
    return "\n".join([f"{name}: {message}" if message else name, *places.places(error, filename, source)])


def too_long(seconds: float) -> str:
    """What to tell of an answer that took longer."""
    return f"it took longer than {in_seconds(seconds)}; is there a loop that never ends?"


def _judge_here(checks: Sequence[Example], namespace: dict[str, Any], answer: str | None, seconds: float) -> Verdict:
    """The same in this process: names, arrays, lists and dicts are put back as they were."""
    kept = dict(namespace)
    saved = {name: _saved(value) for name, value in kept.items() if not name.startswith("_")}
    late = threading.Event()

    def stop() -> None:
        late.set()
        ringing.set()
        interrupt_main()

    timer = threading.Timer(seconds, stop)
    timer.start()
    try:
        verdict = run_checks(checks, dict(namespace), answer)
    except KeyboardInterrupt:
        verdict = Verdict(False, "stopped before it was judged")
    finally:
        timer.cancel()
        for name in namespace.keys() - kept.keys():
            del namespace[name]
        namespace.update(kept)
        for name, contents in saved.items():
            _put_back(kept[name], contents)
    if late.is_set():
        with contextlib.suppress(KeyboardInterrupt):
            time.sleep(0.05)  # the interrupt may arrive a moment late
        ringing.clear()
        return Verdict(False, too_long(seconds))
    return verdict


def _saved(value: Any) -> Any:
    if isinstance(value, list | dict | set) or hasattr(value, "__array_interface__"):
        try:
            return copy.deepcopy(value)
        except Exception:
            return None
    return None


def _put_back(value: Any, contents: Any) -> None:
    if contents is None:
        return
    if isinstance(value, list):
        value[:] = contents
    elif isinstance(value, dict | set):
        value.clear()
        value.update(contents)
    elif value.flags.writeable:
        value[...] = contents
