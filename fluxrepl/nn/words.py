"""The rules of layers and losses in words, beside those of NumPy's functions in `rules/words.py`."""

from typing import Any

import numpy as np

from fluxrepl.rules.words import WORDS
from fluxrepl.rules.written import WRITTEN, Operation

from .activations import logsoftmax, logsumexp, relu, sigmoid, softmax
from .dense import affine
from .device import to_cpu, to_gpu
from .losses import mean_surprise


def is_batch(op: Operation) -> bool:
    return np.ndim(op.values[2]) > 1


def affine_written(op: Operation) -> str:
    bias = "" if op.values[1] is False else " + {b}"
    return ("{c} @ {a}.T" if is_batch(op) else "{a} @ {c}") + bias


def rule_of(fn: Any) -> Any:
    """The function under which the rule of one of ours is entered."""
    return fn.__wrapped__


WRITTEN[rule_of(affine)] = affine_written

WORDS.update({
    rule_of(relu): ("1 where {a} > 0, else 0",),
    rule_of(sigmoid): ("{y}·(1 - {y})",),
    rule_of(softmax): ("{y}·(ct - sum(ct·{y}))", None),
    rule_of(logsoftmax): ("ct - exp {y}·sum(ct)", None),
    rule_of(logsumexp): ("ct·softmax {a}", None, None),
    rule_of(affine): (
        lambda op: "ctᵀ @ {c}" if is_batch(op) else "outer(ct, {c})",
        lambda op: "ct summed over the batch" if is_batch(op) else "ct",
        lambda op: "ct @ {a}" if is_batch(op) else "{a}ᵀ @ ct",
    ),
    rule_of(mean_surprise): ("-ct·{b} / rows", "-ct·{a} / rows", None),
    rule_of(to_gpu): ("ct, back where it was",),
    rule_of(to_cpu): ("ct, back where it was",),
})  # fmt: skip
