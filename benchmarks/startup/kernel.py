"""How quickly the kernel is there, beside python3's own kernel: launch, round trip, memory, the first Tab.

    python -m benchmarks.startup.kernel            seven rounds, a table in Markdown

Each round starts both kernels anew, one after the other, with an empty home; a figure is the median over the rounds, a
ratio the median of the rounds' ratios. python3's kernel imports NumPy, and gets jedi's completions, as it does when
installed; what it needs for a gradient is not counted.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from jupyter_client.manager import KernelManager

FIRST = {"python3": "import numpy as np\nnp.sum(np.ones(3))", "fluxrepl": "gradient(lambda x: x**2, 3.0)"}
TAB = {"python3": "np.lina", "fluxrepl": "Dense(3, 4).we"}
TRIPS = 50
SECONDS = 120
MUST = {"launch to first result": 1.25, "round trip of a cell": 1.3, "memory": 1.3, "first Tab": None}


class Figures(NamedTuple):
    """What one kernel took in one round."""

    launch: float  # seconds
    trip: float
    memory: float  # bytes
    tab: float


def measure(name: str, home: Path) -> Figures:
    """Start a kernel, use it, stop it."""
    manager = KernelManager(kernel_name=name)
    environment = {**os.environ, "FLUXREPL_HOME": str(home), "IPYTHONDIR": str(home / "ipython")}
    started = time.perf_counter()
    manager.start_kernel(env=environment, cwd=str(home), stderr=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=SECONDS)
        run(client, FIRST[name])
        launch = time.perf_counter() - started
        tab = timed(lambda: complete(client, TAB[name]))
        trip = statistics.median([timed(lambda: run(client, "1")) for _ in range(TRIPS)])
        return Figures(launch, trip, memory_of(manager.provisioner.pid), tab)  # type: ignore[union-attr]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def run(client: Any, code: str) -> None:
    reply = client.execute_interactive(code, timeout=SECONDS, output_hook=lambda message: None)
    assert reply["content"]["status"] == "ok", reply["content"]


def complete(client: Any, code: str) -> None:
    sent = client.complete(code, len(code))
    while client.get_shell_msg(timeout=SECONDS)["parent_header"].get("msg_id") != sent:
        pass


def timed(act: Any) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def memory_of(pid: int) -> float:
    """What a process has in memory, its libraries included (Linux)."""
    text = Path(f"/proc/{pid}/status").read_text()
    return 1024.0 * next(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS:"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds: list[dict[str, Figures]] = []
    for number in range(parser.parse_args().rounds + 1):
        made = {}
        for name in FIRST:
            with tempfile.TemporaryDirectory() as home:
                made[name] = measure(name, Path(home))
        if number:  # the first fills the caches of the disk
            rounds.append(made)
    print("| | python3's kernel + `import numpy` | fluxrepl | ratio | must |")
    print("|---|---|---|---|---|")
    for index, (what, must) in enumerate(MUST.items()):
        pairs = [(made["python3"][index], made["fluxrepl"][index]) for made in rounds]
        plain, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median([b / a for a, b in pairs])
        wanted = f"≤ {must}×" if must else "≤ 1 s"
        print(f"| {what} | {shown(what, plain)} | {shown(what, ours)} | {ratio:.2f}× | {wanted} |")


def shown(what: str, value: float) -> str:
    return f"{value / 2**20:.0f} MiB" if what == "memory" else f"{value * 1000:.3g} ms"


if __name__ == "__main__":
    main()
