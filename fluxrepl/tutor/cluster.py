"""`fluxrepl check --dask ADDRESS`: parts of a check on the machines of a Dask cluster (the extra `dask`).

A part travels as text, with everything it needs, and is done in a process that the worker starts for it (`shard.py`);
its results come back as text. When a worker is lost, Dask gives its part to another; a part that has lost several
workers is cut into single lessons, so that the one to blame is found. Each result is counted when its part is done,
and a part is done once.
"""

import json
import logging
import math
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from . import shard
from .settings import CannotRun, Settings
from .task import ALL_TIME_IS_UP, Run, Task

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_WITHIN = 5.0  # seconds
LARGEST_PART = 16  # lessons
PARTS_FOR_EACH = 4  # parts for each thread of the cluster, so that all end at about the same time
LOOK_EVERY = 0.2

log = logging.getLogger("fluxrepl")


class NoCluster(CannotRun):
    """The cluster cannot be reached or used."""


def run_on_cluster(tasks: Sequence[Task], settings: Settings, deadline: float = math.inf) -> Iterator[Run]:
    """Run the tasks on the cluster at `settings.dask`; runs come as their parts are done."""
    client = connect(settings.dask)
    try:
        yield from _Work(client, settings, deadline).run(list(tasks))
    finally:
        client.close(timeout=2)


def connect(address: str) -> "Client":
    """A client of the cluster; tells which workers differ from this machine. `NoCluster` if there is none."""
    try:
        from distributed import Client
    except ImportError:
        raise NoCluster("--dask needs the extra `dask`: pip install 'fluxrepl[dask]'") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what it would say is said here
    try:
        client = Client(address, timeout=CONNECT_WITHIN, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        why = str(error).split("\n")[0] or type(error).__name__
        start = "start one with `dask scheduler` and `dask worker ADDRESS`"
        raise NoCluster(f"no Dask scheduler answers at {address} ({why}); {start}") from None
    try:
        _compare(client)
    except BaseException:
        client.close(timeout=2)
        raise
    return client


def _compare(client: "Client") -> None:
    workers = client.scheduler_info(n_workers=-1)["workers"]
    if not workers:
        raise NoCluster(f"the cluster at {client.scheduler.address} has no workers; start some with `dask worker`")
    ours = versions()
    try:
        told = client.run(versions, on_error="return")
    except Exception as error:  # fluxrepl is not installed where it should be unpickled
        told = dict.fromkeys(workers, error)
    for address, theirs in told.items():
        if isinstance(theirs, BaseException):
            raise NoCluster(f"worker {address} cannot run fluxrepl ({theirs}); install it there: pip install fluxrepl")
        differs = [
            f"{name} {theirs.get(name)} there, {ours[name]} here" for name in ours if theirs.get(name) != ours[name]
        ]
        if differs:
            log.warning("fluxrepl: worker %s differs: %s; results may too", address, ", ".join(differs))


def versions() -> dict[str, str]:
    """What can make results differ."""
    from importlib.metadata import version

    from fluxrepl.version import __version__

    return {"fluxrepl": __version__, "Python": platform.python_version(), "NumPy": version("numpy")}


class _Work:
    """Parts on their way."""

    def __init__(self, client: "Client", settings: Settings, deadline: float):
        self.client, self.settings, self.deadline = client, settings, deadline
        self.parts: dict[Future, list[Task]] = {}

    def run(self, tasks: list[Task]) -> Iterator[Run]:
        from distributed import as_completed

        threads = max(1, sum(self.client.nthreads().values()))
        size = max(1, min(LARGEST_PART, math.ceil(len(tasks) / (threads * PARTS_FOR_EACH))))
        for at in range(0, len(tasks), size):
            self._submit(tasks[at : at + size])
        coming = as_completed(list(self.parts))
        try:
            while self.parts:
                if (done := _next(coming, self.deadline)) is None:
                    yield from self._out_of_time()
                    return
                if done not in self.parts:
                    continue
                part = self.parts.pop(done)
                runs = self._runs(done, part)
                if runs is None:
                    coming.update([self._submit([task]) for task in part])
                else:
                    yield from runs
        finally:
            self.client.cancel(list(self.parts), force=True)

    def _submit(self, part: list[Task]) -> "Future":
        future = self.client.submit(run_part, shard.pack(part, self.settings), pure=False)
        self.parts[future] = part
        return future

    def _runs(self, done: "Future", part: list[Task]) -> list[Run] | None:
        """What came of a part; None if it is to be tried again, lesson by lesson."""
        from .untrusted import Refused

        if done.status == "finished":
            told = done.result()
            if refused := json.loads(told).get("refused"):
                raise Refused(str(refused))
            return shard.unpack(told, part)
        if len(part) > 1:
            return None
        error = done.exception() if done.status == "error" else None
        words = f"could not be run on the cluster ({_why(error)})"
        return [Run(task.lesson, [], words, 0.0, task.seed, task.round) for task in part]

    def _out_of_time(self) -> Iterator[Run]:
        for part in self.parts.values():
            for task in part:
                yield Run(task.lesson, [], ALL_TIME_IS_UP, 0.0, task.seed, task.round)


def _next(coming: Any, deadline: float) -> Any:
    """The next part that is done, or None when time is up. It listens to Ctrl-C."""
    while time.monotonic() < deadline:
        if not coming.queue.empty() or not coming.futures:
            return next(coming)
        time.sleep(0.01)
    return None


def _why(error: Any) -> str:
    if type(error).__name__ == "KilledWorker":
        return "every worker that tried it was lost: too much memory, or a crash"
    return f"{type(error).__name__}: {error}".split("\n")[0] if error else "it was cancelled"


# What follows runs on the workers.


def run_part(told: str) -> str:
    """Do a part in a process of its own, apart from the worker; it ends when the part is cancelled, or the worker."""
    process = subprocess.Popen(
        [sys.executable, "-m", "fluxrepl.tutor.shard"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        out, err = _talk(process, told)
    finally:
        process.kill()
        process.wait()
    if process.returncode:
        raise RuntimeError(f"its process ended with status {process.returncode}: {err.strip()[-500:]}")
    return out


def _talk(process: "subprocess.Popen[str]", told: str) -> tuple[str, str]:
    is_wanted = _wanted()
    first: str | None = told
    while True:
        try:
            out, err = process.communicate(first, timeout=LOOK_EVERY)
        except subprocess.TimeoutExpired:
            first = None
            if not is_wanted():
                raise RuntimeError("cancelled") from None
        else:
            return out, err


def _wanted() -> Any:
    """A function that says whether this worker still has the task that runs here."""
    from distributed import get_worker

    try:
        worker = get_worker()
        key = worker.get_current_task()
    except ValueError:  # not on a worker
        return lambda: True

    def is_wanted() -> bool:
        task = worker.state.tasks.get(key)
        return task is not None and task.state not in ("cancelled", "released")

    return is_wanted
