"""Recording: what is done to a tracer is computed at once, and written down.

Every operation computes its value, as NumPy would, and appends one row to the tape for each traced operand:

    (result, pullback, operand, values of all operands)

Operators come in through `x + y`, NumPy's functions through its two protocols: `__array_ufunc__` (NEP 13) for
`np.exp` and its like, `__array_function__` (NEP 18) for `np.sum`, `np.concatenate` and the rest. All end in `apply`,
which looks the function up in the tables of `rule.py`. A function that is in none of them is refused there, at
the learner's line: never a wrong gradient without a word.
"""

import sys
from functools import partial
from inspect import signature
from typing import Any

import numpy as np
from numpy import ndarray

from .locks import lock
from .operands import SEQUENCES, as_operand, innermost, kept, lock_beside, with_arrays
from .refusals import mutation, name_of, no_rule
from .rule import COMPOSED, CONSTANT, LATE, NOT_DIFFERENTIATED, OUT, RULES, SHORT, WRITES, Rule
from .tracer import Tracer, plain_all, tracer


def apply(fn, args: tuple, keywords: dict[str, Any] | None = None) -> Any:
    """Call `fn` on any mix of operands; the innermost tape among them records it."""
    rule = RULES.get(fn)
    if rule is None:
        return apply_without_rule(fn, args, keywords or {})
    if keywords and any([type(k) is Tracer for k in keywords.values()]):
        args, keywords = by_position(fn, args, keywords)
    tape = innermost(args)
    if tape is None:
        return fn(*args, **keywords) if keywords else fn(*args)
    if any([type(a) in SEQUENCES for a in args]):
        args = with_arrays(rule, args, tape)
    if keywords:
        keywords = kept(keywords, tape)
    values = tuple([a.value if type(a) is Tracer and a.tape is tape else a for a in args])
    if any([type(v) is Tracer for v in values]):
        y = apply(fn, values, keywords)
    else:
        y = rule.forward(*values, **keywords) if keywords else rule.forward(*values)
    out = None
    for a, x, pull in zip(args, values, rule.pulls, strict=False):
        if a is not x and pull is not None:
            if out is None:
                out = tracer(y, tape)
            tape.append((out, partial(pull, **keywords) if keywords else pull, a, values))
        elif isinstance(x, ndarray) and a is x:
            lock(x, tape)
    return y if out is None else out


def apply_without_rule(fn, args: tuple, keywords: dict[str, Any]) -> Any:
    written_out = COMPOSED.get(fn)
    if written_out is not None:
        if keywords.get("out") is not None or (len(args) > OUT.get(fn, 99) and args[OUT[fn]] is not None):
            raise mutation(f"{name_of(fn)}(..., out=array) writes into an array")
        lock_beside((*args, *keywords.values()))
        return written_out(*args, **keywords)
    if fn in CONSTANT:
        return fn(*plain_all(args), **plain_all(keywords))
    if fn in WRITES:
        raise mutation(f"{name_of(fn)} writes into an array", *filter(None, [WRITES[fn]]))
    for module in [m for m in LATE if m in sys.modules]:
        LATE.pop(module)(sys.modules[module])
        return apply(fn, args, keywords)
    raise no_rule(name_of(fn), *filter(None, [NOT_DIFFERENTIATED.get(fn)]))


def apply_ufunc(ufunc, method: str, args: tuple, keywords: dict[str, Any]) -> Any:
    """`np.add.reduce` and the like, and ufuncs called with options: written out for one ufunc, or for all of them."""
    if method == "at":
        raise mutation(f"{name_of(ufunc)}.at writes into an array")
    if ufunc in CONSTANT:
        return getattr(ufunc, method)(*plain_all(args), **plain_all(keywords))
    written_out = COMPOSED.get((ufunc, method)) or partial(COMPOSED[method], ufunc)
    lock_beside(args)
    return written_out(*args, **keywords)


def by_position(fn, args: tuple, keywords: dict[str, Any]) -> tuple[tuple, dict[str, Any]]:
    """Arguments with the traced ones among the keywords, `np.sum(a=x)`, moved to their places."""
    bound = signature(fn).bind(*args, **keywords)
    return bound.args, bound.kwargs


def apply_short(rule: Rule, x: Tracer) -> Tracer:
    """`apply` for a function of one array without options."""
    value = x.value
    out = Tracer()
    out.value = apply_short(rule, value) if type(value) is Tracer else rule.forward(value)
    out.tape = tape = x.tape
    out.ct = None
    tape.append((out, rule.pulls[0], x, (value,)))
    return out


def unary(rule: Rule):
    """The method for an operator of one operand, past NumPy's dispatch."""
    return lambda x: apply_short(rule, x)


REFLECTED: dict[Any, Any] = {}  # ufunc → the method for `array op tracer`, which `binary` makes


def binary(op, rule: Rule, squared: Any = None):
    """The methods for `x op y` and `y op x`: the short way, past NumPy's dispatch (4 to 6 times faster on numbers).

    `x op x` is a function of one operand; if its pullback is given, it is one row on the tape, not two.
    """
    left, right = rule.pulls

    def method(x, y):
        tape = x.tape
        a = x.value
        b = y
        kind = type(y)
        if kind is Tracer:
            if y is x and squared is not None:
                out = Tracer()
                out.value = op(a, a)
                out.tape = tape
                out.ct = None
                tape.append((out, squared, x, (a,)))
                return out
            if y.tape is tape:
                b = y.value
            elif y.tape.level > tape.level:
                return reflected(y, x)
        elif kind is not float and kind is not int:
            b = y = as_operand(y, a, tape)
        out = Tracer()
        out.value = op(a, b)
        out.tape = tape
        out.ct = None
        tape.append((out, left, x, (a, b)))
        if b is not y:
            tape.append((out, right, y, (a, b)))
        return out

    def reflected(y, x):  # x op y, where x is plain or belongs to a tape further out
        tape = y.tape
        b = y.value
        kind = type(x)
        if kind is not float and kind is not int:
            x = as_operand(x, b, tape)
        out = Tracer()
        out.value = op(x, b)
        out.tape = tape
        out.ct = None
        tape.append((out, right, y, (x, b)))
        return out

    REFLECTED[rule.fn] = reflected
    return method, reflected


def primitive(*pulls, forward=None):
    """Above a function of ours: it gets a rule of its own, with one pullback an operand.

    Called on plain values it just runs; called on tracers it is recorded as a single operation. Layers use it
    where one fused rule is faster, or more exact, than the rules of the parts.
    """

    def enter(fn):
        RULES[fn] = Rule(fn, pulls, forward)

        def traced(*args, **keywords):
            for a in args:
                if type(a) is Tracer:
                    return apply(fn, args, keywords)
            return fn(*args, **keywords)

        traced.__name__, traced.__qualname__, traced.__doc__ = fn.__name__, fn.__qualname__, fn.__doc__
        traced.__module__, traced.__wrapped__ = fn.__module__, fn
        return traced

    return enter


# ---- NumPy's two protocols ------------------------------------------------------------------------------------------


def array_ufunc(self: Tracer, ufunc, method, *args, **keywords):
    if method == "__call__" and not keywords:
        if len(args) == 1 and ufunc in SHORT:
            return apply_short(SHORT[ufunc], self)
        if type(args[0]) is ndarray and ufunc in REFLECTED:  # array + tracer
            return REFLECTED[ufunc](args[1], args[0])
        return apply(ufunc, args)
    if keywords.get("out") is not None:
        notes = []
        if "where" in keywords:
            notes = [
                "With a mask: np.where(mask, np.divide(a, np.where(mask, b, 1)), 0) never divides where it must not."
            ]
        elif ufunc is np.power:
            notes = ["np.linalg.norm(array, ord=x) does so inside: write np.sum(np.abs(array)**x) ** (1 / x)."]
        raise mutation(f"{name_of(ufunc)}(..., out=array) writes into an array", *notes)
    return apply_ufunc(ufunc, method, args, keywords)


def array_function(self: Tracer, fn, types, args, keywords):
    if len(args) == 1 and not keywords and fn in SHORT and args[0] is self:
        return apply_short(SHORT[fn], self)
    if keywords.get("out") is not None:
        raise mutation(f"{name_of(fn)}(..., out=array) writes into an array")
    return apply(fn, args, keywords)


Tracer.__array_ufunc__ = array_ufunc
Tracer.__array_function__ = array_function
