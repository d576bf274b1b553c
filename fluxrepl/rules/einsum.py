"""`np.einsum`: the sum of products over named axes.

The cotangent of `y = einsum("ij,jk->ik", a, b)` goes back by another einsum in which the letters have changed places:
`einsum("ik,jk->ij", ct, b)` to a. That holds for any letters once each letter stands at most once in an operand, and
once a letter that stands in one operand only has been summed over; both are done beforehand.
"""

import numpy as np

from fluxrepl.ad.recording import apply
from fluxrepl.ad.rule import RULES, Rule, composed
from fluxrepl.ad.tracer import plain

from .creation import _astype
from .joins import OneForEach

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@composed(np.einsum)
def einsum(*operands, out=None, optimize=False, dtype=None, order="K", casting="safe"):
    inputs, output, operands = spelled_out(operands)
    if dtype is not None:
        operands = [x.astype(dtype) for x in operands]
    common = np.result_type(*map(plain, operands))
    for k, letters in enumerate(inputs):
        inputs[k], operands[k] = each_once(letters, operands[k])
        elsewhere = set("".join([*inputs[:k], *inputs[k + 1 :], output]))
        inputs[k], operands[k] = only_shared(inputs[k], operands[k], elsewhere, common)
    return apply(_einsum, tuple(operands), {"inputs": tuple(inputs), "output": output, "optimize": optimize})


def spelled_out(operands) -> tuple[list[str], str, list]:
    """The letters of each operand and of the result, whatever form the call had; the dots become letters as well."""
    if isinstance(operands[0], str):
        text, operands = operands[0].replace(" ", ""), list(operands[1:])
        left, arrow, output = text.partition("->")
        inputs, output = left.split(","), output if arrow else None
    else:
        inputs = [letters_of(sublist) for sublist in operands[1::2]]
        output = letters_of(operands[-1]) if len(operands) % 2 else None
        operands = list(operands[: len(inputs) * 2 : 2])
    if len(inputs) != len(operands):
        raise ValueError("more operands provided to einstein sum function than specified in the subscripts string")
    operands = [x if hasattr(x, "shape") else np.stack(x) if isinstance(x, list | tuple) else x for x in operands]
    free = [c for c in LETTERS if c not in "".join(inputs) + (output or "")]
    most = 0
    for k, (letters, x) in enumerate(zip(inputs, operands, strict=True)):
        if "..." in letters:
            n = np.ndim(plain(x)) - (len(letters) - 3)
            most = max(most, n)
            inputs[k] = letters.replace("...", "".join(free[len(free) - n :]))
        if len(inputs[k]) != np.ndim(plain(x)):
            raise ValueError(f"einsum: {letters!r} does not fit operand {k}, which has {np.ndim(plain(x))} axes")
    dots = "".join(free[len(free) - most :])
    if output is None:
        together = "".join(inputs)
        output = dots + "".join(sorted([c for c in set(together) - set(dots) if together.count(c) == 1]))
    return inputs, output.replace("...", dots), operands


def letters_of(sublist) -> str:
    """The other form of a call: `[0, 1]` is "ab", and `...` the dots."""
    return "".join(["..." if k is Ellipsis else LETTERS[k] for k in sublist])


def each_once(letters: str, x):
    """A letter that comes twice means the diagonal along its axes."""
    for letter in letters:
        while letters.count(letter) > 1:
            i = letters.index(letter)
            j = letters.index(letter, i + 1)
            x = np.diagonal(x, 0, i, j)
            letters = letters[:i] + letters[i + 1 : j] + letters[j + 1 :] + letter
    return letters, x


def only_shared(letters: str, x, elsewhere: set[str], common: np.dtype):
    """A letter that stands in this operand only is summed over."""
    alone = tuple([k for k, letter in enumerate(letters) if letter not in elsewhere])
    return ("".join([c for c in letters if c in elsewhere]), total(x, alone, common)) if alone else (letters, x)


def total(x, axes, common):
    """The sum; where all operands are small integers it stays one of them, as it does in `np.einsum`."""
    y = np.sum(x, axis=axes)
    return y if common.kind not in "iu" or np.result_type(plain(y)) == common else apply(_astype, (y, common))


def _einsum(*operands, inputs, output, optimize=False):
    return np.einsum(f"{','.join(inputs)}->{output}", *operands, optimize=optimize)


def part_pullback(k, ct, y, *operands, inputs, output, optimize=False):
    """Of an einsum to operand k: the cotangent takes its place, and its letters those of the result."""
    others = [x for j, x in enumerate(operands) if j != k]
    letters = [output, *[ls for j, ls in enumerate(inputs) if j != k]]
    return np.einsum(f"{','.join(letters)}->{inputs[k]}", ct, *others, optimize=optimize or len(others) > 2)


RULES[_einsum] = Rule(_einsum, OneForEach(part_pullback))
