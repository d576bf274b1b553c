"""Rules know their pullbacks, and a pullback its rule."""

from functools import partial

import numpy as np

import fluxrepl as flux
from fluxrepl import gradient
from fluxrepl.ad.rule import OWNER, RULES, Rule, owner
from fluxrepl.rules.arithmetic import power_pullback, zero_pullback


def test_every_pullback_belongs_to_one_function_and_one_operand():
    flux.Dense, flux.logitcrossentropy  # their rules enter with them
    for fn, rule in RULES.items():
        if isinstance(rule.pulls, tuple):
            for k, pull in enumerate(rule.pulls):
                assert pull is None or owner(pull) == (fn, k)


def test_a_pullback_that_functions_share_is_told_apart_and_does_the_same():
    assert owner(RULES[np.power].pulls[0]) == (np.power, 0)
    assert owner(RULES[np.float_power].pulls[0]) == (np.float_power, 0)
    assert RULES[np.float_power].pulls[0] is not power_pullback
    assert RULES[np.float_power].pulls[0].__name__ == "power_pullback"
    first, second = RULES[np.floor_divide].pulls
    assert (owner(first)[1], owner(second)[1]) == (0, 1)
    assert first(2.0, 1.0, 3.0, 2.0) == second(2.0, 1.0, 3.0, 2.0) == zero_pullback(2.0, 1.0) == 0.0
    assert gradient(lambda x: np.float_power(x, 3.0), 2.0) == (12.0,)


def test_a_pullback_with_keywords_is_still_known():
    pull = RULES[np.flip].pulls[0]
    assert owner(partial(pull, axis=1)) == (np.flip, 0)


def test_one_pullback_for_any_number_of_operands_is_told_which():
    (join,) = [fn for fn in RULES if fn.__name__ == "_join"]
    pulls = iter(RULES[join].pulls)
    assert owner(next(pulls)) == (join, 0)
    assert owner(partial(next(pulls), axis=0)) == (join, 1)


def test_a_pullback_of_no_rule_has_no_owner():
    assert owner(lambda ct, y, x: ct) == (None, None)


def test_entering_a_rule_twice_changes_nothing():
    def fn(x):
        return x

    def fn_pullback(ct, y, x):
        return ct

    try:
        assert Rule(fn, (fn_pullback,)).pulls == Rule(fn, (fn_pullback,)).pulls == (fn_pullback,)
    finally:
        del OWNER[fn_pullback]
