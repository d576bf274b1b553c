"""Time the engine against the floor and its peers, in one run.

    python -m benchmarks.engine.run                       every engine that is installed, every workload
    python -m benchmarks.engine.run --only W1,W3 --engines floor,fluxrepl
    python -m benchmarks.engine.run --json results.json --gate
    python -m benchmarks.engine.run --scaling

Each engine's answer is compared with the floor's first. Then rounds are interleaved: every engine once, then again.
A round's figure is CPU time per call. A ratio is the median, over the rounds, of the ratio within a round: what slows
the machine for a second slows both alike. For W1, W2 and W12, whose floor is a tenth of a microsecond, the time itself
is shown as well. Ratios are good to about ±10 %.
`--gate` fails if fluxrepl is above 1.4 times its "must" ratio, by the best rounds, tried five times: what CI can hold
on a noisy machine.
"""

import argparse
import gc
import importlib
import json
import os
import platform
import statistics
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # one core for everybody
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import numpy as np  # noqa: E402 - after the threads are set

from fluxrepl.shell.allocator import keep_freed_memory  # noqa: E402 - after the threads are set

from .workloads import MUST, MUST_SECONDS, TITLES, Data  # noqa: E402 - after the threads are set

ENGINES = {
    "floor": "floor",
    "fluxrepl": "fluxrepl_engine",
    "autograd": "autograd_engine",
    "MyGrad": "mygrad_engine",
    "torch": "torch_engine",
    "jax": "jax_engine",
}
SLACK = 1.4


def load(names: list[str]) -> dict:
    engines = {}
    for name in names:
        try:
            engines[name] = importlib.import_module(f".{ENGINES[name]}", __package__)
        except ImportError as e:
            print(f"{name} is left out: {e}", file=sys.stderr)
    return engines


def flat(answer) -> np.ndarray:
    parts = answer if isinstance(answer, list | tuple) else [answer]
    return np.concatenate([np.ravel(np.asarray(p, dtype=np.float64)) for p in parts])


def check(name: str, answer, floor) -> None:
    got, want = flat(answer), flat(floor)
    tolerance = 2e-4 if name in ("W7", "W8") else 1e-9
    np.testing.assert_allclose(got, want, rtol=tolerance, atol=tolerance * max(1.0, np.abs(want).max()), err_msg=name)


def time_calls(call, seconds: float) -> tuple[float, int]:
    """How long one call takes, and how many of them fill a round."""
    n = 1
    while True:
        start = time.process_time()
        for _ in range(n):
            call()
        spent = time.process_time() - start
        if spent >= seconds:
            return spent / n, n
        n = max(n + 1, int(n * min(10, 1.2 * seconds / max(spent, 1e-9))))


def measure(calls: dict, rounds: int, seconds: float) -> dict[str, list[float]]:
    sizes = {name: time_calls(call, seconds)[1] for name, call in calls.items()}
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            gc.collect()
            start = time.process_time()
            for _ in range(sizes[name]):
                call()
            times[name].append((time.process_time() - start) / sizes[name])
    return times


def spelled(seconds: float) -> str:
    for unit, scale in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * scale >= 1:
            return f"{seconds * scale:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def ratio(times: dict[str, list[float]], slower: str, faster: str) -> float:
    """How many times longer one engine took than another: the median over rounds that were run side by side."""
    return statistics.median([a / b for a, b in zip(times[slower], times[faster], strict=True)])


def row(name: str, times: dict[str, list[float]], engines) -> str:
    cells = [name, TITLES[name], spelled(statistics.median(times["floor"]))]
    for engine in engines:
        if engine == "floor":
            continue
        if engine not in times:
            cells.append("–")
        elif engine == "fluxrepl":
            must = spelled(MUST_SECONDS[name]) if name in MUST_SECONDS else f"{MUST[name]}×"
            mine = spelled(statistics.median(times["fluxrepl"]))
            cells.append(f"{ratio(times, 'fluxrepl', 'floor'):.2f}× ({mine}; must {must})")
        else:
            cells.append(f"{ratio(times, engine, 'fluxrepl'):.2f}")
    return "| " + " | ".join(cells) + " |"


def too_slow(name: str, calls: dict, times: dict[str, list[float]], asked) -> bool:
    if name in MUST_SECONDS:
        return False  # absolute times are not gated: machines differ
    for attempt in range(5):
        if min(times["fluxrepl"]) / min(times["floor"]) <= SLACK * MUST[name]:
            return False
        time.sleep(attempt)  # what keeps the machine busy may pass
        times = measure(calls, asked.rounds, asked.seconds)
    return True


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--only", default=",".join(TITLES))
    options.add_argument("--engines", default=",".join(ENGINES))
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--seconds", type=float, default=0.05, help="CPU time of one round")
    options.add_argument("--json")
    options.add_argument("--gate", action="store_true")
    options.add_argument("--scaling", action="store_true")
    asked = options.parse_args()
    keep_freed_memory()  # as in the shell; for every engine alike
    engines = load(asked.engines.split(","))
    if asked.scaling:
        from .scaling import curves

        return curves(engines)
    data, results, slow = Data(), {}, []
    print(
        f"{platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}, {time.strftime('%Y-%m-%d')}"
    )
    print(
        "| | workload | floor | fluxrepl × floor |"
        + "".join(f" {e} ÷ fluxrepl |" for e in engines if e not in ("floor", "fluxrepl"))
    )
    print("|---" * (len(engines) + 2) + "|")
    for name in asked.only.split(","):
        calls = {e: getattr(m, name)(data) for e, m in engines.items() if hasattr(m, name)}
        want = calls["floor"]()
        for call in calls.values():
            check(name, call(), want)
        times = measure(calls, asked.rounds, asked.seconds)
        medians = {e: statistics.median(t) for e, t in times.items()}
        results[name] = {"median": medians, "all": times}
        print(row(name, times, engines), flush=True)
        if asked.gate and too_slow(name, calls, times, asked):
            slow.append(name)
    if asked.json:
        with open(asked.json, "w") as file:
            json.dump(
                {"machine": platform.platform(), "date": time.strftime("%Y-%m-%d"), "results": results}, file, indent=1
            )
    if slow:
        print(f"above {SLACK} times the ratio they must reach: {', '.join(slow)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
