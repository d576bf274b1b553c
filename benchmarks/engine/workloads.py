"""The workloads: their data, the same for every engine, and what each asks for.

Each engine has a file of its own, with one function per workload that returns a call without arguments; the call
takes the gradient, in that engine's own idiom, and answers with it. `run.py` compares the answers before it times.
"""

from collections import namedtuple
from itertools import pairwise

import numpy as np

TITLES = {
    "W1": "gradient of 3x²+2x+1 at a float",
    "W2": "its second derivative, by nesting",
    "W3": "sum((x-y)²), 2 elements",
    "W4": "named tuple, sum((a/y-b)²)",
    "W5": "linear regression, W 2×5",
    "W6": "MLP 10-5-2, one vector",
    "W7": "MLP 784-256-10, batch 64, float32",
    "W8": "MLP 784-1024-1024-10, batch 256, float32",
    "W9": "ten chained elementwise operations, 1e6 float64",
    "W10": "RNN, 200 steps, hidden 32",
    "W11": "200 scalar index reads",
    "W12": "chain of 1000 scalar operations",
    "W13": "full Hessian, Rosenbrock n=10",
    "W13v": "one Hessian-vector product of it",
    "W15": "structure of 500 small arrays",
}

MUST = {  # at most this many times the floor (W1, W2 in µs, W12 in ns an operation: a floor of 0.1 µs is no measure)
    "W3": 4.5, "W4": 4.5, "W5": 4.5, "W6": 4, "W7": 1.25, "W8": 1.05, "W9": 1.2, "W10": 1.7, "W11": 8, "W13": 40,
    "W13v": 12, "W15": 4.5,
}  # fmt: skip
MUST_SECONDS = {"W1": 6e-6, "W2": 14e-6, "W12": 600e-9 * 1000}

Triple = namedtuple("Triple", "a b c")


class Data:
    """What the workloads work on; made once, from one seed."""

    def __init__(self) -> None:
        rng = np.random.default_rng(1)

        def normal(*shape, dtype=np.float64, scale=1.0):
            return (rng.standard_normal(shape) * scale).astype(dtype)

        self.number = 2.0
        self.x2, self.y2 = np.array([2.0, 1.0]), np.array([2.0, 0.0])
        self.triple, self.divisor = Triple(np.array([2.0, 1.0]), np.array([2.0, 0.0]), None), np.array([1.0, 2.0])
        self.W, self.b, self.x, self.y = normal(2, 5), normal(2), normal(5), normal(2)
        self.small = [normal(5, 10), normal(5), normal(2, 5), normal(2)]
        self.small_x, self.small_y = normal(10), normal(2)
        self.mlp = self._mlp(normal, 784, 256, 10)
        self.mlp_x, self.mlp_y = self._batch(rng, 64)
        self.big = self._mlp(normal, 784, 1024, 1024, 10)
        self.big_x, self.big_y = self._batch(rng, 256)
        self.million = rng.random(10**6)
        self.rnn = [normal(32, 16, scale=0.2), normal(32, 32, scale=0.2), normal(32)]
        self.rnn_x = normal(200, 16)
        self.reads = rng.random(200)
        self.rosenbrock, self.direction = rng.random(10), normal(10)
        self.many = {f"p{k}": normal(10) for k in range(500)}

    @staticmethod
    def _mlp(normal, *sizes):
        f32 = np.float32
        return [
            part
            for n_in, n_out in pairwise(sizes)
            for part in (normal(n_out, n_in, dtype=f32, scale=n_in**-0.5), np.zeros(n_out, f32))
        ]

    @staticmethod
    def _batch(rng, n):
        x = rng.standard_normal((n, 784)).astype(np.float32)
        return x, np.eye(10, dtype=np.float32)[rng.integers(0, 10, n)]
