import numpy as np
import pytest

from fluxrepl import Chain, Dense, FluxWarning
from fluxrepl.nn.advice import advise, kind_name


def test_advice_is_given_once():
    with pytest.warns(FluxWarning, match="what\nwhy\nhow") as caught:
        advise("name", "what", "why", "how")
    advise("name", "what", "why", "how")  # a second warning would be an error here
    assert len(caught) == 1
    assert caught[0].filename == __file__


def test_other_advice_is_given_too():
    with pytest.warns(FluxWarning, match="first"):
        advise("one", "first")
    with pytest.warns(FluxWarning, match="second"):
        advise("two", "second")


def test_values_have_an_article():
    assert [kind_name(v) for v in (1, 1.0, np.ones(2), {}, None)] == [
        "an int", "a float", "an array", "a dict", "a NoneType",
    ]  # fmt: skip


def test_the_warning_is_at_the_learners_line():
    with pytest.warns(FluxWarning) as caught:
        Chain(Chain(Dense(2, 1)), np.abs)(np.ones(2))
    assert caught[0].filename == __file__
