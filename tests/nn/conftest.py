"""Each test hears advice for the first time, and draws the same random numbers."""

import pytest

from fluxrepl.nn import advice
from fluxrepl.nn.chance import seed


@pytest.fixture(autouse=True)
def a_fresh_session():
    advice.GIVEN.clear()
    seed(0)
