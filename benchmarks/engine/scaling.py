"""How time and memory grow: with the number of operations, with the size of the arrays, with indexed reads."""

import gc
import time
import tracemalloc

import numpy as np

OPERATIONS = [10, 100, 1_000, 10_000, 100_000]
SIZES = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000]
READS = [10, 100, 1_000, 10_000]


def timed(call) -> float:
    """The best of a few: what the machine can do when nobody else is on it."""
    best = float("inf")
    deadline = time.process_time() + 1.0
    while True:
        gc.collect()
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
        if time.process_time() > deadline:
            return best


def peak(call) -> int:
    tracemalloc.start()
    call()
    size = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return size


def curves(engines) -> int:
    from fluxrepl import gradient

    def operations(n):
        def f(x):
            for _ in range(n // 2):
                x = x * 1.0001 + 0.1
            return x

        return lambda: gradient(f, 1.0)

    def elementwise(n):
        x = np.linspace(0.1, 1.0, n)
        return lambda: gradient(lambda x: np.sum(np.tanh(x * x + 1)), x)

    def reads(n):
        v = np.linspace(0.1, 1.0, n)
        return lambda: gradient(lambda v: sum([v[i] * v[i] for i in range(n)]), v)

    for title, sizes, make in (
        ("scalar operations", OPERATIONS, operations),
        ("elements, four elementwise operations", SIZES, elementwise),
        ("indexed reads", READS, reads),
    ):
        print(f"| {title} | time | per item | peak memory |\n|---|---|---|---|")
        for n in sizes:
            seconds = timed(make(n))
            print(f"| {n:,} | {seconds * 1e3:.3g} ms | {seconds / n * 1e9:.3g} ns | {peak(make(n)) / 2**20:.3g} MiB |")
        print()
    return 0
