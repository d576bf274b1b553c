"""Rules: how one array steps when its gradient is known.

A rule is two small functions of one array: `init(x)`, what it remembers at first, and `step(memory, x, g)`, the new
memory and what to subtract from x. `optimise.py` does this for every array of a model.
"""

from typing import Any, NamedTuple

import numpy as np

from fluxrepl.ad.errors import teach


def check_rate(name: str, eta: Any) -> None:
    if isinstance(eta, bool) or not isinstance(eta, int | float | np.number):
        raise teach(
            TypeError(f"{name} takes a learning rate, and got {eta!r:.60}"),
            f"Write {name}(0.01); the model goes to setup: setup({name}(0.01), model).",
        )
    if not eta >= 0:
        raise teach(
            ValueError(f"a learning rate cannot be negative or NaN: {name}({eta})"),
            "A gradient points uphill; the rule already steps the other way.",
            f"Write {name}({abs(eta) if eta == eta else 0.01}).",
        )
    if not np.isfinite(eta):
        raise teach(ValueError(f"a learning rate must be finite: {name}({eta})"), f"Write {name}(0.01).")


class Descent:
    """Gradient descent: each number moves against its gradient.

    Formula: x ← x - eta · g

    Errors: `ValueError` for a negative rate.

    Example:
        >>> Descent(0.1)
        Descent(eta=0.1)

    Source: "Building Simple Models", where it is W -= 0.1 * dW; Optimisers.jl's `Descent`.
    """

    def __init__(self, eta: float = 0.1):
        check_rate("Descent", eta)
        self.eta = float(eta)

    def init(self, x: Any) -> Any:
        return None

    def step(self, memory: Any, x: Any, g: Any) -> tuple[Any, Any]:
        return memory, g * self.eta

    def __repr__(self) -> str:
        return f"Descent(eta={self.eta})"


class Moments(NamedTuple):
    """What Adam remembers of one array: running means of its gradient and of its square, and the number of steps."""

    mean: Any
    square: Any
    steps: int


class Adam:
    """Gradient descent with a step for each number that its past gradients set.

    Formula: m ← β₁ m + (1 - β₁) g;  v ← β₂ v + (1 - β₂) g²;
    x ← x - eta · m / (1 - β₁ᵗ) / (√(v / (1 - β₂ᵗ)) + epsilon) at step t

    Errors: `ValueError` for a negative rate or epsilon, or a beta that is not in [0, 1).

    Example:
        >>> Adam()
        Adam(eta=0.001, beta=(0.9, 0.999), epsilon=1e-08)

    Source: Kingma and Ba 2015, algorithm 1; Optimisers.jl's `Adam`.
    """

    def __init__(self, eta: float = 0.001, beta: tuple[float, float] = (0.9, 0.999), epsilon: float = 1e-8):
        check_rate("Adam", eta)
        try:
            first, second = (float(b) for b in beta)
        except (TypeError, ValueError):
            raise teach(TypeError(f"Adam takes a pair as beta, and got {beta!r:.60}"), "Write (0.9, 0.999).") from None
        if not (0 <= first < 1 and 0 <= second < 1):
            raise teach(
                ValueError(f"the betas of Adam are at least 0 and less than 1, and got {beta}"),
                "Each is how much of the past a running mean keeps. Write (0.9, 0.999).",
            )
        if isinstance(epsilon, bool) or not isinstance(epsilon, int | float | np.number):
            raise teach(TypeError(f"Adam takes a small number as epsilon, and got {epsilon!r:.60}"), "Write 1e-8.")
        if not epsilon >= 0:
            raise teach(
                ValueError(f"the epsilon of Adam cannot be negative or NaN, and got {epsilon}"),
                "It keeps a step finite where the gradient has been 0. Write 1e-8.",
            )
        self.eta, self.beta, self.epsilon = float(eta), (first, second), float(epsilon)

    def init(self, x: Any) -> Moments:
        dtype = np.promote_types(x.dtype, np.float32)  # float16 cannot hold 1e-8
        square = np.float64 if dtype == np.complex128 else np.float32 if dtype == np.complex64 else dtype
        return Moments(np.zeros_like(x, dtype=dtype), np.zeros_like(x, dtype=square), 0)

    def step(self, memory: Moments, x: Any, g: Any) -> tuple[Moments, Any]:
        first, second = self.beta
        t = memory.steps + 1
        mean = memory.mean * first + g.astype(memory.mean.dtype, copy=False) * (1 - first)
        size = np.abs(g).astype(memory.square.dtype, copy=False)
        square = memory.square * second + size * size * (1 - second)
        step = mean * (self.eta / (1 - first**t)) / (np.sqrt(square / (1 - second**t)) + self.epsilon)
        return Moments(mean, square, t), step

    def __repr__(self) -> str:
        return f"Adam(eta={self.eta}, beta={self.beta}, epsilon={self.epsilon})"


def is_rule(rule: Any) -> bool:
    return not isinstance(rule, type) and hasattr(rule, "init") and hasattr(rule, "step")
