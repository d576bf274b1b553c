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
from collections.abc import Callable, Iterator, Sequence
from functools import partial
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
        work = Work(client, partial(shard.pack, settings=settings), shard.unpack, _lost_task)
        yield from work.run(list(tasks), deadline)
        for task in work.undone():
            yield Run(task.lesson, [], ALL_TIME_IS_UP, 0.0, task.seed, task.round)
    finally:
        client.close(timeout=2)


def connect(address: str) -> "Client":
    """A client of the cluster; tells which workers differ from this machine. `NoCluster` if there is none."""
    try:
        from distributed import Client
    except ImportError:
        raise NoCluster("--dask needs the extra `dask`: pip install 'fluxrepl[dask]'") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what it would say is said here
    client = Client.__new__(Client)
    try:
        client.__init__(address, timeout=CONNECT_WITHIN, set_as_default=False)  # type: ignore[misc]
    except Exception as error:  # what answers there may be anything, and no scheduler
        client.status = "closed"  # it would wait for what never began, and then tell of it
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
        raise NoCluster("the cluster has no workers; start some with `dask worker ADDRESS`")
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


def _lost_task(task: Task, why: str) -> Run:
    return Run(task.lesson, [], f"could not be run on the cluster ({why})", 0.0, task.seed, task.round)


class Work:
    """Things to do, in parts that travel as text: `pack` makes the text of a part, `unpack` takes its results out,
    `lost` is the result of a thing that no worker could do."""

    def __init__(
        self,
        client: "Client",
        pack: Callable[[list[Any]], str],
        unpack: Callable[[str, list[Any]], list[Any]],
        lost: Callable[[Any, str], Any],
    ):
        self.client, self.pack, self.unpack, self.lost = client, pack, unpack, lost
        self.parts: dict[Future, list[Any]] = {}

    def run(self, things: list[Any], deadline: float = math.inf) -> Iterator[Any]:
        """Do them all; results come as parts are done, until the deadline."""
        threads = max(1, sum(self.client.nthreads().values()))
        size = max(1, min(LARGEST_PART, math.ceil(len(things) / (threads * PARTS_FOR_EACH))))
        for at in range(0, len(things), size):
            self._submit(things[at : at + size])
        try:
            while self.parts and time.monotonic() < deadline:
                for done in [future for future in self.parts if future.done()]:
                    yield from self._take(done)
                time.sleep(0.01)  # and hear Ctrl-C
        finally:
            self.client.cancel(list(self.parts), force=True)

    def undone(self) -> list[Any]:
        """What there was no time for."""
        return [thing for part in self.parts.values() for thing in part]

    def _submit(self, part: list[Any]) -> None:
        self.parts[self.client.submit(run_part, self.pack(part), pure=False)] = part

    def _take(self, done: "Future") -> Iterator[Any]:
        from .untrusted import Refused

        part = self.parts.pop(done)
        if done.status == "finished":
            told = done.result()
            if refused := json.loads(told).get("refused"):
                raise Refused(f"on a worker of the cluster: {refused}")
            yield from self.unpack(told, part)
        elif len(part) > 1:  # one of them may have brought its workers down: which one?
            for thing in part:
                self._submit([thing])
        else:
            yield self.lost(part[0], _why(done.exception() if done.status == "error" else None))


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
